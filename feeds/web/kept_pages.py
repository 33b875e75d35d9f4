"""Pages rendered once for each public version and day, then answered from memory.

Enters: routes of a router that is made with `PageKeeper.route`. Leaves: the same pages with an ETag, 304,
HEAD and gzip; what is not a 200 is passed on as it is. Nothing that depends on who asks may be such a
route. Pages are kept on a bounded shelf and rendered one at a time: a change of the source does not render
a page as often as there are readers.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from anyio import Lock
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response

from feeds.conditional import Representation, answer, represent
from feeds.shelf import MOST_BYTES, Shelf
from feeds.web.pulse import Pulse

Handler = Callable[[Request], Coroutine[Any, Any, Response]]

_CACHE_CONTROL = b"no-cache"  # a browser asks again each time, and is told 304
_OK = 200


class PageKeeper:
    """Keeps the pages of one application."""

    def __init__(self, pulse: Pulse, most_bytes: int = MOST_BYTES) -> None:
        self._pulse = pulse
        self._shelf = Shelf(most_bytes)
        self._rendering = Lock()

    def route(self, *, reads_query: bool = False) -> type[APIRoute]:
        """The `route_class` of a router of pages; `reads_query` says that the query string makes the page."""
        keeper = self

        class KeptRoute(APIRoute):
            """A route whose pages are kept."""

            def get_route_handler(self) -> Handler:
                """The usual handler, asked only for what is not kept."""
                make = super().get_route_handler()

                async def handle(request: Request) -> Response:
                    path, query = request.url.path, request.url.query
                    return await keeper.answer(request, f"{path}?{query}" if reads_query else path, make)

                return handle

        return KeptRoute

    async def answer(self, request: Request, key: str, make: Handler) -> Response:
        """What a GET or HEAD gets."""
        stamp = await self._pulse.stamp()
        kept = self._shelf.get(key, stamp)
        if kept is None:
            async with self._rendering:
                kept = self._shelf.get(key, stamp)
                if kept is None:
                    made = await make(request)
                    if made.status_code != _OK:
                        return made
                    kept = represent(bytes(made.body), _type(made), None, cache_control=_CACHE_CONTROL)
                    self._shelf.put(key, stamp, kept)
        return _response(kept, request)


def _type(made: Response) -> str:
    """The media type of an answer, without its parameters."""
    return made.headers["content-type"].partition(";")[0]


def _response(kept: Representation, request: Request) -> Response:
    status, headers, body = answer(kept, request.method, request.scope["headers"])
    response = Response(body, status_code=status)
    response.raw_headers = list(headers)
    return response
