"""Pages from templates: Jinja2, escaped by default, French typography in their literal text.

Enters: a template's name and what it shows. Leaves: HTML responses. What templates say in words comes
from `feeds.wording` and `feeds.typography` through filters; texts of the source only through
`feeds.sanitise`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from feeds import typography, wording
from feeds.catalogue import MEDIA_TYPES, Feed, Format, address, topic_feeds
from feeds.entries import event_address
from feeds.publisher import SERVICE_NAME
from feeds.sanitise import one_line, plain_text, safe_html
from feeds.typeset_templates import Typeset
from feeds.web.site import Site
from tracker.addresses import STATUS_WORDS
from tracker.selection import Selection
from tracker.status import LEGISLATURE_ENDS

STATIC = Path(__file__).parent / "static"
NAVIGATION = (
    ("/", "Accueil"),
    ("/questions", "Questions"),
    ("/ministeres", "Ministères"),
    ("/groupes", "Groupes"),
    ("/deputes", "Députés"),
    ("/departements", "Départements"),
    ("/flux", "Flux"),
    ("/alertes", "Alertes"),
    ("/a-propos", "À propos"),
)
"""What every page leads to, in order: address and name."""


@dataclass(frozen=True, slots=True)
class Discovery:
    """A feed that a page tells feed readers about."""

    title: str
    href: str
    type: str


class Pages:
    """Renders templates with what all pages share."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._environment = _environment(site)

    def response(
        self,
        request: Request,
        template: str,
        context: Mapping[str, object],
        *,
        status: int = 200,
        feeds: Iterable[Feed] = (),
    ) -> HTMLResponse:
        """A page; `feeds` are its own, announced before those of the topics."""
        shared = {
            "path": request.url.path,
            "checked_at": self._site.reader.last_good_check(),
            "discoveries": list(self._discoveries(feeds)),
        }
        body = self._environment.get_template(template).render({**shared, **context})
        return HTMLResponse(body, status_code=status)

    def bare(self, template: str, context: Mapping[str, object], *, status: int) -> HTMLResponse:
        """A page that asks the reader nothing: for when it may be what fails."""
        shared: dict[str, object] = {"path": "", "checked_at": None, "discoveries": []}
        body = self._environment.get_template(template).render({**shared, **context})
        return HTMLResponse(body, status_code=status)

    def _discoveries(self, feeds: Iterable[Feed]) -> Iterator[Discovery]:
        of_topics = (topic_feeds(topic)[0] for topic in self._site.topics)
        for feed in (*feeds, *of_topics):
            for form in (Format.ATOM, Format.RSS):
                title = f"{feed.title} ({form.upper()})" if form is Format.RSS else feed.title
                yield Discovery(one_line(title), address(feed, form), MEDIA_TYPES[form])


def _environment(site: Site) -> Environment:
    environment = Environment(
        loader=PackageLoader("feeds.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[Typeset],
    )
    environment.globals.update(
        site_name=SERVICE_NAME,
        public_url=site.publisher.public_url,
        demo=site.options.demo,
        alerts=site.options.alerts,
        operator_name=site.options.operator_name,
        operator_contact=site.options.operator_contact,
        topics=site.topics,
        static=_Static(),
        feed_address=address,
        navigation=[one for one in NAVIGATION if site.options.alerts or one[0] != "/alertes"],
        current_legislature=max(LEGISLATURE_ENDS) + 1,
    )
    environment.filters.update(
        count=typography.count,
        event=wording.event,
        event_address=event_address,
        jo_reference=wording.jo_reference,
        legislature=typography.legislature,
        machine=_machine_instant,
        more_filters=_has_more_filters,
        plain_text=plain_text,
        safe_html=_safe_html,
        told=wording.told,
        status_of_record=wording.status_of_record,
        day=typography.day,
        group=wording.group,
        group_short=wording.group_short,
        instant=typography.instant,
        one_line=one_line,
        status=wording.status,
        status_word=STATUS_WORDS.__getitem__,
        author=wording.author,
        contact=_contact,
        ministry=wording.ministry,
        month=typography.month,
        question_number=wording.question_number,
        question_title=wording.question_title,
        happened=wording.happened,
        number=typography.number,
    )
    return environment


class _Static:
    """Addresses of static files, with a mark of their content so that they can be kept for long."""

    def __init__(self) -> None:
        self._marks = {
            file.name: hashlib.sha256(file.read_bytes()).hexdigest()[:8] for file in STATIC.iterdir()
        }

    def __call__(self, name: str) -> str:
        return f"/static/{name}?v={self._marks[name]}"


def _contact(given: str) -> Markup:
    """An e-mail address or a page as a link; anything else as it is."""
    text = one_line(given)
    if re.fullmatch(r"https?://\S+", text):
        return Markup('<a href="{0}">{0}</a>').format(text)
    if re.fullmatch(r"[^\s@<>]+@[^\s@<>]+", text):
        return Markup('<a href="mailto:{0}">{0}</a>').format(text)
    return escape(text)


def _machine_instant(value: datetime) -> str:
    """An instant as HTML's `datetime` takes it: fractions of a second may not have six digits."""
    return value.isoformat(timespec="seconds")


def _safe_html(fragment: str) -> Markup:
    """The source's HTML made harmless; a table may be wider than the screen, so it scrolls in a frame."""
    frame = '<div class="wide-table" role="region" aria-label="Tableau" tabindex="0"><table>'
    framed = safe_html(fragment).replace("<table>", frame).replace("</table>", "</table></div>")
    return Markup(framed)  # noqa: S704  # nh3 has cleaned it


def _has_more_filters(selection: Selection) -> bool:
    """Whether a selection asks for more than words and statuses."""
    return replace(selection, words=None, statuses=frozenset(), kinds=frozenset(), uid=None) != Selection()
