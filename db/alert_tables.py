"""The tables of alerts: who asked for what, what is owed to them, the messages it goes out in.

Enters: nothing. Leaves: SQLModel tables, and under their upper-case names the SQLAlchemy tables.
Storage only, as `db.tables`; what each column holds is in `docs/reference/schema.md`. Nothing here is
public: addresses and what they follow are personal data.
"""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.tables import METADATA


class SubscriberRow(SQLModel, table=True):
    """An address on a channel; `ref` is random and stands for it outside."""

    __tablename__ = "subscribers"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("channel", "address"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    ref: str = Field(unique=True)
    channel: str
    address: str
    created_at: datetime
    verified_at: datetime | None
    disabled_at: datetime | None
    disabled_reason: str | None
    owner_id: int | None = Field(foreign_key="subscribers.id", index=True)
    secret: str | None
    operator: bool  # told of what concerns who runs the service
    failures: int  # attempts in a row that failed
    failing_since: datetime | None  # the first of them
    last_message_at: datetime | None  # when a message was last made for it: heartbeats count from it


class FilterRow(SQLModel, table=True):
    """A distinct selection, as the query of an address: evaluated once for all who share it."""

    __tablename__ = "filters"
    __table_args__: ClassVar[Any] = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    query: str = Field(unique=True)


class SubscriptionRow(SQLModel, table=True):
    """What an address asked for, and how often."""

    __tablename__ = "subscriptions"
    __table_args__: ClassVar[Any] = (
        Index("ix_subscriptions_filter_id", "filter_id", "state"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    subscriber_id: int = Field(foreign_key="subscribers.id", index=True)
    filter_id: int = Field(foreign_key="filters.id")
    rhythm: str
    hour: int | None
    weekday: int | None
    next_digest_at: datetime | None = Field(index=True)  # null for at once
    heartbeat: bool
    label: str | None
    state: str
    since_sequence: int
    created_at: datetime
    changed_at: datetime


class TokenRow(SQLModel, table=True):
    """What a link allows; the token itself is not kept, only its SHA-256."""

    __tablename__ = "link_tokens"

    hash: str = Field(primary_key=True)
    purpose: str
    subscriber_id: int = Field(foreign_key="subscribers.id", index=True)
    subscription_id: int | None = Field(foreign_key="subscriptions.id", index=True)
    created_at: datetime
    expires_at: datetime = Field(index=True)


class MessageRow(SQLModel, table=True):
    """A message: made before it is sent, kept after it was, with how that went."""

    __tablename__ = "messages"
    __table_args__: ClassVar[Any] = (
        Index("ix_messages_channel", "channel", "state", "next_try_at"),
        Index("ix_messages_subscriber_id", "subscriber_id", "state"),
        {"sqlite_autoincrement": True},
    )

    number: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)  # derived: the Message-ID and webhook-id
    kind: str
    subscriber_id: int = Field(foreign_key="subscribers.id")
    subscription_id: int | None = Field(foreign_key="subscriptions.id", index=True)  # a confirmation's
    channel: str
    created_at: datetime
    state: str
    attempts: int
    next_try_at: datetime
    lease_owner: str | None
    lease_until: datetime | None
    uncertain: bool  # an attempt may have been accepted without our knowing
    last_error: str | None
    sent_at: datetime | None
    earlier: list[str] = Field(sa_column=Column(JSON, nullable=False))
    details: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    token: str | None  # the clear token of its links, forgotten once the message is accepted


class OwedRow(SQLModel, table=True):
    """One event owed to one subscription, once; `message` is the one that tells it."""

    __tablename__ = "owed"
    __table_args__: ClassVar[Any] = (
        Index("ix_owed_message", "message", "subscription_id"),
        {"sqlite_with_rowid": False},
    )

    subscription_id: int = Field(primary_key=True, foreign_key="subscriptions.id")
    sequence: int = Field(primary_key=True, foreign_key="events.sequence")
    message: int | None = Field(default=None, foreign_key="messages.number")


class HitRow(SQLModel, table=True):
    """Which filters follow which new events: filled and emptied within one transaction."""

    __tablename__ = "filter_hits"
    __table_args__: ClassVar[Any] = {"sqlite_with_rowid": False}

    filter_id: int = Field(primary_key=True)
    sequence: int = Field(primary_key=True)


class BounceRow(SQLModel, table=True):
    """A message that could not be delivered: refused when sent, or reported afterwards."""

    __tablename__ = "bounces"
    __table_args__: ClassVar[Any] = (UniqueConstraint("subscriber_id", "message"),)

    id: int | None = Field(default=None, primary_key=True)
    subscriber_id: int = Field(foreign_key="subscribers.id")
    message: int | None = Field(foreign_key="messages.number", index=True)
    at: datetime
    permanent: bool
    status: str


class NoticeRow(SQLModel, table=True):
    """Something that the operator is told of, once until it is over."""

    __tablename__ = "operator_notices"

    kind: str = Field(primary_key=True)
    text: str = Field(sa_type=Text)
    opened_at: datetime
    told: bool


class LimitRow(SQLModel, table=True):
    """How often something was done in a window; the key is a keyed hash, kept for the window only."""

    __tablename__ = "rate_limits"

    key: str = Field(primary_key=True)
    until: datetime = Field(primary_key=True, index=True)
    count: int


class ChannelRow(SQLModel, table=True):
    """A channel through which nothing can be sent at the moment; no row while it is well."""

    __tablename__ = "channel_troubles"

    channel: str = Field(primary_key=True)
    failures: int
    since: datetime
    until: datetime
    reason: str


SUBSCRIBERS = METADATA.tables["subscribers"]
FILTERS = METADATA.tables["filters"]
SUBSCRIPTIONS = METADATA.tables["subscriptions"]
TOKENS = METADATA.tables["link_tokens"]
MESSAGES = METADATA.tables["messages"]
OWED = METADATA.tables["owed"]
HITS = METADATA.tables["filter_hits"]
BOUNCES = METADATA.tables["bounces"]
NOTICES = METADATA.tables["operator_notices"]
LIMITS = METADATA.tables["rate_limits"]
CHANNELS = METADATA.tables["channel_troubles"]
