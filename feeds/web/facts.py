"""The facts of a question as a page lists them: each with its words and where they lead.

Enters: a question view, its status today, the day in Paris. Leaves: `Fact`s in the order of the page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from feeds import wording
from feeds.lines import line_of
from feeds.typography import day, legislature, typeset
from tracker.addresses import to_query
from tracker.deadlines import signalements_available, signalled_due_on
from tracker.ports import QuestionView
from tracker.questions import Ministry
from tracker.selection import Selection
from tracker.status import Status, closed_on
from tracker.text import slug

_OPEN = frozenset({Status.PENDING, Status.OVERDUE})
_AND = typeset(" ; ")


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what is known: `href` is the path of a page about it, `note` what goes with it."""

    label: str
    value: str
    href: str | None = None
    note: str = ""


def facts_of(view: QuestionView, status: Status, today: date) -> list[Fact]:
    """What is known of a question; what is not known is left out, but the date of its publication."""
    return [fact for part in (_who(view), _whom(view), _when(view, status, today)) for fact in part]


def _who(view: QuestionView) -> Iterator[Fact]:
    record, ref = view.record, view.author.actor_ref
    yield Fact("Auteur", wording.author(view.author), f"/deputes/{ref}" if ref else None)
    group = record.author.group
    if group is not None and wording.group(group):
        name = slug(wording.group_short(group))
        yield Fact(
            "Groupe",
            wording.group(group),
            f"/groupes/{name}" if name else None,
            "tel que la question l’indique",
        )
    place = view.author.constituency
    if place is not None and wording.constituency(place):
        code = place.department_code
        yield Fact("Circonscription", wording.constituency(place), f"/departements/{code}" if code else None)


def _whom(view: QuestionView) -> Iterator[Fact]:
    record = view.record
    asked, now = record.ministry_asked, record.ministry_attributed
    if asked is not None:
        yield _ministry("Ministère interrogé", asked)
    if now is not None and now != asked:
        since = record.attributions[-1].on
        yield _ministry("Ministère en charge", now, f"depuis le {day(since)}" if since else "")
    if record.rubric:
        name = slug(record.rubric)
        query = to_query(Selection(rubric=name))
        yield Fact("Rubrique", record.rubric, f"/questions?{query}" if name else None)
    yield Fact("Législature", legislature(record.id.legislature))


def _when(view: QuestionView, status: Status, today: date) -> Iterator[Fact]:
    record, line = view.record, line_of(view, today)
    published = record.published_on
    yield Fact("Publiée", day(published) if published else "date inconnue")
    if line.due_on is not None:
        yield Fact("Échéance", day(line.due_on), note=line.due_told)
    if record.signalled_on:
        due = signalled_due_on(record) if status in _OPEN else None
        note = f"réponse attendue au plus tard le {day(due)}" if due else ""
        yield Fact("Signalée", _AND.join(day(on) for on in record.signalled_on), note=note)
    elif not signalements_available(record):
        yield Fact("Signalements", "non disponibles à la source pour cette législature")
    if record.renewed_on:
        yield Fact("Renouvelée", _AND.join(day(on) for on in record.renewed_on))
    if line.delay:
        yield Fact("Délai", line.delay)
    closed = closed_on(record, today)
    if closed is not None:
        yield Fact("Close", day(closed))


def _ministry(label: str, ministry: Ministry, note: str = "") -> Fact:
    name = slug(ministry.label)
    return Fact(label, wording.ministry(ministry), f"/ministeres/{name}" if name else None, note)
