"""The page `/flux`: every feed, and how to subscribe.

Enters: the catalogue. Leaves: HTML.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from feeds import wording
from feeds.catalogue import Feed, Format, Section, Topic, all_feeds
from feeds.opml import SECTIONS
from feeds.web.kept_pages import PageKeeper
from feeds.web.site import Site
from feeds.web.templating import Pages
from tracker.addresses import KIND_WORDS, STATUS_WORDS
from tracker.events import EventKind
from tracker.ports import Facets
from tracker.status import Status

_METHODS = ["GET", "HEAD"]


def feed_list_router(site: Site, pages: Pages, keeper: PageKeeper) -> APIRouter:
    """The route of the list, with and without a final slash: people type both."""
    router = APIRouter(
        include_in_schema=False, default_response_class=HTMLResponse, route_class=keeper.route()
    )

    @router.api_route("/flux", methods=_METHODS)
    @router.api_route("/flux/", methods=_METHODS)
    def feeds(request: Request) -> HTMLResponse:
        """Every feed, and how to subscribe."""
        context = {
            "listed": [(topic, _sections(topic, site.facets.of(topic.slug))) for topic in site.topics],
            "formats": list(Format),
            "events": [(KIND_WORDS[kind], wording.event(kind)) for kind in EventKind],
            "silent_for": site.silent_for(),
            "statuses": [(STATUS_WORDS[status], wording.status(status)) for status in Status],
        }
        return pages.response(request, "flux.html", context)

    return router


def _sections(topic: Topic, facets: Facets) -> list[tuple[Section, str, list[Feed]]]:
    """The feeds of a topic by section, empty sections left out."""
    found: dict[Section, list[Feed]] = {}
    for feed in all_feeds(topic, facets):
        found.setdefault(feed.section, []).append(feed)
    return [(section, SECTIONS[section], feeds) for section, feeds in found.items()]
