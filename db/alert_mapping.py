"""Rows of the alerts' tables to the dataclasses of `tracker.alerts`, and back.

Enters: whole rows. Leaves: subscribers and subscriptions; the columns of a frequency. A selection is
kept as the query of an address (`tracker.addresses`), in its one stable order.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy import ColumnElement
from sqlalchemy import Row as SqlRow

from db.alert_tables import FILTERS, SUBSCRIBERS, SUBSCRIPTIONS
from db.bulk import Row
from tracker.addresses import from_query
from tracker.alerts import (
    Channel,
    DisabledReason,
    Frequency,
    Rhythm,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from tracker.selection import Selection
from tracker.timetable import next_slot

SUBSCRIPTION_COLUMNS = (*SUBSCRIPTIONS.c, FILTERS.c.query)
"""What `subscription_of` reads, from subscriptions joined with their filters."""


@lru_cache(maxsize=4096)
def selection_of(query: str) -> Selection:
    """The selection behind a kept query."""
    return from_query(parse_qsl(query))


@lru_cache(maxsize=512)
def frequency_of(rhythm: str, hour: int | None, weekday: int | None) -> Frequency:
    """The frequency behind three columns of `subscriptions`."""
    return Frequency(Rhythm(rhythm), hour, weekday)


def frequency_columns(frequency: Frequency, at: datetime) -> Row:
    """The columns of a frequency that starts at an instant."""
    return {
        "rhythm": frequency.rhythm.value,
        "hour": frequency.hour,
        "weekday": frequency.weekday,
        "next_digest_at": next_slot(frequency, at),
    }


def subscription_of(row: SqlRow[Any]) -> Subscription:
    """A subscription, from a row of `SUBSCRIPTION_COLUMNS`."""
    return Subscription(
        id=row.id,
        subscriber_id=row.subscriber_id,
        selection=selection_of(row.query),
        frequency=frequency_of(row.rhythm, row.hour, row.weekday),
        state=SubscriptionState(row.state),
        since_sequence=row.since_sequence,
        created_at=row.created_at,
        heartbeat=row.heartbeat,
        label=row.label,
    )


def subscriber_of(row: SqlRow[Any]) -> Subscriber:
    """A subscriber, from a whole row of `subscribers`."""
    return Subscriber(
        id=row.id,
        ref=row.ref,
        channel=Channel(row.channel),
        address=row.address,
        created_at=row.created_at,
        verified_at=row.verified_at,
        disabled_at=row.disabled_at,
        disabled_reason=None if row.disabled_reason is None else DisabledReason(row.disabled_reason),
        owner_id=row.owner_id,
        secret=row.secret,
    )


def is_reachable() -> ColumnElement[bool]:
    """True of a subscriber that alerts may be sent to: verified, and not disabled."""
    return SUBSCRIBERS.c.verified_at.is_not(None) & SUBSCRIBERS.c.disabled_at.is_(None)


def is_active() -> ColumnElement[bool]:
    """True of an active subscription."""
    return SUBSCRIPTIONS.c.state == SubscriptionState.ACTIVE.value
