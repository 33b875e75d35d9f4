"""Shorthands for subscribing, recording and sending, so that a test says only what matters."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import text

from db.engine import reading
from tests.builders import NOW, answered
from tests.db.writes import planned, question
from tracker.alert_ports import Attempt, GroupingRules, Wish
from tracker.alerts import ACCEPTED, AT_ONCE, Channel
from tracker.events import EventKind, Origin
from tracker.ports import Batch
from tracker.selection import Selection

RULES = GroupingRules()
READER = "lecture@exemple.fr"
EVERYTHING = Selection(topic="asalee")
LEASE = timedelta(minutes=5)
ANSWER_DAY = date(2026, 11, 17)


def follow(
    subscriptions,
    address=READER,
    selection=EVERYTHING,
    *,
    frequency=AT_ONCE,
    channel=Channel.EMAIL,
    at=NOW,
    **more,
):
    """An active subscription of a verified address."""
    wish = Wish(selection, frequency, heartbeat=more.pop("heartbeat", False), label=more.pop("label", None))
    return subscriptions.add(channel, address, wish, at=at, **more)


def publish(store, *records, at=NOW, origin=Origin.LIVE, matches=None):
    """Write records as new questions."""
    writes = [
        question(one, planned(one, on=one.published_on, listed_at=at, origin=origin), at=at, matches=matches)
        for one in records
    ]
    return store.write(Batch(questions=tuple(writes), at=at))


def answer(store, *records, at=NOW, html="Une réponse (exemple).", on=ANSWER_DAY):
    """Write the answer of questions already published, in one run."""
    writes = []
    for one in records:
        known = answered(one, on, html)
        event = planned(known, EventKind.ANSWERED, on, listed_at=at)
        writes.append(question(known, event, revised=True, at=at))
    return store.write(Batch(questions=tuple(writes), at=at))


def happen(store, record, kind, on, *, at=NOW, origin=Origin.LIVE, rank=1):
    """Write one more event of a question."""
    event = planned(record, kind, on, listed_at=at, origin=origin, rank=rank)
    return store.write(Batch(questions=(question(record, event, at=at),), at=at))


def claim(outbox, at=NOW, *, channel=Channel.EMAIL, limit=100, owner="a", lease=LEASE):
    """Arrange, then claim."""
    outbox.arrange(RULES, at=at)
    return outbox.claim(channel, owner, limit=limit, lease=lease, at=at)


def settle(outbox, claimed, result=ACCEPTED, at=NOW, owner="a"):
    """Say the same of every claimed message."""
    outbox.record([Attempt(one, result, at) for one in claimed], owner)


def send(outbox, at=NOW, **how):
    """Arrange and send all that is due, address after address; the messages sent."""
    sent = []
    while claimed := claim(outbox, at, **how):
        settle(outbox, claimed, at=at)
        sent += [one.message for one in claimed]
    return sent


def told(message):
    """Kind of message, and each event with the subscriptions it is told for."""
    events = [
        (one.view.recorded.event.id, [asked.id for asked in one.subscriptions]) for one in message.events
    ]
    return message.kind, events


def rows(engine, statement):
    """Rows of a statement."""
    with reading(engine) as connection:
        return connection.execute(text(statement)).all()


def owed(engine):
    """Subscription and event of every row owed."""
    return [
        tuple(row)
        for row in rows(
            engine,
            "SELECT subscription_id, events.id FROM owed JOIN events USING (sequence) ORDER BY 1, sequence",
        )
    ]
