"""Headers of every answer: what a browser may load and tell.

Enters: the application. Leaves: the same with security headers. Nothing is loaded from elsewhere, no
script runs at all, and no cookie is set anywhere.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]

CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
SECURITY_HEADERS = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "browsing-topics=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
PRIVATE = "/alertes/"
_OF_PRIVATE = {"referrer-policy": "no-referrer", "cache-control": "no-store", "x-robots-tag": "noindex"}
"""Of addresses that hold the key to someone's alerts: told to nobody, kept nowhere."""


def _encoded(headers: Mapping[str, str]) -> Headers:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


_USUAL = _encoded(SECURITY_HEADERS)
_OF_LINKS = _encoded({**SECURITY_HEADERS, **_OF_PRIVATE})


class SecurityHeaders:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; add the headers that an answer has none of its own of."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        usual = _OF_LINKS if scope["path"].startswith(PRIVATE) else _USUAL

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                own = {name for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(one for one in usual if one[0] not in own)]
            await send(message)

        await self._app(scope, receive, send_with_headers)
