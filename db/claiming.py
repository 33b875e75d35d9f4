"""Messages handed out to be sent, each to one process until its lease is over.

Enters: a connection, a channel, an owner. Leaves: `Claimed` messages with all that a sender needs. Who
may be written to is part of the claiming statement itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select
from sqlalchemy import Row as SqlRow

from db import people, place
from db.alert_mapping import is_active, is_reachable, subscriber_of
from db.alert_tables import MESSAGES, OWED, SUBSCRIBERS, SUBSCRIPTIONS
from db.bulk import chunks
from db.posting import MessageState
from db.queries import views_of_events
from tracker.alerts import (
    Channel,
    DisabledReason,
    MatchedEvent,
    Message,
    MessageKind,
    Subscriber,
    Subscription,
)
from tracker.ports import EventView

_OF_EVENTS = (MessageKind.ALERT.value, MessageKind.DIGEST.value)
_TO_ANYONE_VERIFIED = (MessageKind.ACCESS.value, MessageKind.NOTICE.value, MessageKind.OPERATOR.value)
_MOST_VIEWS = 1000


def anything_due(connection: Connection, channel: Channel, at: datetime) -> bool:
    """Whether there is something to claim, asked without claiming the database."""
    found = exists().where(MESSAGES.c.channel == channel.value, or_(_is_due(at), _lease_over(at)))
    return bool(connection.scalar(select(found)))


def claim(
    connection: Connection, channel: Channel, owner: str, *, limit: int, until: datetime, at: datetime
) -> list[int]:
    """Claim up to `limit` messages that are due, the longest due first; their numbers.

    One for an address at a time: the next waits until this one is over.
    """
    mine = MESSAGES.c.channel == channel.value
    connection.execute(
        MESSAGES.update()
        .where(mine, _lease_over(at))
        .values(state=MessageState.PENDING.value, uncertain=True, lease_owner=None, lease_until=None)
    )
    other = MESSAGES.alias()
    another_first = exists().where(
        other.c.subscriber_id == MESSAGES.c.subscriber_id,
        or_(
            other.c.state == MessageState.SENDING.value,
            and_(
                other.c.state == MessageState.PENDING.value,
                other.c.next_try_at <= at,
                other.c.number < MESSAGES.c.number,
            ),
        ),
    )
    chosen = (
        select(MESSAGES.c.number)
        .join(SUBSCRIBERS, SUBSCRIBERS.c.id == MESSAGES.c.subscriber_id)
        .where(mine, _is_due(at), _may_be_sent(), ~another_first)
        .order_by(MESSAGES.c.next_try_at, MESSAGES.c.number)
        .limit(limit)
        .with_for_update(skip_locked=True, of=MESSAGES)
    )
    claimed = connection.scalars(
        MESSAGES.update()
        .where(MESSAGES.c.number.in_(chosen))
        .values(state=MessageState.SENDING.value, lease_owner=owner, lease_until=until)
        .returning(MESSAGES.c.number)
    )
    return sorted(claimed)


class MessageReader:
    """Messages as senders get them. Events are read once, until something public changes."""

    def __init__(self) -> None:
        self._kept: tuple[str, Mapping[int, EventView]] = ("", {})  # the public version they are of

    def read(self, connection: Connection, which: ColumnElement[bool]) -> dict[int, Message]:
        """Messages by number; those about events that are public no more, all of them, have none."""
        rows = connection.execute(select(MESSAGES).where(which).order_by(MESSAGES.c.number)).all()
        told = _told(connection, [row.number for row in rows])
        views = self._known(connection, {sequence for events in told.values() for sequence in events})
        people_ = _subscribers(connection, {row.subscriber_id for row in rows})
        asked = _subscriptions(connection, rows, told)
        return {
            row.number: _message(row, people_[row.subscriber_id], told.get(row.number, {}), asked, views)
            for row in rows
        }

    def _known(self, connection: Connection, sequences: Collection[int]) -> Mapping[int, EventView]:
        version = place.version(connection)
        kept_version, views = self._kept
        if version != kept_version or len(views) > _MOST_VIEWS:
            views = {}
        lacking = [sequence for sequence in sequences if sequence not in views]
        if lacking:  # a new mapping: another thread may be reading messages with the old one
            views = {**views, **views_of_events(connection, lacking)}
            self._kept = (version, views)
        return views


def is_empty(message: Message) -> bool:
    """True of an alert or digest with nothing left to tell: its events are public no more."""
    return message.kind in {MessageKind.ALERT, MessageKind.DIGEST} and not message.events


def _message(
    row: SqlRow[Any],
    subscriber: Subscriber,
    told: Mapping[int, Collection[int]],
    asked: Mapping[int, Subscription],
    views: Mapping[int, EventView],
) -> Message:
    """A message from its row and what it is about."""
    events = tuple(
        MatchedEvent(views[sequence], tuple(asked[one] for one in sorted(told[sequence])))
        for sequence in sorted(told)
        if sequence in views
    )
    about = {one.id: one for event in events for one in event.subscriptions}
    if row.subscription_id is not None:
        about[row.subscription_id] = asked[row.subscription_id]
    if row.kind == MessageKind.HEARTBEAT:
        mine = (one for one in asked.values() if one.subscriber_id == subscriber.id)
        about = {one.id: one for one in mine if one.heartbeat}
    return Message(
        id=row.id,
        kind=MessageKind(row.kind),
        subscriber=subscriber,
        created_at=row.created_at,
        events=events,
        subscriptions=tuple(one for _, one in sorted(about.items())),
        earlier=tuple(row.earlier),
        token=row.token,
        details=row.details,
        attempt=row.attempts + 1,
    )


def _is_due(at: datetime) -> ColumnElement[bool]:
    return and_(MESSAGES.c.state == MessageState.PENDING.value, MESSAGES.c.next_try_at <= at)


def _lease_over(at: datetime) -> ColumnElement[bool]:
    return and_(MESSAGES.c.state == MessageState.SENDING.value, MESSAGES.c.lease_until <= at)


def _may_be_sent() -> ColumnElement[bool]:
    """Alerts to verified addresses that still want them; letters to confirm to any but those shut out."""
    wants = exists().where(
        OWED.c.message == MESSAGES.c.number, OWED.c.subscription_id == SUBSCRIPTIONS.c.id, is_active()
    )
    beats = exists().where(
        SUBSCRIPTIONS.c.subscriber_id == MESSAGES.c.subscriber_id, SUBSCRIPTIONS.c.heartbeat, is_active()
    )
    kind = MESSAGES.c.kind
    shut_out = func.coalesce(SUBSCRIBERS.c.disabled_reason, "") == DisabledReason.OPERATOR.value
    return or_(
        and_(is_reachable(), kind.in_(_OF_EVENTS), wants),
        and_(is_reachable(), kind == MessageKind.HEARTBEAT.value, beats),
        and_(is_reachable(), kind.in_(_TO_ANYONE_VERIFIED)),
        and_(~shut_out, kind == MessageKind.CONFIRMATION.value),
    )


def _told(connection: Connection, numbers: Collection[int]) -> dict[int, dict[int, set[int]]]:
    """Message to sequence to the subscriptions it is told for."""
    told: dict[int, dict[int, set[int]]] = {}
    for part in chunks(numbers):
        for row in connection.execute(select(OWED).where(OWED.c.message.in_(part))):
            told.setdefault(row.message, {}).setdefault(row.sequence, set()).add(row.subscription_id)
    return told


def _subscribers(connection: Connection, ids: Collection[int]) -> dict[int, Subscriber]:
    found: dict[int, Subscriber] = {}
    for part in chunks(ids):
        query = select(SUBSCRIBERS).where(SUBSCRIBERS.c.id.in_(part))
        found.update((row.id, subscriber_of(row)) for row in connection.execute(query))
    return found


def _subscriptions(
    connection: Connection, rows: Collection[SqlRow[Any]], told: Mapping[int, Mapping[int, Collection[int]]]
) -> dict[int, Subscription]:
    """Those that the messages are about: of their events, to confirm, or with a heartbeat."""
    ids = {one for events in told.values() for asked in events.values() for one in asked}
    ids |= {row.subscription_id for row in rows if row.subscription_id is not None}
    quiet = {row.subscriber_id for row in rows if row.kind == MessageKind.HEARTBEAT}
    found: dict[int, Subscription] = {}
    for part in chunks(ids):
        found |= {one.id: one for one in people.subscriptions(connection, SUBSCRIPTIONS.c.id.in_(part))}
    for part in chunks(quiet):
        beats = and_(SUBSCRIPTIONS.c.subscriber_id.in_(part), SUBSCRIPTIONS.c.heartbeat, is_active())
        found |= {one.id: one for one in people.subscriptions(connection, beats)}
    return found
