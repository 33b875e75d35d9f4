"""The instant at which each event is listed in feeds: distinct, in order, never in the future.

Enters: events and their origin. Leaves: planned events. Feeds are ordered by this instant, and it is
their entries' `updated`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta

from tracker.clock import PARIS
from tracker.events import Event, Origin
from tracker.ports import PlannedEvent
from tracker.questions import QuestionId

_STEP = timedelta(milliseconds=1)
_FIRST_DAY = date(1970, 1, 1)  # an earlier date is a mistake of the source, and may have no instant
_MARGIN = timedelta(hours=1)  # room for the day's questions before the instant observed


class Listing:
    """Lists events learned at `observed_at` after all that was listed before."""

    def __init__(self, observed_at: datetime, last_listed_at: datetime | None) -> None:
        self._observed_at = observed_at
        self._last = last_listed_at

    def plan(self, events: Iterable[tuple[Event, Origin]]) -> tuple[PlannedEvent, ...]:
        """Events of one question with their origins, in their order.

        What is learned as it happens, or later, is listed when it is learned, a millisecond apart.
        The history found in an empty place is listed on the days it happened; the place in the day
        comes from the question's number, so that an import cut short and begun again lists alike.
        """
        planned = []
        of_the_day: Counter[date] = Counter()
        for event, origin in events:
            if origin is Origin.INITIAL:
                listed_at = self._on_its_day(event, of_the_day[event.occurred_on])
                of_the_day[event.occurred_on] += 1
            else:
                listed_at = self._next()
            planned.append(PlannedEvent(event, listed_at, origin))
        return tuple(planned)

    def _next(self) -> datetime:
        after = self._observed_at if self._last is None else max(self._observed_at, self._last + _STEP)
        self._last = after
        return after

    def _on_its_day(self, event: Event, index: int) -> datetime:
        """Midnight in Paris, plus a millisecond per number and a microsecond per event of the day."""
        midnight = datetime.combine(max(event.occurred_on, _FIRST_DAY), time.min, PARIS).astimezone(UTC)
        place = timedelta(milliseconds=QuestionId.from_uid(event.uid).number, microseconds=index)
        if midnight + place <= self._observed_at:
            return midnight + place
        return min(self._observed_at - _MARGIN + place, self._observed_at)
