"""A selection finds the questions it should, each field on its own and together."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.builders import ASKED, LABOUR, NOW, answered, attribution, closure, record
from tests.builders import HEALTH as ASKED_MINISTRY
from tests.db.writes import match, planned, question, write_all
from tracker.events import EventKind
from tracker.ports import Batch
from tracker.questions import Author, Constituency, Deputy, Group, Mandate
from tracker.selection import Selection
from tracker.status import Status, status_of

TODAY = date(2026, 11, 20)
EURE = Mandate("PM1", 17, Constituency("Eure", "27", 5), None, None)

PENDING = record(1, asked="2026-10-06", author=Author("PA1", "PM1", Group(None, "GDR", None)))
OVERDUE = record(2, asked="2026-09-01", rubric="santé", signalled=["2026-11-09"])
ANSWERED = answered(record(3, asked="2026-09-08"), "2026-11-03")
MOVED = record(
    4,
    asked="2026-10-13",
    attributions=[attribution(ASKED_MINISTRY, "2026-10-13"), attribution(LABOUR, "2026-11-03")],
    closed=closure("RET", "Retrait", "2026-11-10"),
)
OLD = record(1, legislature=16, asked="2024-05-14", title="Le cœur (exemple)")


@pytest.fixture
def place(store):
    """Five questions, in every state."""
    write_all(store, PENDING, OVERDUE, ANSWERED, MOVED, OLD)
    store.save_deputies([Deputy("PA1", "M.", "Camille", "Exemple", (EURE,))], [], NOW)
    return store


@pytest.mark.parametrize(
    ("selection", "found"),
    [
        (Selection(), [PENDING, OVERDUE, ANSWERED, MOVED, OLD]),
        (Selection(topic="asalee"), [PENDING, OVERDUE, ANSWERED, MOVED, OLD]),
        (Selection(topic="autre"), []),
        (Selection(statuses=frozenset({Status.PENDING})), [PENDING]),
        (Selection(statuses=frozenset({Status.OVERDUE})), [OVERDUE]),
        (Selection(statuses=frozenset({Status.ANSWERED})), [ANSWERED]),
        (Selection(statuses=frozenset({Status.WITHDRAWN})), [MOVED]),
        (Selection(statuses=frozenset({Status.LAPSED})), [OLD]),
        (Selection(statuses=frozenset({Status.CLOSED})), []),
        (Selection(statuses=frozenset({Status.PENDING, Status.ANSWERED})), [PENDING, ANSWERED]),
        (Selection(group="gdr"), [PENDING]),
        (Selection(group="exemple"), [OVERDUE, ANSWERED, MOVED, OLD]),
        (Selection(ministry="sante"), [PENDING, OVERDUE, ANSWERED, MOVED, OLD]),
        (Selection(ministry="travail"), [MOVED]),
        (Selection(deputy="PA1"), [PENDING]),
        (Selection(department="27"), [PENDING]),
        (Selection(rubric="sante"), [OVERDUE]),
        (Selection(legislature=16), [OLD]),
        (Selection(uid="QANR5L16QE1"), [OLD]),
        (Selection(signalled=True), [OVERDUE]),
        (Selection(signalled=False), [PENDING, ANSWERED, MOVED, OLD]),
        (Selection(published_from=date(2026, 9, 8)), [PENDING, ANSWERED, MOVED]),
        (Selection(published_to=date(2026, 9, 8)), [OVERDUE, ANSWERED, OLD]),
        (Selection(words="coeur"), [OLD]),
        (Selection(words="  "), [PENDING, OVERDUE, ANSWERED, MOVED, OLD]),
        (Selection(group="exemple", rubric="sante", signalled=True), [OVERDUE]),
        (Selection(group="gdr", ministry="travail"), []),
        (Selection(kinds=frozenset({EventKind.ANSWERED})), [PENDING, OVERDUE, ANSWERED, MOVED, OLD]),
    ],
)
def test_each_field_selects(place, reader, selection, found):
    """The list and the count agree."""
    views = reader.questions(selection, today=TODAY)
    assert {view.record.uid for view in views} == {one.uid for one in found}
    assert reader.count(selection, today=TODAY) == len(found)


@pytest.mark.parametrize(
    ("selection", "found"),
    [
        (Selection(), 5),
        (Selection(kinds=frozenset({EventKind.PUBLISHED})), 4),
        (Selection(kinds=frozenset({EventKind.ANSWERED, EventKind.RENEWED})), 1),
        (Selection(kinds=frozenset({EventKind.LAPSED})), 0),
        (Selection(group="gdr", kinds=frozenset({EventKind.PUBLISHED})), 1),
        (Selection(uid=ANSWERED.uid), 2),
        (Selection(statuses=frozenset({Status.ANSWERED})), 2),
        (Selection(words="asalee"), 5),
    ],
)
def test_events_are_selected_by_kind_and_question(store, reader, selection, found):
    """`kinds` is about events; the other fields about their questions."""
    write_all(store, PENDING, OVERDUE, MOVED)
    events = planned(ANSWERED, on=date(2026, 9, 8)), planned(ANSWERED, EventKind.ANSWERED, date(2026, 11, 3))
    store.write(Batch(questions=(question(ANSWERED, *events),), at=NOW))
    assert len(reader.events(selection, today=TODAY)) == found


def test_a_question_on_two_topics_is_in_both(store, reader):
    """And names both, once each."""
    matches = [match(), match(form="asalees", place="title"), match(topic="autre")]
    store.write(Batch(questions=(question(PENDING, planned(PENDING), matches=matches),), at=NOW))
    for topic in ("asalee", "autre"):
        (view,) = reader.questions(Selection(topic=topic), today=TODAY)
        assert view.topics == ("asalee", "autre")
        assert len(reader.events(Selection(topic=topic))) == 1


DAYS = st.dates(date(2024, 5, 1), date(2024, 9, 1))
CLOSURES = st.sampled_from(
    [
        None,
        closure("REP_PUB", "Réponse publiée", "2024-06-11"),
        closure("FM", "Fin de mandat", None),
        closure("RET", "Question retirée", "2024-07-02"),
        closure("XYZ", "Autre", "2024-07-02"),
    ]
)
RECORDS = st.builds(
    lambda legislature, asked, closed: record(1, legislature=legislature, asked=asked, closed=closed),
    st.sampled_from([16, 17]),
    st.none() | DAYS,
    CLOSURES,
)


@given(one=RECORDS, today=DAYS)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_sql_and_the_rules_agree_on_the_status(store, reader, one, today):
    """On any day, the status that SQL selects by is the one that the rules compute."""
    store.write(Batch(questions=(question(one, revised=True),), at=NOW))
    statuses = [
        status
        for status in Status
        if reader.count(Selection(uid=one.uid, statuses=frozenset({status})), today=today)
    ]
    assert statuses == [status_of(one, today)]


def test_overdue_begins_the_day_after(store, reader):
    """Due on 6 December: still waiting that day."""
    write_all(store, record(1, asked=ASKED))
    overdue = Selection(statuses=frozenset({Status.OVERDUE}))
    assert reader.count(overdue, today=date(2026, 12, 6)) == 0
    assert reader.count(overdue, today=date(2026, 12, 7)) == 1
