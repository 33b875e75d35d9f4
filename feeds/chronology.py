"""What a picture of time shows: questions and answers by month, and the topic's milestones beside them.

Enters: the topic's milestones, small rows of its questions, the day in Paris. Leaves: a `Chronology`, from
which the picture is drawn (`feeds.web.timeline`) and the table behind it is written. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from feeds.sanitise import one_line
from feeds.typography import day, month, typeset
from tracker.figures import FigureRow
from tracker.milestones import Citation, Milestone, Precision


@dataclass(frozen=True, slots=True)
class Month:
    """A month, by its first day: questions and answers published in it."""

    first: date
    questions: int
    answers: int


@dataclass(frozen=True, slots=True)
class Mark:
    """A milestone with its number in the picture; `when`, `text` and `note` are set to be read."""

    number: int
    milestone: Milestone
    when: str
    text: str
    note: str | None

    @property
    def sources(self) -> Sequence[Citation]:
        """Who states it."""
        return self.milestone.sources


@dataclass(frozen=True, slots=True)
class Chronology:
    """Every month from the first fact to today, empty ones included, and the milestones in order."""

    months: tuple[Month, ...]
    marks: tuple[Mark, ...]

    @property
    def questions(self) -> int:
        """How many questions are on it."""
        return sum(one.questions for one in self.months)

    @property
    def answers(self) -> int:
        """How many answers are on it."""
        return sum(one.answers for one in self.months)


def chronology(milestones: Iterable[Milestone], rows: Iterable[FigureRow], today: date) -> Chronology | None:
    """The chronology of a topic; None when there is nothing to show.

    It begins with the first question or with the first milestone whose month is known: one that is known
    by its year alone does not stretch it. What is dated after today is left out.
    """
    marks = _marks(one for one in milestones if one.first_day <= today)
    questions: Counter[date] = Counter()
    answers: Counter[date] = Counter()
    for row in rows:
        for counted, on in ((questions, row.published_on), (answers, row.answered_on)):
            if on is not None and on <= today:
                counted[on.replace(day=1)] += row.questions
    dated = [mark.milestone for mark in marks if mark.milestone.precision is not Precision.YEAR]
    begins = [*questions, *answers, *(one.first_day.replace(day=1) for one in dated)]
    if not begins:
        return None
    months = (
        Month(first, questions[first], answers[first]) for first in _months(min(begins), today.replace(day=1))
    )
    return Chronology(tuple(months), marks)


def _marks(milestones: Iterable[Milestone]) -> tuple[Mark, ...]:
    ordered = sorted(milestones, key=lambda one: (one.first_day, one.last_day))
    return tuple(
        Mark(number, one, _when(one), _set(one.text), _set(one.note) if one.note else None)
        for number, one in enumerate(ordered, 1)
    )


def _when(one: Milestone) -> str:
    """The date as precisely as it is known: « 4 juillet 2025 », « juillet 2025 », « 2004 »."""
    if one.precision is Precision.YEAR:
        return str(one.first_day.year)
    return day(one.first_day) if one.precision is Precision.DAY else month(one.first_day)


def _set(text: str) -> str:
    return typeset(one_line(text))


def _months(first: date, last: date) -> Iterable[date]:
    """The first days of the months between two first days, both included."""
    for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield date(number // 12, number % 12 + 1, 1)
