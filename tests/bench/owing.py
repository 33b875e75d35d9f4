"""Bench of owing: 100 new events for 10,000 subscriptions on 200 filters.

Enters: nothing; a place of its own in a scratch folder. Leaves: figures. Matching and writing what is
owed, in the events' own transaction, over writing the same rows, known beforehand, in one of the same
kind; the rows are taken out again between rounds.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine, select

from db.alert_tables import FILTERS, OWED, SUBSCRIBERS, SUBSCRIPTIONS
from db.bulk import Row, insert
from db.engine import open_engine, reading, writing
from db.owing import owe
from db.schema import migrate
from db.store import SqlStore
from tests.bench.measure import Figure, cpu_of, median
from tests.builders import NOW, record
from tests.db.writes import planned, question
from tracker.addresses import to_query
from tracker.alerts import PRESELECTED_KINDS
from tracker.events import EventKind
from tracker.ports import Batch
from tracker.questions import Author, Constituency, Deputy, Group, Mandate, Ministry, QuestionRecord
from tracker.selection import Selection

EVENTS = 100
FILTERS_WANTED = 200
SUBSCRIPTIONS_WANTED = 10_000

_GROUPS = [f"G{n}" for n in range(11)]
_MINISTRIES = [f"Ministère {n}" for n in range(20)]
_DEPUTIES = 80
_SEED = 13983


def run(scratch: Path, rounds: int) -> list[Figure]:
    """CPU of owing, over that of writing the same rows blindly."""
    engine = open_engine(f"sqlite:///{scratch / 'owing.sqlite3'}")
    migrate(engine)
    store = SqlStore(engine)
    chance = random.Random(_SEED)  # a bench, not a secret
    _write_questions(store, chance)
    _subscribe(engine, chance)
    after = 0
    owing: list[float] = []
    blindly: list[float] = []
    rows: list[Row] = []
    for _ in range(rounds):
        owing.append(cpu_of(lambda: _owe(engine, after)))
        rows = _take_out(engine)
        blindly.append(cpu_of(lambda known=rows: _write(engine, known)))
        _take_out(engine)
    engine.dispose()
    return [
        Figure(
            what=f"owing {EVENTS} events to {SUBSCRIPTIONS_WANTED:,} subscriptions, {FILTERS_WANTED} filters",
            measured=f"{median(owing) * 1000:,.0f} ms CPU",
            reference=f"writing the same {len(rows):,} rows: {median(blindly) * 1000:,.0f} ms",
            value=median(owing) / median(blindly),
            wanted=3,
        )
    ]


def _owe(engine: Engine, after: int) -> None:
    with writing(engine) as connection:
        owe(connection, after=after, at=NOW)


def _write(engine: Engine, rows: list[Row]) -> None:
    with writing(engine) as connection:
        insert(connection, OWED, rows)


def _take_out(engine: Engine) -> list[Row]:
    with reading(engine) as connection:
        found = connection.execute(select(OWED.c.subscription_id, OWED.c.sequence)).mappings()
        rows = [dict(row) for row in found]
    with writing(engine) as connection:
        connection.execute(OWED.delete())
    return rows


def _write_questions(store: SqlStore, chance: random.Random) -> None:
    """Questions of many authors, groups and ministries, each with its PUBLISHED event."""
    deputies = [
        Deputy(
            f"PA{n}",
            "Mme",
            "Camille",
            f"Exemple {n}",
            (Mandate(f"PM{n}", 17, Constituency(f"Département {n % 60}", f"{n % 60 + 10}", 1), None, None),),
        )
        for n in range(_DEPUTIES)
    ]
    store.save_deputies(deputies, [], NOW)
    writes = []
    for number in range(1, EVENTS + 1):
        one = _record(number, chance)
        event = planned(one, listed_at=NOW + timedelta(milliseconds=number))
        writes.append(question(one, event))
    store.write(Batch(questions=tuple(writes), at=NOW))


def _record(number: int, chance: random.Random) -> QuestionRecord:
    author = Author(f"PA{chance.randrange(_DEPUTIES)}", None, Group(None, chance.choice(_GROUPS), None))
    ministry = Ministry(None, chance.choice(_MINISTRIES), None)
    return record(number, author=author, ministry=ministry, rubric=f"rubrique {chance.randrange(20)}")


def _filters() -> Iterator[Selection]:
    """Two hundred different ones, of every sort that people ask for."""
    everything = Selection(topic="asalee", kinds=PRESELECTED_KINDS)
    yield everything
    for kind in (EventKind.PUBLISHED, EventKind.ANSWERED, EventKind.SIGNALLED):
        yield replace(everything, kinds=frozenset({kind}))
    yield from (replace(everything, group=group.lower()) for group in _GROUPS)
    yield from (replace(everything, ministry=f"ministere-{n}") for n in range(20))
    yield from (replace(everything, department=f"{n + 10}") for n in range(60))
    yield from (replace(everything, rubric=f"rubrique-{n}") for n in range(20))
    yield from (
        replace(everything, words=words) for words in ("infirmière", "dispositif", "cœur", "exemple 7")
    )
    yield from (replace(everything, uid=record(number).uid) for number in range(1, 11))
    yield from (replace(everything, deputy=f"PA{n}") for n in range(_DEPUTIES))


def _subscribe(engine: Engine, chance: random.Random) -> None:
    """One subscription for each address; all filters are as popular."""
    filters = list(_filters())[:FILTERS_WANTED]
    with writing(engine) as connection:
        insert(
            connection,
            FILTERS,
            [{"id": n, "query": to_query(selection)} for n, selection in enumerate(filters, 1)],
        )
        insert(
            connection,
            SUBSCRIBERS,
            [
                {
                    "id": n,
                    "ref": f"{n:032x}",
                    "channel": "email",
                    "address": f"{n}@exemple.fr",
                    "created_at": NOW,
                    "verified_at": NOW,
                    "operator": False,
                    "failures": 0,
                }
                for n in range(1, SUBSCRIPTIONS_WANTED + 1)
            ],
        )
        insert(
            connection,
            SUBSCRIPTIONS,
            [
                {
                    "subscriber_id": n,
                    "filter_id": chance.randrange(len(filters)) + 1,
                    "rhythm": "at-once",
                    "heartbeat": False,
                    "state": "active",
                    "since_sequence": 0,
                    "created_at": NOW,
                    "changed_at": NOW,
                }
                for n in range(1, SUBSCRIPTIONS_WANTED + 1)
            ],
        )
