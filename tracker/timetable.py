"""When digests and heartbeats fall due: hours in Paris as instants.

Enters: a frequency or the last message, an aware instant. Leaves: aware UTC instants. An hour that a
change of clocks skips falls an hour later, one that it repeats falls once.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from tracker.alerts import Frequency
from tracker.clock import PARIS, paris_day
from tracker.deadlines import add_months


def next_slot(frequency: Frequency, after: datetime) -> datetime | None:
    """The first instant after `after` at which a digest is due; None for at once."""
    if frequency.hour is None:
        return None
    on = paris_day(after)
    while True:
        slot = datetime.combine(on, time(frequency.hour), PARIS).astimezone(UTC)
        if slot > after and frequency.weekday in {None, on.weekday()}:
            return slot
        on += timedelta(days=1)


def heartbeat_due(last: datetime, hour: int) -> datetime:
    """When a month without any message is over: the same day next month, at an hour in Paris."""
    return datetime.combine(add_months(paris_day(last), 1), time(hour), PARIS).astimezone(UTC)
