"""The page `/api`: what programs can read here, explained to people.

Enters: the parameters, errors and words of the API itself, so that the page never says something else.
Leaves: HTML, without any script.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from feeds import wording
from feeds.typography import typeset
from feeds.web.api import parameters, problems, shapes
from feeds.web.kept_pages import PageKeeper
from feeds.web.site import Site
from feeds.web.templating import Pages
from tracker.addresses import KIND_WORDS, STATUS_WORDS
from tracker.events import EventKind
from tracker.export import COLUMNS
from tracker.status import Status

_METHODS = ["GET", "HEAD"]


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """A parameter as the page shows it."""

    name: str
    meaning: str
    example: str
    several: bool
    values: Sequence[str]


def api_page_router(site: Site, pages: Pages, keeper: PageKeeper) -> APIRouter:
    """The route of the page."""
    router = APIRouter(
        include_in_schema=False, default_response_class=HTMLResponse, route_class=keeper.route()
    )

    @router.api_route("/api", methods=_METHODS)
    def api(request: Request) -> HTMLResponse:
        """What there is, with what it may be asked."""
        uid = parameters.EXAMPLE
        context = {
            "root": f"{site.publisher.public_url}{shapes.ROOT}",
            "example": uid,
            "filter": [_line(parameter) for parameter in parameters.FILTER],
            "paging": [_line(parameter) for parameter in (parameters.SORT, parameters.QUESTIONS_LIMIT)],
            "statuses": [(STATUS_WORDS[status], wording.status(status)) for status in Status],
            "kinds": [(KIND_WORDS[kind], wording.event(kind)) for kind in EventKind],
            "problems": [(kind, typeset(kind.title), typeset(kind.meaning)) for kind in problems.KINDS],
            "most_questions": parameters.MOST_QUESTIONS,
            "most_events": parameters.MOST_EVENTS,
            "columns": COLUMNS,
        }
        return pages.response(request, "api.html", context)

    return router


def _line(parameter: parameters.Parameter) -> ParameterLine:
    values = parameter.schema.get("enum", ())
    return ParameterLine(
        parameter.name, typeset(parameter.meaning), parameter.example, parameter.several, values
    )
