"""What a link allows, and how a subscription begins and an address ends.

Enters: a connection inside a transaction, subscribers and wishes. Leaves: rows of `subscribers`,
`subscriptions` and the outbox; the steps that `db.subscriptions` is made of.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from db import people
from db.alert_mapping import frequency_columns
from db.alert_tables import BOUNCES, MESSAGES, SUBSCRIBERS, SUBSCRIPTIONS, TOKENS
from db.dropping import drop_address
from db.owing import last_sequence
from db.posting import NewMessage, new_token, post, token_hash
from tracker.alert_ports import Wish
from tracker.alerts import (
    Channel,
    DisabledReason,
    MessageKind,
    Subscriber,
    Subscription,
    SubscriptionState,
    TokenPurpose,
)
from tracker.grouping import derived_id

DAILY_LETTERS = 3  # confirmations and access links to one address in a day
MOST_SUBSCRIPTIONS = 50  # of one address
STANDING = (SubscriptionState.ACTIVE, SubscriptionState.SUSPENDED)

_DAY = timedelta(days=1)
_LETTERS = (MessageKind.CONFIRMATION.value, MessageKind.ACCESS.value)


def disable(connection: Connection, subscriber_id: int, reason: DisabledReason, at: datetime) -> bool:
    """Disable an address and drop what waits for it; False when it was disabled already."""
    done = connection.execute(
        SUBSCRIBERS.update()
        .where(SUBSCRIBERS.c.id == subscriber_id, SUBSCRIBERS.c.disabled_at.is_(None))
        .values(disabled_at=at, disabled_reason=reason.value)
    )
    drop_address(connection, subscriber_id)
    return done.rowcount == 1


def held_by(
    connection: Connection, token: str, purpose: TokenPurpose, at: datetime
) -> tuple[int, int | None] | None:
    """Subscriber and subscription behind a token that is good for a purpose."""
    row = connection.execute(
        select(TOKENS.c.subscriber_id, TOKENS.c.subscription_id).where(
            TOKENS.c.hash == token_hash(token),
            TOKENS.c.purpose == purpose.value,
            TOKENS.c.expires_at > at,
        )
    ).one_or_none()
    return None if row is None else (row.subscriber_id, row.subscription_id)


def may_write_to(connection: Connection, person: Subscriber, at: datetime) -> bool:
    """Whether the day's letters to an address that someone typed are not used up."""
    asked = select(func.count()).where(
        MESSAGES.c.subscriber_id == person.id,
        MESSAGES.c.kind.in_(_LETTERS),
        MESSAGES.c.created_at > at - _DAY,
    )
    return (connection.scalar(asked) or 0) < DAILY_LETTERS


def write_to(
    connection: Connection,
    person: Subscriber,
    kind: MessageKind,
    at: datetime,
    subscription_id: int | None = None,
) -> None:
    """A message that someone asked for by typing an address."""
    id_ = derived_id(person.ref, kind.value, new_token())
    post(connection, [NewMessage(id_, kind, person.id, Channel.EMAIL, subscription_id)], at=at)


def unconfirmed(connection: Connection, person: Subscriber, wish: Wish, at: datetime) -> int | None:
    """The unconfirmed subscription of a wish, made or brought up to date; None when there are too many."""
    columns = people.wish_columns(connection, wish, at)
    mine = people.subscriptions(connection, SUBSCRIPTIONS.c.subscriber_id == person.id)
    for one in mine:
        if one.state is SubscriptionState.UNCONFIRMED and one.selection == wish.followed:
            update(connection, one.id, columns)
            return one.id
    if sum(one.state is not SubscriptionState.STOPPED for one in mine) >= MOST_SUBSCRIPTIONS:
        return None
    values = {
        "subscriber_id": person.id,
        **columns,
        "state": SubscriptionState.UNCONFIRMED.value,
        "since_sequence": last_sequence(connection),
        "created_at": at,
    }
    made = connection.execute(SUBSCRIPTIONS.insert().returning(SUBSCRIPTIONS.c.id), values)
    return int(made.scalar_one())


def merged(connection: Connection, asked: Subscription) -> Subscription:
    """`asked`, or what already stands for the same filter, brought up to date with it."""
    mine = people.subscriptions(connection, SUBSCRIPTIONS.c.subscriber_id == asked.subscriber_id)
    same = [one for one in mine if one.state in STANDING and one.selection == asked.selection]
    if not same:
        return asked
    columns = ("rhythm", "hour", "weekday", "next_digest_at", "heartbeat", "label", "changed_at")
    query = select(*(SUBSCRIPTIONS.c[name] for name in columns)).where(SUBSCRIPTIONS.c.id == asked.id)
    update(connection, same[0].id, dict(connection.execute(query).mappings().one()))
    people.take_over(connection, asked.id, same[0].id)
    return people.subscription(connection, same[0].id, None)


def start(connection: Connection, asked: Subscription, at: datetime) -> Subscription:
    """Make a subscription active from now; one that is keeps its place."""
    if asked.state is not SubscriptionState.ACTIVE:
        columns = frequency_columns(asked.frequency, at)
        since = last_sequence(connection)
        state = SubscriptionState.ACTIVE.value
        update(connection, asked.id, {**columns, "state": state, "since_sequence": since, "changed_at": at})
    return people.subscription(connection, asked.id, None)


def verify(connection: Connection, subscriber_id: int, at: datetime) -> None:
    """Somebody reads this address: whatever had disabled it is over."""
    verified = func.coalesce(SUBSCRIBERS.c.verified_at, at)
    connection.execute(BOUNCES.delete().where(BOUNCES.c.subscriber_id == subscriber_id))
    update_person(
        connection,
        subscriber_id,
        {
            "verified_at": verified,
            "disabled_at": None,
            "disabled_reason": None,
            "failures": 0,
            "failing_since": None,
            "last_message_at": at,
        },
    )


def update(connection: Connection, subscription_id: int, columns: Mapping[str, Any]) -> None:
    """Write columns of one subscription."""
    connection.execute(SUBSCRIPTIONS.update().where(SUBSCRIPTIONS.c.id == subscription_id).values(columns))


def update_person(connection: Connection, subscriber_id: int, columns: Mapping[str, Any]) -> None:
    """Write columns of one subscriber."""
    connection.execute(SUBSCRIBERS.update().where(SUBSCRIBERS.c.id == subscriber_id).values(columns))
