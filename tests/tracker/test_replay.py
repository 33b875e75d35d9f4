"""Whether kept events are those that the kept readings tell."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings

from tests.builders import answered, closure, instant, record
from tests.tracker.test_diff_properties import NIGHTS, tell
from tracker.diff import deadline_event, delisted_event, diff
from tracker.events import Origin, RecordedEvent
from tracker.replay import Revision, replay

FIRST = instant("2026-10-06")


def kept(readings, *, daily=None, since=0):
    """Revisions and recorded events of a chain of readings, told from reading `since` on."""
    revisions, recorded, old = [], [], None
    for number, (question, at) in enumerate(readings, 1):
        revisions.append(Revision(number, at, question))
        if number > since:
            history = [kept_event.event for kept_event in recorded]
            recorded += as_recorded(diff(old if history else None, history, question, at), number, recorded)
        old = question
    if daily:
        event = deadline_event(old, [kept_event.event for kept_event in recorded], daily)
        recorded += as_recorded([event], len(revisions), recorded)
    return revisions, recorded


def as_recorded(events, revision, before):
    """Events with the next sequences."""
    start = len(before) + 1
    return [RecordedEvent(e, start + n, e.observed_at, Origin.LIVE, revision) for n, e in enumerate(events)]


LIFE = [
    (record(), FIRST),
    (record(signalled=["2026-12-14"]), instant("2026-12-14")),
    (answered(record(signalled=["2026-12-14"]), "2026-12-22"), instant("2026-12-22")),
]


def test_a_life_agrees():
    """Readings and events of a question from publication to answer."""
    assert replay(*kept(LIFE)) == []


def test_the_daily_job_and_an_absence_agree():
    """Events between two readings are explained by the last one."""
    revisions, recorded = kept(LIFE[:1], daily=instant("2026-12-20"))
    history = [kept_event.event for kept_event in recorded]
    recorded += as_recorded([delisted_event("QANR5L17QE1", history, instant("2026-12-21"))], 1, recorded)
    assert replay(revisions, recorded) == []


def test_a_question_confirmed_late_agrees():
    """Readings before the confirmation told nothing; without any event there is nothing to replay."""
    revisions, _ = kept(LIFE)
    confirmed = diff(None, (), LIFE[2][0], instant("2027-01-05"))
    assert replay(revisions, as_recorded(confirmed, 3, [])) == []
    assert replay(revisions, []) == []


def test_a_lapse_noticed_at_a_later_reading_agrees():
    """The same record read again after the end of its legislature."""
    question = record(legislature=16, asked="2024-05-21")
    revisions, recorded = kept([(question, instant("2024-05-21"))])
    history = [kept_event.event for kept_event in recorded]
    lapsed = diff(question, history, question, instant("2024-09-01"))
    assert replay(revisions, recorded + as_recorded(lapsed, 1, recorded)) == []


def test_an_absence_after_the_end_of_a_legislature_agrees():
    """No reading has said yet that the question lapsed: its absence does not."""
    revisions, recorded = kept([(record(legislature=16, asked="2024-05-21"), instant("2024-05-21"))])
    history = [kept_event.event for kept_event in recorded]
    gone = delisted_event("QANR5L16QE1", history, instant("2024-09-01"))
    assert replay(revisions, recorded + as_recorded([gone], 1, recorded)) == []


def test_a_lost_event_is_seen():
    """Its id is named, and so is the outcome that no longer agrees."""
    revisions, recorded = kept(LIFE)
    assert replay(revisions, recorded[:-1]) == [
        "QANR5L17QE1/answered/2026-12-22/1 : les lectures le disent, l’événement manque.",
        (
            "QANR5L17QE1 : l’issue d’après les événements est « aucune », "
            "d’après la dernière lecture « answered »."
        ),
    ]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"rank": 2}, "aucune lecture ne dit cet événement"),
        ({"detail": {"due_on": "2026-12-05"}}, "ne dit pas ce que disent les lectures"),
    ],
)
def test_a_changed_event_is_seen(change, said):
    """An event with another rank or other details than its reading tells."""
    revisions, recorded = kept(LIFE)
    passed = next(n for n, kept_event in enumerate(recorded) if kept_event.event.kind == "deadline-passed")
    recorded[passed] = replace(recorded[passed], event=replace(recorded[passed].event, **change))
    assert any(said in line for line in replay(revisions, recorded))


def test_events_out_of_order_are_seen():
    """Two events of one reading exchanged."""
    closed = record(signalled=["2026-10-12"], closed=closure("FM", "Fin de mandat", "2026-10-13"))
    revisions, recorded = kept([(record(), FIRST), (closed, FIRST + timedelta(days=14))])
    recorded[1], recorded[2] = recorded[2], recorded[1]
    assert replay(revisions, recorded) == [
        "QANR5L17QE1/lapsed/2026-10-13/1 : les événements de cette lecture ne sont pas dans l’ordre."
    ]


def test_a_changed_reading_is_seen():
    """A revision that no longer tells what was told."""
    revisions, recorded = kept(LIFE)
    revisions[1] = replace(revisions[1], record=record())
    assert "QANR5L17QE1/signalled/2026-12-14/1 : aucune lecture ne dit cet événement." in replay(
        revisions, recorded
    )


@settings(max_examples=60)
@given(NIGHTS)
def test_any_chain_of_readings_agrees(nights):
    """Whatever the source does, what `diff` told is what `replay` expects."""
    history, shares = tell(nights)
    revisions, recorded, old = [], [], None
    for question, at, new in shares:
        if question != old:
            revisions.append(Revision(len(revisions) + 1, at, question))
        recorded += as_recorded(new, len(revisions), recorded)
        old = question
    assert [kept_event.event for kept_event in recorded] == list(history)
    assert replay(revisions, recorded) == []
