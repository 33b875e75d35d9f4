"""A real store filled as the recorder would fill it, for tests of what leaves.

Enters: records, the instant they are read. Leaves: rows in a temporary SQLite file: questions, revisions,
events made by the real `diff`, runs.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from db.queries import SqlReader
from db.store import SqlStore
from tests.builders import fixed_clock
from tests.db.writes import RAW, match
from tracker.clock import PARIS
from tracker.diff import deadline_event, delisted_event, diff
from tracker.events import Event, Origin
from tracker.ports import Batch, CrawlReport, PlannedEvent, QuestionWrite, RunOutcome
from tracker.questions import QuestionRecord

AUTHORITY = ("suivi.exemple.fr", datetime(2026, 11, 1, tzinfo=UTC).date())
MILLISECOND = timedelta(milliseconds=1)


class FilledPlace:
    """A store and its reader, with shorthands to let things happen."""

    def __init__(self, engine):
        self.store = SqlStore(engine, clock=fixed_clock())
        self.reader = SqlReader(engine)
        self.store.settle_tag_authority(*AUTHORITY)

    def read(self, *records: QuestionRecord, at: datetime, origin: Origin = Origin.LIVE, topic="asalee"):
        """The source is read at an instant and states these records."""
        known = self.store.known([record.uid for record in records])
        for record in records:
            before = known.get(record.uid)
            history = [one.event for one in before.events] if before else []
            events = diff(before.record if before else None, history, record, at)
            self._write(
                record,
                events,
                at,
                origin,
                raw=RAW,
                revised=bool(before) and before.record != record,
                topic=topic,
            )

    def pass_deadlines(self, *uids: str, at: datetime):
        """The daily job runs."""
        for known in self.store.known(uids).values():
            event = deadline_event(known.record, [one.event for one in known.events], at)
            self._write(known.record, [event] if event else [], at, Origin.LIVE)

    def delist(self, uid: str, at: datetime):
        """The source has not listed a question for long enough."""
        known = self.store.known([uid])[uid]
        event = delisted_event(uid, [one.event for one in known.events], at)
        self._write(known.record, [event], at, Origin.LIVE)

    def checked(self, at: datetime, outcome: RunOutcome = RunOutcome.UNCHANGED, reason: str | None = None):
        """A run ended."""
        run = self.store.start_run(CrawlReport(SOURCE, RunOutcome.RUNNING, at))
        self.store.finish_run(run, CrawlReport(SOURCE, outcome, at, at, reason=reason))

    def _write(self, record, events, at, origin, *, raw=None, revised=False, topic="asalee"):
        planned = tuple(
            PlannedEvent(event, self._listed_at(event, origin, index), origin)
            for index, event in enumerate(events)
        )
        write = QuestionWrite(record, raw, revised, (match(topic=topic),), planned, at)
        self.store.write(Batch(questions=(write,), at=at))

    def _listed_at(self, event: Event, origin: Origin, index: int) -> datetime:
        last = self.store.last_listed_at()
        if origin is Origin.INITIAL:
            midnight = datetime.combine(event.occurred_on, time(), PARIS).astimezone(UTC)
            number = int(event.uid.rpartition("QE")[2])
            return min(midnight + MILLISECOND * (number * 10 + index), event.observed_at)
        earliest = last + MILLISECOND if last else event.observed_at
        return max(event.observed_at + index * MILLISECOND, earliest + index * MILLISECOND)


SOURCE = "questions/17"
