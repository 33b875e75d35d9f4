"""The outbox: what is owed becomes messages, messages are handed out, what came of them is noted.

Enters: a channel, an owner, attempts. Leaves: messages to send. Each call is one transaction, or a few
short ones. Implements `tracker.alert_ports.Outbox`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select

from db import claiming, settling
from db.alert_tables import CHANNELS, MESSAGES, OWED, SUBSCRIBERS
from db.arranging import arrange_owed
from db.engine import reading, writing
from db.heartbeats import make_heartbeats
from db.posting import WAITING, MessageState
from tracker.alert_ports import Attempt, Claimed, GroupingRules, OutboxFigures
from tracker.alerts import Channel, DisabledReason, Message


class SqlOutbox:
    """The outbox of a place."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._messages = claiming.MessageReader()

    def arrange(self, rules: GroupingRules, *, at: datetime) -> int:
        """Put what is owed and due in messages, and heartbeats; the number of messages made."""
        return arrange_owed(self._engine, rules, at=at) + make_heartbeats(self._engine, rules, at=at)

    def claim(
        self, channel: Channel, owner: str, *, limit: int, lease: timedelta, at: datetime
    ) -> list[Claimed]:
        """Messages due on a channel, at most one per address."""
        with reading(self._engine) as connection:
            if not claiming.anything_due(connection, channel, at):
                return []
        with writing(self._engine) as connection:
            numbers = claiming.claim(connection, channel, owner, limit=limit, until=at + lease, at=at)
            messages = self._messages.read(connection, MESSAGES.c.number.in_(numbers))
            empty = [number for number, message in messages.items() if claiming.is_empty(message)]
            if empty:
                connection.execute(
                    MESSAGES.update()
                    .where(MESSAGES.c.number.in_(empty))
                    .values(state=MessageState.CANCELLED.value, token=None)
                )
        return [
            Claimed(number, message, at + lease)
            for number, message in messages.items()
            if number not in empty
        ]

    def record(self, attempts: Sequence[Attempt], owner: str) -> None:
        """Note what came of messages."""
        with writing(self._engine) as connection:
            settling.settle(connection, attempts, owner)

    def release(self, numbers: Sequence[int], owner: str) -> None:
        """Give back messages that were claimed and not tried."""
        with writing(self._engine) as connection:
            connection.execute(
                MESSAGES.update()
                .where(
                    MESSAGES.c.number.in_(numbers),
                    MESSAGES.c.state == MessageState.SENDING.value,
                    MESSAGES.c.lease_owner == owner,
                )
                .values(state=MessageState.PENDING.value, lease_owner=None, lease_until=None)
            )

    def paused_until(self, channel: Channel) -> datetime | None:
        """Until when a channel in trouble is left alone; None when it is well."""
        query = select(CHANNELS.c.until).where(CHANNELS.c.channel == channel.value)
        with reading(self._engine) as connection:
            until: datetime | None = connection.scalar(query)
            return until

    def figures(self) -> OutboxFigures:
        """Counts."""
        with reading(self._engine) as connection:
            counts: dict[str, dict[Channel, int]] = {}
            query = select(MESSAGES.c.state, MESSAGES.c.channel, func.count()).group_by(
                MESSAGES.c.state, MESSAGES.c.channel
            )
            for state, channel, count in connection.execute(query):
                counts.setdefault(state, {})[Channel(channel)] = count
            pending, sending = (counts.get(state, {}) for state in WAITING)
            disabled = connection.execute(
                select(SUBSCRIBERS.c.disabled_reason, func.count(), func.max(SUBSCRIBERS.c.disabled_at))
                .where(SUBSCRIBERS.c.disabled_at.is_not(None))
                .group_by(SUBSCRIBERS.c.disabled_reason)
            ).all()
            return OutboxFigures(
                owed=connection.scalar(select(func.count()).where(OWED.c.message.is_(None))) or 0,
                waiting={
                    channel: pending.get(channel, 0) + sending.get(channel, 0)
                    for channel in Channel
                    if channel in pending or channel in sending
                },
                failed=counts.get(MessageState.FAILED, {}),
                sent=counts.get(MessageState.SENT, {}),
                oldest_waiting=connection.scalar(
                    select(func.min(MESSAGES.c.created_at)).where(MESSAGES.c.state.in_(WAITING))
                ),
                paused={Channel(row.channel): row.until for row in connection.execute(select(CHANNELS))},
                disabled={DisabledReason(reason): count for reason, count, _ in disabled},
                last_disabled={DisabledReason(reason): last for reason, _, last in disabled},
            )

    def record_bounce(
        self, ref: str, *, permanent: bool, status: str, at: datetime, message_id: str | None = None
    ) -> bool:
        """A delivery report for the address behind `ref`; True when it disabled the address.

        A report that names no message is about the last one sent.
        """
        sent = select(MESSAGES.c.number).join(SUBSCRIBERS, SUBSCRIBERS.c.id == MESSAGES.c.subscriber_id)
        sent = sent.where(SUBSCRIBERS.c.ref == ref).order_by(
            MESSAGES.c.sent_at.desc(), MESSAGES.c.number.desc()
        )
        if message_id is not None:
            sent = sent.where(MESSAGES.c.id == message_id)
        with writing(self._engine) as connection:
            person = connection.scalar(select(SUBSCRIBERS.c.id).where(SUBSCRIBERS.c.ref == ref))
            number = connection.scalar(sent.where(MESSAGES.c.sent_at <= at).limit(1))
            if person is None or number is None:
                return False
            return settling.note_bounce(connection, person, number, permanent=permanent, status=status, at=at)

    def message(self, message_id: str) -> Message | None:
        """One message by its derived id, whatever its state."""
        with reading(self._engine) as connection:
            return next(iter(self._messages.read(connection, MESSAGES.c.id == message_id).values()), None)
