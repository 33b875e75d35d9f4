"""Dated facts of a topic's history: what stands beside its questions in a picture of time.

Enters: values of a topic file, as `tracker.topics` reads them. Leaves: frozen milestones that know how
precise their date is. Each names who says so; where sources disagree, the note says it.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date
from enum import IntEnum


class Precision(IntEnum):
    """How much of a date is known: its parts in ISO form."""

    YEAR = 1
    MONTH = 2
    DAY = 3


@dataclass(frozen=True, slots=True)
class Citation:
    """Who states a fact: a name in French, and an address where it can be read, if there is one."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A dated fact: `when` is a year, a month or a day in ISO form (`2004`, `2025-07`, `2025-07-04`).

    Raises ValueError on a date of another form, or that the calendar does not have.
    """

    when: str
    text: str
    sources: tuple[Citation, ...]
    note: str | None = None

    def __post_init__(self) -> None:
        parts = self.when.split("-")
        if [len(part) for part in parts] != [4, 2, 2][: len(parts)] or not all(map(_is_number, parts)):
            raise ValueError(f"not a year, a month or a day: {self.when!r}")
        _ = self.first_day

    @property
    def precision(self) -> Precision:
        """How precise the date is."""
        return Precision(self.when.count("-") + 1)

    @property
    def first_day(self) -> date:
        """The first day that the date may mean."""
        year, month, day = (*map(int, self.when.split("-")), 1, 1)[:3]
        return date(year, month, day)

    @property
    def last_day(self) -> date:
        """The last day that the date may mean."""
        first = self.first_day
        if self.precision is Precision.DAY:
            return first
        month = 12 if self.precision is Precision.YEAR else first.month
        return date(first.year, month, calendar.monthrange(first.year, month)[1])


def _is_number(part: str) -> bool:
    return part.isascii() and part.isdecimal()
