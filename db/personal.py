"""A person's rights over what is kept about an address, and what need not be kept at all.

Enters: a connection, which subscribers. Leaves: everything about them as plain values; or nothing of
them any more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, or_, select, true

from db.alert_tables import (
    BOUNCES,
    FILTERS,
    LIMITS,
    MESSAGES,
    OWED,
    SUBSCRIBERS,
    SUBSCRIPTIONS,
    TOKENS,
)
from db.bulk import chunks
from db.dropping import cancel_unwanted
from db.people import forget_unused_filters
from db.tables import EVENTS
from tracker.alerts import DisabledReason, SubscriptionState

UNCONFIRMED_LIFE = timedelta(days=3)  # a confirmation's link is good for two
STOPPED_LIFE = timedelta(days=30)

_LIVES = {
    SubscriptionState.UNCONFIRMED: UNCONFIRMED_LIFE,
    SubscriptionState.STOPPED: STOPPED_LIFE,
}
_SECRET = frozenset({"secret"})


def export(connection: Connection, which: ColumnElement[bool]) -> Mapping[str, Any] | None:
    """All that is kept about some subscribers, instants in ISO form; None when nothing is."""
    found = connection.scalars(select(SUBSCRIBERS.c.id).where(which)).all()
    if not found:
        return None
    ids = _with_owned(connection, found)
    asked = select(SUBSCRIPTIONS.c.id).where(SUBSCRIPTIONS.c.subscriber_id.in_(ids))
    return {
        "subscribers": _rows(connection, select(SUBSCRIBERS).where(SUBSCRIBERS.c.id.in_(ids))),
        "subscriptions": _rows(
            connection,
            select(SUBSCRIPTIONS, FILTERS.c.query)
            .join(FILTERS, FILTERS.c.id == SUBSCRIPTIONS.c.filter_id)
            .where(SUBSCRIPTIONS.c.subscriber_id.in_(ids)),
        ),
        "messages": _rows(
            connection,
            select(
                MESSAGES.c.id,
                MESSAGES.c.number,
                MESSAGES.c.kind,
                MESSAGES.c.subscriber_id,
                MESSAGES.c.created_at,
                MESSAGES.c.state,
                MESSAGES.c.attempts,
                MESSAGES.c.last_error,
                MESSAGES.c.sent_at,
            ).where(MESSAGES.c.subscriber_id.in_(ids)),
        ),
        "events": _rows(
            connection,
            select(OWED.c.subscription_id, EVENTS.c.id.label("event"), OWED.c.message)
            .join(EVENTS, EVENTS.c.sequence == OWED.c.sequence)
            .where(OWED.c.subscription_id.in_(asked)),
        ),
        "links": _rows(
            connection,
            select(TOKENS.c.purpose, TOKENS.c.created_at, TOKENS.c.expires_at).where(
                TOKENS.c.subscriber_id.in_(ids)
            ),
        ),
        "bounces": _rows(
            connection,
            select(BOUNCES.c.at, BOUNCES.c.permanent, BOUNCES.c.status).where(
                BOUNCES.c.subscriber_id.in_(ids)
            ),
        ),
    }


def erase(connection: Connection, which: ColumnElement[bool]) -> int:
    """Delete everything about some subscribers and the webhooks they own; how many they were."""
    found = connection.scalars(select(SUBSCRIBERS.c.id).where(which)).all()
    for ids in chunks(_with_owned(connection, found)):
        _delete_subscriptions(connection, SUBSCRIPTIONS.c.subscriber_id.in_(ids))
        for table in (TOKENS, BOUNCES, MESSAGES):
            connection.execute(table.delete().where(table.c.subscriber_id.in_(ids)))
        connection.execute(SUBSCRIBERS.delete().where(SUBSCRIBERS.c.id.in_(ids)))
    forget_unused_filters(connection)
    return len(found)


def purge(connection: Connection, at: datetime) -> int:
    """Delete requests never confirmed, what was stopped long ago, expired links and limits.

    The number of addresses deleted. An address that the operator disabled stays, so that it stays so.
    """
    connection.execute(TOKENS.delete().where(TOKENS.c.expires_at <= at))
    connection.execute(LIMITS.delete().where(LIMITS.c.until <= at))
    for state, life in _LIVES.items():
        gone = and_(SUBSCRIPTIONS.c.state == state.value, SUBSCRIPTIONS.c.changed_at <= at - life)
        _delete_subscriptions(connection, gone)
    cancel_unwanted(connection, true())
    owned = SUBSCRIBERS.alias()
    return erase(
        connection,
        and_(
            ~exists().where(SUBSCRIPTIONS.c.subscriber_id == SUBSCRIBERS.c.id),
            ~exists().where(owned.c.owner_id == SUBSCRIBERS.c.id),
            SUBSCRIBERS.c.operator.is_(False),
            SUBSCRIBERS.c.created_at <= at - UNCONFIRMED_LIFE,
            or_(
                SUBSCRIBERS.c.disabled_reason.is_(None),
                SUBSCRIBERS.c.disabled_reason != DisabledReason.OPERATOR.value,
            ),
        ),
    )


def _with_owned(connection: Connection, ids: Collection[int]) -> list[int]:
    """These subscribers and the webhooks they own, which come first."""
    owned = connection.scalars(select(SUBSCRIBERS.c.id).where(SUBSCRIBERS.c.owner_id.in_(ids))).all()
    return list(dict.fromkeys([*owned, *ids]))


def _delete_subscriptions(connection: Connection, which: ColumnElement[bool]) -> None:
    """Delete subscriptions with what was owed to them, and the letters that asked to confirm them."""
    ids = select(SUBSCRIPTIONS.c.id).where(which)
    letters = select(MESSAGES.c.number).where(MESSAGES.c.subscription_id.in_(ids))
    connection.execute(OWED.delete().where(OWED.c.subscription_id.in_(ids)))
    connection.execute(TOKENS.delete().where(TOKENS.c.subscription_id.in_(ids)))
    connection.execute(BOUNCES.delete().where(BOUNCES.c.message.in_(letters)))
    connection.execute(MESSAGES.delete().where(MESSAGES.c.subscription_id.in_(ids)))
    connection.execute(SUBSCRIPTIONS.delete().where(which))


def _rows(connection: Connection, query: Select[Any]) -> list[dict[str, Any]]:
    return [
        {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in row._asdict().items()
            if name not in _SECRET
        }
        for row in connection.execute(query)
    ]
