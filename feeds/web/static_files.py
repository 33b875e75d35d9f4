"""The style sheets and pictures of the pages.

Enters: addresses under `/static`, with a mark of the file's content as templates write them (`?v=`). Leaves:
the files. What is asked for by its mark never changes and is kept for a year; without it, it is asked again.
"""

from __future__ import annotations

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

_FOR_GOOD = "public, max-age=31536000, immutable"


class MarkedFiles(StaticFiles):
    """Static files that a browser asks for once."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, or what says that there is none."""
        response = await super().get_response(path, scope)
        if response.status_code < 400:  # noqa: PLR2004  # HTTP
            response.headers["Cache-Control"] = (
                _FOR_GOOD if scope["query_string"].startswith(b"v=") else "no-cache"
            )
        return response
