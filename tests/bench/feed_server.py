"""The real web application on the real uvicorn, with constant routes beside it.

Run as `python -m tests.bench.feed_server`, with the service's own `TRACKER_…` settings. Writes the
port it listens on as one line, then serves until it is ended. `/constant` is the least a route of the
same framework can do, `/constant-page` the least a page of a usual size costs; they go through none of the
application's own layers.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Response

from tracker.server import listen, serve
from tracker.wiring import make_web, open_configured_place

CONSTANT = "/constant"
PAGE = "/constant-page"
_PAGE_BYTES = 20_000


def main() -> None:
    """Serve until a signal."""
    constant = FastAPI(openapi_url=None)

    @constant.get(CONSTANT)
    async def answer() -> Response:
        return Response(b"constant", media_type="text/plain")

    page = b"<!DOCTYPE html>" + b"-" * _PAGE_BYTES

    @constant.get(PAGE)
    async def answer_page() -> Response:
        return Response(page, media_type="text/html")

    with open_configured_place() as place, listen("127.0.0.1", 0) as listening:
        service = make_web(place)

        async def either(scope: Any, receive: Any, send: Any) -> None:
            chosen = constant if scope.get("path") in {CONSTANT, PAGE} else service
            await chosen(scope, receive, send)

        print(listening.getsockname()[1], flush=True)
        serve(either, listening)


if __name__ == "__main__":
    main()
