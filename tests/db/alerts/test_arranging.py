"""What is owed becomes messages: one for one thing, at its hour, the same after a kill."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from db import heartbeats
from db.alert_tables import SUBSCRIBERS
from db.engine import writing
from db.outbox import SqlOutbox
from tests.builders import ASKED, NOW, record
from tests.db.alerts.helpers import (
    EVERYTHING,
    READER,
    RULES,
    answer,
    claim,
    follow,
    happen,
    publish,
    rows,
    send,
    settle,
    told,
)
from tracker.alert_ports import Wish
from tracker.alerts import (
    ACCEPTED,
    AT_ONCE,
    DeliveryResult,
    Frequency,
    MessageKind,
    Outcome,
    Rhythm,
    SubscriptionState,
)
from tracker.events import EventKind
from tracker.locks import RECORDING
from tracker.ports import CrawlReport, RunOutcome
from tracker.selection import Selection

ALERT, DIGEST, HEARTBEAT = MessageKind.ALERT, MessageKind.DIGEST, MessageKind.HEARTBEAT
DAILY = Frequency(Rhythm.DAILY, 10)  # NOW is nine in the morning, a Friday
WEEKLY = Frequency(Rhythm.WEEKLY, 7, 1)
TEN = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
AWAY = DeliveryResult(Outcome.TEMPORARY, "connexion refusée", whole_channel=True)
REFUSED = DeliveryResult(Outcome.TEMPORARY, "451 4.7.1")


def event(number, kind="published", on=ASKED):
    """The id of an event of a built question."""
    return f"{record(number).uid}/{kind}/{on.isoformat()}/1"


def test_several_filters_that_match_give_one_message_that_names_them(store, subscriptions, outbox):
    """Which ones, in the order they were made."""
    by_group = follow(subscriptions, selection=Selection(group="exemple"))
    everything = follow(subscriptions)
    publish(store, record(1))
    (message,) = send(outbox)
    assert told(message) == (ALERT, [(event(1), [by_group.id, everything.id])])
    assert message.subscriptions == (by_group, everything)


def test_s12_one_answer_to_twelve_questions_is_one_alert(store, subscriptions, outbox):
    """S12: it names the twelve, oldest first; another answer of that day is another alert."""
    twelve = [record(number) for number in range(1, 13)]
    publish(store, *twelve, record(13))
    follow(subscriptions)
    answer(store, *twelve)
    answer(store, record(13), html="Une autre réponse (exemple).")
    first, second = send(outbox)
    assert first.kind is ALERT
    assert [one.view.record.id.number for one in first.events] == list(range(1, 13))
    assert [one.view.record.id.number for one in second.events] == [13]


def test_s12_the_batches_of_one_run_are_arranged_together(store, subscriptions, outbox):
    """S12: while the run is recording nothing is arranged, so its twelfth answer is not told apart."""
    publish(store, record(1), record(2))
    follow(subscriptions)
    store.acquire_lock(RECORDING, "crawl", NOW + timedelta(minutes=1), NOW)
    answer(store, record(1))
    assert send(outbox) == []
    answer(store, record(2))
    store.release_lock(RECORDING, "crawl")
    (message,) = send(outbox)
    assert len(message.events) == 2


def test_a_claim_left_by_a_dead_crawl_does_not_hold_alerts_up(store, subscriptions, outbox):
    """It counts until it runs out."""
    follow(subscriptions)
    store.acquire_lock(RECORDING, "crawl", NOW + timedelta(minutes=1), NOW)
    publish(store, record(1))
    assert send(outbox, NOW + timedelta(seconds=59)) == []
    assert len(send(outbox, NOW + timedelta(seconds=60))) == 1


def test_s04_a_message_is_the_same_after_a_kill(store, subscriptions, outbox, monkeypatch):
    """S4: killed before its rows were kept, it is made again with the same id; after, it is not."""
    follow(subscriptions)
    publish(store, record(1))
    error = RuntimeError("coupure")

    def fail(*_):
        raise error

    with monkeypatch.context() as broken:
        broken.setattr("db.arranging._assign", fail)
        with pytest.raises(RuntimeError, match="coupure"):
            outbox.arrange(RULES, at=NOW)
    assert outbox.figures().waiting == {}
    assert outbox.arrange(RULES, at=NOW) == 1
    assert outbox.arrange(RULES, at=NOW) == 0
    (first,) = claim(outbox)
    (again,) = claim(outbox, NOW + timedelta(hours=1), owner="b")
    assert again.message == first.message


def test_ids_come_from_receiver_and_events(store, subscriptions, outbox):
    """S4: two receivers of one event have two ids, which say nothing of who they are."""
    follow(subscriptions)
    follow(subscriptions, "autre@exemple.fr")
    publish(store, record(1))
    first, second = send(outbox)
    assert first.id != second.id
    assert all(set(message.id) <= set("0123456789abcdef") for message in (first, second))


# --- digests -------------------------------------------------------------------------------------------


def test_a_digest_comes_at_its_hour_once(store, subscriptions, outbox):
    """Not before; all of the day in one; none when there is nothing to tell."""
    mine = follow(subscriptions, frequency=DAILY)
    publish(store, record(1))
    publish(store, record(2))
    assert send(outbox) == []
    (message,) = send(outbox, TEN)
    assert told(message) == (DIGEST, [(event(1), [mine.id]), (event(2), [mine.id])])
    assert send(outbox, TEN + timedelta(hours=5)) == []
    assert send(outbox, TEN + timedelta(days=1)) == []
    publish(store, record(3))
    assert send(outbox, TEN + timedelta(days=1, hours=23)) == []
    assert len(send(outbox, TEN + timedelta(days=2))) == 1


def test_a_weekly_digest_waits_for_its_day(store, subscriptions, outbox):
    """Asked for on a Friday, told on Tuesday at seven in Paris."""
    follow(subscriptions, frequency=WEEKLY)
    publish(store, record(1))
    assert send(outbox, datetime(2026, 11, 24, 5, 59, tzinfo=UTC)) == []
    assert len(send(outbox, datetime(2026, 11, 24, 6, 0, tzinfo=UTC))) == 1


def test_a_digest_missed_is_made_up_by_one(store, subscriptions, outbox):
    """A service that slept for three days sends one digest on waking, and the next at its hour."""
    follow(subscriptions, frequency=DAILY)
    publish(store, record(1))
    late = TEN + timedelta(days=3, hours=3)
    assert len(send(outbox, late)) == 1
    publish(store, record(2), at=late)
    assert send(outbox, late + timedelta(hours=20)) == []
    assert len(send(outbox, late + timedelta(hours=21))) == 1


def test_what_is_recorded_while_a_digest_is_due_is_in_it(store, subscriptions, outbox):
    """A run that goes on over the hour: the digest waits for its end rather than miss it."""
    follow(subscriptions, frequency=DAILY)
    store.acquire_lock(RECORDING, "crawl", TEN + timedelta(minutes=1), TEN)
    assert send(outbox, TEN) == []
    publish(store, record(1), at=TEN)
    store.release_lock(RECORDING, "crawl")
    assert len(send(outbox, TEN + timedelta(seconds=5))) == 1


def test_what_was_told_at_once_is_not_told_again(store, subscriptions, outbox):
    """The daily subscription that follows it too is named in the alert."""
    at_once, daily = (
        follow(subscriptions, selection=Selection(group="exemple")),
        follow(subscriptions, frequency=DAILY),
    )
    publish(store, record(1))
    (message,) = send(outbox)
    assert told(message) == (ALERT, [(event(1), [at_once.id, daily.id])])
    assert send(outbox, TEN) == []


def test_a_row_owed_late_for_what_was_told_is_not_told_again(store, subscriptions, outbox, engine):
    """A département learned afterwards brings a second filter: the message already says it."""
    everything, other = follow(subscriptions), follow(subscriptions, selection=Selection(topic="autre"))
    publish(store, record(1))
    assert len(send(outbox)) == 1
    with writing(engine) as connection:
        connection.exec_driver_sql(f"INSERT INTO owed (subscription_id, sequence) VALUES ({other.id}, 1)")
    assert send(outbox) == []
    assert rows(engine, "SELECT subscription_id, message FROM owed") == [(everything.id, 1), (other.id, 1)]


def test_changing_to_at_once_tells_what_was_kept_for_the_digest(store, subscriptions, outbox):
    """Nothing owed is lost by changing one's mind."""
    mine = follow(subscriptions, frequency=DAILY)
    publish(store, record(1))
    subscriptions.change(mine.id, Wish(EVERYTHING, AT_ONCE), at=NOW)
    assert [message.kind for message in send(outbox)] == [ALERT]


# --- storms --------------------------------------------------------------------------------------------


def test_s16_many_stories_of_one_run_are_one_message(store, subscriptions, outbox):
    """S16: thirty questions on one Tuesday do not make thirty mails."""
    follow(subscriptions)
    publish(store, *(record(number) for number in range(1, 31)))
    (message,) = send(outbox)
    assert (message.kind, len(message.events)) == (DIGEST, 30)


def test_s16_nine_days_without_a_mail_server(store, subscriptions, outbox, engine):
    """S16: nothing is lost or given up; on its return, one message with all, and the links work."""
    follow(subscriptions)
    follow(subscriptions, "jour@exemple.fr", frequency=DAILY)
    for number in range(1, 19):
        at = NOW + timedelta(hours=12 * number)
        publish(store, record(number), at=at)
        for minutes in range(0, 720, 30):
            settle(outbox, claim(outbox, at + timedelta(minutes=minutes)), AWAY, at)
    back = NOW + timedelta(days=9, hours=13)
    messages = send(outbox, back)
    at_once = [message for message in messages if message.subscriber.address == READER]
    daily = [message for message in messages if message.subscriber.address != READER]
    assert len(at_once) <= RULES.at_once_limit + 1
    assert len(daily) == 1
    for received in (at_once, daily):
        events = [one.view.recorded.event.id for message in received for one in message.events]
        assert sorted(events) == sorted(event(number) for number in range(1, 19))
    assert subscriptions.stop_all(daily[0].token, at=back)
    assert rows(engine, "SELECT DISTINCT state FROM messages") == [("sent",)]


def test_s04_s16_what_may_have_arrived_is_not_gathered(store, subscriptions, outbox):
    """S4, S16: of uncertain outcome, it stays the message it was; the others are gathered without it."""
    follow(subscriptions)
    publish(store, record(1))
    (first,) = claim(outbox)
    cut = DeliveryResult(Outcome.TEMPORARY, "ligne coupée", uncertain=True)
    settle(outbox, [first], cut)
    publish(store, *(record(number) for number in range(2, 9)))
    messages = send(outbox, NOW + timedelta(hours=1))
    assert [(message.kind, len(message.events)) for message in messages] == [(ALERT, 1), (DIGEST, 7)]
    assert messages[0].id == first.message.id


def test_s16_what_was_surely_refused_is_gathered(store, subscriptions, outbox, engine):
    """S16: put off by the server, it goes with the rest; its own message is no more."""
    follow(subscriptions)
    publish(store, record(1))
    settle(outbox, claim(outbox), REFUSED)
    publish(store, *(record(number) for number in range(2, 8)))
    (message,) = send(outbox)
    assert len(message.events) == 7
    assert rows(engine, "SELECT count(*) FROM messages") == [(1,)]


# --- threads -------------------------------------------------------------------------------------------


def test_s01_an_answer_names_the_message_of_its_question(store, subscriptions, outbox):
    """S1: for References; another receiver's messages and other questions are not in it."""
    follow(subscriptions)
    follow(subscriptions, "autre@exemple.fr")
    publish(store, record(1), record(2))
    asked = {
        message.events[0].view.record.id.number: message
        for message in send(outbox)
        if message.subscriber.address == READER
    }
    answer(store, record(1))
    happen(store, record(1), EventKind.RENEWED, date(2026, 11, 18))
    answered, renewed = (message for message in send(outbox) if message.subscriber.address == READER)
    assert asked[1].earlier == ()
    assert answered.earlier == (asked[1].id,)
    assert renewed.earlier == (asked[1].id,)
    happen(store, record(1), EventKind.RENEWED, date(2026, 11, 19), at=NOW)
    last = next(message for message in send(outbox) if message.subscriber.address == READER)
    assert last.earlier == (asked[1].id, answered.id, renewed.id)


# --- heartbeats ----------------------------------------------------------------------------------------

MONTH = datetime(2026, 12, 20, 8, 0, tzinfo=UTC)


def test_after_a_silent_month_a_heartbeat(store, subscriptions, outbox):
    """For who asked for it, with the last good check of the source; then a month later again."""
    number = store.start_run(CrawlReport("questions/17", RunOutcome.RUNNING, NOW))
    store.finish_run(number, CrawlReport("questions/17", RunOutcome.UNCHANGED, NOW, NOW))
    mine = follow(subscriptions, heartbeat=True)
    follow(subscriptions, "autre@exemple.fr")
    assert send(outbox, MONTH - timedelta(minutes=1)) == []
    (message,) = send(outbox, MONTH)
    assert (message.kind, message.subscriptions) == (HEARTBEAT, (mine,))
    assert message.details == {"checked_at": NOW.isoformat()}
    assert send(outbox, MONTH + timedelta(days=30)) == []
    assert len(send(outbox, MONTH + timedelta(days=31))) == 1


def test_two_that_arrange_at_once_make_one_heartbeat(subscriptions, outbox, engine, monkeypatch):
    """What another process makes in between is not made again, and stops nobody."""
    follow(subscriptions, heartbeat=True)
    due = heartbeats.heartbeat_due

    def meanwhile(*asked):
        monkeypatch.setattr(heartbeats, "heartbeat_due", due)
        assert SqlOutbox(engine).arrange(RULES, at=MONTH) == 1
        return due(*asked)

    monkeypatch.setattr(heartbeats, "heartbeat_due", meanwhile)
    assert outbox.arrange(RULES, at=MONTH) == 0
    assert rows(engine, "SELECT kind FROM messages") == [("heartbeat",)]


def test_a_heartbeat_does_not_say_that_a_source_never_read_is_well(subscriptions, outbox):
    """No check, no instant."""
    follow(subscriptions, heartbeat=True)
    (message,) = send(outbox, MONTH)
    assert message.details == {"checked_at": ""}


def test_a_month_with_news_has_no_heartbeat(store, subscriptions, outbox):
    """It counts from the last message; nor is « nothing new » said while something is owed."""
    follow(subscriptions, heartbeat=True)
    weekly = follow(subscriptions, "autre@exemple.fr", frequency=WEEKLY, heartbeat=True)
    assert send(outbox, MONTH - timedelta(days=3)) == []
    publish(store, record(1), at=MONTH - timedelta(days=2))
    kinds = [message.kind for message in send(outbox, MONTH - timedelta(days=2))]
    assert kinds == [ALERT]
    assert send(outbox, MONTH) == []
    subscriptions.move(weekly.id, SubscriptionState.SUSPENDED, at=MONTH)
    assert send(outbox, MONTH + timedelta(days=2)) == []


def test_a_heartbeat_of_a_suspended_subscription_is_not_made(subscriptions, outbox, engine):
    """Nor of an address that is not verified."""
    mine = follow(subscriptions, heartbeat=True)
    subscriptions.move(mine.id, SubscriptionState.SUSPENDED, at=NOW)
    follow(subscriptions, "autre@exemple.fr", heartbeat=True)
    with writing(engine) as connection:
        connection.execute(
            SUBSCRIBERS.update().where(SUBSCRIBERS.c.address != READER).values(verified_at=None)
        )
    assert send(outbox, MONTH) == []


def test_accepted_is_what_settles(store, subscriptions, outbox, engine):
    """A message accepted is sent, and forgotten by the next calls."""
    follow(subscriptions)
    publish(store, record(1))
    settle(outbox, claim(outbox), ACCEPTED)
    assert claim(outbox, NOW + timedelta(days=30)) == []
    assert rows(engine, "SELECT state, attempts, uncertain FROM messages") == [("sent", 1, 0)]
