"""What happened to a question, once, in order.

Enters: nothing (plain data). Leaves: the closed list of event kinds and the event itself, whose id
is derived from its content so that replaying the same source gives the same ids.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class EventKind(StrEnum):
    """The closed list of what can happen; the values are stored and are part of feed ids."""

    PUBLISHED = "published"
    REATTRIBUTED = "reattributed"
    SIGNALLED = "signalled"
    RENEWED = "renewed"
    ANSWERED = "answered"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CLOSED = "closed"
    REOPENED = "reopened"
    DEADLINE_PASSED = "deadline-passed"
    DELISTED = "delisted"


class Origin(StrEnum):
    """Why we learned an event when we did; only `LIVE` is pushed to people who already follow.

    `INITIAL` is the history found when an empty place is filled: it stands in the feeds by its own
    dates. `BACKFILL` is what later re-reads bring (a parser mended, a topic changed, a legislature
    added): pages and archives show it, nothing is pushed.
    """

    LIVE = "live"
    INITIAL = "initial"
    BACKFILL = "backfill"


@dataclass(frozen=True, slots=True)
class Event:
    """One fact about one question.

    `occurred_on` is a date in Paris, `observed_at` an aware UTC instant. `rank` starts at 1 and
    tells apart events of one question that share kind and date. `detail` holds the fact's own
    words, by kind: `part` (`question`/`answer`/`title`), `old`, `new`, `erratum` for CORRECTED;
    `old`, `new`, `old_ref`, `new_ref` (ministry labels) for REATTRIBUTED; `code`, `label` for
    closures; `what` (`answer`/`closure`) and `old` for REOPENED; `due_on` for DEADLINE_PASSED.
    `undated` (`yes`) is in the detail of any event whose fact has no date of its own in the source:
    `occurred_on` is then the day in Paris on which it was observed.
    """

    uid: str
    kind: EventKind
    occurred_on: date
    observed_at: datetime
    rank: int = 1
    detail: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.observed_at.tzinfo is None:
            raise ValueError("observed_at must be an aware instant")

    @property
    def id(self) -> str:
        """Derived from content: `QANR5L17QE13983/answered/2026-06-02/1`."""
        return f"{self.uid}/{self.kind}/{self.occurred_on.isoformat()}/{self.rank}"


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """An event as kept: with its place in our sequence and the instant it is listed at.

    `sequence` only grows (a cursor for who follows us). `listed_at` orders the feeds and is the
    entry's `updated`: distinct for each event, never later than the clock; it is the instant we
    learned a LIVE or BACKFILL event, and the day it happened for INITIAL ones.
    """

    event: Event
    sequence: int
    listed_at: datetime
    origin: Origin
    revision: int
