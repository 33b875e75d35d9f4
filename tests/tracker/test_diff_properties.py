"""Whatever the source does to a question, from night to night."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.builders import ECONOMY, HEALTH, LABOUR, attribution, closure, day, instant, record, text
from tracker.deadlines import due_on
from tracker.diff import ORDER, diff, outcome_of
from tracker.events import EventKind
from tracker.status import settled_status

DATES = st.none() | st.sampled_from(
    [day("2026-07-07") + timedelta(days=n) for n in (0, 0, 7, 60, 63, 64, 400)]
)
REAL_DATES = DATES.filter(bool)
TEXTS = st.lists(
    st.builds(
        text,
        st.sampled_from(["", "Un.", "Deux.", "<p>Deux.</p>"]),
        DATES,
        erratum=st.none() | st.just("Lire deux."),
    ),
    max_size=2,
)
CLOSURES = st.none() | st.builds(
    closure,
    st.sampled_from(["REP_PUB", "FM", "AU", None]),
    st.sampled_from(["Réponse publiée", "Fin de mandat", "Question retirée", None]),
    DATES,
)
MINISTRIES = st.sampled_from([HEALTH, LABOUR, ECONOMY])
RECORDS = st.builds(
    record,
    legislature=st.just(17),
    asked=DATES,
    title=st.sampled_from([None, "Titre", "Autre titre"]),
    attributions=st.lists(st.builds(attribution, MINISTRIES, DATES), max_size=3),
    questions=TEXTS,
    answers=TEXTS,
    closed=CLOSURES,
    signalled=st.lists(REAL_DATES, max_size=2),
    renewed=st.lists(REAL_DATES, max_size=2),
)
NIGHTS = st.lists(st.tuples(RECORDS, st.integers(1, 90)), min_size=1, max_size=4)


def tell(nights):
    """All events of a chain of readings, with each reading's share."""
    old, history, shares, at = None, (), [], instant("2026-07-07")
    for question, gap in nights:
        at += timedelta(days=gap)
        new = diff(old, history, question, at)
        old, history = question, history + new
        shares.append((question, at, new))
    return history, shares


@settings(max_examples=80)
@given(NIGHTS)
def test_reading_again_says_nothing(nights):
    """The record just read, read again that day, has no event."""
    history, shares = tell(nights)
    question, at, _ = shares[-1]
    assert diff(question, history, question, at) == ()


@settings(max_examples=80)
@given(NIGHTS)
def test_replaying_a_chain_gives_the_same_events(nights):
    """Same readings, same events, ids included; no id comes twice."""
    history, _ = tell(nights)
    again, _ = tell(nights)
    assert history == again
    assert max(Counter(event.id for event in history).values(), default=0) <= 1


@settings(max_examples=80)
@given(NIGHTS)
def test_the_events_say_the_outcome(nights):
    """After each reading what the events say stands is what the record says."""
    old, history, at = None, (), instant("2026-07-07")
    for question, gap in nights:
        at += timedelta(days=gap)
        history += diff(old, history, question, at)
        assert outcome_of(history) is settled_status(question, at.date())
        old = question


@settings(max_examples=80)
@given(NIGHTS)
def test_each_reading_is_in_order_and_published_comes_once(nights):
    """By date, then by kind; one PUBLISHED, at most one DEADLINE_PASSED and never before its time."""
    history, shares = tell(nights)
    for question, at, new in shares:
        assert list(new) == sorted(new, key=lambda e: (e.occurred_on, ORDER.index(e.kind)))
        for event in new:
            if event.kind is EventKind.DEADLINE_PASSED:
                assert event.occurred_on == due_on(question) + timedelta(days=1) <= at.date()
    kinds = Counter(event.kind for event in history)
    assert kinds[EventKind.PUBLISHED] == 1
    assert kinds[EventKind.DEADLINE_PASSED] <= 1


@settings(max_examples=80)
@given(NIGHTS)
def test_no_dated_fact_is_lost(nights):
    """Each signalement and renewal of each reading has its event."""
    history, _ = tell(nights)
    told = Counter((event.kind, event.occurred_on) for event in history)
    for question, _gap in nights:
        for kind, dates in (
            (EventKind.SIGNALLED, question.signalled_on),
            (EventKind.RENEWED, question.renewed_on),
        ):
            for on, count in Counter(dates).items():
                assert told[kind, on] >= count


@settings(max_examples=80)
@given(RECORDS, RECORDS)
def test_a_night_skipped_loses_no_outcome(first, last):
    """Read each night or only the last: the question ends the same, and published on the same day."""
    every, _ = tell([(first, 10), (last, 10)])
    only, _ = tell([(last, 20)])
    assert outcome_of(every) is outcome_of(only)
    restored, _ = tell([(last, 20), (replace(last), 1)])
    assert [e.id for e in restored if e.kind is not EventKind.DEADLINE_PASSED] == [
        e.id for e in only if e.kind is not EventKind.DEADLINE_PASSED
    ]
