"""Alerts in a real mail program: sent through a relay to a Maildir, read and threaded by notmuch."""

from __future__ import annotations

import asyncio
import json
import mailbox
import os
import shutil
import subprocess
from datetime import timedelta

import pytest

from feeds.alerts.email_sender import EmailSender
from tests.builders import NOW, record
from tests.feeds.alerts.messages import answer_to, message, published
from tests.feeds.alerts.relays import Rules, relay
from tracker.alerts import ACCEPTED, MessageKind

# Absent on a machine that `.ci/run` has not prepared; CI itself must have it.
pytestmark = pytest.mark.skipif(
    shutil.which("notmuch") is None and "CI" not in os.environ,
    reason="notmuch is not installed: apt-get install notmuch",
)

NBSP = "\u00a0"
LATER = NOW + timedelta(days=42)


@pytest.fixture
def notmuch(tmp_path):
    """A mail program on an empty Maildir: what it says, as JSON."""
    place = tmp_path / "courrier"
    place.mkdir()
    settings = tmp_path / "notmuch-config"
    environment = {"PATH": os.environ["PATH"], "NOTMUCH_CONFIG": str(settings), "HOME": str(tmp_path)}

    def run(*words):
        return subprocess.run(
            ["notmuch", *words], env=environment, check=True, capture_output=True, text=True
        ).stdout

    settings.write_text(f"[database]\npath={place}\n[user]\nprimary_email=lecture@exemple.fr\n", "utf-8")
    run.box = mailbox.Maildir(place / "boite")
    return run


async def delivered(messages, renderer, identity, authority, box):
    """Send messages through a relay that puts them into a Maildir, all in one minute."""
    rules = Rules()
    async with relay(rules, authority) as place:
        sender = EmailSender(renderer, identity, place)
        for one in messages:
            assert await sender.send(one) == ACCEPTED
        await sender.close()
    for taken in rules.taken:
        box.add(taken.data)


async def test_s01_the_answer_stands_under_its_question(notmuch, renderer, identity, authority):
    """One thread: the question, below it the answer; another question has a thread of its own."""
    question = message(published(13983, title="Continuité du dispositif (exemple)"))
    other = message(published(14358, title="Autre question (exemple)"))
    asked = record(13983, title="Continuité du dispositif (exemple)")
    answer = message(answer_to(asked), at=LATER, earlier=(question.id,))
    await delivered([question, other, answer], renderer, identity, authority, notmuch.box)
    await asyncio.to_thread(notmuch, "new")

    shown = json.loads(await asyncio.to_thread(notmuch, "show", "--format=json", "*"))
    trees = sorted((_subjects(thread[0]) for thread in shown), key=str)

    about = f"question n°{NBSP}13983{NBSP}: Continuité du dispositif (exemple)"
    assert trees == [
        [f"Nouvelle {about}", [f"Réponse à la {about}"]],
        [f"Nouvelle question n°{NBSP}14358{NBSP}: Autre question (exemple)"],
    ]


async def test_s04_a_message_sent_twice_is_one(notmuch, renderer, identity, authority):
    """Killed after it was accepted and before that was noted: the second copy is the same message."""
    alert = message(published(13983))
    await delivered([alert, alert], renderer, identity, authority, notmuch.box)
    await asyncio.to_thread(notmuch, "new")

    assert await asyncio.to_thread(notmuch, "count", "--output=messages", "*") == "1\n"
    assert await asyncio.to_thread(notmuch, "count", "--output=files", "*") == "2\n"


async def test_a_person_finds_a_mail_by_its_words(notmuch, renderer, identity, authority):
    """The parts are decoded and searched: accents in subject and text, French sender."""
    await delivered([message(published(13983))], renderer, identity, authority, notmuch.box)
    await asyncio.to_thread(notmuch, "new")

    for words in ("subject:dispositif", "Asalée", "échéance OR attendue", "from:alertes@exemple.fr"):
        assert await asyncio.to_thread(notmuch, "count", words) == "1\n"
    said = json.loads(await asyncio.to_thread(notmuch, "show", "--format=json", "*"))
    headers = said[0][0][0]["headers"]
    assert headers["From"] == "Questions écrites <alertes@exemple.fr>"


async def test_a_digest_has_a_thread_of_its_own(notmuch, renderer, identity, authority):
    """It is about many questions, and would drag their threads together."""
    first = message(published(1))
    digest = message(
        published(2, first=2), published(3, first=3), kind=MessageKind.DIGEST, at=LATER, earlier=(first.id,)
    )
    await delivered([first, digest], renderer, identity, authority, notmuch.box)
    await asyncio.to_thread(notmuch, "new")

    assert await asyncio.to_thread(notmuch, "count", "--output=threads", "*") == "2\n"


def _subjects(node):
    """A message and its replies, by their subjects."""
    said, replies = node
    return [said["headers"]["Subject"], *(_subjects(reply) for reply in replies)]
