"""The only reader of the clock.

Enters: nothing. Leaves: aware UTC instants, and the day in Paris. Everything else is handed a
`Clock`, so tests pass their own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Now, as an aware UTC instant."""
    return datetime.now(UTC)


def paris_day(instant: datetime) -> date:
    """The date it is in Paris at an aware instant. Raises ValueError on a naive one."""
    if instant.tzinfo is None:
        raise ValueError("an instant must be aware")
    return instant.astimezone(PARIS).date()
