"""A message that only shows that sending works: the « test » button and command.

Enters: a subscriber, the instant. Leaves: a `Message`, handed to a sender directly; it is not kept.
"""

from __future__ import annotations

from datetime import datetime

from feeds.alerts.notes import TRIAL
from tracker.alerts import Message, MessageKind, Subscriber
from tracker.grouping import derived_id


def trial_message(subscriber: Subscriber, at: datetime) -> Message:
    """The test of one address at one instant."""
    return Message(
        id=derived_id(subscriber.ref, TRIAL, at.isoformat()),
        kind=MessageKind.NOTICE,
        subscriber=subscriber,
        created_at=at,
        details={"notice": TRIAL, "text": ""},
    )
