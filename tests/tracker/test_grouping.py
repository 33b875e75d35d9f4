"""What is owed becomes messages: one thing once, and never too many at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from tests.builders import NOW, answered, closure, instant, record
from tracker.alerts import AT_ONCE, Frequency, MessageKind, Owed, Rhythm
from tracker.events import Event, EventKind, Origin, RecordedEvent
from tracker.grouping import Waiting, derived_id, plan, story_of

DAILY = Frequency(Rhythm.DAILY, 8)
ALERT, DIGEST = MessageKind.ALERT, MessageKind.DIGEST


def owed(sequence, subscription=1, *, frequency=AT_ONCE, due=True, story=None):
    """One event owed to one subscription."""
    event = f"event-{sequence}"
    return Owed(1, subscription, sequence, event, story or event, frequency, due)


def told(messages):
    """Kind and events of each message, in order."""
    return [(message.kind, sorted(message.event_ids)) for message in messages]


def test_each_story_told_at_once_is_its_own_message():
    """Two events, two messages."""
    assert told(plan([owed(1), owed(2)], [], 5)) == [(ALERT, ["event-1"]), (ALERT, ["event-2"])]


def test_several_filters_on_one_event_give_one_message():
    """The message takes both rows, so that it can say which."""
    (message,) = plan([owed(1, 1), owed(1, 2)], [], 5)
    assert [row.subscription_id for row in message.rows] == [1, 2]


def test_s12_one_answer_to_twelve_questions_is_one_message():
    """S12: twelve events of one story, one alert, however low the limit."""
    (message,) = plan([owed(n, story="answer") for n in range(12)], [], 5)
    assert (message.kind, len(message.event_ids)) == (ALERT, 12)


def test_what_is_told_at_once_is_not_told_again_in_the_digest():
    """A daily subscription that follows the same event is named in the alert, and gets no digest."""
    (message,) = plan([owed(1, 1), owed(1, 2, frequency=DAILY, due=False)], [], 5)
    assert (message.kind, len(message.rows)) == (ALERT, 2)


def test_a_digest_waits_for_its_hour():
    """Nothing is made of what is not due."""
    assert plan([owed(1, frequency=DAILY, due=False)], [], 5) == []


def test_a_digest_takes_all_that_is_owed():
    """One message for the day, also of two subscriptions."""
    rows = [owed(1, 1, frequency=DAILY), owed(2, 2, frequency=DAILY), owed(3, 1, frequency=DAILY)]
    assert told(plan(rows, [], 2)) == [(DIGEST, ["event-1", "event-2", "event-3"])]


def test_two_hours_of_one_address_are_two_digests_without_repeats():
    """What the morning's digest tells, the evening's does not tell again."""
    rows = [owed(1, 1, frequency=DAILY), owed(1, 2, frequency=DAILY, due=False)]
    rows += [owed(2, 2, frequency=DAILY, due=False)]
    (message,) = plan(rows, [], 5)
    assert told([message]) == [(DIGEST, ["event-1"])]
    assert len(message.rows) == 2


def test_s16_more_than_the_limit_become_one_digest():
    """S16: six at-once stories where five may wait: one message, nothing left out."""
    messages = plan([owed(n) for n in range(6)], [], 5)
    assert told(messages) == [(DIGEST, [f"event-{n}" for n in range(6)])]
    assert told(plan([owed(n) for n in range(5)], [], 5)) == [(ALERT, [f"event-{n}"]) for n in range(5)]


def test_s16_what_waits_counts_and_is_taken_in():
    """S16: with alerts waiting for a mail server that is away, the next one gathers them all."""
    waiting = [Waiting(n, ALERT, frozenset({f"event-{n}"})) for n in (1, 2)]
    waiting += [Waiting(3, DIGEST, frozenset({"event-8"}))]
    (message,) = plan([owed(9)], waiting, 2)
    assert told([message]) == [(DIGEST, ["event-1", "event-2", "event-8", "event-9"])]
    assert message.replaces == (1, 2, 3)


def test_s16_a_digest_takes_in_the_digests_that_wait():
    """S16: nine mornings without a mail server are one digest on its return; alerts stay as they are."""
    waiting = [Waiting(1, DIGEST, frozenset({"event-1"})), Waiting(2, ALERT, frozenset({"event-2"}))]
    (message,) = plan([owed(3, frequency=DAILY)], waiting, 5)
    assert told([message]) == [(DIGEST, ["event-1", "event-3"])]
    assert message.replaces == (1,)


@given(
    st.lists(
        st.builds(
            owed,
            st.integers(1, 9),
            st.integers(1, 4),
            frequency=st.sampled_from([AT_ONCE, DAILY]),
            due=st.booleans(),
        ),
        max_size=20,
        unique_by=lambda row: (row.sequence, row.subscription_id),
    ),
    st.integers(1, 4),
)
def test_nothing_due_is_left_and_nothing_is_told_twice(rows, limit):
    """Every due row is in exactly one message, with all other rows of its event; alerts stay few."""
    rows = [
        replace(
            row,
            due=row.due or row.frequency == AT_ONCE,
            story="answer" if row.sequence > 6 else row.story,
        )
        for row in rows
    ]
    messages = plan(rows, [], limit)
    taken = [(row.sequence, row.subscription_id) for message in messages for row in message.rows]
    due_events = {row.event_id for row in rows if row.due}
    assert sorted(taken) == sorted((r.sequence, r.subscription_id) for r in rows if r.event_id in due_events)
    events = [event for message in messages for event in message.event_ids]
    assert len(events) == len(set(events))
    assert sum(message.kind is ALERT for message in messages) <= limit


def test_ids_depend_on_receiver_and_events_alone():
    """S4: the same events make the same id, whatever their order; another receiver has another."""
    assert derived_id("a", "x", "y") == derived_id("a", "y", "x")
    assert len({derived_id("a", "x"), derived_id("b", "x"), derived_id("a", "x", "y"), derived_id("a")}) == 4
    assert len(derived_id("a", "x")) == 32


def story(question, *, on="2026-11-17", at=NOW, kind=EventKind.ANSWERED):
    """What an event about a question tells."""
    return story_of(
        RecordedEvent(Event(question.uid, kind, date.fromisoformat(on), at), 1, at, Origin.LIVE, 1), question
    )


def test_s12_the_same_answer_is_one_story():
    """S12: same words, same day, same run; spaces and markup make no difference."""
    first = answered(record(1), "2026-11-17", "<p>Une réponse (exemple).</p>")
    second = answered(record(2), "2026-11-17", "Une&nbsp;réponse  (exemple).")
    assert story(first) == story(second)


def test_other_answers_days_runs_and_kinds_are_other_stories():
    """Each difference makes two stories; events without an answer's text stand alone."""
    first = answered(record(1), "2026-11-17", "Une réponse.")
    same = answered(record(2), "2026-11-17", "Une réponse.")
    assert story(first) != story(answered(record(2), "2026-11-17", "Une autre."))
    assert story(first) != story(same, on="2026-11-24")
    assert story(first) != story(same, at=instant("2026-11-21"))
    assert story(same, kind=EventKind.CORRECTED) == f"{same.uid}/corrected/2026-11-17/1"
    bare = record(3, closed=closure("REP_PUB", "Réponse publiée", "2026-11-17"))
    assert story(bare) == f"{bare.uid}/answered/2026-11-17/1"
