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
from tracker.diff import deadline_event, diff
from tracker.events import Event, Origin
from tracker.ports import Batch, CrawlReport, Known, PlannedEvent, QuestionWrite, RunOutcome
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
        """The source is read at an instant and states these records; one transaction."""
        known = self.store.known([record.uid for record in records])
        listing = _Listing(self.store.last_listed_at(), origin)
        writes = []
        for record in records:
            before = known.get(record.uid)
            history = [one.event for one in before.events] if before else []
            events = diff(before.record if before else None, history, record, at)
            revised = bool(before) and before.record != record
            planned = tuple(listing.planned(event) for event in events)
            writes.append(QuestionWrite(record, RAW, revised, (match(topic=topic),), planned, at))
        self.store.write(Batch(questions=tuple(writes), at=at))

    def pass_deadlines(self, *uids: str, at: datetime):
        """The daily job runs."""
        for known in self.store.known(uids).values():
            event = deadline_event(known.record, [one.event for one in known.events], at)
            self._add(known, [event] if event else [], at)

    def checked(self, at: datetime, outcome: RunOutcome = RunOutcome.UNCHANGED, reason: str | None = None):
        """A run ended."""
        run = self.store.start_run(CrawlReport(SOURCE, RunOutcome.RUNNING, at))
        self.store.finish_run(run, CrawlReport(SOURCE, outcome, at, at, reason=reason))

    def _add(self, known: Known, events: list[Event], at: datetime):
        listing = _Listing(self.store.last_listed_at(), Origin.LIVE)
        planned = tuple(listing.planned(event) for event in events)
        write = QuestionWrite(known.record, None, revised=False, matches=known.matches, events=planned, at=at)
        self.store.write(Batch(questions=(write,), at=at))


class _Listing:
    """Instants to list events at: growing for what is learned, of its own day for a first import."""

    def __init__(self, last: datetime | None, origin: Origin):
        self._last = last
        self._origin = origin
        self._planned = 0

    def planned(self, event: Event) -> PlannedEvent:
        """The event, ready to be written."""
        self._planned += 1
        if self._origin is Origin.INITIAL:
            midnight = datetime.combine(event.occurred_on, time(), PARIS).astimezone(UTC)
            at = min(midnight + MILLISECOND * self._planned, event.observed_at)
        else:
            at = event.observed_at if self._last is None else max(event.observed_at, self._last + MILLISECOND)
            self._last = at
        return PlannedEvent(event, at, self._origin)


SOURCE = "questions/17"
