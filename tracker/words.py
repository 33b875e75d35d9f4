"""Words as they are searched: the same for a question's texts and for what someone types.

Enters: a text. Leaves: folded words without their plural's mark, so that accents, œ, case and plurals
never matter. `db.search` looks for them in SQL, `tracker.selecting` in a text at hand.
"""

from __future__ import annotations

from tracker.text import fold

MAX_TERMS = 32  # what a person types; more would only slow a query down
_SHORTEST_PREFIX = 3


def search_terms(words: str) -> list[str]:
    """The folded words of a text, in order, each without its plural's s or x."""
    return [
        word[:-1] if len(word) > _SHORTEST_PREFIX and word[-1] in "sx" else word
        for word in fold(words).split()
    ]


def asked_terms(words: str) -> list[str]:
    """The distinct terms of what someone typed, as many as are looked for."""
    return list(dict.fromkeys(search_terms(words)))[:MAX_TERMS]


def is_prefix(term: str) -> bool:
    """True of a term that also finds the longer words beginning with it; a number finds only itself."""
    return len(term) >= _SHORTEST_PREFIX and term.isalpha()


def holds(document: str, terms: list[str]) -> bool:
    """Whether a text of search terms parted by single spaces holds all of `terms`."""
    padded = f" {document} "
    return all((f" {term}" if is_prefix(term) else f" {term} ") in padded for term in terms)
