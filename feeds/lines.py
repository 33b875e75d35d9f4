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
from tracker.status import (
    Status,
    answered_on,
    closed_on,
    days_overdue,
    days_to_answer,
    days_waiting,
    status_of,
)

# A question that was closed without an answer has no delay to show.
_WITH_DELAY = frozenset({Status.PENDING, Status.OVERDUE, Status.ANSWERED})


@dataclass(frozen=True, slots=True)
class Line:
    """A question, its status on a day, and the dates that go with the status, in words.

    `due_on` is the date of a delay that ran, with how far it is (`due_told`) while it still does; `delay` is
    how long the question has waited, or took to be answered.
    """

    view: QuestionView
    status: Status
    told: str
    due_on: date | None
    due_told: str
    delay: str


def lines(views: Iterable[QuestionView], today: date) -> list[Line]:
    """Lines in the order given."""
    return [line_of(view, today) for view in views]


def line_of(view: QuestionView, today: date) -> Line:
    """One question as a line."""
    status = status_of(view.record, today)
    return Line(
        view,
        status,
        standing(view.record, status, today),
        due_on(view.record) if status in _WITH_DELAY else None,
        _due(view.record, status, today),
        _delay(view.record, today),
    )


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


def _due(record: QuestionRecord, status: Status, today: date) -> str:
    due, past = due_on(record), days_overdue(record, today)
    if past is not None:
        return f"dépassée depuis {days(past)}"
    if status is not Status.PENDING or due is None:
        return ""
    return "aujourd’hui" if due == today else f"dans {days((due - today).days)}"


def _delay(record: QuestionRecord, today: date) -> str:
    waiting, taken = days_waiting(record, today), days_to_answer(record)
    if waiting is not None:
        return f"{days(waiting)} d’attente"
    return f"réponse en {days(taken)}" if taken is not None else ""


def _answered(on: date | None, delay: int | None) -> str:
    if on is None:
        return ""
    return f"le {day(on)}" if delay is None else f"le {day(on)}, {days(delay)} après la question"
