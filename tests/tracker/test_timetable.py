"""When digests and heartbeats fall due, in Paris, clocks changing or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.alerts import AT_ONCE, Frequency, Rhythm
from tracker.clock import PARIS
from tracker.timetable import heartbeat_due, next_slot

DAILY_8 = Frequency(Rhythm.DAILY, 8)
WEEKLY_TUESDAY_7 = Frequency(Rhythm.WEEKLY, 7, 1)


def utc(text):
    """An instant from ISO text in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("frequency", "after", "slot"),
    [
        (DAILY_8, "2026-11-20 06:59", "2026-11-20 07:00"),  # winter: 8:00 is 7:00 UTC
        (DAILY_8, "2026-11-20 07:00", "2026-11-21 07:00"),  # on the hour: the next one
        (DAILY_8, "2026-07-01 05:00", "2026-07-01 06:00"),  # summer: 8:00 is 6:00 UTC
        (DAILY_8, "2026-03-28 12:00", "2026-03-29 06:00"),  # the night that clocks go forward
        (DAILY_8, "2026-10-24 12:00", "2026-10-25 07:00"),  # the night that they go back
        (WEEKLY_TUESDAY_7, "2026-11-20 08:00", "2026-11-24 06:00"),
        (WEEKLY_TUESDAY_7, "2026-11-24 05:59", "2026-11-24 06:00"),
        (WEEKLY_TUESDAY_7, "2026-11-24 06:00", "2026-12-01 06:00"),
        (Frequency(Rhythm.DAILY, 2), "2026-03-28 12:00", "2026-03-29 01:00"),  # 2:00 does not exist: 3:00
        (Frequency(Rhythm.DAILY, 2), "2026-10-25 00:30", "2026-10-26 01:00"),  # 2:00 comes twice, counts once
    ],
)
def test_s18_digests_keep_their_hour_in_paris(frequency, after, slot):
    """S18: the hour is that of Paris, in winter, in summer and on the days in between."""
    assert next_slot(frequency, utc(after)) == utc(slot)


def test_at_once_has_no_hour():
    """There is nothing to wait for."""
    assert next_slot(AT_ONCE, utc("2026-11-20 08:00")) is None


@given(
    st.sampled_from([Frequency(Rhythm.DAILY, hour) for hour in range(24)] + [WEEKLY_TUESDAY_7]),
    st.integers(0, 6 * 365 * 24 * 60),
)
def test_slots_go_on_at_their_pace(frequency, minutes):
    """Always later, never skipping a day or a week, always on the hour asked for or the one after it."""
    after = utc("2024-01-01") + timedelta(minutes=minutes)
    first = next_slot(frequency, after)
    second = next_slot(frequency, first)
    period = timedelta(days=1 if frequency.weekday is None else 7)
    assert after < first <= after + period + timedelta(hours=1)
    assert abs(second - first - period) <= timedelta(hours=1)
    assert (first.astimezone(PARIS).hour - frequency.hour) % 24 in {0, 1}


@pytest.mark.parametrize(
    ("last", "due"),
    [
        ("2026-10-20 14:00", "2026-11-20 08:00"),
        ("2026-01-31 14:00", "2026-02-28 08:00"),
        ("2026-06-15 23:30", "2026-07-16 07:00"),  # already the 16th in Paris
    ],
)
def test_a_heartbeat_falls_a_calendar_month_later(last, due):
    """The same day of the next month at nine in Paris, clamped to its end."""
    assert heartbeat_due(utc(last), 9) == utc(due)


@pytest.mark.parametrize(
    "wrong",
    [
        (Rhythm.AT_ONCE, 8, None),
        (Rhythm.DAILY, None, None),
        (Rhythm.DAILY, 8, 1),
        (Rhythm.WEEKLY, 8, None),
        (Rhythm.DAILY, 24, None),
        (Rhythm.WEEKLY, 8, 7),
    ],
)
def test_a_frequency_makes_sense_or_is_refused(wrong):
    """An hour with digests alone, a weekday with weekly ones alone, both in range."""
    with pytest.raises(ValueError, match="not a"):
        Frequency(*wrong)
