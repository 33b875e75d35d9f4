"""Statuses and the delays that may be shown (scenario S10 of the lessons)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import answered, closure, day, record, text
from tracker.deadlines import due_on
from tracker.status import (
    Status,
    answered_after_due,
    answered_on,
    closed_on,
    days_overdue,
    days_to_answer,
    days_waiting,
    is_running,
    settled_status,
    status_of,
)

TODAY = day("2026-11-20")


@pytest.mark.parametrize(
    ("today", "status"),
    [("2026-05-30", Status.PENDING), ("2026-05-31", Status.PENDING), ("2026-06-01", Status.OVERDUE)],
)
def test_overdue_from_the_day_after(today, status):
    """Due on the day itself is in time."""
    assert status_of(record(asked="2026-03-31"), day(today)) is status


def test_an_answer_text_answers_even_without_closure():
    """The text decides, not the closure."""
    question = record(answers=[text("Réponse.", "2026-11-17")])
    assert status_of(question, TODAY) is Status.ANSWERED


def test_a_blank_answer_is_none():
    """Tags and spaces are no answer."""
    assert status_of(record(answers=[text("<p>&nbsp;</p> ", None)]), TODAY) is Status.PENDING


def test_published_answer_without_text_or_date():
    """Seen in the 14th legislature: answered according to the source, no delay can be shown."""
    question = record(legislature=14, asked="2017-04-18", closed=closure("REP_PUB", "Réponse publiée"))
    assert status_of(question, TODAY) is Status.ANSWERED
    assert answered_on(question) is None
    assert days_to_answer(question) is None
    assert days_waiting(question, TODAY) is None
    assert answered_after_due(question) is None


@pytest.mark.parametrize(
    ("code", "label", "status"),
    [
        ("REP_PUB", None, Status.ANSWERED),
        (None, "Réponse publiée", Status.ANSWERED),
        ("FM", "Fin de mandat", Status.LAPSED),
        ("FM", None, Status.LAPSED),
        (None, "FIN DE MANDAT", Status.LAPSED),
        ("XX", "Caducité", Status.LAPSED),
        ("XX", "Question caduque", Status.LAPSED),
        (None, "Dissolution", Status.LAPSED),
        (None, "Fin de la législature", Status.LAPSED),
        ("XX", "Question retirée par l’auteur", Status.WITHDRAWN),
        (None, "RETIREE", Status.WITHDRAWN),
        (None, "Retrait", Status.WITHDRAWN),
        ("AU", "Autre", Status.CLOSED),
        ("DE", "Départ à la retraite", Status.CLOSED),
        ("ID", None, Status.CLOSED),
        (None, None, Status.CLOSED),
    ],
)
def test_closures(code, label, status):
    """Known codes first, then the label's own words; anything else is closed, as the source says it."""
    assert status_of(record(closed=closure(code, label, "2026-11-17")), TODAY) is status


def test_an_answer_outweighs_a_closure():
    """A question closed by the end of a mandate and answered is answered."""
    question = record(answers=[text("Réponse.", "2026-11-17")], closed=closure("FM", "Fin de mandat"))
    assert status_of(question, TODAY) is Status.ANSWERED


@pytest.mark.parametrize("on", [None, "2026-11-17"])
def test_s10_end_of_mandate_stops_the_clock(on):
    """Lapsed, with or without a date, in the middle of a legislature; no delay is shown."""
    closed = closure("FM", "Fin de mandat", on)
    question = record(closed=closed)
    later = TODAY + timedelta(days=400)
    assert status_of(question, later) is Status.LAPSED
    assert not is_running(question, later)
    assert days_waiting(question, later) is None
    assert days_overdue(question, later) is None
    assert days_to_answer(question) is None
    assert closed_on(question, later) == closed.on


def test_s10_end_of_legislature_lapses_what_the_source_leaves_open():
    """A finished legislature with no closure: lapsed on its last day, not before."""
    question = record(legislature=16, asked="2024-05-21")
    assert status_of(question, day("2024-06-09")) is Status.PENDING
    assert status_of(question, day("2024-06-10")) is Status.LAPSED
    assert closed_on(question, TODAY) == day("2024-06-09")
    assert days_waiting(question, TODAY) is None


def test_s10_a_question_dated_after_the_dissolution():
    """The issue of 11 June 2024 came out two days after it: lapsed that day."""
    question = record(legislature=16, asked="2024-06-11")
    assert status_of(question, TODAY) is Status.LAPSED
    assert closed_on(question, TODAY) == day("2024-06-11")


def test_the_17th_legislature_is_open():
    """An old question of it is overdue, not lapsed."""
    assert status_of(record(asked="2024-10-08"), TODAY) is Status.OVERDUE


def test_answered_on_is_the_first_publication():
    """A later, corrected publication does not move the answer's date."""
    question = record(answers=[text("Réponse.", "2026-11-03"), text("Réponse !", "2026-11-17")])
    assert answered_on(question) == day("2026-11-03")


def test_delays_of_an_answer():
    """Days from publication to answer, and whether it came after the due date."""
    on_time = answered(record(asked="2026-09-01"), "2026-11-01")
    late = answered(record(asked="2026-09-01"), "2026-11-02")
    assert (days_to_answer(on_time), answered_after_due(on_time)) == (61, False)
    assert (days_to_answer(late), answered_after_due(late)) == (62, True)


def test_delays_of_a_waiting_question():
    """Days waiting since publication, days past the due date only once past it."""
    question = record(asked="2026-09-01")
    assert days_waiting(question, day("2026-11-01")) == 61
    assert days_overdue(question, day("2026-11-01")) is None
    assert days_overdue(question, day("2026-11-03")) == 2


def test_dates_that_make_no_sense_give_no_delay():
    """A question dated tomorrow does not wait yet; an answer before its question took no time."""
    assert days_waiting(record(asked="2026-11-24"), TODAY) is None
    assert days_to_answer(answered(record(asked="2026-11-17"), "2026-11-03")) is None


@given(st.dates(min_value=day("2024-10-01"), max_value=day("2030-01-01")), st.integers(0, 400))
def test_status_of_an_open_question_rests_on_its_due_date_alone(asked, days):
    """Pending up to the due date, overdue from the next day on."""
    question = record(asked=asked)
    today = asked + timedelta(days=days)
    assert settled_status(question, today) is None
    assert (status_of(question, today) is Status.OVERDUE) == (today > due_on(question))
