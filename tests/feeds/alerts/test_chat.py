"""Chats told through Apprise, against a real receiver; nothing of an address in any log."""

from __future__ import annotations

import logging
import socket

import pytest

from feeds.alerts.chat import ChatSender
from feeds.alerts.chat_text import chat_text
from tests.builders import record
from tests.feeds.alerts.messages import TOKEN, answer_to, message, published, subscriber
from tests.feeds.alerts.receivers import Receiver, receiving
from tracker.alerts import ACCEPTED, Channel, MessageKind, Outcome

NBSP = "\u00a0"
KEY = "jeton-tres-secret"


def room(address):
    """An address as Apprise has it, with a key in it."""
    return address.replace("http://", "json://").replace("/crochet?cle=1", f"/{KEY}")


def told(address, *views, **more):
    """A message for a room."""
    return message(*views, to=subscriber(address, channel=Channel.CHAT), **more)


async def test_a_room_is_told(composer):
    """Title, what happened, who asks, where to read on."""
    receiver = Receiver(status=200)
    sender = ChatSender(composer, allow_private=True)
    async with receiving(receiver) as address:
        assert await sender.send(told(room(address), published(13983))) == ACCEPTED

    [got] = receiver.got
    assert got.path == f"/{KEY}"
    assert got.said["title"].startswith(f"Nouvelle question n°{NBSP}13983{NBSP}: ")
    assert "/questions/QANR5L17QE13983#" in got.said["message"]


@pytest.mark.parametrize("status", [302, 400, 404, 500])
async def test_a_service_that_refuses_is_tried_again(composer, status):
    """Apprise says only that it failed; redirects are not followed."""
    elsewhere = Receiver(status=200)
    async with receiving(elsewhere) as place:
        receiver = Receiver(status=status, headers={"Location": place})
        async with receiving(receiver) as address:
            sender = ChatSender(composer, allow_private=True)
            result = await sender.send(told(room(address) + "?redirect=yes", published()))

    assert (result.outcome, result.whole_channel) == (Outcome.TEMPORARY, False)
    assert not elsewhere.got


async def test_a_service_that_hangs_is_left(composer):
    """Uncertain: it may have told the room."""
    async with receiving(Receiver(status=200, hang=10)) as address:
        sender = ChatSender(composer, allow_private=True, service_seconds=0.3)
        result = await sender.send(told(room(address) + "?rto=1", published()))

    assert (result.outcome, result.uncertain) == (Outcome.TEMPORARY, True)


async def test_an_address_that_apprise_does_not_know(composer):
    """For good: trying again changes nothing."""
    result = await ChatSender(composer).send(told("inconnu://x", published()))

    assert result.outcome is Outcome.PERMANENT


async def test_private_and_unencrypted_rooms_are_refused(composer, monkeypatch):
    """Looked up at each sending, unless the operator allows them."""
    sender = ChatSender(composer)
    receiver = Receiver(status=200)
    async with receiving(receiver) as address:
        clear = await sender.send(told(room(address), published()))
        own = await sender.send(told(room(address).replace("json://", "jsons://"), published()))

    assert clear.reason == "adresse sans chiffrement, refusée"
    assert own.reason == "adresse d'un réseau privé, refusée"
    assert receiver.connections == 0

    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_, **__: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1", 0))]
    )
    named = await sender.send(told("ntfys://ntfy.exemple.fr/sujet", published()))
    assert named.reason == "adresse d'un réseau privé, refusée"


async def test_no_address_is_ever_logged(composer, caplog):
    """Whatever happens, at any level: neither Apprise nor what it uses writes one."""
    caplog.set_level(logging.DEBUG)
    sender = ChatSender(composer, allow_private=True)
    async with receiving(Receiver(status=500)) as address:
        await sender.send(told(room(address), published()))
    await sender.send(told(room(address), published()))  # nobody there any more
    await sender.send(told(f"inconnu://{KEY}", published()))

    assert KEY not in caplog.text


def test_an_answer_is_told_with_its_beginning(composer):
    """A room reads the first words of it."""
    said = chat_text(told("x", answer_to(record(13983))), composer)

    assert said.title.startswith(f"Réponse à la question n°{NBSP}13983")
    assert said.body.splitlines()[0].startswith("Réponse publiée au Journal officiel le 17 novembre 2026")
    assert f"«{NBSP}Le Gouvernement est attentif" in said.body


def test_s12_one_answer_to_several_questions_names_them(composer):
    """A line for each question."""
    views = [answer_to(record(number), first=number) for number in range(101, 113)]
    said = chat_text(told("x", *views), composer)

    assert said.title.startswith(f"Réponse à 12{NBSP}questions")
    assert all(f"n°{NBSP}{number}," in said.body for number in range(101, 113))


def test_a_digest_is_a_short_list(composer):
    """The first ones by name, the others by their number."""
    views = [published(number, first=number) for number in range(1, 41)]
    said = chat_text(told("x", *views, kind=MessageKind.DIGEST), composer)

    assert said.body.count("•") == 16
    assert "et 25 de plus" in said.body


def test_nobody_in_a_room_gets_the_key_to_anything(composer):
    """No token in what a room reads, even if a message had one."""
    for kind in (MessageKind.ALERT, MessageKind.HEARTBEAT):
        views = [published()] if kind is MessageKind.ALERT else []
        said = chat_text(message(*views, kind=kind), composer)
        assert TOKEN not in said.body
