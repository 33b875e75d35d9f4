"""Accueil: the state of things, on one page.

Enters: nothing. Leaves: HTML: counts, the last events, the next due dates, the picture of time, since when
the source was last read well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from feeds.documents import PUSHED
from feeds.lines import lines
from feeds.stories import stories
from feeds.web.kept_pages import PageKeeper
from feeds.web.site import Site
from feeds.web.templating import Pages
from tracker.addresses import to_query
from tracker.figures import Figures, figures_of
from tracker.selection import Selection
from tracker.status import Status

_METHODS = ["GET", "HEAD"]
_STORIES = 8
_EVENTS = 60  # read for these stories: one answer may come to many questions
_NEXT = 6


@dataclass(frozen=True, slots=True)
class Tile:
    """A count that leads to its list; `mark` names the shape of a status."""

    count: int
    singular: str
    plural: str
    href: str
    mark: str = ""


def home_router(site: Site, pages: Pages, keeper: PageKeeper) -> APIRouter:
    """The route of the home page."""
    router = APIRouter(
        include_in_schema=False, default_response_class=HTMLResponse, route_class=keeper.route()
    )

    @router.api_route("/", methods=_METHODS)
    def home(request: Request) -> HTMLResponse:
        """The state of things."""
        today, reader = site.today(), site.reader
        rows = (row for found in reader.rows(Selection(), today=today).values() for row in found)
        waiting = Selection(statuses=frozenset({Status.PENDING}))
        told = stories(reader.events(Selection(), origins=PUSHED, limit=_EVENTS))
        pictures = ((topic, site.figures.picture(topic.slug, today)) for topic in site.topics)
        context = {
            "today": today,
            "tiles": list(_tiles(figures_of(rows, today))),
            "stories": told[:_STORIES],
            "next": lines(
                reader.questions(waiting, today=today, order="due", descending=False, limit=_NEXT), today
            ),
            "pictures": [(topic, picture) for topic, picture in pictures if picture],
            "silent_for": site.silent_for(),
        }
        return pages.response(request, "home.html", context)

    return router


def _tiles(figures: Figures) -> Iterator[Tile]:
    yield Tile(figures.questions, "question", "questions", "/questions")
    yield Tile(
        figures.answered,
        "réponse publiée",
        "réponses publiées",
        _list((Status.ANSWERED,)),
        Status.ANSWERED,
    )
    yield Tile(figures.waiting, "en attente", "en attente", _list((Status.PENDING,)), Status.PENDING)
    yield Tile(
        figures.overdue,
        "échéance dépassée",
        "échéances dépassées",
        _list((Status.OVERDUE,)),
        Status.OVERDUE,
    )
    if figures.closed:
        ended = (Status.WITHDRAWN, Status.LAPSED, Status.CLOSED)
        yield Tile(figures.closed, "close sans réponse", "closes sans réponse", _list(ended), Status.CLOSED)


def _list(statuses: tuple[Status, ...]) -> str:
    return f"/questions?{to_query(Selection(statuses=frozenset(statuses)))}"
