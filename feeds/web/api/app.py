"""The API, put together: `/api/v1`.

Enters: the site, what keeps rendered answers. Leaves: an ASGI application to be mounted at `shapes.ROOT`.
Each answer but `health` is kept as long as nothing public changes, with an ETag and 304.
"""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from feeds.publisher import SERVICE_NAME
from feeds.web.api import shapes
from feeds.web.api.access import Access
from feeds.web.api.described import ABOUT, TAGS, openapi_of
from feeds.web.api.events import add_events
from feeds.web.api.figures import add_figures
from feeds.web.api.problems import install_problems
from feeds.web.api.questions import add_questions
from feeds.web.api.service import add_feeds, add_health
from feeds.web.kept_pages import PageKeeper
from feeds.web.site import Site

VERSION = "1.0"


def create_api(site: Site, keeper: PageKeeper) -> ASGIApp:
    """The application that answers under `/api/v1`."""
    api = FastAPI(
        title=f"{SERVICE_NAME} : API",
        version=VERSION,
        description=ABOUT,
        openapi_tags=TAGS,
        redirect_slashes=False,
        servers=[{"url": f"{site.publisher.public_url}{shapes.ROOT}"}],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    kept = APIRouter(route_class=keeper.route(reads_query=True))
    add_questions(kept, site)
    add_events(kept, site)
    add_figures(kept, site)
    add_feeds(kept, site)

    @kept.get("/openapi.json", include_in_schema=False)
    def openapi() -> JSONResponse:
        """What this API is, for programs."""
        return JSONResponse(openapi_of(api))

    live = APIRouter()
    add_health(live, site)
    api.include_router(kept)
    api.include_router(live)
    install_problems(api, site.publisher.public_url)
    return Access(api)
