"""What was read becomes what is kept: the only place that decides what is written.

Enters: readings of a crawl, a person's decisions, the daily job. Leaves: batches for the store, each
one transaction, in an order that depends on nothing but the questions' numbers: a run that is killed
and begun again writes what is missing and nothing twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TypeVar

from tracker.clock import paris_day
from tracker.diff import deadline_event, delisted_event, diff
from tracker.errors import UsageError
from tracker.events import Event, Origin
from tracker.following import decided, is_public, merged
from tracker.listing import Listing
from tracker.matching import TopicMatch, TopicSet
from tracker.ports import (
    ArchiveRead,
    Batch,
    Known,
    LedgerMark,
    LedgerRow,
    Match,
    MatchState,
    QuestionWrite,
    Reading,
    Store,
)
from tracker.questions import QuestionId, QuestionRecord, SourceIssue
from tracker.readings import future_dates, ledger_row, whole
from tracker.status import LEGISLATURE_ENDS

BATCH_SIZE = 2_000  # ledger rows in one transaction
ABSENCES_BEFORE_DELISTED = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Held:
    """A reading kept whole until the commit: its question is on a topic, or was."""

    record: QuestionRecord
    raw: bytes
    found: tuple[TopicMatch, ...]
    origin: Origin


class Recorder:
    """The `Intake` of one run. `observed_at` is when the run began, `parser` its parsers' version."""

    def __init__(
        self,
        store: Store,
        topics: TopicSet,
        observed_at: datetime,
        *,
        parser: str,
        batch_size: int = BATCH_SIZE,
    ) -> None:
        self._store = store
        self._topics = topics
        self._at = observed_at
        self._today = paris_day(observed_at)
        self._batch_size = batch_size
        self._reader = reader_fingerprint(parser, topics)
        self._is_first = not store.first_import_settled()
        self._imported: dict[int, bool] = {}
        self._marks: dict[int, Mapping[str, LedgerMark]] = {}
        self._followed: dict[int, frozenset[str]] = {}
        self._rows: dict[str, LedgerRow] = {}
        self._unread: dict[str, LedgerMark] = {}
        self._held: dict[str, _Held] = {}
        self._issues: dict[str, tuple[SourceIssue, ...]] = {}

    @property
    def reader(self) -> str:
        """Fingerprint of parser, topics and finished legislatures that this run reads with."""
        return self._reader

    def marks(self, legislature: int) -> Mapping[str, LedgerMark]:
        """What the ledger knew of a legislature when the run first asked: uid to mark."""
        if legislature not in self._marks:
            self._marks[legislature] = self._store.ledger_marks(legislature)
        return self._marks[legislature]

    def take(self, reading: Reading) -> None:
        """Match and hold one reading; what is off topic shrinks to its ledger row at once.

        A file read twice in a run counts as it was read last.
        """
        uid, record = reading.uid, reading.record
        for earlier in (self._rows, self._unread, self._held):
            earlier.pop(uid, None)
        mark = LedgerMark(reading.crc, reading.size, self._reader)
        self._issues[uid] = reading.issues
        if record is None:
            self._unread[uid] = mark
            return
        self._rows[uid] = ledger_row(record, mark)
        found = self._topics.match(
            record.title or "", whole(record.question_texts), whole(record.answer_texts)
        )
        if found or uid in self._followed_in(record.id.legislature):
            self._held[uid] = _Held(record, reading.raw, found, self._origin(reading))
            self._issues[uid] += future_dates(record, self._today)

    def commit(self, *, present: Collection[str], complete: bool, read: ArchiveRead | None = None) -> int:
        """Write all that was taken, a transaction per batch; the number of events recorded.

        When the listing is complete a last transaction counts the absences, notes that these
        legislatures have been imported, and remembers the archive as read: a run killed before it
        counts nothing, one killed after it has nothing left to do.
        """
        listing = Listing(self._at, self._store.last_listed_at())
        recorded = 0
        for uids in _batches(sorted(self._issues, key=QuestionId.from_uid), self._batch_size):
            known = self._store.known([uid for uid in uids if uid in self._held])
            writes = (
                self._write(self._held[uid], known.get(uid), listing) for uid in uids if uid in self._held
            )
            recorded += self._store.write(
                Batch(
                    ledger=tuple(self._rows[uid] for uid in uids if uid in self._rows),
                    questions=tuple(write for write in writes if write is not None),
                    unread={uid: self._unread[uid] for uid in uids if uid in self._unread},
                    issues={uid: self._issues[uid] for uid in uids},
                    at=self._at,
                )
            )
        if complete:
            recorded += self._close(frozenset(present), read, listing)
        return recorded

    def _followed_in(self, legislature: int) -> frozenset[str]:
        if legislature not in self._followed:
            self._followed[legislature] = self._store.followed_uids(legislature)
        return self._followed[legislature]

    def _origin(self, reading: Reading) -> Origin:
        """Why we learn now what a reading says: it moved, or we read it otherwise, or for the first time."""
        legislature = QuestionId.from_uid(reading.uid).legislature
        if legislature not in self._imported:
            self._imported[legislature] = self._store.legislature_imported(legislature)
        if self._is_first and not self._imported[legislature]:
            return Origin.INITIAL
        mark = self.marks(legislature).get(reading.uid)
        unmoved = mark is not None and (mark.crc, mark.size) == (reading.crc, reading.size)
        return Origin.BACKFILL if unmoved or not self._imported[legislature] else Origin.LIVE

    def _write(self, held: _Held, known: Known | None, listing: Listing) -> QuestionWrite | None:
        """What to write of one reading; None when it adds nothing to what is kept."""
        matches = merged(known.matches if known else (), held.found, held.origin)
        history = [recorded.event for recorded in known.events] if known else []
        old = known.record if known and history else None
        events = diff(old, history, held.record, self._at) if is_public(matches) else ()
        revised = known is None or known.record != held.record
        if (
            known
            and not revised
            and not events
            and known.matches == matches
            and held.origin is Origin.BACKFILL
        ):
            return None
        return QuestionWrite(
            record=held.record,
            raw=held.raw,
            revised=revised,
            matches=matches,
            events=listing.plan(self._origins(events, held.origin, old, history)),
            at=self._at,
        )

    def _origins(
        self, events: Iterable[Event], origin: Origin, old: QuestionRecord | None, history: Sequence[Event]
    ) -> Iterator[tuple[Event, Origin]]:
        """Events with their origins: what time alone brought is live, even when a re-read tells it first."""
        by_time: set[str] = set()
        if origin is Origin.BACKFILL and old is not None:
            by_time = {event.id for event in diff(old, history, old, self._at)}
        for event in events:
            yield event, Origin.LIVE if event.id in by_time else origin

    def _close(self, present: frozenset[str], read: ArchiveRead | None, listing: Listing) -> int:
        """Note who is missing from a complete listing, said the third time only; and that all is read."""
        one_of_each = {uid.partition("QE")[0]: uid for uid in present}.values()
        legislatures = sorted(QuestionId.from_uid(uid).legislature for uid in one_of_each)
        followed = frozenset().union(*(self._store.followed_uids(number) for number in legislatures))
        missing = sorted(followed - present, key=QuestionId.from_uid)
        writes = []
        for uid, known in self._store.known(missing).items():
            if known.missing_runs + 1 == ABSENCES_BEFORE_DELISTED and is_public(known.matches):
                event = delisted_event(uid, [recorded.event for recorded in known.events], self._at)
                writes.append(_addition(known, listing, [(event, Origin.LIVE)], self._at))
        return self._store.write(
            Batch(
                questions=tuple(writes),
                seen=followed & present,
                missing=missing,
                imported=legislatures,
                read=read,
                at=self._at,
            )
        )


def reader_fingerprint(parser: str, topics: TopicSet) -> str:
    """What a file is read with: when it changes, all is read again, as a backfill.

    The last finished legislature is part of it, because its end lapses questions whose file does not
    change.
    """
    return f"{parser}/{topics.fingerprint}/{max(LEGISLATURE_ENDS)}"


def record_deadlines(store: Store, at: datetime) -> int:
    """The daily job: a DEADLINE_PASSED for each due date passed, however long ago; how many were new."""
    listing = Listing(at, store.last_listed_at())
    recorded = 0
    uids = sorted(store.without_deadline_event(paris_day(at)), key=QuestionId.from_uid)
    for batch in _batches(uids, BATCH_SIZE):
        known = store.known(batch)
        writes = []
        for uid in batch:
            event = deadline_event(known[uid].record, [kept.event for kept in known[uid].events], at)
            if event is not None:
                writes.append(_addition(known[uid], listing, [(event, Origin.LIVE)], at))
        if writes:
            recorded += store.write(Batch(questions=tuple(writes), at=at))
    return recorded


def decide_match(store: Store, uid: str, topic: str, *, confirm: bool, at: datetime) -> int:
    """Confirm or reject what is held for review; the number of events that a confirmation published.

    The history is live when the reading that found it was, else a backfill. Raises UsageError when
    there is nothing to decide.
    """
    known = store.known([uid]).get(uid)
    if known is None:
        raise UsageError(f"La question {uid} n’est pas suivie.")
    matches = decided(uid, known.matches, topic, confirm=confirm)
    events: tuple[Event, ...] = ()
    if confirm and not known.events:
        events = diff(None, (), known.record, at)
    was_live = any(
        match.state is MatchState.CONFIRMED and match.topic == topic and match.origin is Origin.LIVE
        for match in matches
    )
    origin = Origin.LIVE if was_live else Origin.BACKFILL
    listing = Listing(at, store.last_listed_at())
    write = _addition(known, listing, [(event, origin) for event in events], at, matches)
    return store.write(Batch(questions=(write,), at=at))


def _addition(
    known: Known,
    listing: Listing,
    events: Iterable[tuple[Event, Origin]],
    at: datetime,
    matches: tuple[Match, ...] | None = None,
) -> QuestionWrite:
    """Events and decisions added to a question as it is kept, with nothing newly read."""
    return QuestionWrite(
        record=known.record,
        raw=None,
        revised=False,
        matches=known.matches if matches is None else matches,
        events=listing.plan(events),
        at=at,
    )


def _batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
