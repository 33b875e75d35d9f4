"""Due dates as a calendar that programs subscribe to: iCalendar, RFC 5545 and 7986.

Enters: question views, the day in Paris, who publishes. Leaves: bytes. Each question with a known due date
has one event of a whole day, that takes no one's time; a signalement adds one ten days later. The event of
a question keeps its UID for good and changes with it: tentative while an answer is awaited, confirmed on
the day the answer was published, cancelled when the question was closed without one. `SEQUENCE` and
`DTSTAMP` are those of the question's history, so the same facts give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from icalendar import Calendar, Event, vDuration, vUri

from feeds import wording
from feeds.content import SOURCE
from feeds.entries import question_path
from feeds.publisher import GENERATOR, Publisher
from feeds.sanitise import one_line
from feeds.typography import day, legislature, typeset
from tracker.addresses import STATUS_WORDS
from tracker.deadlines import due_on, signalled_due_on
from tracker.ports import QuestionView
from tracker.questions import QuestionRecord
from tracker.status import Status, answered_on, closed_on, status_of

MEDIA_TYPE = "text/calendar"
REFRESH = timedelta(hours=3)
_LONGEST = 200
_RUNNING = frozenset({Status.PENDING, Status.OVERDUE})


@dataclass(frozen=True, slots=True)
class _Day:
    """One event to be: what its UID is made of, when, and how it stands."""

    name: str
    on: date
    summary: str
    state: str


def due_calendar(
    views: Iterable[QuestionView], publisher: Publisher, today: date, *, title: str, path: str
) -> bytes:
    """The calendar of some questions; `title` says which, `path` is its own address on this service."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{GENERATOR}//{publisher.name}//FR")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    demo = typeset("Démonstration : ") if publisher.demo else ""
    calendar.calendar_name = one_line(f"{demo}{title}", _LONGEST)
    calendar.description = typeset(
        f"Dates auxquelles une réponse est attendue, et réponses publiées. Source : {SOURCE}. "
        "Service indépendant de l'Assemblée nationale et de l'État."
    )
    # RFC 7986 wants the type of these two said, though each has only one
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("source", vUri(publisher.url(path)), parameters={"VALUE": "URI"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for view in views:
        status = status_of(view.record, today)
        for one in _days(view.record, status, today):
            calendar.add_component(_event(view, status, one, publisher))
    return bytes(calendar.to_ical(sorted=False))


def _days(record: QuestionRecord, status: Status, today: date) -> Iterator[_Day]:
    """The event of the due date, then that of the signalement; none where no date is known."""
    due, signalled = due_on(record), signalled_due_on(record)
    called = one_line(f"{wording.question_number(record.id)}, {wording.question_title(record)}", _LONGEST)
    ended = _ended(record, status, today)
    if due is not None:
        if status is Status.ANSWERED:
            yield _Day("echeance", answered_on(record) or due, typeset(f"{ended} : ") + called, "CONFIRMED")
        elif status in _RUNNING:
            said = "Réponse attendue" if status is Status.PENDING else wording.status(status)
            yield _Day("echeance", due, typeset(f"{said} : ") + called, "TENTATIVE")
        else:
            yield _Day("echeance", due, typeset(f"{ended} : ") + called, "CANCELLED")
    if signalled is not None:
        running = status in _RUNNING
        said = "Réponse attendue après signalement" if running else ended
        yield _Day(
            "signalement", signalled, typeset(f"{said} : ") + called, "TENTATIVE" if running else "CANCELLED"
        )


def _ended(record: QuestionRecord, status: Status, today: date) -> str:
    """« Réponse publiée le 17 novembre 2026 », « Retirée le … »; without a date when none is known."""
    on = answered_on(record) if status is Status.ANSWERED else closed_on(record, today)
    return f"{wording.status(status)} le {day(on)}" if on else wording.status(status)


def _event(view: QuestionView, status: Status, one: _Day, publisher: Publisher) -> Event:
    record = view.record
    changed = max((recorded.event.observed_at for recorded in view.events), default=view.first_seen_at)
    event = Event()
    event.add("uid", f"{record.uid}-{one.name}-{publisher.since}@{publisher.authority.rpartition('@')[2]}")
    event.add("dtstamp", changed)
    event.add("last-modified", changed)
    event.add("created", view.first_seen_at)
    event.add("sequence", len(view.events))
    event.add("dtstart", one.on)
    if one.on < date.max:
        event.add("dtend", one.on + timedelta(days=1))
    event.add("summary", one.summary)
    event.add("description", "\n".join(_described(view, status, publisher)))
    event.add("status", one.state)
    event.add("transp", "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", "FREE")
    event.add("class", "PUBLIC")
    event.add("categories", [STATUS_WORDS[status], *view.topics])
    event.add("url", vUri(publisher.url(question_path(record.uid))))
    return event


def _described(view: QuestionView, status: Status, publisher: Publisher) -> Iterator[str]:
    """The facts that go with a date, a line each."""
    record = view.record
    asked, now, due = record.ministry_asked, record.ministry_attributed, due_on(record)
    number = wording.question_number(record.id)
    facts = [
        ("Question écrite", f"{number} ({legislature(record.id.legislature)})"),
        ("Auteur", wording.asker(view.author, record.author.group)),
        ("Ministère interrogé", wording.ministry(asked) if asked else ""),
        ("Ministère en charge", wording.ministry(now) if now and now != asked else ""),
        ("Publiée", f"le {day(record.published_on)}" if record.published_on else ""),
        ("Échéance", f"le {day(due)} (Règlement de l’Assemblée nationale, article 135)" if due else ""),
        ("Signalée", typeset(" ; ").join(f"le {day(on)}" for on in record.signalled_on)),
        ("Statut", wording.status_of_record(status, record)),
        ("Suivi", publisher.url(question_path(record.uid))),
        ("Page officielle", record.id.official_url),
    ]
    for label, value in facts:
        if value:
            yield typeset(f"{label} : ") + one_line(value)
