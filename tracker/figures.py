"""Figures about a set of questions, with the number of questions that each rests on.

Enters: small rows (where a question stands, its dates), each for one question or for many that are alike;
and the day in Paris. Leaves: `Figures`. Pure. What each figure means is said to readers on the page
`/a-propos`, in the same words as here. A rate or a median is never given from fewer than five questions,
and a question closed without an answer has no delay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median

from tracker.questions import Closure
from tracker.status import LEGISLATURE_ENDS, Status, closure_status

FEWEST = 5
"""Questions from which a rate or a median is given."""


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One question, or `questions` that are alike.

    `settled` is the fact that ended its delay (answered, withdrawn, lapsed, closed), None while it runs.
    """

    settled: Status | None
    published_on: date | None
    answered_on: date | None
    due_on: date | None
    questions: int = 1


@dataclass(frozen=True, slots=True)
class Rate:
    """A part of the `base` questions it rests on."""

    part: int
    base: int

    @property
    def share(self) -> float | None:
        """Between 0 and 1; None when it would rest on fewer than five questions."""
        return self.part / self.base if self.base >= FEWEST else None


@dataclass(frozen=True, slots=True)
class Median:
    """The middle of the delays, in days, of the `base` questions it rests on."""

    middle: float | None
    base: int

    @property
    def days(self) -> float | None:
        """Whole or half days; None when it would rest on fewer than five questions."""
        return self.middle if self.base >= FEWEST else None


@dataclass(frozen=True, slots=True)
class Figures:
    """What can be said of a set of questions on a day.

    `answered`, `waiting` (due date not passed), `overdue` and `closed` (without an answer) add up to
    `questions`. `answered_in_time` rests on the questions whose due date has passed, those closed without
    an answer and those answered on no known day left out. `delay` rests on the questions answered on a
    known day.
    """

    questions: int = 0
    answered: int = 0
    waiting: int = 0
    overdue: int = 0
    closed: int = 0
    answered_in_time: Rate = Rate(0, 0)
    delay: Median = Median(None, 0)


def figures_of(rows: Iterable[FigureRow], today: date) -> Figures:
    """The figures of some questions on a day in Paris."""
    standing: Counter[str] = Counter()
    delays: Counter[int] = Counter()
    in_time = judged = 0
    for row in rows:
        standing[_standing(row, today)] += row.questions
        delay = _delay(row)
        if delay is not None:
            delays[delay] += row.questions
        kept = _answered_in_time(row, today)
        if kept is not None:
            judged += row.questions
            in_time += kept * row.questions
    return Figures(
        questions=standing.total(),
        answered=standing["answered"],
        waiting=standing["waiting"],
        overdue=standing["overdue"],
        closed=standing["closed"],
        answered_in_time=Rate(in_time, judged),
        delay=Median(median(delays.elements()) if delays else None, delays.total()),
    )


def settled_by(
    closure: Closure | None, answered_on: date | None, legislature: int, today: date
) -> Status | None:
    """What ended a question's delay, from what is kept of questions off the topic.

    As `tracker.status.settled_status`, without the texts: an answer is known by its date or closure.
    """
    if answered_on is not None:
        return Status.ANSWERED
    if closure is not None:
        return closure_status(closure)
    end = LEGISLATURE_ENDS.get(legislature)
    return Status.LAPSED if end is not None and today > end else None


def _standing(row: FigureRow, today: date) -> str:
    if row.settled is not None:
        return "answered" if row.settled is Status.ANSWERED else "closed"
    return "overdue" if row.due_on is not None and today > row.due_on else "waiting"


def _delay(row: FigureRow) -> int | None:
    """Days from question to answer, where they are known and make sense."""
    if row.settled is not Status.ANSWERED or row.published_on is None or row.answered_on is None:
        return None
    days = (row.answered_on - row.published_on).days
    return days if days >= 0 else None


def _answered_in_time(row: FigureRow, today: date) -> bool | None:
    """Whether an answer came by the due date, once that has passed; None where it cannot be said.

    Questions whose due date is still to come do not count, answered or not: those that are answered
    early would weigh too much.
    """
    if row.due_on is None or today <= row.due_on:
        return None
    if row.settled is None:
        return False
    return None if row.answered_on is None or _delay(row) is None else row.answered_on <= row.due_on
