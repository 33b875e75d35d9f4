"""The dispatcher: all that is due goes, and what fails holds nothing else up."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from feeds.alerts.dispatch import Dispatcher, DispatchRules
from feeds.alerts.pace import Pace
from tests.builders import NOW, record
from tests.db.alerts.helpers import READER, answer, claim, follow, publish, rows
from tests.feeds.alerts.dispatch.senders import Clock, FakeSender
from tracker.alerts import Channel, DeliveryResult, Outcome

REFUSED = DeliveryResult(Outcome.TEMPORARY, "451 4.7.1")
AWAY = DeliveryResult(Outcome.TEMPORARY, "connexion refusée", whole_channel=True)
HOOK = "https://recevoir.exemple.fr/secret"


def dispatcher(outbox, *, clock=None, email=None, rules=None, **others):
    """A dispatcher with a sender for mail, and for other channels if given."""
    senders = {Channel.EMAIL: email or FakeSender()}
    senders |= {Channel(name): sender for name, sender in others.items()}
    return Dispatcher(outbox, senders, rules or DispatchRules(poll_seconds=0.01), clock or Clock(NOW))


async def test_s01_an_event_is_one_message_and_nothing_more_on_a_second_run(store, subscriptions, outbox):
    """S1: the question, then its answer; a second run sends nothing."""
    follow(subscriptions)
    publish(store, record(1))
    mail = FakeSender()
    assert await dispatcher(outbox, email=mail).drain() == 1
    assert await dispatcher(outbox, email=mail).drain() == 0
    answer(store, record(1))
    assert await dispatcher(outbox, email=mail).drain() == 1
    assert [message.events[0].view.recorded.event.kind.value for message in mail.sent] == [
        "published",
        "answered",
    ]
    assert mail.closed == 3


async def test_all_that_is_due_goes(store, subscriptions, outbox, engine):
    """Several for one address, one after the other; many addresses, a few at a time."""
    for number in range(60):
        follow(subscriptions, f"{number}@exemple.fr")
    publish(store, record(1), record(2), record(3))
    mail = FakeSender()
    rules = DispatchRules(paces={Channel.EMAIL: Pace(at_a_time=7)}, poll_seconds=0.01)
    assert await dispatcher(outbox, email=mail, rules=rules).drain() == 180
    assert mail.most == 7
    assert len({message.id for message in mail.sent}) == 180
    assert rows(engine, "SELECT state, attempts, count(*) FROM messages GROUP BY 1, 2") == [("sent", 1, 180)]


async def test_one_failing_address_holds_nothing_up(store, subscriptions, outbox):
    """It is put off, the others get theirs, and the next message for it is tried too."""
    follow(subscriptions)
    follow(subscriptions, "refuse@exemple.fr")
    publish(store, record(1), record(2))
    mail = FakeSender(lambda message: REFUSED if "refuse" in message.subscriber.address else None or ok())
    assert await dispatcher(outbox, email=mail).drain() == 2
    assert len(mail.sent) == 4
    assert outbox.figures().waiting == {Channel.EMAIL: 2}


def ok():
    """Accepted."""
    return DeliveryResult(Outcome.ACCEPTED)


async def test_a_hanging_receiver_holds_nothing_up(store, subscriptions, outbox):
    """Its time runs out, as an uncertain outcome; other channels and addresses are long done."""
    follow(subscriptions)
    follow(subscriptions, HOOK, channel=Channel.WEBHOOK)
    publish(store, record(1))
    hanging, mail = FakeSender(), FakeSender()
    hanging.gate = asyncio.Event()
    rules = DispatchRules(poll_seconds=0.01, send_timeout=timedelta(milliseconds=500))
    assert await dispatcher(outbox, email=mail, webhook=hanging, rules=rules).drain() == 1
    (waiting,) = claim(outbox, NOW + timedelta(hours=1), channel=Channel.WEBHOOK)
    assert waiting.message.attempt == 2


async def test_a_channel_in_trouble_is_left_alone(store, subscriptions, outbox, engine):
    """S16: the first refusals stop it, nothing is counted; on its return everything goes."""
    for number in range(40):
        follow(subscriptions, f"{number}@exemple.fr")
    publish(store, record(1))
    away = FakeSender(lambda _: AWAY)
    clock = Clock(NOW)
    assert await dispatcher(outbox, email=away, clock=clock).drain() == 0
    assert len(away.sent) <= Pace().at_a_time
    clock.at += timedelta(seconds=6)
    tried = len(away.sent)
    assert await dispatcher(outbox, email=away, clock=clock).drain() == 0
    assert len(away.sent) == tried + 1  # one, to see
    assert rows(engine, "SELECT DISTINCT state, attempts FROM messages") == [("pending", 0)]
    clock.at += timedelta(minutes=5)
    back = FakeSender()
    assert await dispatcher(outbox, email=back, clock=clock).drain() == 40
    assert outbox.figures().paused == {}


async def test_s16_after_an_outage_mail_goes_at_the_pace_of_the_relay(store, subscriptions, outbox):
    """S16: six hundred a minute asked for, and no more than that in any minute."""
    for number in range(30):
        follow(subscriptions, f"{number}@exemple.fr")
    publish(store, record(1))
    clock, sent_at = Clock(NOW, step=timedelta(milliseconds=20)), []
    mail = FakeSender(lambda _: sent_at.append(clock.at) or ok())
    rules = DispatchRules(paces={Channel.EMAIL: Pace(at_a_time=4, per_minute=600)}, poll_seconds=0.001)
    assert await dispatcher(outbox, email=mail, clock=clock, rules=rules).drain() == 30
    assert sent_at[-1] - sent_at[0] >= timedelta(seconds=1.9)  # thirty at ten a second, ten saved up


async def test_s15_a_fault_of_a_sender_shows_no_address(store, subscriptions, outbox, capsys):
    """S15: the message is put off, the log names the fault and where, not its words."""
    follow(subscriptions)
    publish(store, record(1))

    def fail(message):
        raise RuntimeError(f"refused: {message.subscriber.address}")

    assert await dispatcher(outbox, email=FakeSender(fail)).drain() == 0
    logged = "".join(capsys.readouterr())
    assert "RuntimeError" in logged
    assert READER not in logged
    (again,) = claim(outbox, NOW + timedelta(hours=1))
    assert again.message.attempt == 2


async def test_s04_a_lease_too_short_to_send_in_is_given_back(store, subscriptions, outbox):
    """S4: what waited in line too long is not sent under a lease that another may take over."""
    follow(subscriptions)
    publish(store, record(1))
    clock, mail = Clock(NOW, step=timedelta(seconds=30)), FakeSender()
    rules = DispatchRules(poll_seconds=0.01, lease=timedelta(seconds=61))
    sending = asyncio.create_task(dispatcher(outbox, email=mail, clock=clock, rules=rules).drain())
    await asyncio.sleep(0.3)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    assert mail.sent == []


async def test_it_runs_until_told_to_stop(store, subscriptions, outbox, engine):
    """New events are sent as they come; what is being sent at the end is finished, the rest given back."""
    for number in range(30):
        follow(subscriptions, f"{number}@exemple.fr")
    mail, stop = FakeSender(), asyncio.Event()
    running = asyncio.create_task(dispatcher(outbox, email=mail).run(stop))
    await asyncio.to_thread(publish, store, record(1))
    while len(mail.sent) < 30:
        await asyncio.sleep(0.01)
    mail.gate = asyncio.Event()
    await asyncio.to_thread(publish, store, record(2))
    while mail._now < 4:
        await asyncio.sleep(0.01)
    stop.set()
    await asyncio.sleep(0.05)
    assert not running.done()
    mail.gate.set()
    await running
    assert len(mail.sent) == 34
    states = dict(tuple(row) for row in rows(engine, "SELECT state, count(*) FROM messages GROUP BY 1"))
    assert states == {"sent": 34, "pending": 26}
    assert rows(engine, "SELECT DISTINCT uncertain FROM messages") == [(0,)]
    assert mail.closed == 1


async def test_a_busy_database_is_asked_again(store, subscriptions, outbox, monkeypatch):
    """Arranging, claiming and noting each fail once: nothing is lost, nothing is sent twice."""
    monkeypatch.setattr("feeds.alerts.line._RETRY_SECONDS", 0.01)
    follow(subscriptions)
    publish(store, record(1))
    failed = set()

    def failing_once(name):
        act = getattr(outbox, name)

        def once(*words, **named):
            if name not in failed:
                failed.add(name)
                raise OperationalError("locked", {"address": READER}, Exception(), hide_parameters=True)
            return act(*words, **named)

        monkeypatch.setattr(outbox, name, once)

    for name in ("arrange", "claim", "record", "paused_until"):
        failing_once(name)
    mail, stop = FakeSender(), asyncio.Event()
    running = asyncio.create_task(dispatcher(outbox, email=mail).run(stop))
    while not outbox.figures().sent:
        await asyncio.sleep(0.01)
    stop.set()
    await running
    assert len(mail.sent) == 1
    assert failed == {"arrange", "claim", "record", "paused_until"}
