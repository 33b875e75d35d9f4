"""Figures: what they rest on, what they leave out, and never a rate from fewer than five."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import answered, closure, record
from tracker.deadlines import due_on
from tracker.figures import FEWEST, FigureRow, Figures, Median, Rate, figures_of, settled_by
from tracker.status import Status, answered_on, days_to_answer, settled_status, status_of

TODAY = date(2026, 11, 20)
ASKED = date(2026, 1, 6)
DUE = date(2026, 3, 6)


def row(settled=None, answer=None, *, asked=ASKED, due=DUE, questions=1):
    """A question of January, due in March."""
    return FigureRow(settled, asked, answer, due, questions)


def answer_after(days, **others):
    """A question answered some days after it was asked."""
    return row(Status.ANSWERED, ASKED + timedelta(days=days), **others)


def test_nothing_gives_nothing():
    """No question: zeros, no rate, no delay."""
    figures = figures_of([], TODAY)
    assert figures == Figures()
    assert (figures.answered_in_time.share, figures.delay.days) == (None, None)


def test_every_question_is_counted_once():
    """Answered, waiting, past its due date, closed without an answer."""
    figures = figures_of(
        [
            answer_after(10),
            row(due=TODAY),
            row(due=TODAY - timedelta(days=1)),
            row(Status.WITHDRAWN),
            row(Status.LAPSED),
            row(Status.CLOSED),
            row(due=None, asked=None),
        ],
        TODAY,
    )
    assert (figures.answered, figures.waiting, figures.overdue, figures.closed) == (1, 2, 1, 3)
    assert figures.questions == 7


@pytest.mark.parametrize("number", [FEWEST - 1, FEWEST])
def test_never_a_rate_from_fewer_than_five(number):
    """The number of questions is said, the rate and the median are not."""
    figures = figures_of([answer_after(10 + rank) for rank in range(number)], TODAY)
    assert (figures.answered_in_time.base, figures.delay.base) == (number, number)
    if number < FEWEST:
        assert (figures.answered_in_time.share, figures.delay.days) == (None, None)
    else:
        assert (figures.answered_in_time.share, figures.delay.days) == (1.0, 12)


def test_an_answer_on_the_due_date_is_in_time():
    """And one on the next day is not."""
    on_the_day, after = (row(Status.ANSWERED, DUE + timedelta(days=late)) for late in (0, 1))
    assert figures_of([on_the_day], TODAY).answered_in_time == Rate(1, 1)
    assert figures_of([after], TODAY).answered_in_time == Rate(0, 1)


def test_a_question_weighs_only_once_its_due_date_has_passed():
    """Answered early or not: otherwise the quick answers of the last weeks would weigh too much."""
    early, waiting = row(Status.ANSWERED, ASKED), row()
    assert figures_of([early, waiting], DUE).answered_in_time == Rate(0, 0)
    assert figures_of([early, waiting], DUE + timedelta(days=1)).answered_in_time == Rate(1, 2)


@pytest.mark.parametrize("settled", [Status.WITHDRAWN, Status.LAPSED, Status.CLOSED])
def test_s10_a_question_closed_without_an_answer_has_no_delay(settled):
    """Neither in the rate nor in the median."""
    figures = figures_of([row(settled)] * 10, TODAY)
    assert (figures.closed, figures.answered_in_time, figures.delay) == (10, Rate(0, 0), Median(None, 0))


def test_an_answer_on_no_known_day_counts_as_an_answer_only():
    """« Réponse publiée » without text or date: answered, but no delay is known."""
    figures = figures_of([row(Status.ANSWERED)] * 6, TODAY)
    assert (figures.answered, figures.answered_in_time, figures.delay.base) == (6, Rate(0, 0), 0)


def test_dates_that_make_no_sense_give_no_delay():
    """An answer before its question."""
    figures = figures_of([answer_after(-1)] * 6, TODAY)
    assert (figures.answered, figures.answered_in_time.base, figures.delay.base) == (6, 0, 0)


def test_the_median_may_be_half_a_day():
    """Between the two middle delays; one slow answer does not move it."""
    figures = figures_of([answer_after(days) for days in (10, 20, 31, 40, 600, 5)], TODAY)
    assert figures.delay == Median(25.5, 6)


ROWS = st.builds(
    FigureRow,
    settled=st.sampled_from([None, *(set(Status) - {Status.PENDING, Status.OVERDUE})]),
    published_on=st.none() | st.dates(date(2024, 7, 1), TODAY),
    answered_on=st.none() | st.dates(date(2024, 7, 1), TODAY),
    due_on=st.none() | st.dates(date(2024, 9, 1), date(2027, 2, 1)),
    questions=st.integers(1, 4),
)


@given(st.lists(ROWS, max_size=30))
def test_the_parts_add_up_and_stay_within_their_base(rows):
    """Whatever the rows: every question once, no rate outside 0 to 1, no base above what there is."""
    figures = figures_of(rows, TODAY)
    assert figures.questions == sum(one.questions for one in rows)
    assert figures.answered + figures.waiting + figures.overdue + figures.closed == figures.questions
    assert 0 <= figures.answered_in_time.part <= figures.answered_in_time.base <= figures.questions
    assert figures.delay.base <= figures.answered
    assert (figures.delay.middle is None) == (figures.delay.base == 0)
    assert figures.answered_in_time.base <= figures.answered + figures.overdue


@given(st.lists(ROWS, max_size=30), st.randoms(use_true_random=False))
def test_neither_order_nor_grouping_matters(rows, random):
    """Rows for many questions say the same as one row for each, in any order."""
    alone = [replace(one, questions=1) for one in rows for _ in range(one.questions)]
    random.shuffle(alone)
    grouped = [replace(one, questions=count) for one, count in Counter(alone).items()]
    assert figures_of(rows, TODAY) == figures_of(alone, TODAY) == figures_of(grouped, TODAY)


@given(
    legislature=st.sampled_from([16, 17]),
    asked=st.none() | st.dates(date(2022, 7, 1), TODAY),
    answer=st.none() | st.dates(date(2022, 7, 1), TODAY),
    closed=st.sampled_from(
        [
            None,
            closure("FM", "Fin de mandat", date(2025, 1, 7)),
            closure("FM", "Fin de mandat"),
            closure("DE", "Question retirée", date(2025, 1, 7)),
            closure("??", "Autre", None),
            closure("REP_PUB", "Réponse publiée", date(2025, 1, 7)),
        ]
    ),
)
def test_the_ledger_says_what_the_record_says(legislature, asked, answer, closed):
    """The small row of any question gives the status and the delay that its whole record gives."""
    one = record(1, legislature=legislature, asked=asked, closed=closed)
    if answer is not None:
        one = replace(answered(one, answer), closure=closed)
    settled = settled_by(one.closure, answered_on(one), legislature, TODAY)
    assert settled == settled_status(one, TODAY)
    figures = figures_of([FigureRow(settled, one.published_on, answered_on(one), due_on(one))], TODAY)
    standing = {Status.ANSWERED: "answered", Status.PENDING: "waiting", Status.OVERDUE: "overdue"}
    assert getattr(figures, standing.get(status_of(one, TODAY), "closed")) == 1
    assert figures.delay.middle == (days_to_answer(one) if settled is Status.ANSWERED else None)
