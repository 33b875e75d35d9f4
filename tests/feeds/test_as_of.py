"""A question as it stood when an event happened."""

from __future__ import annotations

from datetime import date, timedelta

from feeds.as_of import as_of, status_after, status_as_of
from tests.builders import HEALTH, LABOUR, NOW, answered, attribution, closure, record, replace, text
from tests.feeds.views import event_views
from tracker.events import EventKind
from tracker.status import Status


def stood(question, kind, **reading):
    """The record as of the last event of a kind, and its status, when all is read at once."""
    view = [one for one in event_views(question, **reading) if one.recorded.event.kind is kind][-1]
    event = view.recorded.event
    then = as_of(view.record, event)
    return then, status_as_of(then, event)


def test_a_question_read_with_its_answer_was_once_without_it():
    """The entry of the question does not give the answer away, the answer's entry holds both."""
    question = answered(record(1, asked="2026-03-31"), "2026-06-02")
    then, status = stood(question, EventKind.PUBLISHED)
    assert (then.answer_texts, then.closure, status) == ((), None, Status.PENDING)
    then, status = stood(question, EventKind.ANSWERED)
    assert (then.answer_texts, status) == (question.answer_texts, Status.ANSWERED)


def test_the_due_date_passed_before_the_answer_came():
    """Even when the answer is dated of the very day after the due date."""
    question = answered(record(1, asked="2026-03-31"), "2026-06-01")
    then, status = stood(question, EventKind.DEADLINE_PASSED)
    assert (then.answer_texts, status) == ((), Status.OVERDUE)


def test_a_signalement_of_the_answer_s_day_came_first():
    """Our sequence puts it before the answer, so its entry does not show one."""
    question = replace(
        answered(record(1, asked="2026-09-01"), "2026-10-13"), signalled_on=(date(2026, 10, 13),)
    )
    then, status = stood(question, EventKind.SIGNALLED)
    assert (then.answer_texts, status) == ((), Status.PENDING)


def test_the_ministry_is_the_one_in_charge_that_day():
    """A later attribution is not known yet."""
    question = record(
        1,
        asked="2026-09-01",
        attributions=[attribution(HEALTH, "2026-09-01"), attribution(LABOUR, "2026-10-13")],
    )
    assert stood(question, EventKind.PUBLISHED)[0].ministry_attributed == HEALTH
    assert stood(question, EventKind.REATTRIBUTED)[0].ministry_attributed == LABOUR


def test_the_answer_is_shown_as_first_published():
    """A publication that corrected it later has an entry of its own."""
    question = replace(
        answered(record(1, asked="2026-09-01"), "2026-10-13"),
        answer_texts=(
            text("Réponse (exemple).", "2026-10-13"),
            text("Réponse mieux dite (exemple).", "2026-10-27"),
        ),
    )
    assert stood(question, EventKind.ANSWERED)[0].answer_text.html == "Réponse (exemple)."
    assert stood(question, EventKind.CORRECTED)[0].answer_text.html == "Réponse mieux dite (exemple)."


def test_an_answer_without_a_date_is_in_its_own_entry_alone():
    """It cannot be shown before the event that tells it."""
    question = replace(record(1, asked="2026-09-01"), answer_texts=(text("Réponse (exemple).", None),))
    assert stood(question, EventKind.PUBLISHED)[1] is Status.PENDING
    assert stood(question, EventKind.ANSWERED)[1] is Status.ANSWERED


def test_a_question_left_open_by_a_finished_legislature_lapses():
    """S10: the source says nothing; the end of the legislature closes it on that day."""
    question = record(1, legislature=16, asked="2024-05-07")
    then, status = stood(question, EventKind.LAPSED)
    assert (status, then.closure.on) == (Status.LAPSED, date(2024, 6, 9))
    assert stood(question, EventKind.PUBLISHED)[1] is Status.PENDING


def test_the_refreshed_status_follows_events_not_the_calendar():
    """A question is overdue in feeds once its event is there, whatever day it is read on."""
    question = record(1, asked="2026-03-31")
    assert status_after(question, ()) is Status.PENDING
    late = [view.recorded.event for view in event_views(question, at=NOW + timedelta(days=1))]
    assert status_after(question, tuple(late)) is Status.OVERDUE
    closed = replace(question, closure=closure("FM", "Fin de mandat", "2026-06-15"))
    assert status_after(closed, tuple(late)) is Status.LAPSED
