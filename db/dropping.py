"""What is not to be sent any more, taken out of the outbox.

Enters: a connection inside a write transaction; subscriptions stopped or changed, addresses disabled.
Leaves: rows of `owed` and `messages` gone or cancelled. A message that some receiver may already have
(being sent, or of uncertain outcome) is never taken apart: it stays what it was, or is cancelled whole.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, select

from db.alert_mapping import is_active
from db.alert_tables import BOUNCES, MESSAGES, OWED, SUBSCRIPTIONS
from db.posting import MessageState
from tracker.alerts import MessageKind

_PENDING = MESSAGES.c.state == MessageState.PENDING.value
_OF_EVENTS = (MessageKind.ALERT.value, MessageKind.DIGEST.value)


def drop_unsent(connection: Connection, subscription_ids: Collection[int]) -> None:
    """Nothing more is owed to these subscriptions; what others are owed in the same messages stays.

    Messages that were surely never accepted are taken apart and arranged again for who remains.
    """
    of_these = OWED.c.subscription_id.in_(subscription_ids)
    numbers = connection.scalars(
        select(MESSAGES.c.number)
        .distinct()
        .join(OWED, OWED.c.message == MESSAGES.c.number)
        .where(of_these, _PENDING, MESSAGES.c.uncertain.is_(False))
    ).all()
    connection.execute(OWED.update().where(OWED.c.message.in_(numbers)).values(message=None))
    connection.execute(OWED.delete().where(of_these, OWED.c.message.is_(None)))
    delete_messages(connection, numbers)
    owners = select(SUBSCRIPTIONS.c.subscriber_id).where(SUBSCRIPTIONS.c.id.in_(subscription_ids))
    cancel_unwanted(connection, MESSAGES.c.subscriber_id.in_(owners))


def delete_messages(connection: Connection, numbers: Collection[int]) -> None:
    """Delete messages that nobody has received and no owed row names any more."""
    connection.execute(BOUNCES.delete().where(BOUNCES.c.message.in_(numbers)))
    connection.execute(MESSAGES.delete().where(MESSAGES.c.number.in_(numbers)))


def cancel_unwanted(connection: Connection, which: ColumnElement[bool]) -> None:
    """Cancel pending messages about events that no active subscription wants any more."""
    wanted = (
        select(OWED.c.sequence)
        .join(SUBSCRIPTIONS, SUBSCRIPTIONS.c.id == OWED.c.subscription_id)
        .where(OWED.c.message == MESSAGES.c.number, is_active())
        .exists()
    )
    connection.execute(
        MESSAGES.update()
        .where(which, _PENDING, MESSAGES.c.kind.in_(_OF_EVENTS), ~wanted)
        .values(state=MessageState.CANCELLED.value, token=None)
    )


def drop_address(connection: Connection, subscriber_id: int) -> None:
    """Send nothing of what waits for an address."""
    ids = select(SUBSCRIPTIONS.c.id).where(SUBSCRIPTIONS.c.subscriber_id == subscriber_id)
    connection.execute(OWED.delete().where(OWED.c.subscription_id.in_(ids), OWED.c.message.is_(None)))
    connection.execute(
        MESSAGES.update()
        .where(MESSAGES.c.subscriber_id == subscriber_id, _PENDING)
        .values(state=MessageState.CANCELLED.value, token=None)
    )
