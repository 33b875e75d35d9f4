"""When a message that was not accepted is tried again, and when one gives up.

Enters: a channel, how often it was tried, the message's id. Leaves: delays. The first ten are those
of the Standard Webhooks specification; mail then goes on once a day for more than nine days in all.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from tracker.alerts import Channel

_SECOND, _MINUTE, _HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

STANDARD = (
    0 * _SECOND,
    5 * _SECOND,
    5 * _MINUTE,
    30 * _MINUTE,
    2 * _HOUR,
    5 * _HOUR,
    10 * _HOUR,
    14 * _HOUR,
    20 * _HOUR,
    24 * _HOUR,
)
SCHEDULES = {
    Channel.WEBHOOK: STANDARD,
    Channel.CHAT: STANDARD,
    Channel.EMAIL: (*STANDARD, *(24 * _HOUR,) * 7),
}
"""Delay before each attempt, after the one before it."""

_JITTER = 0.1

_PAUSES = (5 * _SECOND, 15 * _SECOND, _MINUTE, 2 * _MINUTE)
_LONGEST_PAUSE = 5 * _MINUTE


def retry_delay(channel: Channel, attempts: int, message_id: str) -> timedelta | None:
    """How long to wait after so many attempts; None when that was the last one.

    Up to a tenth longer than the schedule, by an amount that the id and the attempt decide: messages
    that failed together are not tried again together.
    """
    schedule = SCHEDULES[channel]
    if attempts >= len(schedule):
        return None
    digest = hashlib.sha256(f"{message_id}/{attempts}".encode()).digest()
    return schedule[attempts] * (1 + _JITTER * int.from_bytes(digest[:4], "big") / 2**32)


def channel_pause(failures: int) -> timedelta:
    """How long a whole channel is left alone after so many failures in a row (1 or more)."""
    return _PAUSES[failures - 1] if failures <= len(_PAUSES) else _LONGEST_PAUSE
