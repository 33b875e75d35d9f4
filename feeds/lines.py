"""A question as one line of a list: its status today, and since or until when.

Enters: question views, the day in Paris. Leaves: `Line`s, of which templates make tables and lists. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from feeds.typography import day, days, typeset
from tracker.deadlines import due_on
from tracker.ports import QuestionView
from tracker.questions import QuestionRecord
from tracker.status import Status, answered_on, closed_on, days_to_answer, days_waiting, status_of


@dataclass(frozen=True, slots=True)
class Line:
    """A question, its status on a day, and the dates that go with the status, in words."""

    view: QuestionView
    status: Status
    told: str


def lines(views: Iterable[QuestionView], today: date) -> list[Line]:
    """Lines in the order given."""
    found = ((view, status_of(view.record, today)) for view in views)
    return [Line(view, status, standing(view.record, status, today)) for view, status in found]


def standing(record: QuestionRecord, status: Status, today: date) -> str:
    """What a status means for this question: « réponse attendue au plus tard le 6 décembre 2026 »."""
    due, waiting = due_on(record), days_waiting(record, today)
    if status is Status.ANSWERED:
        return _answered(answered_on(record), days_to_answer(record))
    if status is Status.OVERDUE and due is not None and waiting is not None:
        return typeset(f"réponse attendue au plus tard le {day(due)} ; {days(waiting)} d'attente")
    if status is Status.PENDING and due is not None:
        return typeset(f"réponse attendue au plus tard le {day(due)}")
    closed = closed_on(record, today)
    return f"le {day(closed)}" if closed else ""


def _answered(on: date | None, delay: int | None) -> str:
    if on is None:
        return ""
    return f"le {day(on)}" if delay is None else f"le {day(on)}, {days(delay)} après la question"
