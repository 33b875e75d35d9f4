"""When an answer is due: calendar arithmetic on delays that are data.

Enters: a record. Leaves: dates in Paris. The delays are those of the Règlement de l'Assemblée
nationale, article 135; nothing interrupts them. Whether a delay still runs is for `tracker.status`.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from tracker.questions import Chamber, QuestionRecord


@dataclass(frozen=True, slots=True)
class Delay:
    """A delay of a chamber for facts dated `valid_from` or later, until a later row takes over."""

    chamber: Chamber
    valid_from: date
    months: int
    days: int
    source: str

    def after(self, start: date) -> date:
        """The last day in time: calendar months are clamped to the end of the month."""
        return add_months(start, self.months) + timedelta(days=self.days)


ART_135_AMENDED = date(2014, 11, 28)

ANSWER_DELAYS = (
    Delay(Chamber.ASSEMBLY, date.min, 2, 0, "art. 135 before 28 November 2014: one month, extendable by one"),
    Delay(Chamber.ASSEMBLY, ART_135_AMENDED, 2, 0, "art. 135, al. 6"),
)
SIGNALLED_DELAYS = (Delay(Chamber.ASSEMBLY, ART_135_AMENDED, 0, 10, "art. 135, al. 7"),)

LEGISLATURES_WITHOUT_SIGNALEMENTS = frozenset({14, 15})
"""Their archives hold no signalement at all: show « non disponible », never zero."""


def add_months(start: date, months: int) -> date:
    """The same day `months` later, or the last of the month; `date.max` past the calendar's end."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, last))


def due_on(record: QuestionRecord) -> date | None:
    """The last day on which an answer is in time; None when the publication date is unknown."""
    published = record.published_on
    return None if published is None else answer_due_on(record.id.chamber, published)


def answer_due_on(chamber: Chamber, published_on: date) -> date | None:
    """The last day on which an answer to a question published that day is in time."""
    return _end(ANSWER_DELAYS, chamber, published_on)


def signalled_due_on(record: QuestionRecord) -> date | None:
    """The last day in time after the latest signalement; None without one that sets a delay."""
    if not record.signalled_on:
        return None
    return _end(SIGNALLED_DELAYS, record.id.chamber, max(record.signalled_on))


def signalements_available(record: QuestionRecord) -> bool:
    """False when the source's archive holds none for that legislature, so that none means nothing."""
    return record.id.legislature not in LEGISLATURES_WITHOUT_SIGNALEMENTS


def _end(delays: tuple[Delay, ...], chamber: Chamber, start: date) -> date | None:
    valid = [delay for delay in delays if delay.chamber is chamber and delay.valid_from <= start]
    return max(valid, key=lambda delay: delay.valid_from).after(start) if valid else None
