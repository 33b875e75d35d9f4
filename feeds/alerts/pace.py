"""How fast a channel is sent through.

Enters: messages a minute, instants. Leaves: how many may go now, and how long until the next. Sending
is spread evenly over the minute: a small relay sees no burst.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

_MINUTE = timedelta(minutes=1)
_BURST = timedelta(seconds=1)  # what a pause may save up


@dataclass(frozen=True, slots=True)
class Pace:
    """How many messages are sent at a time, and at most in a minute (None: as many as go)."""

    at_a_time: int = 4
    per_minute: int | None = None


class Pacer:
    """Counts what may still be sent; not shared between processes."""

    def __init__(self, per_minute: int | None) -> None:
        self._between = None if per_minute is None else _MINUTE / per_minute
        self._next: datetime | None = None  # when the next message may go

    def allowance(self, at: datetime, most: int) -> int:
        """How many may go now, at most `most`."""
        if self._between is None:
            return most
        earliest = at - max(_BURST - self._between, timedelta(0))
        self._next = earliest if self._next is None else max(self._next, earliest)
        if self._next > at:
            return 0
        return min(most, 1 + (at - self._next) // self._between)

    def spend(self, messages: int) -> None:
        """Say that so many of them went."""
        if self._between is not None and self._next is not None:
            self._next += messages * self._between

    def wait(self, at: datetime) -> timedelta:
        """How long until the next may go; zero when one may go now."""
        return timedelta(0) if self._next is None else max(self._next - at, timedelta(0))
