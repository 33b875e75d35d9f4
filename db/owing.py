"""New events owed to those who follow them, in the transaction that writes the events.

Enters: a connection inside that transaction, the last sequence before it. Leaves: rows of `owed`, one
for each subscription and event. Each distinct filter is tried once on each event, in Python, then one
statement writes the rows of all who share it. Only LIVE events of public questions are ever owed, and
only to active subscriptions of verified addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from db.alert_mapping import is_active, is_reachable, selection_of
from db.alert_tables import FILTERS, HITS, OWED, SUBSCRIBERS, SUBSCRIPTIONS
from db.bulk import chunks, insert
from db.projection import OPEN
from db.tables import EVENTS, LABELS, MATCHES, QUESTIONS, SEARCH
from db.visible import PUBLIC_STATES, is_public
from tracker.clock import paris_day
from tracker.events import EventKind, Origin
from tracker.selecting import EventFacts, Matcher
from tracker.selection import Selection
from tracker.status import Status

_LATE = timedelta(days=7)


def last_sequence(connection: Connection) -> int:
    """The sequence of the last event; 0 before any."""
    return connection.scalar(select(func.max(EVENTS.c.sequence))) or 0


def owe(connection: Connection, *, after: int, at: datetime) -> int:
    """Owe the events after a sequence to those who follow them; the number of rows written.

    `at` says the day that filters by status look at.
    """
    return _owe(connection, EVENTS.c.sequence > after, _followed_filters(connection), at)


def owe_late(connection: Connection, actor_refs: Iterable[str], *, at: datetime) -> int:
    """Owe what can be known only now that these authors are: départements, and words in their names.

    Looks at the events of the last days alone, and at the filters that ask for either.
    """
    filters = {
        number: one for number, one in _followed_filters(connection).items() if one.department or one.words
    }
    asked_by = select(QUESTIONS.c.uid).where(QUESTIONS.c.actor_ref.in_(list(actor_refs)))
    recent = EVENTS.c.uid.in_(asked_by) & (EVENTS.c.observed_at >= at - _LATE)
    return _owe(connection, recent, filters, at)


def event_facts(
    connection: Connection, which: ColumnElement[bool], *, words: bool = True
) -> dict[int, EventFacts]:
    """What filters may ask of the LIVE events of public questions, by sequence.

    Without `words`, texts are left out: no filter looks into them.
    """
    question = QUESTIONS.c
    rows = connection.execute(
        select(
            EVENTS.c.sequence,
            EVENTS.c.uid,
            EVENTS.c.kind,
            EVENTS.c.revision,
            question.legislature,
            question.fact,
            question.due_on,
            question.signalled,
            question.published_on,
        )
        .join(QUESTIONS, question.uid == EVENTS.c.uid)
        .where(which, EVENTS.c.origin == Origin.LIVE.value, is_public())
        .order_by(EVENTS.c.sequence)
    ).all()
    uids = list(dict.fromkeys(row.uid for row in rows))
    topics, labels = _topics(connection, uids), _labels(connection, uids)
    documents = _documents(connection, uids) if words else {}
    return {
        row.sequence: EventFacts(
            uid=row.uid,
            kind=EventKind(row.kind),
            legislature=row.legislature,
            topics=topics[row.uid],
            settled=None if row.fact == OPEN else Status(row.fact),
            due_on=row.due_on,
            signalled=row.signalled,
            published_on=row.published_on,
            labels=frozenset(
                (kind, slug) for kind, slug, since in labels.get(row.uid, ()) if since <= row.revision
            ),
            document=documents.get(row.uid, ""),
        )
        for row in rows
    }


def _owe(
    connection: Connection, which: ColumnElement[bool], filters: Mapping[int, Selection], at: datetime
) -> int:
    if not filters:
        return 0
    facts = event_facts(connection, which, words=any(one.words for one in filters.values()))
    today = paris_day(at)
    hits = []
    for number, selection in filters.items():
        follows = Matcher(selection, today)
        hits += [
            {"filter_id": number, "sequence": sequence} for sequence, one in facts.items() if follows(one)
        ]
    insert(connection, HITS, hits)
    written = _owe_hits(connection) if hits else 0
    connection.execute(HITS.delete())
    return written


def _followed_filters(connection: Connection) -> dict[int, Selection]:
    """The filters that someone reachable follows now."""
    followed = (
        select(SUBSCRIPTIONS.c.id)
        .join(SUBSCRIBERS, SUBSCRIBERS.c.id == SUBSCRIPTIONS.c.subscriber_id)
        .where(SUBSCRIPTIONS.c.filter_id == FILTERS.c.id, is_active(), is_reachable())
    )
    rows = connection.execute(select(FILTERS).where(followed.exists()).order_by(FILTERS.c.id))
    return {row.id: selection_of(row.query) for row in rows}


def _owe_hits(connection: Connection) -> int:
    """Write a row for each active subscription of a verified address and each event of its filter."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    rows = (
        select(SUBSCRIPTIONS.c.id, HITS.c.sequence)
        .join(SUBSCRIBERS, SUBSCRIBERS.c.id == SUBSCRIPTIONS.c.subscriber_id)
        .join(HITS, HITS.c.filter_id == SUBSCRIPTIONS.c.filter_id)
        .where(is_active(), is_reachable(), SUBSCRIPTIONS.c.since_sequence < HITS.c.sequence)
        .order_by(SUBSCRIPTIONS.c.id, HITS.c.sequence)
    )
    statement = dialect.insert(OWED).from_select(["subscription_id", "sequence"], rows)
    return connection.execute(statement.on_conflict_do_nothing()).rowcount


def _topics(connection: Connection, uids: list[str]) -> dict[str, frozenset[str]]:
    topics: dict[str, set[str]] = {}
    for part in chunks(uids):
        query = select(MATCHES.c.uid, MATCHES.c.topic).where(
            MATCHES.c.uid.in_(part), MATCHES.c.state.in_(PUBLIC_STATES)
        )
        for uid, topic in connection.execute(query):
            topics.setdefault(uid, set()).add(topic)
    return {uid: frozenset(found) for uid, found in topics.items()}


def _labels(connection: Connection, uids: list[str]) -> dict[str, list[tuple[str, str, int]]]:
    """Kind, slug and first revision of every label that each question was ever under."""
    labels: dict[str, list[tuple[str, str, int]]] = {}
    for part in chunks(uids):
        query = select(LABELS.c.uid, LABELS.c.kind, LABELS.c.slug, LABELS.c.since).where(
            LABELS.c.uid.in_(part)
        )
        for uid, kind, slug, since in connection.execute(query):
            labels.setdefault(uid, []).append((kind, slug, since))
    return labels


def _documents(connection: Connection, uids: list[str]) -> dict[str, str]:
    documents: dict[str, str] = {}
    for part in chunks(uids):
        for row in connection.execute(select(SEARCH).where(SEARCH.c.uid.in_(part))):
            documents[row.uid] = " ".join((row.number, row.title, row.author, row.question, row.answer))
    return documents
