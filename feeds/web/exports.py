"""Any list of questions in other forms: CSV for spreadsheets, JSON for programs, iCalendar of due dates.

Enters: the filter of the pages (`/questions.csv?statut=…`). Leaves: files. CSV and JSON are written while
they are sent, a hundred questions at a time, whatever the length of the list; calendars, which programs ask
for again and again, are kept like pages.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from feeds import wording
from feeds.conditional import holds, takes_gzip
from feeds.described import described
from feeds.due_calendar import MEDIA_TYPE, due_calendar
from feeds.entries import question_path
from feeds.typography import typeset
from feeds.web.asked import selection_of
from feeds.web.kept_pages import PageKeeper
from feeds.web.pulse import Pulse, Stamp
from feeds.web.site import Site
from tracker.addresses import to_query
from tracker.export import csv_parts, json_parts
from tracker.ports import QuestionView
from tracker.selection import Selection

BOM = "\ufeff"  # or spreadsheets take UTF-8 for something else
_METHODS = ["GET", "HEAD"]
_AT_ONCE = 100  # questions read together
_PIECE = 64 * 1024  # characters sent together
_LEVEL = 2  # of compression: files are made for one reader each


@dataclass(frozen=True, slots=True)
class _Form:
    """A form that is written while it is sent."""

    suffix: str
    media_type: str
    parts: Callable[[Site, Iterable[QuestionView], date], Iterator[str]]


_FORMS = (
    _Form("csv", "text/csv", lambda _site, views, today: _with_bom(csv_parts(views, today))),
    _Form(
        "json",
        "application/json",
        lambda site, views, today: json_parts(views, today, read_at=site.reader.last_good_check()),
    ),
)


def export_router(site: Site, pulse: Pulse, keeper: PageKeeper) -> APIRouter:
    """The routes of all forms; to be included before that of a question's page."""
    router = APIRouter(include_in_schema=False)
    for form in _FORMS:
        _add(router, site, pulse, form)
    router.include_router(_calendars(site, keeper))
    return router


def _add(router: APIRouter, site: Site, pulse: Pulse, form: _Form) -> None:
    @router.api_route(f"/questions.{form.suffix}", methods=_METHODS, name=f"questions.{form.suffix}")
    async def file(request: Request) -> Response:
        """The questions of a selection, oldest first."""
        selection = selection_of(request.url.query)
        stamp = await pulse.stamp()
        etag = _etag(form, selection, stamp)
        headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding", "ETag": etag}
        given = request.scope["headers"]
        if holds(given, etag):
            return Response(status_code=304, headers=headers)
        headers["Content-Type"] = f"{form.media_type}; charset=utf-8"
        headers["Content-Disposition"] = f'attachment; filename="questions-{stamp.today}.{form.suffix}"'
        if request.method == "HEAD":
            return StreamingResponse(iter(()), headers=headers)
        pieces = _pieces(form.parts(site, _views(site, selection, stamp.today), stamp.today))
        if takes_gzip(given):
            headers["Content-Encoding"] = "gzip"
            pieces = _gzipped(pieces)
        return StreamingResponse(pieces, headers=headers)


def _calendars(site: Site, keeper: PageKeeper) -> APIRouter:
    router = APIRouter()
    by_filter = APIRouter(route_class=keeper.route(reads_query=True))
    by_question = APIRouter(route_class=keeper.route())

    @by_filter.api_route("/questions.ics", methods=_METHODS)
    def calendar(request: Request) -> Response:
        """The due dates of a selection."""
        selection, today = selection_of(request.url.query), site.today()
        query = to_query(selection)
        path = f"/questions.ics?{query}" if query else "/questions.ics"
        listed = described(selection, site.labels())
        title = typeset("Échéances : ") + listed[0].lower() + listed[1:]
        return _calendar(site, list(_views(site, selection, today)), title, path)

    @by_question.api_route("/questions/{uid}.ics", methods=_METHODS)
    def question_calendar(uid: str) -> Response:
        """The due date of one question."""
        view = site.reader.question(uid)
        if view is None:
            raise HTTPException(404, detail="Cette question n’est pas suivie ici.")
        title = typeset(f"Échéance : question {wording.question_number(view.record.id)}")
        return _calendar(site, [view], title, f"{question_path(uid)}.ics")

    router.include_router(by_filter)
    router.include_router(by_question)
    return router


def _calendar(site: Site, views: Sequence[QuestionView], title: str, path: str) -> Response:
    body = due_calendar(views, site.publisher, site.today(), title=title, path=path)
    return Response(body, media_type=MEDIA_TYPE)


def _etag(form: _Form, selection: Selection, stamp: Stamp) -> str:
    """Weak: the same questions, not promised to be the same bytes; it moves with each check of the source."""
    named = "\n".join((form.suffix, to_query(selection), stamp.version, stamp.today.isoformat()))
    return f'W/"{hashlib.sha256(named.encode()).hexdigest()[:32]}"'


def _views(site: Site, selection: Selection, today: date) -> Iterator[QuestionView]:
    """The questions of a selection, read a part at a time; each part is as it is when it is read."""
    uids = iter(site.reader.uids(selection, today=today))
    while part := list(islice(uids, _AT_ONCE)):
        yield from site.reader.views(part)


def _with_bom(parts: Iterable[str]) -> Iterator[str]:
    yield BOM
    yield from parts


def _pieces(parts: Iterable[str]) -> Iterator[bytes]:
    """Parts put together until they are worth sending."""
    waiting: list[str] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size >= _PIECE:
            yield "".join(waiting).encode()
            waiting, size = [], 0
    yield "".join(waiting).encode()


def _gzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(level=_LEVEL, wbits=31)  # with the header of gzip
    for piece in pieces:
        yield packer.compress(piece)
    yield packer.flush()
