"""Handing messages out and noting what came of them: never two at once, never lost."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from db.alert_tables import MESSAGES, SUBSCRIBERS
from db.engine import open_engine, reading, writing
from db.outbox import SqlOutbox
from tests.builders import NOW, record
from tests.db.alerts.helpers import READER, RULES, answer, claim, follow, publish, rows, send, settle
from tests.db.writes import match, planned, question
from tracker.alerts import Channel, DeliveryResult, DisabledReason, MessageKind, Outcome
from tracker.ports import Batch, MatchState
from tracker.selection import Selection

AWAY = DeliveryResult(Outcome.TEMPORARY, "connexion refusée", whole_channel=True)
REFUSED = DeliveryResult(Outcome.TEMPORARY, "451 4.7.1")
UNKNOWN = DeliveryResult(Outcome.PERMANENT, "550 5.1.1")
GONE = DeliveryResult(Outcome.GONE, "410")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
HOOK = "https://recevoir.exemple.fr/secret"


def hook(subscriptions, **more):
    """An active webhook."""
    return follow(subscriptions, HOOK, channel=Channel.WEBHOOK, **more)


# --- claiming ------------------------------------------------------------------------------------------


def test_a_claimed_message_is_nobody_elses(store, subscriptions, outbox):
    """Until its lease is over: then it is handed out again, the same."""
    follow(subscriptions)
    publish(store, record(1))
    (first,) = claim(outbox)
    assert first.lease_until == NOW + timedelta(minutes=5)
    assert claim(outbox, NOW + timedelta(minutes=4), owner="b") == []
    (again,) = claim(outbox, NOW + timedelta(minutes=5), owner="b")
    assert (again.number, again.message) == (first.number, first.message)


def test_a_result_that_comes_after_the_lease(store, subscriptions, outbox, engine):
    """Accepted is true whoever says it; a failure of one that lost its lease is not."""
    follow(subscriptions)
    publish(store, record(1))
    first = claim(outbox)
    later = NOW + HOUR
    claim(outbox, later, owner="b")
    settle(outbox, first, UNKNOWN, later)
    assert rows(engine, "SELECT state, uncertain FROM messages") == [("sending", 1)]
    settle(outbox, first, at=later)
    assert rows(engine, "SELECT state FROM messages") == [("sent",)]


def test_one_message_for_an_address_at_a_time(store, subscriptions, outbox):
    """The next comes when the first is settled, in order; other addresses do not wait."""
    follow(subscriptions)
    follow(subscriptions, "autre@exemple.fr")
    publish(store, record(1), record(2))
    first = claim(outbox)
    assert len({one.message.subscriber.id for one in first}) == len(first) == 2
    assert claim(outbox) == []
    settle(outbox, first[:1])
    (second,) = claim(outbox)
    assert second.message.subscriber == first[0].message.subscriber
    assert second.number > first[0].number


def test_a_message_put_off_does_not_hold_up_the_next(store, subscriptions, outbox):
    """One refused for now, the other of the same address goes."""
    follow(subscriptions)
    publish(store, record(1), record(2))
    first = claim(outbox)
    settle(outbox, first, REFUSED)
    (second,) = claim(outbox)
    assert second.number != first[0].number


def test_channels_do_not_wait_for_one_another(store, subscriptions, outbox):
    """Mail in trouble, webhooks go."""
    follow(subscriptions)
    hook(subscriptions)
    publish(store, record(1))
    settle(outbox, claim(outbox), AWAY)
    assert len(claim(outbox, channel=Channel.WEBHOOK)) == 1


def test_what_is_released_is_as_it_was(store, subscriptions, outbox, engine):
    """No attempt counted, nothing uncertain; only its owner can release it."""
    follow(subscriptions)
    publish(store, record(1))
    (one,) = claim(outbox)
    outbox.release([one.number], "b")
    assert claim(outbox) == []
    outbox.release([one.number], "a")
    (again,) = claim(outbox)
    assert (again.message.attempt, rows(engine, "SELECT uncertain FROM messages")) == (1, [(0,)])


def test_s15_verified_only_is_part_of_claiming(store, subscriptions, outbox, engine):
    """S15: an address that lost its verification after a message was made for it gets nothing."""
    follow(subscriptions)
    publish(store, record(1))
    outbox.arrange(RULES, at=NOW)
    with writing(engine) as connection:
        connection.execute(SUBSCRIBERS.update().values(verified_at=None))
    assert claim(outbox) == []


def test_s13_what_is_public_no_more_is_not_sent(store, subscriptions, outbox, engine):
    """S13: a match rejected between the event and the message: dropped from it, or all of it."""
    follow(subscriptions)
    publish(store, record(1))
    outbox.arrange(RULES, at=NOW)
    store.write(Batch(questions=(question(record(1), matches=[match(MatchState.REJECTED)]),), at=NOW))
    assert claim(outbox) == []
    assert rows(engine, "SELECT state FROM messages") == [("cancelled",)]


def test_idle_claiming_writes_nothing(store, subscriptions, outbox, engine):
    """With nothing to do, the database's write lock is left to others."""
    follow(subscriptions)
    publish(store, record(1))
    send(outbox)
    with writing(engine):
        assert outbox.arrange(RULES, at=NOW) == 0
        assert outbox.claim(Channel.EMAIL, "a", limit=10, lease=HOUR, at=NOW) == []


def test_s04_six_that_claim_together_share_the_messages(store, subscriptions, engine, outbox):
    """S4: two thousand messages, six threads, none handed out twice."""
    for number in range(200):
        follow(subscriptions, f"{number}@exemple.fr")
    publish(store, *(record(number) for number in range(1, 6)))
    outbox.arrange(RULES, at=NOW)
    taken, guard = [], threading.Lock()

    def work(owner):
        mine = open_engine(engine.url.render_as_string())
        box = SqlOutbox(mine)
        while claimed := box.claim(Channel.EMAIL, owner, limit=20, lease=HOUR, at=NOW):
            settle(box, claimed, owner=owner)
            with guard:
                taken.extend(one.number for one in claimed)
        mine.dispose()

    threads = [threading.Thread(target=work, args=(str(n),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    send(outbox)  # what one had claimed while the others ended
    assert len(taken) == len(set(taken))
    assert rows(engine, "SELECT state, count(*) FROM messages GROUP BY 1") == [("sent", 1000)]


def test_views_are_read_once_and_again_when_something_changes(store, subscriptions, outbox, queries):
    """A message about an event that others were told of costs no reading of the event."""
    for number in range(6):
        follow(subscriptions, f"{number}@exemple.fr")
    publish(store, record(1))
    settle(outbox, claim(outbox, limit=3))
    queries.clear()
    again = claim(outbox, limit=2)
    assert not any("revisions" in statement for statement in queries._sent)
    store.write(Batch(questions=(question(record(1, title="Autre"), revised=True),), at=NOW))
    queries.clear()
    last = claim(outbox, limit=2)
    assert any("revisions" in statement for statement in queries._sent)
    assert again[0].message.events[0].view.record == last[0].message.events[0].view.record


# --- failures ------------------------------------------------------------------------------------------


def test_what_is_put_off_is_tried_on_schedule(store, subscriptions, outbox, engine):
    """Seconds, minutes, hours; each try counted, the reason kept."""
    follow(subscriptions)
    publish(store, record(1))
    at, waits = NOW, []
    for _ in range(4):
        (one,) = claim(outbox, at)
        settle(outbox, [one], REFUSED, at)
        with reading(engine) as connection:
            waits.append(connection.scalar(select(MESSAGES.c.next_try_at)) - at)
        assert claim(outbox, at + waits[-1] - timedelta(microseconds=1)) == []
        at += waits[-1]
    assert [round(wait.total_seconds() / 1.05) for wait in waits] == pytest.approx(
        [5, 300, 1800, 7200], rel=0.06
    )
    assert rows(engine, "SELECT attempts, last_error FROM messages") == [(4, "451 4.7.1")]


def test_s16_an_address_that_answers_after_nine_days_gets_its_mail(store, subscriptions, outbox):
    """S16: refused for nine days, then accepted: one message, the first one."""
    follow(subscriptions)
    publish(store, record(1))
    at, first = NOW, None
    while at < NOW + 9 * DAY:
        for one in claim(outbox, at):
            first = first or one.message.id
            settle(outbox, [one], REFUSED, at)
        at += HOUR
    (late,) = send(outbox, at + DAY + 3 * HOUR)
    assert late.id == first


def test_in_the_end_one_gives_up_and_counts_it(store, subscriptions, outbox, engine):
    """A mail never accepted is a failure of its address."""
    follow(subscriptions)
    publish(store, record(1))
    at = NOW
    for _ in range(30):
        settle(outbox, claim(outbox, at), REFUSED, at)
        at += DAY + 3 * HOUR
    assert rows(engine, "SELECT state, attempts, token FROM messages") == [("failed", 17, None)]
    assert rows(engine, "SELECT permanent, status FROM bounces") == [(1, "4.4.7")]
    assert outbox.figures().failed == {Channel.EMAIL: 1}


def test_s15_two_permanent_failures_suspend_an_address(store, subscriptions, outbox, engine):
    """S15: not one; of two different messages; then nothing more is sent or owed."""
    mine = follow(subscriptions)
    publish(store, record(1))
    settle(outbox, claim(outbox), UNKNOWN)
    assert subscriptions.account(READER).subscriber.reachable
    publish(store, record(2), record(3))
    settle(outbox, claim(outbox), UNKNOWN)
    subscriber = subscriptions.account(READER).subscriber
    assert (subscriber.reachable, subscriber.disabled_reason) == (False, DisabledReason.BOUNCES)
    publish(store, record(4))
    assert send(outbox) == []
    assert outbox.figures().disabled == {DisabledReason.BOUNCES: 1}
    assert rows(engine, "SELECT count(*) FROM owed WHERE message IS NULL") == [(0,)]
    assert subscriptions.account(READER).subscriptions == (mine,)


def test_s15_a_delivery_report_counts_like_a_refusal(store, subscriptions, outbox):
    """S15: read twice it counts once; a delay counts for nothing; of another message it suspends."""
    follow(subscriptions)
    publish(store, record(1), record(2))
    first, second = send(outbox)
    ref = first.subscriber.ref

    def report(message, *, permanent=True, at=NOW + HOUR):
        return outbox.record_bounce(ref, permanent=permanent, status="5.1.1", at=at, message_id=message)

    assert not report(first.id)
    assert not report(first.id)
    assert not report(second.id, permanent=False)
    assert report(second.id)
    assert not report(second.id)
    assert not subscriptions.account(READER).subscriber.reachable


def test_a_report_that_names_no_message_is_about_the_last(store, subscriptions, outbox):
    """And one for nobody we know is let go."""
    follow(subscriptions)
    assert not outbox.record_bounce("inconnu", permanent=True, status="5.1.1", at=NOW)
    publish(store, record(1))
    (first,) = send(outbox)
    ref = first.subscriber.ref
    for _ in range(3):
        assert not outbox.record_bounce(ref, permanent=True, status="5.1.1", at=NOW + HOUR)
    publish(store, record(2))
    send(outbox)
    assert outbox.record_bounce(ref, permanent=True, status="5.1.1", at=NOW + HOUR)


def test_a_confirmed_address_starts_afresh(store, subscriptions, outbox):
    """One failure before, one after: not suspended."""
    mine = follow(subscriptions)
    publish(store, record(1))
    settle(outbox, claim(outbox), UNKNOWN)
    subscriptions.enable(mine.subscriber_id, at=NOW)
    publish(store, record(2))
    settle(outbox, claim(outbox), UNKNOWN)
    assert subscriptions.account(READER).subscriber.reachable


def test_s16_a_channel_in_trouble_is_left_alone_then_tried(store, subscriptions, outbox, engine):
    """S16: longer each time, no attempt counted; the first answer of any kind ends it."""
    follow(subscriptions)
    publish(store, record(1))
    at, pauses = NOW, []
    for _ in range(4):
        settle(outbox, claim(outbox, at), AWAY, at)
        until = outbox.paused_until(Channel.EMAIL)
        pauses.append((until - at).total_seconds())
        at = until
    assert pauses == [5, 15, 60, 120]
    assert rows(engine, "SELECT attempts FROM messages") == [(0,)]
    assert outbox.figures().paused == {Channel.EMAIL: at}
    settle(outbox, claim(outbox, at), REFUSED, at)
    assert outbox.paused_until(Channel.EMAIL) is None


def test_failures_of_one_moment_are_one_trouble(store, subscriptions, outbox):
    """Four sent together and refused together lengthen the pause once."""
    for number in range(4):
        follow(subscriptions, f"{number}@exemple.fr")
    publish(store, record(1))
    claimed = claim(outbox)
    for one in claimed:
        settle(outbox, [one], AWAY)
    assert outbox.paused_until(Channel.EMAIL) == NOW + timedelta(seconds=5)


def test_a_webhook_that_is_gone_is_disabled_at_once(store, subscriptions, outbox):
    """410: with a word to its owner, that does not show its address."""
    owner = follow(subscriptions, selection=Selection(topic="autre"))
    hook(subscriptions, owner_id=owner.subscriber_id)
    publish(store, record(1))
    settle(outbox, claim(outbox, channel=Channel.WEBHOOK), GONE)
    assert subscriptions.account(HOOK).subscriber.disabled_reason is DisabledReason.GONE
    (notice,) = send(outbox)
    assert (notice.kind, notice.subscriber.address) == (MessageKind.NOTICE, READER)
    assert notice.details == {
        "notice": "webhook-disabled",
        "text": "recevoir.exemple.fr",
        "reason": "gone",
    }


def test_a_webhook_that_fails_for_long_is_disabled(store, subscriptions, outbox):
    """Ten times over five days in a row; one success in between starts the count again."""
    owner = follow(subscriptions, selection=Selection(topic="autre"))
    hook(subscriptions, owner_id=owner.subscriber_id)

    def fail_for(days, start):
        number = rows_seen[0]
        for hours in range(0, 24 * days, 12):
            at = start + timedelta(hours=hours)
            number += 1
            publish(store, record(number), at=at)
            settle(outbox, claim(outbox, at, channel=Channel.WEBHOOK), REFUSED, at)
        rows_seen[0] = number

    rows_seen = [0]
    fail_for(4, NOW)
    publish(store, record(500), at=NOW + 4 * DAY)
    settle(outbox, claim(outbox, NOW + 4 * DAY, channel=Channel.WEBHOOK), at=NOW + 4 * DAY)
    fail_for(5, NOW + 5 * DAY)
    assert subscriptions.account(HOOK).subscriber.reachable
    fail_for(1, NOW + 10 * DAY)
    assert subscriptions.account(HOOK).subscriber.disabled_reason is DisabledReason.FAILURES
    assert [message.kind for message in send(outbox, NOW + 11 * DAY)] == [MessageKind.NOTICE]


def test_mail_put_off_for_long_is_not_a_webhooks_fault(store, subscriptions, outbox):
    """An e-mail address is suspended by permanent failures alone."""
    follow(subscriptions)
    for number in range(1, 13):
        at = NOW + timedelta(hours=12 * number)
        publish(store, record(number), at=at)
        settle(outbox, claim(outbox, at), REFUSED, at)
    assert subscriptions.account(READER).subscriber.reachable


def test_figures_count(store, subscriptions, outbox):
    """What is owed, waits, was sent; since when the oldest waits."""
    follow(subscriptions)
    publish(store, record(1))
    assert (outbox.figures().owed, outbox.figures().waiting) == (1, {})
    outbox.arrange(RULES, at=NOW)
    figures = outbox.figures()
    assert (figures.owed, figures.waiting, figures.oldest_waiting) == (0, {Channel.EMAIL: 1}, NOW)
    claim(outbox)
    assert outbox.figures().waiting == {Channel.EMAIL: 1}
    send(outbox, NOW + HOUR)
    figures = outbox.figures()
    assert (figures.waiting, figures.sent, figures.oldest_waiting) == ({}, {Channel.EMAIL: 1}, None)


def test_a_message_is_found_by_its_id(store, subscriptions, outbox):
    """Whatever its state; another id finds none."""
    follow(subscriptions)
    publish(store, record(1))
    (message,) = send(outbox)
    found = outbox.message(message.id)
    assert (found.id, found.events, found.token) == (message.id, message.events, None)
    assert outbox.message("0" * 32) is None


def test_the_record_is_that_of_the_event(store, subscriptions, outbox):
    """A correction that comes before the message is sent is told by its own event, not by this one."""
    follow(subscriptions)
    publish(store, record(1))
    changed = record(1, title="Titre rectifié (exemple)")
    store.write(Batch(questions=(question(changed, revised=True),), at=NOW))
    answer(store, changed)
    asked, answered = send(outbox)
    assert asked.events[0].view.record == record(1)
    assert answered.events[0].view.record.title == "Titre rectifié (exemple)"
    assert planned(record(1)).event.id == asked.events[0].view.recorded.event.id
