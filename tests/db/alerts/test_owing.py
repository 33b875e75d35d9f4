"""What is owed, to whom, from when: written with the events or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from db.alert_tables import SUBSCRIBERS
from db.engine import writing
from tests.builders import ASKED, LABOUR, NOW, attribution, record
from tests.db.alerts.helpers import EVERYTHING, READER, answer, follow, happen, owed, publish, rows
from tests.db.writes import match, planned, question
from tracker.alert_ports import Wish
from tracker.alerts import PRESELECTED_KINDS, Channel, DisabledReason, Subscriber, SubscriptionState
from tracker.events import EventKind, Origin
from tracker.ports import Batch, MatchState
from tracker.questions import Author, Constituency, Deputy, Mandate
from tracker.selection import Selection
from tracker.status import Status

ONE = record(1)
ASKED_ONE = f"{ONE.uid}/published/{ASKED.isoformat()}/1"
ANSWERED_ONE = f"{ONE.uid}/answered/2026-11-17/1"


def test_s01_new_events_are_owed_with_them(store, subscriptions, engine):
    """S1: the question, then its answer; the same batch again owes nothing more."""
    mine = follow(subscriptions)
    publish(store, ONE)
    assert owed(engine) == [(mine.id, ASKED_ONE)]
    answer(store, ONE)
    answer(store, ONE)
    assert owed(engine) == [(mine.id, ASKED_ONE), (mine.id, ANSWERED_ONE)]


def test_s04_events_and_what_is_owed_stand_or_fall_together(store, subscriptions, engine, monkeypatch):
    """S4: a failure while owing leaves no event; the same batch written again brings both."""
    follow(subscriptions)
    error = RuntimeError("coupure")

    def fail(*_, **__):
        raise error

    with monkeypatch.context() as broken:
        broken.setattr("db.owing._owe_hits", fail)
        with pytest.raises(RuntimeError, match="coupure"):
            publish(store, ONE)
    assert rows(engine, "SELECT id FROM events") == []
    assert publish(store, ONE) == 1
    assert len(owed(engine)) == 1


def test_s02_an_old_date_is_owed_all_the_same(store, subscriptions, engine):
    """S2: a question seen long after its publication date: our sequence decides, not the date."""
    follow(subscriptions)
    publish(store, record(1, asked=NOW.date() - timedelta(days=10)))
    assert len(owed(engine)) == 1


def test_s03_a_date_in_the_future_is_owed_once(store, subscriptions, engine):
    """S3: now, and not again when the day comes."""
    follow(subscriptions)
    ahead = record(1, asked=NOW.date() + timedelta(days=10))
    publish(store, ahead)
    publish(store, ahead, at=NOW + timedelta(days=11))
    assert len(owed(engine)) == 1


@pytest.mark.parametrize("origin", [Origin.INITIAL, Origin.BACKFILL])
def test_s07_s20_what_is_not_live_is_owed_to_nobody(store, subscriptions, engine, origin):
    """S7, S20: a first import, a parser mended, a topic changed: history, not news."""
    follow(subscriptions)
    publish(store, ONE, origin=origin)
    assert owed(engine) == []
    answer(store, ONE)
    assert [event for _, event in owed(engine)] == [ANSWERED_ONE]


@pytest.mark.parametrize("state", [MatchState.REVIEW, MatchState.REJECTED])
def test_s13_a_doubtful_match_is_owed_to_nobody(store, subscriptions, engine, state):
    """S13: not before someone confirmed it, even if an event was written."""
    follow(subscriptions)
    publish(store, ONE, matches=[match(state)])
    assert owed(engine) == []


def test_a_new_subscriber_starts_from_now(store, subscriptions, engine):
    """What was there before is not owed, also when it is written again."""
    publish(store, ONE)
    follow(subscriptions)
    publish(store, ONE, record(2))
    assert [event for _, event in owed(engine)] == [f"{record(2).uid}/published/{ASKED.isoformat()}/1"]


def test_s15_only_verified_addresses_and_active_subscriptions_are_owed(store, subscriptions, engine):
    """S15: unconfirmed, suspended, stopped, disabled: nothing."""
    subscriptions.ask("inconnu@exemple.fr", Wish(EVERYTHING), at=NOW)
    suspended, stopped = (follow(subscriptions, f"{n}@exemple.fr") for n in "ab")
    subscriptions.move(suspended.id, SubscriptionState.SUSPENDED, at=NOW)
    subscriptions.move(stopped.id, SubscriptionState.STOPPED, at=NOW)
    disabled = follow(subscriptions, "c@exemple.fr")
    subscriptions.disable(disabled.subscriber_id, DisabledReason.BOUNCES, at=NOW)
    publish(store, ONE)
    assert owed(engine) == []
    mine = follow(subscriptions)
    publish(store, record(2))
    assert [asked for asked, _ in owed(engine)] == [mine.id]


def test_s15_verified_only_is_part_of_the_query(store, subscriptions, engine):
    """S15: an active subscription whose address lost its verification is owed nothing."""
    follow(subscriptions)
    with writing(engine) as connection:
        connection.execute(SUBSCRIBERS.update().values(verified_at=None))
    publish(store, ONE)
    assert owed(engine) == []


def test_preselected_kinds_leave_out_due_dates_and_signalements(store, subscriptions, engine):
    """Offered, not preselected: who asks for them gets them."""
    usual = follow(subscriptions)
    all_kinds = PRESELECTED_KINDS | {EventKind.SIGNALLED, EventKind.DEADLINE_PASSED}
    eager = follow(subscriptions, "b@exemple.fr", replace(EVERYTHING, kinds=all_kinds))
    publish(store, ONE)
    happen(store, ONE, EventKind.SIGNALLED, date(2026, 11, 9))
    happen(store, ONE, EventKind.DEADLINE_PASSED, date(2026, 12, 7))
    assert [asked for asked, _ in owed(engine)].count(usual.id) == 1
    assert [asked for asked, _ in owed(engine)].count(eager.id) == 3


@pytest.mark.parametrize(
    ("selection", "events"),
    [
        (Selection(uid=ONE.uid, kinds=frozenset({EventKind.ANSWERED})), 1),
        (Selection(uid="QANR5L17QE999"), 0),
        (Selection(topic="autre"), 0),
        (Selection(ministry="travail"), 0),
        (Selection(group="exemple"), 2),
        (Selection(statuses=frozenset({Status.ANSWERED})), 1),
        (Selection(words="reponse"), 1),
    ],
)
def test_each_filter_gets_its_events(store, subscriptions, engine, selection, events):
    """Of a question and its answer; words and status are those at the moment of the event."""
    follow(subscriptions, selection=selection)
    publish(store, ONE)
    answer(store, ONE)
    assert len(owed(engine)) == events


def test_a_question_that_changes_hands_is_owed_to_who_follows_the_new_ministry(store, subscriptions, engine):
    """From the change of attribution on."""
    follow(subscriptions, selection=Selection(ministry="travail"))
    publish(store, ONE)
    moved = replace(ONE, attributions=(*ONE.attributions, attribution(LABOUR, "2026-11-03")))
    event = planned(moved, EventKind.REATTRIBUTED, date(2026, 11, 3))
    store.write(Batch(questions=(question(moved, event, revised=True),), at=NOW))
    assert [event for _, event in owed(engine)] == [f"{ONE.uid}/reattributed/2026-11-03/1"]


def test_a_departement_learned_after_the_question_is_owed_all_the_same(store, subscriptions, engine):
    """The deputies come after the questions: who follows a département, or a name, misses nothing."""
    by_place = follow(subscriptions, selection=Selection(department="76"))
    by_name = follow(subscriptions, "b@exemple.fr", Selection(words="dupont-exemple"))
    follow(subscriptions, "c@exemple.fr", Selection(department="27"))
    one = record(1, author=Author("PA7", "PM7", None))
    publish(store, one)
    assert owed(engine) == []
    deputy = Deputy(
        "PA7",
        "M.",
        "Camille",
        "Dupont-Exemple",
        (Mandate("PM7", 17, Constituency("Seine-Maritime", "76", 3), None, None),),
    )
    store.save_deputies([deputy], [], NOW)
    assert [asked for asked, _ in owed(engine)] == [by_place.id, by_name.id]
    store.save_deputies([deputy], [], NOW)
    assert len(owed(engine)) == 2


def test_a_departement_learned_much_later_is_no_news(store, subscriptions, engine):
    """An author found a month afterwards does not bring old events."""
    follow(subscriptions, selection=Selection(department="76"))
    publish(store, record(1, author=Author("PA7", "PM7", None)))
    deputy = Deputy(
        "PA7", "M.", "Camille", "Exemple", (Mandate("PM7", 17, Constituency(None, "76", 3), None, None),)
    )
    store.save_deputies([deputy], [], NOW + timedelta(days=30))
    assert owed(engine) == []


def test_filters_are_shared_and_tried_once_each(store, subscriptions, engine, queries):
    """Ninety subscriptions on three filters: as many statements as three on three."""
    publish(store, record(3))
    for n in range(90):
        follow(subscriptions, f"{n}@exemple.fr", Selection(legislature=15 + n % 3))
    assert rows(engine, "SELECT count(*) FROM filters") == [(3,)]
    queries.clear()
    publish(store, ONE)
    many = len(queries)
    assert len(owed(engine)) == 30
    for n in range(3, 90):
        subscriptions.erase(f"{n}@exemple.fr")
    queries.clear()
    publish(store, record(2))
    assert len(queries) == many


def test_nothing_stays_of_the_working_table(store, subscriptions, engine):
    """What filters were hit is only kept while it is needed."""
    follow(subscriptions)
    publish(store, ONE)
    assert rows(engine, "SELECT count(*) FROM filter_hits") == [(0,)]


def test_addresses_are_not_shown_by_a_subscriber():
    """What is printed or logged of one names nobody."""
    shown = repr(Subscriber(1, "ref", Channel.EMAIL, READER, NOW, secret="whsec_x"))
    assert READER not in shown
    assert "whsec" not in shown
