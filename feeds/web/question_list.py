"""The page `/questions`: a table of any selection, with its filters, its pages and its other forms.

Enters: the query string. Leaves: HTML. A form sends fields that were left empty: such an address leads to
its short form, so that one list has one address.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from feeds.catalogue import MEDIA_TYPES, Format, address
from feeds.described import described, parts, without
from feeds.lines import lines
from feeds.selected import selected_feed
from feeds.typography import number, typeset
from feeds.web.filter_fields import Option, choices_of, status_options
from feeds.web.kept_pages import PageKeeper
from feeds.web.list_address import ORDERS, PAGE_SIZE, ListAddress, has_blanks, read_list_address
from feeds.web.site import Site
from feeds.web.templating import Pages
from tracker.addresses import to_query
from tracker.selection import Selection

_METHODS = ["GET", "HEAD"]
_NEAR = 2  # pages linked on each side of the current one
_FEEDS = {Format.ATOM: "Atom", Format.RSS: "RSS", Format.JSON: "JSON Feed"}
_FILES = (
    ("CSV, pour un tableur", "csv", "text/csv"),
    ("JSON, pour un programme", "json", "application/json"),
    ("iCalendar, pour un agenda", "ics", "text/calendar"),
)


@dataclass(frozen=True, slots=True)
class Chip:
    """One thing that the list asks, and the list without it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class SameList:
    """The same list in another form, at another address."""

    name: str
    href: str
    type: str


@dataclass(frozen=True, slots=True)
class Turn:
    """A link to a page of the list; None stands for pages left out."""

    page: int | None
    href: str


def question_list_router(site: Site, pages: Pages, keeper: PageKeeper) -> APIRouter:
    """The route of the list."""
    router = APIRouter(
        include_in_schema=False,
        default_response_class=HTMLResponse,
        route_class=keeper.route(reads_query=True),
    )

    @router.api_route("/questions", methods=_METHODS)
    def questions(request: Request) -> Response:
        """The questions of a selection."""
        listed = read_list_address(request.url.query)
        if has_blanks(request.url.query):
            return RedirectResponse(listed.path, status_code=302)
        selection, today, labels = listed.selection, site.today(), site.labels()
        total = site.reader.count(selection, today=today)
        last = max(1, -(-total // PAGE_SIZE))
        if listed.page > last:
            raise HTTPException(404, detail=typeset(f"Cette liste compte {number(last)} page(s)."))
        views = site.reader.questions(
            selection,
            today=today,
            order=listed.order.reader,
            descending=listed.order.descending,
            limit=PAGE_SIZE,
            offset=(listed.page - 1) * PAGE_SIZE,
        )
        feed = selected_feed(selection, labels)
        context = {
            "listed": listed,
            "heading": described(selection, labels),
            "chips": [
                Chip(part.text, listed.of(without(selection, part)).path) for part in parts(selection, labels)
            ],
            "lines": lines(views, today),
            "total": total,
            "first": (listed.page - 1) * PAGE_SIZE + 1,
            "last_page": last,
            "turns": list(_turns(listed, last)),
            "statuses": status_options(selection),
            "choices": choices_of(site, selection),
            "orders": [Option(name, order.label, name == listed.sort) for name, order in ORDERS.items()],
            "feeds": [SameList(_FEEDS[form], address(feed, form), MEDIA_TYPES[form]) for form in Format],
            "alert_href": f"/alertes{_after(replace(selection, statuses=frozenset()))}",
            "files": [
                SameList(name, f"/questions.{ending}{_after(selection)}", type_)
                for name, ending, type_ in _FILES
            ],
        }
        return pages.response(request, "questions.html", context, feeds=[feed])

    return router


def _after(selection: Selection) -> str:
    query = to_query(selection)
    return f"?{query}" if query else ""


def _turns(listed: ListAddress, last: int) -> list[Turn]:
    """The first page, the last, those around the current one; a gap stands for the others."""
    near = range(max(1, listed.page - _NEAR), min(last, listed.page + _NEAR) + 1)
    turns: list[Turn] = []
    before = 0
    for page in sorted({1, last, *near}):
        if page > before + 1:
            turns.append(Turn(None, ""))
        turns.append(Turn(page, listed.at(page).path))
        before = page
    return turns
