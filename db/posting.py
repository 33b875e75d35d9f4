"""Messages to send, put in the outbox with the tokens of their links.

Enters: a connection inside a write transaction, and messages to make. Leaves: rows of `messages` and
`link_tokens`. Tokens are random, 256 bits; what is kept of one is its hash, and the token itself only
beside a message not yet accepted, so that it is the same at each attempt.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, select

from db.alert_tables import MESSAGES, TOKENS
from db.bulk import Row, chunks, insert
from tracker.alerts import Channel, MessageKind, TokenPurpose

TOKEN_LIFE = {TokenPurpose.CONFIRM: timedelta(hours=48), TokenPurpose.MANAGE: timedelta(days=730)}

_BYTES = 32
_WITHOUT_LINKS = frozenset({MessageKind.OPERATOR})


class MessageState(StrEnum):
    """Where a message stands; the values are stored. FAILED was given up, CANCELLED wanted no more."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


WAITING = (MessageState.PENDING.value, MessageState.SENDING.value)


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to make; `id` is derived (`tracker.grouping.derived_id`)."""

    id: str
    kind: MessageKind
    subscriber_id: int
    channel: Channel
    subscription_id: int | None = None
    earlier: tuple[str, ...] = ()
    details: Mapping[str, str] = field(default_factory=dict)


def new_token() -> str:
    """A random token of 256 bits, fit for an address."""
    return secrets.token_urlsafe(_BYTES)


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def post(connection: Connection, messages: Sequence[NewMessage], *, at: datetime) -> dict[str, int]:
    """Keep messages, due at once; their numbers by id."""
    rows: list[Row] = []
    tokens: list[Row] = []
    for message in messages:
        token = None
        if message.channel is Channel.EMAIL and message.kind not in _WITHOUT_LINKS:
            token = new_token()
            confirms = message.kind is MessageKind.CONFIRMATION
            purpose = TokenPurpose.CONFIRM if confirms else TokenPurpose.MANAGE
            tokens.append(_token_row(token, purpose, message, at))
        rows.append(_message_row(message, token, at))
    insert(connection, TOKENS, tokens)
    insert(connection, MESSAGES, rows)
    numbers: dict[str, int] = {}
    for ids in chunks(message.id for message in messages):
        query = select(MESSAGES.c.id, MESSAGES.c.number).where(MESSAGES.c.id.in_(ids))
        numbers.update((id_, number) for id_, number in connection.execute(query))
    return numbers


def _token_row(token: str, purpose: TokenPurpose, message: NewMessage, at: datetime) -> Row:
    return {
        "hash": token_hash(token),
        "purpose": purpose.value,
        "subscriber_id": message.subscriber_id,
        "subscription_id": message.subscription_id,
        "created_at": at,
        "expires_at": at + TOKEN_LIFE[purpose],
    }


def _message_row(message: NewMessage, token: str | None, at: datetime) -> Row:
    return {
        "id": message.id,
        "kind": message.kind.value,
        "subscriber_id": message.subscriber_id,
        "subscription_id": message.subscription_id,
        "channel": message.channel.value,
        "created_at": at,
        "state": MessageState.PENDING.value,
        "attempts": 0,
        "next_try_at": at,
        "uncertain": False,
        "earlier": list(message.earlier),
        "details": dict(message.details),
        "token": token,
    }
