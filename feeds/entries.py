"""Events and questions as feed entries, before any format.

Enters: an `EventView`, or a `QuestionView` whose own entry is refreshed by its events. Leaves: an
`Entry`. An entry is a function of facts, never of today's date: the same facts give the same entry, and
an overdue question says so once its DEADLINE_PASSED event is there. Ids are suffixes and own pages are
paths; `feeds.syndication` makes them whole with the tag authority and the public address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from feeds import content, wording
from feeds.as_of import as_of, status_after, status_as_of
from feeds.sanitise import one_line
from feeds.typography import typeset
from tracker.addresses import KIND_WORDS, STATUS_WORDS
from tracker.clock import PARIS, paris_day
from tracker.events import Event, EventKind, Origin, RecordedEvent
from tracker.ports import AuthorView, EventView, QuestionView
from tracker.questions import QuestionRecord
from tracker.status import Status
from tracker.text import slug

# Events are listed whole milliseconds apart, so half of one earlier is nobody else's instant.
_BEFORE_ITS_EVENT = timedelta(microseconds=500)
_LONGEST_TITLE = 250
_FIRST_DAY = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of an entry; `href` is absolute, or a path of this service that begins with `/`."""

    rel: str
    href: str
    type: str = "text/html"
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Category:
    """A tag of an entry: ASCII term, French label, and the vocabulary it belongs to (a slug)."""

    term: str
    label: str
    vocabulary: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry: what every format needs. `id` and `replies_to` are suffixes of tag URIs, ASCII."""

    id: str
    title: str
    published: datetime
    updated: datetime
    author: str
    summary: str
    html: str
    links: tuple[Link, ...]
    categories: tuple[Category, ...]
    replies_to: str | None = None


def question_path(uid: str) -> str:
    """The page of a question on this service."""
    return f"/questions/{uid}"


def event_anchor(event: Event) -> str:
    """The place of an event on its question's page, e.g. `reponse-2026-06-02-1`."""
    return f"{KIND_WORDS[event.kind]}-{event.occurred_on.isoformat()}-{event.rank}"


def event_address(view: EventView) -> str:
    """Where an event is told, on the page of its question."""
    event = view.recorded.event
    return f"{question_path(event.uid)}#{event_anchor(event)}"


def question_id(uid: str) -> str:
    """The suffix of a question's own id."""
    return f"question/{uid}"


def event_entry(view: EventView) -> Entry:
    """The entry of one event: what happened, and the question as it stood then."""
    event = view.recorded.event
    record = as_of(view.record, event)
    status = status_as_of(record, event)
    said = one_line(wording.happened(event))
    return Entry(
        id=f"evenement/{event.id}",
        title=one_line(wording.headline(event.kind, record), _LONGEST_TITLE),
        published=_midnight(event.occurred_on, no_later_than=event.observed_at),
        updated=view.recorded.listed_at,
        author=_speaker(event, record, view.author),
        summary=_summary(record, view.author, said),
        html="".join(
            [
                f"<p><strong>{content.sentence(said)}</strong></p>",
                content.facts(record, view.author, status, event.occurred_on),
                content.changes(event),
                content.texts(record),
                content.footer(record, paris_day(event.observed_at)),
            ]
        ),
        links=_links(event_address(view), record),
        categories=(
            Category(KIND_WORDS[event.kind], wording.event(event.kind), "evenements"),
            *_categories(record, status, view.topics),
        ),
        replies_to=question_id(event.uid),
    )


def question_entry(view: QuestionView) -> Entry | None:
    """A question's own entry, refreshed by each event that is not a later backfill; None before one."""
    shown = [recorded for recorded in view.events if recorded.origin is not Origin.BACKFILL]
    if not shown:
        return None
    record = view.record
    last = max(shown, key=lambda recorded: recorded.listed_at)
    status = status_after(record, tuple(recorded.event for recorded in view.events))
    said = one_line(wording.happened(last.event))
    return Entry(
        id=question_id(record.uid),
        title=one_line(wording.question_headline(record, status), _LONGEST_TITLE),
        published=_first_published(record, shown),
        updated=last.listed_at - _BEFORE_ITS_EVENT,
        author=wording.author(view.author),
        summary=_summary(record, view.author, said),
        html="".join(
            [
                content.facts(record, view.author, status, None),
                content.history(tuple(recorded.event for recorded in view.events)),
                content.texts(record),
                content.footer(record, None),
            ]
        ),
        links=_links(question_path(record.uid), record),
        categories=_categories(record, status, view.topics),
    )


def _midnight(on: date, *, no_later_than: datetime) -> datetime:
    """The start of a day in Paris, written in Paris time so that it reads as that day.

    A date in the future, or before 1970, is a mistake and never shows.
    """
    start = datetime.combine(max(on, _FIRST_DAY), time(), PARIS)
    return min(start, no_later_than).astimezone(PARIS)


def _first_published(record: QuestionRecord, shown: list[RecordedEvent]) -> datetime:
    first = min(shown, key=lambda recorded: recorded.sequence).event
    return _midnight(record.published_on or first.occurred_on, no_later_than=first.observed_at)


def _speaker(event: Event, record: QuestionRecord, author: AuthorView) -> str:
    """Whose words the entry brings: the ministry for an answer, the deputy otherwise."""
    ministry = record.ministry_attributed
    answers = event.kind is EventKind.ANSWERED or event.detail.get("part") == "answer"
    return one_line(wording.ministry(ministry) if answers and ministry else wording.author(author))


def _summary(record: QuestionRecord, author: AuthorView, said: str) -> str:
    asked = record.ministry_asked
    ministry = f" {typeset('Ministère interrogé :')} {wording.ministry(asked)}." if asked else ""
    asker = wording.asker(author, record.author.group)
    return one_line(f"{said}. {typeset('Auteur :')} {asker}.{ministry}")


def _links(path: str, record: QuestionRecord) -> tuple[Link, ...]:
    return (
        Link("alternate", path),
        Link("via", record.id.official_url, title="Page officielle de la question"),
    )


def _categories(record: QuestionRecord, status: Status, topics: tuple[str, ...]) -> tuple[Category, ...]:
    group, ministry = record.author.group, record.ministry_attributed
    named = [
        (wording.group_short(group) if group else None, "groupes"),
        (ministry.label if ministry else None, "ministeres"),
        (record.rubric, "rubriques"),
    ]
    return (
        Category(STATUS_WORDS[status], wording.status(status), "statuts"),
        *(Category(topic, topic, "sujets") for topic in topics),
        *(
            Category(slug(label), one_line(label), vocabulary)
            for label, vocabulary in named
            if label and slug(label)
        ),
    )
