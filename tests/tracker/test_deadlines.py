"""Due dates (scenario S18 of the lessons)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import HEALTH, attribution, day, record
from tracker.deadlines import add_months, due_on, signalements_available, signalled_due_on


@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("2026-03-31", "2026-05-31"),
        ("2024-12-31", "2025-02-28"),
        ("2023-12-31", "2024-02-29"),
        ("2024-12-30", "2025-02-28"),
        ("2024-12-29", "2025-02-28"),
        ("2023-12-29", "2024-02-29"),
        ("2024-12-17", "2025-02-17"),
        ("2026-01-27", "2026-03-27"),
        ("2026-08-31", "2026-10-31"),
        ("2014-11-25", "2015-01-25"),
        ("2012-07-31", "2012-09-30"),
    ],
)
def test_s18_due_dates_are_clamped_calendar_months(asked, due):
    """Two calendar months, month ends and leap years clamped; two also before 28 November 2014."""
    assert due_on(record(asked=asked)) == day(due)


def test_due_on_needs_a_date():
    """Without a publication date nothing is due."""
    assert due_on(record(asked=None)) is None


def test_due_on_counts_from_the_first_attribution_when_the_text_has_no_date():
    """The fallback of `published_on`."""
    question = record(asked=None, attributions=[attribution(HEALTH, "2026-03-31")])
    assert due_on(question) == date(2026, 5, 31)


@given(st.dates(max_value=date(9999, 10, 1)))
def test_two_months_are_59_to_62_days(start):
    """A due date keeps its day of the month or is the last of a shorter one."""
    due = add_months(start, 2)
    assert timedelta(59) <= due - start <= timedelta(62)
    assert due.day == start.day or (due + timedelta(1)).day == 1


def test_the_end_of_the_calendar_is_no_crash():
    """An absurd date of the source harms nothing."""
    assert due_on(record(asked="9999-12-31")) == date.max


def test_a_signalement_gives_ten_days():
    """A Monday's signalement is due on a Thursday; the latest one counts."""
    assert signalled_due_on(record(signalled=["2026-06-29", "2026-06-08"])) == date(2026, 7, 9)


def test_no_ten_days_without_or_before_the_rule():
    """None without signalement, none before 28 November 2014."""
    assert signalled_due_on(record()) is None
    assert signalled_due_on(record(signalled=["2014-11-27"])) is None
    assert signalled_due_on(record(signalled=["2014-11-28"])) == date(2014, 12, 8)


def test_old_archives_hold_no_signalement():
    """« Non disponible » for the 14th and 15th, known since the 16th."""
    assert [signalements_available(record(legislature=n)) for n in (14, 15, 16, 17)] == [
        False,
        False,
        True,
        True,
    ]
