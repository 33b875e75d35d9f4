"""Webhooks posted to a real receiver that verifies, fails, redirects, hangs; private addresses refused."""

from __future__ import annotations

import asyncio
import socket
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from feeds.alerts.signing import new_secret, webhook_id
from feeds.alerts.trial import trial_message
from feeds.alerts.webhook import WebhookSender
from tests.builders import NOW
from tests.feeds.alerts.messages import SECRET, message, published, subscriber
from tests.feeds.alerts.receivers import Receiver, receiving
from tracker.alerts import ACCEPTED, Channel, Outcome
from tracker.clock import system_clock

NAMES = ("127.0.0.1", "localhost", "0.0.0.0", "crochet.exemple.fr")
PRIVATE = "adresse d'un réseau privé, refusée"


def posted_to(address, *, secret=SECRET, number=13983, **more):
    """An alert for a webhook."""
    receiver = subscriber(address, channel=Channel.WEBHOOK, secret=secret)
    return message(published(number), to=receiver, **more)


@pytest.fixture
def sending(composer):
    """A sender and a receiver."""

    @asynccontextmanager
    async def start(receiver, *, tls=None, trusting=None, **options):
        options = {"allow_private": True, "answer_seconds": 5.0, **options}
        sender = WebhookSender(composer, system_clock, tls=trusting, **options)
        async with receiving(receiver, tls) as address:
            try:
                yield sender, address
            finally:
                await sender.close()

    return start


async def result_of(sending, receiver, **options):
    """What posting one alert comes to."""
    async with sending(receiver, **options) as (sender, address):
        return await sender.send(posted_to(address))


async def test_a_message_is_taken_and_its_signature_verifies(sending):
    """The receiver's own library finds the signature right, and reads the event."""
    receiver = Receiver()
    async with sending(receiver) as (sender, address):
        alert = posted_to(address)
        assert await sender.send(alert) == ACCEPTED

    [got] = receiver.got
    assert got.verified
    assert got.path == "/crochet?cle=1"
    assert got.headers["webhook-id"] == webhook_id(alert.id)
    assert got.headers["content-type"] == "application/json"
    assert got.said["type"] == "questions.alerte"
    assert got.said["data"]["evenements"][0]["question"]["numero"] == 13983


async def test_it_is_taken_over_tls(sending, authority):
    """As for everybody else: https, with a certificate that is looked at."""
    receiver = Receiver()
    async with sending(receiver, tls=authority.server(), trusting=authority.client()) as (sender, address):
        assert address.startswith("https://")
        assert await sender.send(posted_to(address)) == ACCEPTED

    assert receiver.got[0].verified


async def test_a_certificate_nobody_vouches_for_is_refused(sending, authority):
    """Nothing is posted."""
    receiver = Receiver()

    result = await result_of(sending, receiver, tls=authority.server())

    assert result.outcome is Outcome.TEMPORARY
    assert not receiver.got


async def test_an_altered_body_does_not_verify(sending):
    """The signature is of the bytes that are sent, with the receiver's secret."""
    receiver = Receiver()
    async with sending(receiver) as (sender, address):
        await sender.send(posted_to(address, secret=new_secret()))

    assert not receiver.got[0].verified


async def test_s04_a_second_attempt_has_the_same_id_and_the_same_bytes(sending):
    """Only the instant of the attempt, and so the signature, may differ."""
    receiver = Receiver(status=500)
    async with sending(receiver) as (sender, address):
        for attempt in (1, 2):
            await sender.send(posted_to(address, attempt=attempt))

    first, second = receiver.got
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert second.verified


@pytest.mark.parametrize(
    ("status", "outcome", "uncertain"),
    [
        (200, Outcome.ACCEPTED, False),
        (202, Outcome.ACCEPTED, False),
        (299, Outcome.ACCEPTED, False),
        (400, Outcome.TEMPORARY, False),
        (404, Outcome.TEMPORARY, False),
        (410, Outcome.GONE, False),
        (429, Outcome.TEMPORARY, False),
        (500, Outcome.TEMPORARY, True),
        (503, Outcome.TEMPORARY, True),
    ],
)
async def test_what_each_answer_means(sending, status, outcome, uncertain):
    """2xx is taken, 410 gone, all else is tried again; a server that failed may have taken it."""
    result = await result_of(sending, Receiver(status=status))

    assert (result.outcome, result.uncertain, result.whole_channel) == (outcome, uncertain, False)


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_a_redirect_is_not_followed(sending, status):
    """Nobody is led elsewhere."""
    elsewhere, receiver = Receiver(), Receiver(status=status)
    async with receiving(elsewhere) as place:
        receiver.headers["Location"] = place
        result = await result_of(sending, receiver)

    assert (result.outcome, result.uncertain) == (Outcome.TEMPORARY, False)
    assert not elsewhere.got


async def test_a_receiver_that_hangs_is_left(sending):
    """Silence ends the attempt; nobody knows whether it was taken."""
    result = await result_of(sending, Receiver(hang=30), answer_seconds=0.3)

    assert (result.outcome, result.uncertain) == (Outcome.TEMPORARY, True)


async def test_an_answer_without_end_is_not_read(sending):
    """The status is the answer: a body that never ends changes nothing."""
    assert await result_of(sending, Receiver(status=200, drip=True)) == ACCEPTED


async def test_a_line_that_is_cut_is_uncertain(sending):
    """The receiver got the bytes and answered nothing."""
    result = await result_of(sending, Receiver(cut=True))

    assert (result.outcome, result.uncertain) == (Outcome.TEMPORARY, True)


async def test_nobody_there_is_certain(composer, unused_port):
    """Nothing was posted."""
    sender = WebhookSender(composer, system_clock, allow_private=True)
    result = await sender.send(posted_to(f"http://127.0.0.1:{unused_port}/"))
    await sender.close()

    assert (result.outcome, result.uncertain) == (Outcome.TEMPORARY, False)


async def test_a_connection_serves_many_messages(sending):
    """One after the other, over one connection."""
    receiver = Receiver(status=200)
    async with sending(receiver) as (sender, address):
        for number in range(5):
            assert await sender.send(posted_to(address, number=number + 1)) == ACCEPTED

    assert receiver.connections == 1


async def test_the_instant_of_the_attempt_is_signed(composer):
    """Not the message's own: a receiver refuses what is older than five minutes."""
    receiver = Receiver()
    late = datetime(2027, 1, 1, tzinfo=UTC)
    sender = WebhookSender(composer, lambda: late, allow_private=True)
    async with receiving(receiver) as address:
        await sender.send(posted_to(address))
        await sender.close()

    assert receiver.got[0].headers["webhook-timestamp"] == str(int(late.timestamp()))
    assert receiver.got[0].said["timestamp"] == NOW.isoformat()


# --- what is never connected to --------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "2130706433",
        "127.1",
        "0x7f000001",
        "0.0.0.0",
        "169.254.169.254",
        "10.0.0.1",
        "[fd00:ec2::254]",
        "[2002:7f00:1::]",
        "[64:ff9b::7f00:1]",
        "224.0.0.1",
    ],
)
async def test_private_and_metadata_addresses_are_refused(composer, authority, host):
    """Whatever form the address has, nothing is posted."""
    receiver = Receiver()
    sender = WebhookSender(composer, system_clock, tls=authority.client(), answer_seconds=2)
    async with receiving(receiver, authority.server(*NAMES)) as address:
        port = address.split(":")[2].split("/")[0]
        result = await sender.send(posted_to(f"https://{host}:{port}/"))
        await sender.close()

    assert (result.outcome, result.reason) == (Outcome.TEMPORARY, PRIVATE)
    assert not receiver.got


@pytest.mark.parametrize("host", ["localhost", "127.1", "2130706433", "127.0.0.1"])
async def test_nobody_learns_what_listens_on_a_private_address(composer, unused_port, host):
    """No connection is opened, not even an empty one, and the answer is the same where nothing listens."""
    connections = []
    sender = WebhookSender(composer, system_clock, answer_seconds=2)
    listening = await asyncio.start_server(lambda *ends: connections.append(ends), "127.0.0.1", 0)
    async with listening:
        port = listening.sockets[0].getsockname()[1]
        answers = {
            (await sender.send(posted_to(f"https://{host}:{one}/"))).reason for one in (port, unused_port)
        }
        await sender.close()

    assert answers == {PRIVATE}
    assert connections == []


async def test_a_name_that_leads_to_a_private_address_is_refused(composer, authority, monkeypatch):
    """What counts is the address that is connected to, when it is connected to."""
    receiver = Receiver()
    sender = WebhookSender(composer, system_clock, tls=authority.client(), answer_seconds=2)
    lookup = socket.getaddrinfo

    def elsewhere(host, *rest, **more):
        asked = "127.0.0.1" if host in {"crochet.exemple.fr", b"crochet.exemple.fr"} else host
        return lookup(asked, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", elsewhere)
    async with receiving(receiver, authority.server(*NAMES)) as address:
        port = address.split(":")[2].split("/")[0]
        result = await sender.send(posted_to(f"https://crochet.exemple.fr:{port}/"))
        await sender.close()

    assert result.reason == PRIVATE
    assert not receiver.got


async def test_unencrypted_addresses_are_refused(composer):
    """Unless the operator allows them."""
    sender = WebhookSender(composer, system_clock)
    result = await sender.send(posted_to("http://exemple.fr/"))
    await sender.close()

    assert result.reason == "adresse sans chiffrement, refusée"


async def test_proxies_of_the_environment_are_not_used(sending, monkeypatch, unused_port):
    """A proxy would connect in our place."""
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused_port}")

    assert await result_of(sending, Receiver()) == ACCEPTED


async def test_without_a_secret_nothing_is_posted(sending):
    """What cannot be signed is not sent."""
    receiver = Receiver()
    async with sending(receiver) as (sender, address):
        result = await sender.send(posted_to(address, secret=None))

    assert result.outcome is Outcome.PERMANENT
    assert not receiver.got


async def test_a_trial_says_that_it_is_one(sending):
    """The « test » button posts a type of its own."""
    receiver = Receiver()
    async with sending(receiver) as (sender, address):
        person = subscriber(address, channel=Channel.WEBHOOK, secret=SECRET)
        assert await sender.send(trial_message(person, NOW)) == ACCEPTED

    assert receiver.got[0].verified
    assert receiver.got[0].said["type"] == "service.essai"


async def test_many_at_a_time(sending):
    """Receivers that are slow do not wait for one another."""
    receiver = Receiver(hang=0.3)
    async with sending(receiver, answer_seconds=2.0) as (sender, address):
        results = await asyncio.gather(*(sender.send(posted_to(address, number=n)) for n in range(1, 21)))

    assert results == [ACCEPTED] * 20


def test_secrets_are_random_and_long():
    """32 bytes, in the form that receivers paste."""
    assert new_secret().startswith("whsec_")
    assert len({new_secret() for _ in range(100)}) == 100
