"""Dated facts: as precise as their source, never more."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.milestones import Citation, Milestone, Precision

SOURCES = (Citation("Exemple"),)


def milestone(on):
    """A milestone of that date."""
    return Milestone(on, "Fait.", SOURCES)


@pytest.mark.parametrize(
    ("on", "precision", "first", "last"),
    [
        ("2004", Precision.YEAR, date(2004, 1, 1), date(2004, 12, 31)),
        ("2024-02", Precision.MONTH, date(2024, 2, 1), date(2024, 2, 29)),
        ("2025-07-04", Precision.DAY, date(2025, 7, 4), date(2025, 7, 4)),
    ],
)
def test_a_date_is_as_precise_as_it_is_written(on, precision, first, last):
    """A year or a month is a span of days."""
    one = milestone(on)
    assert (one.precision, one.first_day, one.last_day) == (precision, first, last)


@pytest.mark.parametrize(
    "on", ["", "juin", "04", "2004-", "2004-13", "2004-02-30", "2004-1-01", "2004-01-01-01", "٢٠٠٤", "0000"]
)
def test_what_is_no_date_is_refused(on):
    """Other forms, and days that the calendar does not have."""
    with pytest.raises(ValueError, match=r"."):
        milestone(on)


@given(st.dates())
def test_a_day_lies_in_its_month_and_year(day):
    """Less precise dates hold the more precise ones."""
    month, year = milestone(day.isoformat()[:7]), milestone(day.isoformat()[:4])
    assert year.first_day <= month.first_day <= day <= month.last_day <= year.last_day
