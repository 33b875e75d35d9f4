"""Query strings as RFC 3986 has them.

Enters: requests whose query string may hold any byte: some servers let them through. Leaves: the same with
such bytes percent-encoded, as browsers send them, so that nothing further in has to think of it.
"""

from __future__ import annotations

import re

from starlette.types import ASGIApp, Receive, Scope, Send

_ELSEWHERE = re.compile(rb"[^\x21-\x7e]")


class PlainQuery:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its query in ASCII."""
        if scope["type"] == "http" and _ELSEWHERE.search(scope["query_string"]):
            scope = {**scope, "query_string": _ELSEWHERE.sub(_encoded, scope["query_string"])}
        await self._app(scope, receive, send)


def _encoded(found: re.Match[bytes]) -> bytes:
    return b"%%%02X" % found[0][0]
