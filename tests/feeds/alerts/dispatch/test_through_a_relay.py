"""From a real place to a real relay and receiver: nothing is replaced but the clock."""

from __future__ import annotations

import email
import re
from datetime import timedelta
from email.policy import default

import pytest

from feeds.alerts.dispatch import Dispatcher, DispatchRules
from feeds.alerts.email_sender import EmailSender
from feeds.alerts.relay import Relay
from feeds.alerts.webhook import WebhookSender
from tests.builders import NOW, record
from tests.db.alerts.helpers import READER, answer, follow, publish, rows
from tests.feeds.alerts.dispatch.senders import Clock
from tests.feeds.alerts.messages import SECRET
from tests.feeds.alerts.receivers import Receiver, receiving
from tests.feeds.alerts.relays import Rules, relay
from tracker.alerts import Channel
from tracker.clock import system_clock

NBSP = "\u00a0"
RULES = DispatchRules(poll_seconds=0.01)


@pytest.fixture
def place(store, subscriptions, outbox, engine):
    """All four sides of a place."""
    return store, subscriptions, outbox, engine


@pytest.fixture
def sent(outbox, renderer, identity, authority):
    """Send all that is due through a relay; the mails it took, as a mail program reads them."""

    async def drain(rules, at=NOW):
        async with relay(rules, authority) as there:
            sender = EmailSender(renderer, identity, there)
            await Dispatcher(
                outbox, {Channel.EMAIL: sender}, DispatchRules(poll_seconds=0.01), Clock(at)
            ).drain()
        return [(one.receivers[0], email.message_from_bytes(one.data, policy=default)) for one in rules.taken]

    return drain


async def test_s01_a_question_then_its_answer(store, subscriptions, sent):
    """Two mails, the second under the first; a further run sends nothing."""
    follow(subscriptions)
    publish(store, record(1))
    [(_, question)] = await sent(Rules())
    answer(store, record(1))
    [(receiver, reply)] = await sent(Rules())

    assert receiver == READER
    assert reply["In-Reply-To"] == question["Message-ID"]
    assert reply["Subject"].startswith(f"Réponse à la question n°{NBSP}1{NBSP}:")
    assert await sent(Rules()) == []


async def test_s12_twelve_questions_with_one_answer_are_one_mail(store, subscriptions, sent):
    """One mail names them all."""
    questions = [record(number) for number in range(101, 113)]
    publish(store, *questions)
    follow(subscriptions)
    answer(store, *questions)

    [(_, mail)] = await sent(Rules())
    assert mail["Subject"].startswith(f"Réponse à 12{NBSP}questions")
    assert all(f"n°{NBSP}{number}" in mail.get_body(("plain",)).get_content() for number in range(101, 113))


async def test_s04_an_answer_lost_after_the_bytes_is_sent_again_as_it_was(store, subscriptions, sent):
    """The relay took it and the line was cut before it said so: the second copy is the same message."""
    follow(subscriptions)
    publish(store, record(1))
    rules = Rules(cut_at="data", cuts=1)

    await sent(rules)
    await sent(rules, NOW + timedelta(minutes=10))

    first, second = rules.taken
    assert first.data == second.data
    assert first.sender == second.sender


async def test_s16_a_relay_away_for_nine_days(place, renderer, identity, sent):
    """Questions go on; on its return each address gets a few mails that tell each of them once."""
    store, subscriptions, outbox, engine = place
    for number in range(5):
        follow(subscriptions, f"{number}@exemple.fr")
    away = EmailSender(renderer, identity, Relay("127.0.0.1", "exemple.fr", 1, "none"))
    clock = Clock(NOW)
    for day in range(9):
        clock.at = NOW + timedelta(days=day)
        publish(store, record(day + 1), at=clock.at)
        for _ in range(3):
            clock.at += timedelta(hours=1)
            await Dispatcher(outbox, {Channel.EMAIL: away}, DispatchRules(poll_seconds=0.01), clock).drain()
    assert rows(engine, "SELECT DISTINCT attempts FROM messages") == [(0,)]

    mails = await sent(Rules(), NOW + timedelta(days=10))

    for number in range(5):
        mine = [mail for receiver, mail in mails if receiver == f"{number}@exemple.fr"]
        assert len(mine) <= DispatchRules().grouping.at_once_limit
        told = [
            int(found)
            for mail in mine
            for found in re.findall(r"/questions/QANR5L17QE(\d+)#", mail.get_body(("plain",)).get_content())
        ]
        assert sorted(told) == list(range(1, 10))


async def test_s15_an_address_that_does_not_exist_holds_nobody_up(store, subscriptions, sent, engine):
    """It is refused for good, twice, and then left alone; the others get theirs."""
    follow(subscriptions, "absent@exemple.fr")
    follow(subscriptions)
    rules = Rules(rcpt={"absent@exemple.fr": "550 5.1.1 unknown"})
    for number in (1, 2, 3):
        publish(store, record(number))
        await sent(rules)

    assert [taken.receivers for taken in rules.taken] == [[READER]] * 3
    states = rows(engine, "SELECT disabled_reason FROM subscribers WHERE address = 'absent@exemple.fr'")
    assert states == [("bounces",)]


async def test_a_hook_and_a_mailbox_are_told_of_the_same(place, renderer, composer, identity, authority):
    """One event, two ways out, each by its own sender."""
    store, subscriptions, outbox, _ = place
    receiver, rules = Receiver(), Rules()
    async with relay(rules, authority) as there, receiving(receiver) as address:
        follow(subscriptions)
        follow(subscriptions, address, channel=Channel.WEBHOOK, secret=SECRET)
        publish(store, record(1))
        senders = {
            Channel.EMAIL: EmailSender(renderer, identity, there),
            Channel.WEBHOOK: WebhookSender(composer, system_clock, allow_private=True),
        }
        assert await Dispatcher(outbox, senders, RULES, Clock(NOW)).drain() == 2

    assert receiver.got[0].verified
    assert [len(receiver.got), len(rules.taken)] == [1, 1]
