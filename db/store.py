"""The write side: everything the service learns goes through `SqlStore`.

Enters: batches from the recorder, deputies and source states from crawls, runs and locks from the
wiring. Leaves: rows, each call in one transaction, and what the recorder has to know before it
writes. Implements `tracker.ports.Store`, `DeputyIntake` and `SourceMemory`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Engine, func, select

from db import deputies, ledger, place, runs
from db.bulk import chunks
from db.engine import reading, writing
from db.mapping import match_of, record_of, recorded_event_of
from db.owing import last_sequence, owe, owe_late
from db.recording import write_batch
from db.tables import EVENTS, MATCHES, QUESTIONS, REVISIONS
from db.visible import is_public, still_open_when_due
from tracker.clock import Clock, system_clock
from tracker.events import EventKind, RecordedEvent
from tracker.ports import (
    Batch,
    CrawlReport,
    Known,
    LedgerMark,
    Match,
    MatchState,
    SourceState,
)
from tracker.questions import Deputy


class SqlStore:
    """What the service keeps, behind one interface.

    `clock` is asked only where a port passes no instant: whom to ask for again now.
    """

    def __init__(self, engine: Engine, *, clock: Clock = system_clock) -> None:
        self._engine = engine
        self._clock = clock

    # --- what the recorder asks (tracker.ports.Store) ---

    def ledger_marks(self, legislature: int) -> Mapping[str, LedgerMark]:
        """Uid to mark for a legislature."""
        with reading(self._engine) as connection:
            return ledger.marks(connection, legislature)

    def followed_uids(self, legislature: int | None = None) -> frozenset[str]:
        """Questions that are kept whole: those with any match, whatever its state."""
        query = select(MATCHES.c.uid).distinct()
        if legislature is not None:
            query = query.join(QUESTIONS, QUESTIONS.c.uid == MATCHES.c.uid).where(
                QUESTIONS.c.legislature == legislature
            )
        with reading(self._engine) as connection:
            return frozenset(connection.scalars(query))

    def known(self, uids: Iterable[str]) -> Mapping[str, Known]:
        """What is kept of these questions, three queries for thousands; those not kept are absent."""
        known: dict[str, Known] = {}
        with reading(self._engine) as connection:
            for part in chunks(dict.fromkeys(uids)):
                matches: dict[str, list[Match]] = {}
                for row in connection.execute(
                    select(MATCHES).where(MATCHES.c.uid.in_(part)).order_by(MATCHES.c.uid, MATCHES.c.position)
                ):
                    matches.setdefault(row.uid, []).append(match_of(row))
                events: dict[str, list[RecordedEvent]] = {}
                for row in connection.execute(
                    select(EVENTS).where(EVENTS.c.uid.in_(part)).order_by(EVENTS.c.sequence)
                ):
                    events.setdefault(row.uid, []).append(recorded_event_of(row))
                for row in connection.execute(
                    select(
                        QUESTIONS.c.uid, QUESTIONS.c.revision, QUESTIONS.c.missing_runs, REVISIONS.c.record
                    )
                    .join(
                        REVISIONS,
                        (REVISIONS.c.uid == QUESTIONS.c.uid) & (REVISIONS.c.number == QUESTIONS.c.revision),
                    )
                    .where(QUESTIONS.c.uid.in_(part))
                ):
                    known[row.uid] = Known(
                        record=record_of(row.record),
                        matches=tuple(matches.get(row.uid, ())),
                        events=tuple(events.get(row.uid, ())),
                        revision=row.revision,
                        missing_runs=row.missing_runs,
                    )
        return known

    def first_import_settled(self) -> bool:
        """True once every legislature of the first import has been completed."""
        with reading(self._engine) as connection:
            return place.first_import_settled(connection)

    def settle_first_import(self, at: datetime) -> None:
        """Note that it is; the first note stays."""
        with writing(self._engine) as connection:
            place.settle_first_import(connection, at)

    def legislature_imported(self, legislature: int) -> bool:
        """True once an import of that legislature has been completed."""
        with reading(self._engine) as connection:
            return legislature in place.imports(connection)

    def last_listed_at(self) -> datetime | None:
        """The latest `listed_at` of any event."""
        with reading(self._engine) as connection:
            latest: datetime | None = connection.scalar(select(func.max(EVENTS.c.listed_at)))
            return latest

    def without_deadline_event(self, due_before: date) -> Sequence[str]:
        """Public questions due before a day, with no DEADLINE_PASSED yet: the daily job's work.

        Left out are those answered or closed by their due date: none will ever come for them.
        """
        told = select(EVENTS.c.uid).where(EVENTS.c.kind == EventKind.DEADLINE_PASSED.value)
        query = (
            select(QUESTIONS.c.uid)
            .where(
                is_public(),
                QUESTIONS.c.due_on < due_before,
                QUESTIONS.c.uid.not_in(told),
                still_open_when_due(),
            )
            .order_by(QUESTIONS.c.legislature, QUESTIONS.c.number)
        )
        with reading(self._engine) as connection:
            return connection.scalars(query).all()

    def write(self, batch: Batch) -> int:
        """One transaction; events whose id is already kept are skipped. The number written.

        The events are owed to those who follow them in the same transaction.
        """
        at = batch.at or self._clock()
        with writing(self._engine) as connection:
            before = last_sequence(connection)
            written = write_batch(connection, batch, at=at)
            if written:
                owe(connection, after=before, at=at)
            return written

    # --- what people decide ---

    def under_review(self, topic: str | None = None) -> list[str]:
        """Uids of the questions with a match held for review, oldest legislature and number first."""
        held = select(MATCHES.c.uid).where(MATCHES.c.state == MatchState.REVIEW.value)
        if topic is not None:
            held = held.where(MATCHES.c.topic == topic)
        query = (
            select(QUESTIONS.c.uid)
            .where(QUESTIONS.c.uid.in_(held))
            .order_by(QUESTIONS.c.legislature, QUESTIONS.c.number)
        )
        with reading(self._engine) as connection:
            return list(connection.scalars(query))

    # --- what must not change ---

    def settle_tag_authority(self, authority: str, on: date) -> tuple[str, str]:
        """Set the authority and date of tag URIs if none is kept; the pair kept, old or new."""
        with writing(self._engine) as connection:
            return place.settle_tag_authority(connection, authority, on)

    def secret(self, name: str) -> bytes:
        """A random key that stays with this place; `name` says what for."""
        with writing(self._engine) as connection:
            return place.secret(connection, name)

    # --- deputies (tracker.ports.DeputyIntake) ---

    def missing_actors(self) -> Sequence[str]:
        """Actor references on followed questions to ask for now (see `db.deputies.missing`)."""
        with reading(self._engine) as connection:
            return deputies.missing(connection, self._clock())

    def save_deputies(self, found: Iterable[Deputy], not_found: Iterable[str], at: datetime) -> None:
        """Keep who was found; note who was not, so that they are asked for again later."""
        named = tuple(found)
        with writing(self._engine) as connection:
            deputies.save(connection, named, tuple(not_found), at)
            owe_late(connection, [deputy.actor_ref for deputy in named], at=at)

    # --- the source and the runs (tracker.ports.SourceMemory) ---

    def source_state(self, source: str) -> SourceState:
        """The state of `source` (an address), empty when never read."""
        with reading(self._engine) as connection:
            return runs.source_state(connection, source)

    def save_source_state(self, source: str, state: SourceState) -> None:
        """Remember it."""
        with writing(self._engine) as connection:
            runs.save_source_state(connection, source, state)

    def start_run(self, report: CrawlReport) -> int:
        """Note that a run begins, and as KILLED those of the same source that never ended; its number."""
        with writing(self._engine) as connection:
            return runs.start(connection, report)

    def finish_run(self, run_id: int, report: CrawlReport) -> None:
        """Note how a run ended."""
        with writing(self._engine) as connection:
            runs.finish(connection, run_id, report)

    def interrupt_runs(self, at: datetime, reason: str) -> None:
        """Note as KILLED every run that has not ended, when none is under way."""
        with writing(self._engine) as connection:
            runs.interrupt(connection, at, reason)

    def acquire_lock(self, name: str, owner: str, until: datetime, now: datetime) -> bool:
        """Claim a job, or renew one's own claim, until an instant; False when another holds it at `now`."""
        with writing(self._engine) as connection:
            return runs.acquire_lock(connection, name, owner, until, now)

    def lock_owner(self, name: str) -> str | None:
        """Who holds a claim, if anyone does."""
        with reading(self._engine) as connection:
            return runs.lock_owner(connection, name)

    def release_lock(self, name: str, owner: str) -> None:
        """Give up one's own claim; another's is left alone."""
        with writing(self._engine) as connection:
            runs.release_lock(connection, name, owner)
