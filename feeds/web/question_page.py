"""The page of one question, and the addresses by number alone that lead to it.

Enters: `/questions/{uid}`, which every feed entry links to (its events have the anchors of
`feeds.entries.event_anchor`), and `/q/{number}`. Leaves: HTML, a redirection, or a page that says what the
service follows and where else to look.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from feeds import content, wording
from feeds.catalogue import question_feed
from feeds.entries import event_anchor, question_path
from feeds.lines import lines, standing
from feeds.web.facts import facts_of
from feeds.web.kept_pages import PageKeeper
from feeds.web.site import Site
from feeds.web.templating import Pages
from tracker.ports import QuestionView
from tracker.questions import Chamber, QuestionId, QuestionKind
from tracker.status import LEGISLATURE_ENDS, answered_on, has_answer_text, status_of

_METHODS = ["GET", "HEAD"]
_LONGEST_NUMBER = 7


def question_router(site: Site, pages: Pages, keeper: PageKeeper) -> APIRouter:
    """The routes of a question."""
    router = APIRouter(
        include_in_schema=False, default_response_class=HTMLResponse, route_class=keeper.route()
    )

    @router.api_route("/questions/{uid}", methods=_METHODS)
    def question(request: Request, uid: str) -> Response:
        """One question: facts, texts, history, what is like it."""
        view = site.reader.question(uid)
        if view is None:
            return _missing(pages, request, [asked] if (asked := _read_uid(uid)) else [], None)
        return _page(site, pages, request, view)

    @router.api_route("/q/{number}", methods=_METHODS)
    def by_number(request: Request, number: str) -> Response:
        """The question with that number; which one, when several legislatures have it."""
        if not (number.isascii() and number.isdecimal() and len(number) <= _LONGEST_NUMBER):
            return _missing(pages, request, [], None)
        found = site.reader.by_number(int(number))
        if not found:
            current = max(LEGISLATURE_ENDS) + 1
            guess = QuestionId(Chamber.ASSEMBLY, current, QuestionKind.WRITTEN, int(number))
            return _missing(pages, request, [guess], int(number))
        if len(found) == 1:
            return RedirectResponse(question_path(found[0].record.uid), status_code=302)
        context = {"number": int(number), "lines": lines(found, site.today())}
        return pages.response(request, "number.html", context)

    return router


def _page(site: Site, pages: Pages, request: Request, view: QuestionView) -> HTMLResponse:
    record, today = view.record, site.today()
    own = [question_feed(topic, record) for topic in site.topics if topic.slug in view.topics]
    status = status_of(record, today)
    alike = site.reader.alike(record)
    context = {
        "record": record,
        "author": view.author,
        "status": status,
        "standing": standing(record, status, today),
        "facts": facts_of(view, status, today),
        "history": [
            (event_anchor(event), event, content.changes(event))
            for event in (recorded.event for recorded in view.events)
        ],
        "answered": has_answer_text(record),
        "answered_on": answered_on(record),
        "question_citation": wording.question_citation(record, view.author),
        "answer_citation": wording.answer_citation(record, view.author),
        "earlier": lines((one for one in alike.again if _before(one, view)), today),
        "later": lines((one for one in alike.again if not _before(one, view)), today),
        "together": lines(alike.answered_together, today),
        "own_feeds": own,
        "calendar": f"{question_path(record.uid)}.ics",
        "read_at": view.read_at,
    }
    return pages.response(request, "question.html", context, feeds=own)


def _missing(pages: Pages, request: Request, elsewhere: list[QuestionId], number: int | None) -> HTMLResponse:
    """404: what is followed here, and the official page of what was asked for, if it can be told."""
    context = {"elsewhere": elsewhere, "number": number}
    return pages.response(request, "missing.html", context, status=404)


def _read_uid(uid: str) -> QuestionId | None:
    try:
        return QuestionId.from_uid(uid)
    except ValueError:
        return None


def _before(one: QuestionView, other: QuestionView) -> bool:
    """Whether a question was published before another; on one day, by number."""
    return _place(one) < _place(other)


def _place(view: QuestionView) -> tuple[str, QuestionId]:
    return str(view.record.published_on or ""), view.record.id
