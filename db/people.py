"""Addresses and what they asked for: the rows behind `db.subscriptions`.

Enters: a connection, addresses in the form they are kept, wishes. Leaves: rows of `subscribers`,
`filters` and `subscriptions`, and the accounts read from them.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select

from db.alert_mapping import SUBSCRIPTION_COLUMNS, frequency_columns, subscriber_of, subscription_of
from db.alert_tables import FILTERS, MESSAGES, SUBSCRIBERS, SUBSCRIPTIONS, TOKENS
from db.bulk import Row, chunks
from tracker.addresses import to_query
from tracker.alert_ports import Account, Wish
from tracker.alerts import Channel, Subscriber, Subscription, SubscriptionState
from tracker.errors import UsageError
from tracker.mail_addresses import mail_address
from tracker.selection import Selection

_REF_BYTES = 16


def kept_form(channel: Channel, address: str) -> str:
    """The form an address is kept in. Raises UsageError on an e-mail address of the wrong form."""
    return mail_address(address) if channel is Channel.EMAIL else address.strip()


def named(address: str) -> ColumnElement[bool]:
    """True of the subscribers behind what someone typed, on any channel."""
    forms = {address.strip()}
    with suppress(UsageError):  # of another form, it names a webhook or a chat, or nobody
        forms.add(mail_address(address))
    return SUBSCRIBERS.c.address.in_(sorted(forms))


def find(connection: Connection, channel: Channel, address: str) -> Subscriber | None:
    """The subscriber of an address in its kept form."""
    query = select(SUBSCRIBERS).where(
        SUBSCRIBERS.c.channel == channel.value, SUBSCRIBERS.c.address == address
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else subscriber_of(row)


def create(
    connection: Connection,
    channel: Channel,
    address: str,
    *,
    at: datetime,
    verified: bool,
    secret: str | None = None,
    owner_id: int | None = None,
) -> Subscriber:
    """A new subscriber."""
    values: Row = {
        "ref": secrets.token_hex(_REF_BYTES),
        "channel": channel.value,
        "address": address,
        "created_at": at,
        "verified_at": at if verified else None,
        "owner_id": owner_id,
        "secret": secret,
        "operator": False,
        "failures": 0,
        "last_message_at": at if verified else None,
    }
    return subscriber_of(connection.execute(SUBSCRIBERS.insert().returning(SUBSCRIBERS), values).one())


def by_id(connection: Connection, subscriber_id: int) -> Subscriber:
    """The subscriber with that number. Raises UsageError when there is none."""
    row = connection.execute(select(SUBSCRIBERS).where(SUBSCRIBERS.c.id == subscriber_id)).one_or_none()
    if row is None:
        raise UsageError("Cet abonné n'existe pas, ou n'existe plus.")
    return subscriber_of(row)


def filter_id(connection: Connection, selection: Selection) -> int:
    """The filter of a selection, made if need be."""
    query = to_query(selection)
    kept = connection.scalar(select(FILTERS.c.id).where(FILTERS.c.query == query))
    if kept is None:
        kept = connection.execute(FILTERS.insert().returning(FILTERS.c.id), {"query": query}).scalar_one()
    return int(kept)


def forget_unused_filters(connection: Connection) -> None:
    """Delete the filters that no subscription asks for any more."""
    used = select(SUBSCRIPTIONS.c.id).where(SUBSCRIPTIONS.c.filter_id == FILTERS.c.id).exists()
    connection.execute(FILTERS.delete().where(~used))


def wish_columns(connection: Connection, wish: Wish, at: datetime) -> Row:
    """The columns of `subscriptions` that a wish says."""
    return {
        "filter_id": filter_id(connection, wish.followed),
        **frequency_columns(wish.frequency, at),
        "heartbeat": wish.heartbeat,
        "label": wish.label,
        "changed_at": at,
    }


def subscriptions(connection: Connection, which: ColumnElement[bool]) -> list[Subscription]:
    """Subscriptions that meet a condition, oldest first."""
    query = _subscriptions().where(which).order_by(SUBSCRIPTIONS.c.id)
    return [subscription_of(row) for row in connection.execute(query)]


def subscription(connection: Connection, subscription_id: int, subscriber_id: int | None) -> Subscription:
    """One subscription, of an address or of a webhook it owns if one is given.

    Raises UsageError when there is none.
    """
    which = SUBSCRIPTIONS.c.id == subscription_id
    if subscriber_id is not None:
        owned = select(SUBSCRIBERS.c.id).where(SUBSCRIBERS.c.owner_id == subscriber_id)
        mine = SUBSCRIPTIONS.c.subscriber_id == subscriber_id
        which = and_(which, or_(mine, SUBSCRIPTIONS.c.subscriber_id.in_(owned)))
    found = subscriptions(connection, which)
    if not found:
        raise UsageError("Cet abonnement n'existe pas, ou n'existe plus.")
    return found[0]


def take_over(connection: Connection, old: int, new: int) -> None:
    """Delete subscription `old`, never active, in favour of `new`, which its links are for from now on."""
    for table in (TOKENS, MESSAGES):
        connection.execute(table.update().where(table.c.subscription_id == old).values(subscription_id=new))
    connection.execute(SUBSCRIPTIONS.delete().where(SUBSCRIPTIONS.c.id == old))


def accounts(connection: Connection, which: ColumnElement[bool]) -> list[Account]:
    """The accounts of subscribers that meet a condition, oldest first, with the webhooks they own."""
    found = _people(connection, which)
    owned: dict[int, list[Subscriber]] = {}
    for ids in chunks(person.id for person in found):
        for webhook in _people(connection, SUBSCRIBERS.c.owner_id.in_(ids)):
            owned.setdefault(webhook.owner_id or 0, []).append(webhook)
    everyone = [*found, *(webhook for webhooks in owned.values() for webhook in webhooks)]
    asked = _asked(connection, (person.id for person in everyone))
    return [
        Account(
            person,
            tuple(asked.get(person.id, ())),
            tuple(Account(webhook, tuple(asked.get(webhook.id, ()))) for webhook in owned.get(person.id, ())),
        )
        for person in found
    ]


def _people(connection: Connection, which: ColumnElement[bool]) -> list[Subscriber]:
    query = select(SUBSCRIBERS).where(which).order_by(SUBSCRIBERS.c.id)
    return [subscriber_of(row) for row in connection.execute(query)]


def _asked(connection: Connection, subscriber_ids: Iterable[int]) -> dict[int, list[Subscription]]:
    asked: dict[int, list[Subscription]] = {}
    standing = SUBSCRIPTIONS.c.state != SubscriptionState.STOPPED.value
    for ids in chunks(subscriber_ids):
        for one in subscriptions(connection, and_(standing, SUBSCRIPTIONS.c.subscriber_id.in_(ids))):
            asked.setdefault(one.subscriber_id, []).append(one)
    return asked


def _subscriptions() -> Select[tuple[object, ...]]:
    return select(*SUBSCRIPTION_COLUMNS).join(FILTERS, FILTERS.c.id == SUBSCRIPTIONS.c.filter_id)
