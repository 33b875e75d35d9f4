"""What webhooks are sent: stable names, the question as it stood, no key to anything."""

from __future__ import annotations

import json
import re
from pathlib import Path

from feeds.alerts.payload import TRIAL_TYPE, TYPES, payload, payload_bytes
from tests.builders import NOW, record
from tests.feeds.alerts.messages import (
    SECRET,
    TOKEN,
    answer_to,
    message,
    published,
    subscriber,
    subscription,
)
from tracker.alerts import Channel, MessageKind
from tracker.export import COLUMNS

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "webhooks.md"
HOOK = subscriber("https://exemple.fr/crochet", channel=Channel.WEBHOOK, secret=SECRET)


def test_an_alert_as_json(composer):
    """Type, instant, the event with the columns of the exports, which subscriptions it matches."""
    mine = (subscription(1, label="Asalée"), subscription(2))
    said = payload(message(published(13983), to=HOOK, subscriptions=mine), composer)
    [event] = said["data"]["evenements"]

    assert (said["type"], said["timestamp"]) == ("questions.alerte", NOW.isoformat())
    assert event["identifiant"] == "QANR5L17QE13983/published/2026-10-06/1"
    assert event["type"] == "nouvelle-question"
    assert event["sequence"] == 1
    assert list(event["question"]) == list(COLUMNS)
    assert event["question"]["date_echeance"] == "2026-12-06"
    assert event["abonnements"] == [1, 2]
    assert [one["nom"] for one in said["data"]["abonnements"]] == [
        "Asalée",
        "filtre sujet=asalee",
    ]


def test_a_question_is_shown_as_it_stood(composer):
    """The event of the question knows nothing of an answer that the record already holds."""
    view = published(13983)
    answered = answer_to(record(13983))
    early = message(type(view)(view.recorded, answered.record, view.author, view.topics), to=HOOK)

    [event] = payload(early, composer)["data"]["evenements"]
    assert event["question"]["texte_reponse"] is None
    assert event["question"]["statut"] == "en-attente"


def test_s12_one_answer_to_twelve_questions_is_one_payload(composer):
    """Twelve events in one."""
    views = [answer_to(record(number), first=number) for number in range(101, 113)]
    said = payload(message(*views, to=HOOK), composer)

    assert [event["question"]["numero"] for event in said["data"]["evenements"]] == list(range(101, 113))
    assert said["data"]["titre"].startswith("Réponse à 12")


def test_the_same_message_is_the_same_bytes(composer):
    """At each attempt."""
    alert = message(published(), to=HOOK)

    assert payload_bytes(alert, composer) == payload_bytes(alert, composer)


def test_no_key_is_ever_in_it(composer):
    """Neither the token of links nor the secret nor an address."""
    for kind in TYPES:
        views = [published()] if kind in {MessageKind.ALERT, MessageKind.DIGEST} else []
        alert = message(*views, kind=kind, details={"notice": "source-stale", "text": "…"})
        written = payload_bytes(alert, composer).decode()
        assert TOKEN not in written
        assert alert.subscriber.address not in written


def test_nothing_new_says_when_the_source_was_read(composer):
    """So that a program can tell silence from absence."""
    quiet = message(kind=MessageKind.HEARTBEAT, to=HOOK, details={"checked_at": NOW.isoformat()})
    said = payload(quiet, composer)

    assert said["type"] == "service.rien-de-nouveau"
    assert said["data"]["source_lue_le"] == NOW.isoformat()


def test_the_page_for_receivers_lists_every_type():
    """And its example has the keys that are sent."""
    page = PAGE.read_text(encoding="utf-8")

    assert set(re.findall(r"^\| `((?:questions|service)\.[a-z-]+)` \|", page, re.MULTILINE)) == {
        *TYPES.values(),
        TRIAL_TYPE,
    }


def test_the_example_of_the_page_has_what_is_sent(composer):
    """Key by key, down to the event; the question's are those of the exports' page."""
    page = PAGE.read_text(encoding="utf-8")
    example = json.loads(re.search(r"```json\n(.*?)```", page, re.DOTALL)[1])
    said = payload(message(answer_to(record(13983)), to=HOOK), composer)

    assert _keys(example) == _keys(said)
    assert _keys(example["data"]) == _keys(said["data"])
    assert _keys(example["data"]["abonnements"][0]) == _keys(said["data"]["abonnements"][0])
    shown, sent = example["data"]["evenements"][0], said["data"]["evenements"][0]
    assert _keys(shown) == _keys(sent)
    assert set(shown["question"]) <= set(sent["question"])


def _keys(thing):
    return list(thing)
