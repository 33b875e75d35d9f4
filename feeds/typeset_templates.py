"""French typography in the literal text of templates.

Enters: a Jinja2 template. Leaves: the same with the spaces and apostrophes of `feeds.typography` in what
it says itself; what it is given is left alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from feeds.typography import typeset


class Typeset(Extension):
    """Sets the spaces and apostrophes of what templates say themselves, never of what they are given."""

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """Rewrite the literal text between Jinja's tags."""
        return map(_typeset, stream)


def _typeset(token: Token) -> Token:
    if token.type != "data":
        return token
    return Token(token.lineno, token.type, typeset(token.value))
