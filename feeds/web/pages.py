"""The pages: home, the list of feeds, one question.

Enters: addresses. Leaves: HTML in French that works without JavaScript. `/questions/{uid}` is what every
feed entry links to; its events have the anchors of `feeds.entries.event_anchor`.
"""

from __future__ import annotations

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from feeds import content, wording
from feeds.catalogue import Feed, Format, Section, Topic, all_feeds, question_feed
from feeds.entries import event_anchor
from feeds.opml import SECTIONS
from feeds.web.site import Site
from feeds.web.templating import Pages
from tracker.addresses import KIND_WORDS, STATUS_WORDS
from tracker.events import EventKind
from tracker.ports import Facets
from tracker.selection import Selection
from tracker.status import Status, status_of

LATEST = 20
_METHODS = ["GET", "HEAD"]


def page_router(site: Site, pages: Pages) -> APIRouter:
    """The routes of the pages. They are plain functions: the server runs them in threads."""
    router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

    @router.api_route("/", methods=_METHODS)
    def home(request: Request) -> HTMLResponse:
        """The latest questions, and where to subscribe."""
        today = site.today()
        views = site.reader.questions(Selection(), today=today, order="changed", limit=LATEST)
        rows = [(view, status_of(view.record, today)) for view in views]
        total = site.reader.count(Selection(), today=today)
        return pages.response(request, "home.html", {"rows": rows, "total": total})

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

    @router.api_route("/questions/{uid}", methods=_METHODS)
    def question(request: Request, uid: str) -> HTMLResponse:
        """One question: facts, history, texts."""
        view = site.reader.question(uid)
        if view is None:
            raise HTTPException(404, detail="Cette question n’est pas suivie ici.")
        own = [question_feed(topic, view.record) for topic in site.topics if topic.slug in view.topics]
        status = status_of(view.record, site.today())
        events = [recorded.event for recorded in view.events]
        context = {
            "record": view.record,
            "status": status,
            "facts": content.facts(view.record, view.author, status, None),
            "history": [(event_anchor(event), event, content.changes(event)) for event in events],
            "texts": content.texts(view.record, level=2),
            "own_feeds": own,
            "read_at": view.read_at,
            "licence": content.LICENCE_URL,
        }
        return pages.response(request, "question.html", context, feeds=own)

    return router


def _sections(topic: Topic, facets: Facets) -> list[tuple[Section, str, list[Feed]]]:
    """The feeds of a topic by section, empty sections left out."""
    found: dict[Section, list[Feed]] = {}
    for feed in all_feeds(topic, facets):
        found.setdefault(feed.section, []).append(feed)
    return [(section, SECTIONS[section], feeds) for section, feeds in found.items()]
