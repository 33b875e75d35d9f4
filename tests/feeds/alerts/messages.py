"""Messages as the outbox hands them to senders, without a database.

Enters: records, plain values. Leaves: `Message`s whose events come from the real `diff`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from tests.builders import NOW, answered, record
from tests.feeds.views import AUTHOR_VIEW, event_views
from tracker.alerts import (
    AT_ONCE,
    PRESELECTED_KINDS,
    Channel,
    Frequency,
    MatchedEvent,
    Message,
    MessageKind,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from tracker.grouping import derived_id
from tracker.ports import EventView
from tracker.questions import QuestionRecord
from tracker.selection import Selection

READER = "lecture@exemple.fr"
TOKEN = "jeton-" + "a" * 37
SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldY"
EVERYTHING = Selection(topic="asalee", kinds=PRESELECTED_KINDS)


def subscriber(
    address: str = READER, *, channel: Channel = Channel.EMAIL, number: int = 1, secret: str | None = None
) -> Subscriber:
    """A verified address."""
    return Subscriber(number, f"{number:032x}", channel, address, NOW, NOW, secret=secret)


def subscription(
    number: int = 1,
    selection: Selection = EVERYTHING,
    *,
    label: str | None = None,
    frequency: Frequency = AT_ONCE,
    heartbeat: bool = False,
) -> Subscription:
    """An active subscription."""
    return Subscription(number, 1, selection, frequency, SubscriptionState.ACTIVE, 0, NOW, heartbeat, label)


def published(number: int = 13983, *, at: datetime = NOW, first: int = 1, **more) -> EventView:
    """The event of a new question."""
    return _numbered(event_views(record(number, **more), at=at)[0], first)


def answer_to(
    question: QuestionRecord, on: str = "2026-11-17", *, at: datetime = NOW, first: int = 2, **more
) -> EventView:
    """The event of its answer."""
    history = [view.recorded.event for view in event_views(question)]
    return _numbered(event_views(answered(question, on, **more), question, history, at=at)[0], first)


def message(
    *views: EventView,
    kind: MessageKind = MessageKind.ALERT,
    to: Subscriber | None = None,
    subscriptions: tuple[Subscription, ...] | None = None,
    at: datetime = NOW,
    earlier: tuple[str, ...] = (),
    token: str | None = TOKEN,
    details: dict[str, str] | None = None,
    attempt: int = 1,
) -> Message:
    """A message; every event is told for every subscription unless `subscriptions` is empty."""
    asked = (subscription(),) if subscriptions is None else subscriptions
    receiver = to or subscriber()
    return Message(
        id=derived_id(receiver.ref, kind, at.isoformat(), *(view.recorded.event.id for view in views)),
        kind=kind,
        subscriber=receiver,
        created_at=at,
        events=tuple(MatchedEvent(view, asked) for view in views),
        subscriptions=asked,
        earlier=earlier,
        token=token if receiver.channel is Channel.EMAIL else None,
        details=details or {},
        attempt=attempt,
    )


def _numbered(view: EventView, sequence: int) -> EventView:
    return replace(view, recorded=replace(view.recorded, sequence=sequence), author=AUTHOR_VIEW)
