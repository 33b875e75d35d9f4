"""Mail handed to a real relay over STARTTLS and AUTH: one that is well, slow, refuses, cuts the line."""

from __future__ import annotations

import asyncio
import email
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest

from feeds.alerts import email_sender
from feeds.alerts import relay as relay_module
from feeds.alerts.email_sender import EmailSender
from feeds.alerts.envelope import Origin, origin_of
from feeds.alerts.relay import Relay
from tests.feeds.alerts.messages import READER, message, published, subscriber
from tests.feeds.alerts.relays import Rules, relay
from tracker.alerts import ACCEPTED, Outcome


@pytest.fixture
def sending(renderer, identity, authority):
    """A sender and the relay it reaches."""

    @asynccontextmanager
    async def start(rules, *, encrypted=True, timeout=5.0, **changes):
        async with relay(rules, authority if encrypted else None, timeout=timeout) as place:
            sender = EmailSender(renderer, identity, replace(place, **changes))
            try:
                yield sender
            finally:
                await sender.close()

    return start


async def outcome(sending, rules, **how):
    """What sending one message comes to."""
    async with sending(rules, **how) as sender:
        return await sender.send(message(published()))


async def test_a_mail_is_taken_over_starttls_and_auth(sending):
    """The relay that demands both gets the mail, for its receiver, from an envelope that names it."""
    rules = Rules()
    alert = message(published())

    assert await outcome(sending, rules) == ACCEPTED

    [taken] = rules.taken
    assert taken.receivers == [READER]
    assert origin_of(taken.sender) == Origin(alert.subscriber.ref, alert.id)
    assert email.message_from_bytes(taken.data)["Message-ID"] == f"<{alert.id}@exemple.fr>"


async def test_a_connection_serves_many_messages(sending):
    """Messages one after the other share a connection; at the same time, each has its own."""
    rules = Rules()
    async with sending(rules) as sender:
        for number in range(1, 6):
            assert await sender.send(message(published(number))) == ACCEPTED
        assert rules.connections == 1
        rules.slow = 0.2
        await asyncio.gather(*(sender.send(message(published(number))) for number in range(10, 13)))

    assert rules.connections == 3
    assert len(rules.taken) == 8


async def test_a_connection_is_ended_after_many_messages(sending, monkeypatch):
    """Relays close a connection that never ends: we end it first, and open another."""
    monkeypatch.setattr(relay_module, "_MOST_MESSAGES", 2)
    rules = Rules()
    async with sending(rules) as sender:
        for number in range(1, 6):
            assert await sender.send(message(published(number))) == ACCEPTED

    assert rules.connections == 3


async def test_a_connection_that_the_relay_closed_meanwhile_is_replaced(sending):
    """The line kept open is found cut when the next message begins: another is opened, none is lost."""
    rules = Rules()
    async with sending(rules) as sender:
        assert await sender.send(message(published(1))) == ACCEPTED
        rules.cut_at, rules.cuts = "mail", 1
        assert await sender.send(message(published(2))) == ACCEPTED

    assert [rules.connections, len(rules.taken)] == [2, 2]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("550 5.1.1 unknown", Outcome.PERMANENT),
        ("553 no", Outcome.PERMANENT),
        ("450 4.2.0 greylisted", Outcome.TEMPORARY),
        ("452 4.2.2 full", Outcome.TEMPORARY),
        ("554 5.7.1 relay access denied", Outcome.TEMPORARY),
    ],
)
async def test_a_receiver_that_is_refused(sending, answer, expected):
    """5xx is for good, 4xx is not; a rule of the relay (5.7) says nothing of the receiver."""
    rules = Rules(rcpt={"*": answer})

    result = await outcome(sending, rules)

    assert (result.outcome, result.whole_channel, result.uncertain) == (expected, False, False)
    assert answer[:3] in result.reason
    assert READER not in result.reason


async def test_a_receiver_that_is_refused_holds_nobody_else_up(sending):
    """The same connection serves the next receiver."""
    rules = Rules(rcpt={"absent@exemple.fr": "550 5.1.1 unknown"})
    async with sending(rules) as sender:
        refused = await sender.send(message(published(), to=subscriber("absent@exemple.fr", number=2)))
        taken = await sender.send(message(published()))

    assert [refused.outcome, taken.outcome] == [Outcome.PERMANENT, Outcome.ACCEPTED]
    assert rules.connections == 1


@pytest.mark.parametrize(
    ("answer", "expected"), [("554 5.6.0 no", Outcome.PERMANENT), ("451 4.3.0 later", Outcome.TEMPORARY)]
)
async def test_bytes_that_are_refused(sending, answer, expected):
    """What the relay says after the bytes is certain: the message was not taken."""
    result = await outcome(sending, Rules(data=[answer]))

    assert (result.outcome, result.whole_channel, result.uncertain) == (expected, False, False)


@pytest.mark.parametrize("answer", ["421 4.3.2 closing", "530 5.7.0 login first"])
async def test_a_relay_that_serves_nobody(sending, answer):
    """A relay that goes away, or wants another login, concerns every message alike."""
    result = await outcome(sending, Rules(rcpt={"*": answer}))

    assert (result.outcome, result.whole_channel) == (Outcome.TEMPORARY, True)


async def test_a_sender_that_is_refused_concerns_everybody(sending):
    """Nobody is disabled because the relay does not take our envelope."""
    result = await outcome(sending, Rules(mail="550 5.1.8 not allowed"))

    assert (result.outcome, result.whole_channel) == (Outcome.TEMPORARY, True)


async def test_a_message_too_big_concerns_itself(sending):
    """A size that is refused is the message's own trouble."""
    result = await outcome(sending, Rules(mail="552 5.3.4 too big"))

    assert (result.outcome, result.whole_channel) == (Outcome.PERMANENT, False)


@pytest.mark.parametrize(
    ("place", "whole_channel", "uncertain"),
    [("mail", True, False), ("rcpt", False, False), ("data", False, True)],
)
async def test_a_line_that_is_cut(sending, place, whole_channel, uncertain):
    """Never for good; after the bytes nobody knows whether they were taken."""
    result = await outcome(sending, Rules(cut_at=place))

    assert result.outcome is Outcome.TEMPORARY
    assert (result.whole_channel, result.uncertain) == (whole_channel, uncertain)


async def test_an_answer_that_does_not_come(sending):
    """After the bytes, silence is uncertain too."""
    result = await outcome(sending, Rules(slow=30), timeout=0.3)

    assert (result.outcome, result.uncertain, result.whole_channel) == (Outcome.TEMPORARY, True, False)


async def test_all_in_all_an_attempt_ends(sending, monkeypatch):
    """However slow each answer, one attempt has an end of its own."""
    monkeypatch.setattr(email_sender, "SEND_SECONDS", 0.3)

    result = await outcome(sending, Rules(slow=30))

    assert (result.outcome, result.uncertain) == (Outcome.TEMPORARY, True)


async def test_an_attempt_that_is_stopped_leaves_no_connection(sending):
    """When the dispatcher gives a send up, its connection is not used for another message."""
    rules = Rules(slow=0.5)
    async with sending(rules) as sender:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await sender.send(message(published(1)))
        rules.slow = 0
        assert await sender.send(message(published(2))) == ACCEPTED

    assert rules.connections == 2


async def test_a_slow_relay_is_waited_for(sending):
    """Slow is not broken."""
    assert await outcome(sending, Rules(slow=0.5)) == ACCEPTED


async def test_a_wrong_password_concerns_everybody(sending):
    """The reason names neither user nor password."""
    result = await outcome(sending, Rules(), password="faux")

    assert (result.outcome, result.whole_channel) == (Outcome.TEMPORARY, True)
    assert "identification" in result.reason
    assert "faux" not in result.reason


async def test_a_certificate_nobody_vouches_for_is_refused(sending):
    """STARTTLS with an unknown authority sends nothing."""
    rules = Rules()

    result = await outcome(sending, rules, tls=None)

    assert (result.outcome, result.whole_channel) == (Outcome.TEMPORARY, True)
    assert "certificat" in result.reason
    assert not rules.taken


async def test_encryption_is_demanded_not_only_tried(sending):
    """A relay without STARTTLS gets nothing when it is asked for."""
    rules = Rules()

    result = await outcome(sending, rules, encrypted=False, security="starttls")

    assert (result.outcome, result.whole_channel) == (Outcome.TEMPORARY, True)
    assert not rules.taken


async def test_a_relay_of_this_machine_may_speak_in_the_clear(sending):
    """`none` asks for neither encryption nor login."""
    assert await outcome(sending, Rules(), encrypted=False) == ACCEPTED


async def test_a_relay_that_is_away(renderer, identity, unused_port):
    """Nothing listens: no message is counted as tried."""
    sender = EmailSender(renderer, identity, Relay("127.0.0.1", "exemple.fr", unused_port, "none"))

    result = await sender.send(message(published()))

    assert (result.outcome, result.whole_channel) == (Outcome.TEMPORARY, True)
    assert result.reason == "le relais n'est pas joignable"


def test_a_relay_never_shows_its_password():
    """Neither a log nor a traceback does."""
    assert "secret" not in repr(Relay("relais.exemple.fr", "exemple.fr", password="secret"))
