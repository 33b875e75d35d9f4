"""What is owed, put in messages: the rows behind `tracker.grouping`.

Enters: an engine, the rules, the instant. Leaves: messages, each owed row naming the one that tells
it, digests set to their next hour. Some hundreds of addresses a transaction, so that no writer waits
long. A kill in between leaves what was not arranged to the next call.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Engine, bindparam, func, or_, select

from db.alert_mapping import frequency_of, is_active, is_reachable
from db.alert_tables import MESSAGES, OWED, SUBSCRIBERS, SUBSCRIPTIONS
from db.bulk import chunks
from db.dropping import delete_messages
from db.engine import reading, writing
from db.mapping import record_of, recorded_event_of
from db.posting import WAITING, MessageState, NewMessage, post
from db.tables import EVENTS, JOB_LOCKS, REVISIONS
from tracker.alert_ports import GroupingRules
from tracker.alerts import Channel, MessageKind, Owed
from tracker.grouping import Planned, Waiting, derived_id, plan, story_of
from tracker.locks import RECORDING
from tracker.timetable import next_slot

_ADDRESSES_AT_ONCE = 500
_OF_EVENTS = (MessageKind.ALERT.value, MessageKind.DIGEST.value)
_TOLD = (*WAITING, MessageState.SENT.value)


@dataclass(frozen=True, slots=True)
class _Receiver:
    """Whom messages are made for."""

    id: int
    ref: str
    channel: Channel


@dataclass(frozen=True, slots=True)
class _Fact:
    """An event as far as arranging goes."""

    id: str
    uid: str
    story: str


@dataclass(frozen=True, slots=True)
class _Call:
    """One call: when, up to which sequence, and the events it has met."""

    at: datetime
    last: int
    rules: GroupingRules
    facts: dict[int, _Fact] = field(default_factory=dict)


def arrange_owed(engine: Engine, rules: GroupingRules, *, at: datetime) -> int:
    """Put what is due in messages; the number made. Nothing while someone records events."""
    with reading(engine) as connection:
        # in one statement: what is owed after this instant waits for the next call
        recording = select(JOB_LOCKS.c.name).where(JOB_LOCKS.c.name == RECORDING, JOB_LOCKS.c.until > at)
        last = select(func.coalesce(func.max(EVENTS.c.sequence), 0)).scalar_subquery()
        sequence, busy = connection.execute(select(last, recording.exists())).one()
        if busy:
            return 0
        receivers = _with_something_due(connection, sequence, at)
        hours_past = connection.scalars(select(SUBSCRIPTIONS.c.id).where(_hour_past(at))).all()
    call = _Call(at, sequence, rules)
    made = 0
    for part in chunks(receivers, _ADDRESSES_AT_ONCE):
        with writing(engine) as connection:
            made += _arrange(connection, call, {receiver.id: receiver for receiver in part})
    for ids in chunks(hours_past):
        with writing(engine) as connection:
            _turn(connection, ids, at)
    return made


def _with_something_due(connection: Connection, last: int, at: datetime) -> list[_Receiver]:
    waits = select(OWED.c.sequence).where(
        OWED.c.message.is_(None), OWED.c.subscription_id == SUBSCRIPTIONS.c.id, OWED.c.sequence <= last
    )
    due = or_(SUBSCRIPTIONS.c.next_digest_at.is_(None), SUBSCRIPTIONS.c.next_digest_at <= at)
    query = (
        select(SUBSCRIBERS.c.id, SUBSCRIBERS.c.ref, SUBSCRIBERS.c.channel)
        .distinct()
        .join(SUBSCRIPTIONS, SUBSCRIPTIONS.c.subscriber_id == SUBSCRIBERS.c.id)
        .where(is_reachable(), is_active(), due, waits.exists())
        .order_by(SUBSCRIBERS.c.id)
    )
    return [_Receiver(row.id, row.ref, Channel(row.channel)) for row in connection.execute(query)]


def _arrange(connection: Connection, call: _Call, receivers: Mapping[int, _Receiver]) -> int:
    """Make the messages of some receivers; the number made."""
    ids = list(receivers)
    _join_what_is_told(connection, call, ids)
    owed = _owed(connection, call, ids)
    waiting = _waiting(connection, ids)
    planned = [
        (receivers[id_], message)
        for id_, rows in owed.items()
        for message in plan(rows, waiting.get(id_, ()), call.rules.at_once_limit)
    ]
    if not planned:
        return 0
    earlier = _Earlier.load(connection, ids, call)
    new = [
        NewMessage(
            id=derived_id(receiver.ref, *message.event_ids),
            kind=message.kind,
            subscriber_id=receiver.id,
            channel=receiver.channel,
            earlier=earlier.of(receiver.id, message),
        )
        for receiver, message in planned
    ]
    numbers = post(connection, new, at=call.at)
    _assign(connection, [(numbers[one.id], message) for one, (_, message) in zip(new, planned, strict=True)])
    told = {receiver.id for receiver, _ in planned}
    for part in chunks(told):
        connection.execute(
            SUBSCRIBERS.update().where(SUBSCRIBERS.c.id.in_(part)).values(last_message_at=call.at)
        )
    return len(new)


def _join_what_is_told(connection: Connection, call: _Call, ids: Collection[int]) -> None:
    """What an address was told already, for another subscription of its own, is told by that message."""
    other, theirs = OWED.alias(), SUBSCRIPTIONS.alias()
    message = (
        select(func.max(other.c.message))
        .join(theirs, theirs.c.id == other.c.subscription_id)
        .where(
            theirs.c.subscriber_id == SUBSCRIPTIONS.c.subscriber_id,
            other.c.sequence == OWED.c.sequence,
            other.c.message.is_not(None),
        )
        .scalar_subquery()
    )
    query = (
        select(OWED.c.subscription_id, OWED.c.sequence, message.label("message"))
        .join(SUBSCRIPTIONS, SUBSCRIPTIONS.c.id == OWED.c.subscription_id)
        .where(OWED.c.message.is_(None), OWED.c.sequence <= call.last, SUBSCRIPTIONS.c.subscriber_id.in_(ids))
        .where(message.is_not(None))
    )
    _name(connection, [(row.message, row.subscription_id, row.sequence) for row in connection.execute(query)])


def _owed(connection: Connection, call: _Call, ids: Collection[int]) -> dict[int, list[Owed]]:
    """What is owed to some receivers and in no message yet, due or not."""
    query = (
        select(
            SUBSCRIPTIONS.c.subscriber_id,
            SUBSCRIPTIONS.c.id,
            SUBSCRIPTIONS.c.rhythm,
            SUBSCRIPTIONS.c.hour,
            SUBSCRIPTIONS.c.weekday,
            SUBSCRIPTIONS.c.next_digest_at,
            OWED.c.sequence,
        )
        .join(OWED, OWED.c.subscription_id == SUBSCRIPTIONS.c.id)
        .where(OWED.c.message.is_(None), OWED.c.sequence <= call.last, SUBSCRIPTIONS.c.subscriber_id.in_(ids))
        .order_by(SUBSCRIPTIONS.c.subscriber_id, OWED.c.sequence)
    )
    rows = connection.execute(query).all()
    _learn(connection, call.facts, (row.sequence for row in rows))
    owed: dict[int, list[Owed]] = {}
    for row in rows:
        fact = call.facts[row.sequence]
        due = row.next_digest_at is None or row.next_digest_at <= call.at
        owed.setdefault(row.subscriber_id, []).append(
            Owed(
                row.subscriber_id,
                row.id,
                row.sequence,
                fact.id,
                fact.story,
                frequency_of(row.rhythm, row.hour, row.weekday),
                due,
            )
        )
    return owed


def _learn(connection: Connection, facts: dict[int, _Fact], sequences: Iterable[int]) -> None:
    """Read the events not met yet."""
    for part in chunks(sorted({one for one in sequences if one not in facts})):
        query = (
            select(EVENTS, REVISIONS.c.record)
            .join(REVISIONS, (REVISIONS.c.uid == EVENTS.c.uid) & (REVISIONS.c.number == EVENTS.c.revision))
            .where(EVENTS.c.sequence.in_(part))
        )
        for row in connection.execute(query):
            story = story_of(recorded_event_of(row), record_of(row.record))
            facts[row.sequence] = _Fact(row.id, row.uid, story)


def _waiting(connection: Connection, ids: Collection[int]) -> dict[int, list[Waiting]]:
    """Messages about events that surely nobody has received yet."""
    query = (
        select(MESSAGES.c.subscriber_id, MESSAGES.c.number, MESSAGES.c.kind, EVENTS.c.id)
        .join(OWED, OWED.c.message == MESSAGES.c.number)
        .join(EVENTS, EVENTS.c.sequence == OWED.c.sequence)
        .where(
            MESSAGES.c.subscriber_id.in_(ids),
            MESSAGES.c.state == MessageState.PENDING.value,
            MESSAGES.c.uncertain.is_(False),
            MESSAGES.c.kind.in_(_OF_EVENTS),
        )
    )
    events: dict[tuple[int, int, str], set[str]] = {}
    for subscriber_id, number, kind, event_id in connection.execute(query):
        events.setdefault((subscriber_id, number, kind), set()).add(event_id)
    waiting: dict[int, list[Waiting]] = {}
    for (subscriber_id, number, kind), event_ids in events.items():
        waiting.setdefault(subscriber_id, []).append(Waiting(number, MessageKind(kind), frozenset(event_ids)))
    return waiting


@dataclass(frozen=True, slots=True)
class _Earlier:
    """Messages that told some receivers of questions, to thread what follows under."""

    by_question: Mapping[tuple[int, str], Mapping[int, str]]  # receiver and uid: number to id
    facts: Mapping[int, _Fact]

    @classmethod
    def load(cls, connection: Connection, ids: Collection[int], call: _Call) -> _Earlier:
        found: dict[tuple[int, str], dict[int, str]] = {}
        for uids in chunks({fact.uid for fact in call.facts.values()}):
            query = (
                select(MESSAGES.c.subscriber_id, EVENTS.c.uid, MESSAGES.c.number, MESSAGES.c.id)
                .join(OWED, OWED.c.message == MESSAGES.c.number)
                .join(EVENTS, EVENTS.c.sequence == OWED.c.sequence)
                .where(MESSAGES.c.subscriber_id.in_(ids), MESSAGES.c.state.in_(_TOLD), EVENTS.c.uid.in_(uids))
            )
            for subscriber_id, uid, number, id_ in connection.execute(query):
                found.setdefault((subscriber_id, uid), {})[number] = id_
        return cls(found, call.facts)

    def of(self, receiver: int, message: Planned) -> tuple[str, ...]:
        """Ids of the messages before a planned one about its questions, oldest first."""
        before: dict[int, str] = {}
        for row in message.rows:
            before |= self.by_question.get((receiver, self.facts[row.sequence].uid), {})
        return tuple(id_ for number, id_ in sorted(before.items()) if number not in message.replaces)


def _assign(connection: Connection, messages: Collection[tuple[int, Planned]]) -> None:
    """Say which message tells each row, and delete the messages that these replace."""
    _name(
        connection,
        [(number, row.subscription_id, row.sequence) for number, message in messages for row in message.rows],
    )
    moved = [(number, old) for number, message in messages for old in message.replaces]
    for number, old in moved:
        connection.execute(OWED.update().where(OWED.c.message == old).values(message=number))
    for part in chunks(old for _, old in moved):
        delete_messages(connection, part)


def _name(connection: Connection, rows: list[tuple[int, int, int]]) -> None:
    """Message, subscription and sequence of rows that have found their message."""
    if rows:
        statement = (
            OWED.update()
            .where(OWED.c.subscription_id == bindparam("b_of"), OWED.c.sequence == bindparam("b_sequence"))
            .values(message=bindparam("b_message"))
        )
        connection.execute(statement, [{"b_message": m, "b_of": s, "b_sequence": q} for m, s, q in rows])


def _hour_past(at: datetime) -> ColumnElement[bool]:
    return is_active() & (SUBSCRIPTIONS.c.next_digest_at <= at)


def _turn(connection: Connection, ids: Collection[int], at: datetime) -> None:
    """Set digests whose hour has come to their next one; with nothing to tell, none was made."""
    query = select(
        SUBSCRIPTIONS.c.id, SUBSCRIPTIONS.c.rhythm, SUBSCRIPTIONS.c.hour, SUBSCRIPTIONS.c.weekday
    ).where(SUBSCRIPTIONS.c.id.in_(ids), _hour_past(at))
    slots = []
    for row in connection.execute(query):
        frequency = frequency_of(row.rhythm, row.hour, row.weekday)
        slots.append({"b_id": row.id, "b_slot": next_slot(frequency, at)})
    if slots:
        statement = SUBSCRIPTIONS.update().where(SUBSCRIPTIONS.c.id == bindparam("b_id"))
        connection.execute(statement.values(next_digest_at=bindparam("b_slot")), slots)
