"""What came of attempts to send: messages settled or put off, addresses and channels in trouble.

Enters: a connection inside a write transaction, attempts. Leaves: rows of `messages`, `subscribers`,
`bounces` and `channel_troubles`. A message accepted is sent, whoever holds its lease by now; anything
else counts only while the lease is ours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Connection, func, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from db.alert_tables import BOUNCES, CHANNELS, MESSAGES, SUBSCRIBERS
from db.bulk import upsert
from db.consent import disable
from db.posting import MessageState, NewMessage, post
from tracker.alert_ports import Attempt
from tracker.alerts import Channel, DisabledReason, MessageKind, Outcome, Subscriber
from tracker.grouping import derived_id
from tracker.retries import channel_pause, retry_delay

PERMANENT_FAILURES = 2  # of different messages: then an e-mail address is disabled
LONG_RUN = timedelta(days=5)  # of failures, and
MANY_FAILURES = 10  # at least so many: then a webhook or chat is disabled

_LONGEST_REASON = 300
_EXPIRED = "4.4.7"  # RFC 3463: delivery time expired


def settle(connection: Connection, attempts: Sequence[Attempt], owner: str) -> None:
    """Note what came of messages."""
    accepted = [one for one in attempts if one.result.outcome is Outcome.ACCEPTED]
    _settle_accepted(connection, accepted)
    paused: set[Channel] = set()
    for attempt in attempts:
        if attempt.result.outcome is Outcome.ACCEPTED or not _is_ours(connection, attempt, owner):
            continue
        channel = attempt.claimed.message.subscriber.channel
        if attempt.result.whole_channel:
            _put_back(connection, attempt)
            if channel not in paused:
                paused.add(channel)
                pause(connection, channel, attempt.result.reason, attempt.at)
        else:
            _settle_failed(connection, attempt)
    well = {one.claimed.message.subscriber.channel for one in attempts if not one.result.whole_channel}
    _end_troubles(connection, well - paused)


def pause(connection: Connection, channel: Channel, reason: str, at: datetime) -> None:
    """Leave a channel alone for a while, longer at each failure in a row."""
    kept = connection.execute(select(CHANNELS).where(CHANNELS.c.channel == channel.value)).one_or_none()
    if kept is not None and kept.until > at:
        return  # this failure began before the pause
    failures = 1 if kept is None else kept.failures + 1
    row = {
        "channel": channel.value,
        "failures": failures,
        "since": at,
        "until": at + channel_pause(failures),
        "reason": reason[:_LONGEST_REASON],
    }
    upsert(connection, CHANNELS, [row], keep=("since",))


def note_bounce(
    connection: Connection,
    subscriber_id: int,
    number: int | None,
    *,
    permanent: bool,
    status: str,
    at: datetime,
) -> bool:
    """Keep a failure of one message, once; True when it is the one that disables the address."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    noted = dialect.insert(BOUNCES).values(
        subscriber_id=subscriber_id,
        message=number,
        at=at,
        permanent=permanent,
        status=status[:_LONGEST_REASON],
    )
    # told twice, the graver of the two stays
    noted = noted.on_conflict_do_update(
        index_elements=["subscriber_id", "message"],
        set_={"permanent": or_(BOUNCES.c.permanent, noted.excluded.permanent)},
    )
    connection.execute(noted)
    failures = select(func.count()).where(BOUNCES.c.subscriber_id == subscriber_id, BOUNCES.c.permanent)
    if (connection.scalar(failures) or 0) < PERMANENT_FAILURES:
        return False
    return disable(connection, subscriber_id, DisabledReason.BOUNCES, at)


def _settle_accepted(connection: Connection, accepted: Sequence[Attempt]) -> None:
    by_instant: dict[datetime, list[int]] = {}
    for attempt in accepted:
        by_instant.setdefault(attempt.at, []).append(attempt.claimed.number)
    for at, numbers in by_instant.items():
        connection.execute(
            MESSAGES.update()
            .where(MESSAGES.c.number.in_(numbers))
            .values(
                state=MessageState.SENT.value,
                attempts=MESSAGES.c.attempts + 1,
                sent_at=at,
                token=None,
                last_error=None,
                lease_owner=None,
                lease_until=None,
            )
        )
    people = {attempt.claimed.message.subscriber.id for attempt in accepted}
    connection.execute(
        SUBSCRIBERS.update()
        .where(SUBSCRIBERS.c.id.in_(people), SUBSCRIBERS.c.failures > 0)
        .values(failures=0, failing_since=None)
    )


def _is_ours(connection: Connection, attempt: Attempt, owner: str) -> bool:
    query = select(MESSAGES.c.number).where(
        MESSAGES.c.number == attempt.claimed.number,
        MESSAGES.c.state == MessageState.SENDING.value,
        MESSAGES.c.lease_owner == owner,
    )
    return connection.scalar(query) is not None


def _put_back(connection: Connection, attempt: Attempt) -> None:
    """Due as before: nothing could be sent to anybody, so this counts for no attempt."""
    _write(connection, attempt, state=MessageState.PENDING)


def _settle_failed(connection: Connection, attempt: Attempt) -> None:
    claimed, result = attempt.claimed, attempt.result
    message, person = claimed.message, claimed.message.subscriber
    delay = None
    if result.outcome is Outcome.TEMPORARY:
        delay = retry_delay(person.channel, message.attempt, message.id)
    if delay is not None:
        _write(connection, attempt, state=MessageState.PENDING, tries=1, delay=delay)
    else:
        _write(connection, attempt, state=MessageState.FAILED, tries=1)
    if result.outcome is Outcome.GONE:
        _disable(connection, person, DisabledReason.GONE, attempt.at)
    elif person.channel is not Channel.EMAIL:
        _count_failure(connection, person, attempt.at)
    elif delay is None:
        status = result.reason if result.outcome is Outcome.PERMANENT else _EXPIRED
        note_bounce(connection, person.id, claimed.number, permanent=True, status=status, at=attempt.at)


def _write(
    connection: Connection,
    attempt: Attempt,
    *,
    state: MessageState,
    tries: int = 0,
    delay: timedelta | None = None,
) -> None:
    values: dict[str, Any] = {
        "state": state.value,
        "attempts": MESSAGES.c.attempts + tries,
        "uncertain": MESSAGES.c.uncertain | literal(attempt.result.uncertain),
        "last_error": attempt.result.reason[:_LONGEST_REASON],
        "lease_owner": None,
        "lease_until": None,
    }
    if delay is not None:
        values["next_try_at"] = attempt.at + delay
    if state is MessageState.FAILED:
        values["token"] = None
    connection.execute(MESSAGES.update().where(MESSAGES.c.number == attempt.claimed.number).values(values))


def _count_failure(connection: Connection, person: Subscriber, at: datetime) -> None:
    """One more failure in a row; a long run of them disables a webhook or chat."""
    counted = connection.execute(
        SUBSCRIBERS.update()
        .where(SUBSCRIBERS.c.id == person.id)
        .values(
            failures=SUBSCRIBERS.c.failures + 1, failing_since=func.coalesce(SUBSCRIBERS.c.failing_since, at)
        )
        .returning(SUBSCRIBERS.c.failures, SUBSCRIBERS.c.failing_since)
    ).one_or_none()
    if counted and counted.failures >= MANY_FAILURES and at - counted.failing_since >= LONG_RUN:
        _disable(connection, person, DisabledReason.FAILURES, at)


def _disable(connection: Connection, person: Subscriber, reason: DisabledReason, at: datetime) -> None:
    """Disable an address, with a word to the owner of a webhook."""
    if not disable(connection, person.id, reason, at) or person.owner_id is None:
        return
    owner = connection.execute(
        select(SUBSCRIBERS.c.ref, SUBSCRIBERS.c.channel).where(SUBSCRIBERS.c.id == person.owner_id)
    ).one()
    notice = NewMessage(
        id=derived_id(owner.ref, MessageKind.NOTICE, person.ref, at.isoformat()),
        kind=MessageKind.NOTICE,
        subscriber_id=person.owner_id,
        channel=Channel(owner.channel),
        details={
            "notice": "webhook-disabled",
            "text": urlsplit(person.address).hostname or "",
            "reason": reason.value,
        },
    )
    post(connection, [notice], at=at)


def _end_troubles(connection: Connection, channels: Iterable[Channel]) -> None:
    """An answer of any kind about a message shows that its channel works."""
    names = sorted(channel.value for channel in channels)
    connection.execute(CHANNELS.delete().where(CHANNELS.c.channel.in_(names)))
