"""The real web application on the real uvicorn, with a constant route beside it.

Run as `python -m tests.bench.feed_server`, with the service's own `TRACKER_…` settings. Writes the
port it listens on as one line, then serves until it is ended. `/constant` is the least a route of the
same framework can do; it goes through none of the application's own layers.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Response

from tracker.server import listen, serve
from tracker.wiring import make_web, open_configured_place

CONSTANT = "/constant"


def main() -> None:
    """Serve until a signal."""
    constant = FastAPI(openapi_url=None)

    @constant.get(CONSTANT)
    async def answer() -> Response:
        return Response(b"constant", media_type="text/plain")

    with open_configured_place() as place, listen("127.0.0.1", 0) as listening:
        service = make_web(place)

        async def either(scope: Any, receive: Any, send: Any) -> None:
            chosen = constant if scope.get("path") == CONSTANT else service
            await chosen(scope, receive, send)

        print(listening.getsockname()[1], flush=True)
        serve(either, listening)


if __name__ == "__main__":
    main()
