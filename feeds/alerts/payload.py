"""A message as JSON, for the webhooks of other programs.

Enters: a message. Leaves: an object whose names are those of the exports (`docs/reference/webhooks.md`).
The same message gives the same bytes at each attempt. No token is ever in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from feeds.alerts.compose import Composer
from feeds.as_of import as_of
from feeds.sanitise import one_line
from tracker.addresses import to_query
from tracker.alerts import MatchedEvent, Message, MessageKind, Subscription
from tracker.export import LICENCE, SOURCE, events_of, values_of
from tracker.ports import QuestionView

TYPES: Mapping[MessageKind, str] = {
    MessageKind.ALERT: "questions.alerte",
    MessageKind.DIGEST: "questions.recapitulatif",
    MessageKind.HEARTBEAT: "service.rien-de-nouveau",
    MessageKind.NOTICE: "service.avis",
    MessageKind.OPERATOR: "service.exploitation",
}
TRIAL_TYPE = "service.essai"


def payload_bytes(message: Message, composer: Composer) -> bytes:
    """The JSON of a message, UTF-8."""
    return orjson.dumps(payload(message, composer), option=orjson.OPT_APPEND_NEWLINE)


def payload(message: Message, composer: Composer) -> dict[str, Any]:
    """The object: its type, the instant it was made, its data."""
    letter, site = composer.letter(message), composer.site
    data: dict[str, Any] = {
        "titre": letter.title,
        "abonnements": [_subscription(one, composer) for one in message.subscriptions],
    }
    if letter.note is not None:
        data["texte"] = "\n".join(letter.note.paragraphs)
        if message.kind is MessageKind.HEARTBEAT:
            data["source_lue_le"] = message.details.get("checked_at") or None
    else:
        data |= {
            "source": SOURCE,
            "licence": LICENCE,
            "evenements": [_event(one, composer) for one in message.events],
        }
    if site.demo:
        data["demonstration"] = True
    trial = message.details.get("notice") == "test"
    return {
        "type": TRIAL_TYPE if trial else TYPES[message.kind],
        "timestamp": message.created_at.isoformat(),
        "data": data,
    }


def _event(one: MatchedEvent, composer: Composer) -> dict[str, Any]:
    """An event, with the question as it stood when it happened."""
    view, recorded = one.view, one.view.recorded
    event, told = recorded.event, composer.told(view)
    known = QuestionView(
        record=as_of(view.record, event),
        author=view.author,
        events=(recorded,),
        topics=view.topics,
        first_seen_at=event.observed_at,
        read_at=event.observed_at,
    )
    return {
        **events_of(known)[0],
        "titre": told.headline,
        "phrase": told.said,
        "citation": told.citation,
        "adresse": composer.site.links.to(told.path),
        "details": {name: one_line(value) for name, value in sorted(event.detail.items())},
        "abonnements": [asked.id for asked in one.subscriptions],
        "question": values_of(known, event.occurred_on),
    }


def _subscription(one: Subscription, composer: Composer) -> dict[str, Any]:
    return {"identifiant": one.id, "nom": composer.site.called(one), "filtre": to_query(one.selection)}
