"""What the rooms are handed: the few Protocols between crawler, tracker, db and feeds.

Enters: nothing. Leaves: the shapes that cross a room's door, and the doors. `db.store.Store`
implements `Store` and `db.queries.Reader` implements `Reader`; `tracker.recorder.Recorder` is the
`Intake` that a crawl is handed. Instants are aware UTC, dates are dates in Paris.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from tracker.events import Event, Origin, RecordedEvent
from tracker.questions import Closure, Constituency, Deputy, QuestionRecord, SourceIssue
from tracker.selection import Selection

# --- what a crawl reads and hands over -------------------------------------------------------------


class LedgerMark(NamedTuple):
    """What we last read of one file of the archive: its CRC-32, size, and with which reader.

    `reader` is a fingerprint of parser version and topics: when it differs, the file is read again
    as a backfill even though its CRC has not moved.
    """

    crc: int
    size: int
    reader: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One file of the archive as just read. `record` is None when the file was unreadable."""

    uid: str
    crc: int
    size: int
    raw: bytes
    record: QuestionRecord | None
    issues: tuple[SourceIssue, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceState:
    """What we remember of an address of the source between runs. Nothing in it is promised by it."""

    etag: str | None = None
    last_modified: str | None = None
    entries: int | None = None
    robots: str | None = None
    robots_read_at: datetime | None = None


QUESTION_RUNS = "questions/"
"""How the source of a run over questions begins; only such a run checks what is public."""


class RunOutcome(StrEnum):
    """How a crawl run ended; `PARTIAL` took the good files and reports the bad ones."""

    RUNNING = "running"
    UNCHANGED = "unchanged"
    SUCCEEDED = "succeeded"
    PARTIAL = "partial"
    FAILED = "failed"
    KILLED = "killed"


GOOD_OUTCOMES = frozenset({RunOutcome.UNCHANGED, RunOutcome.SUCCEEDED, RunOutcome.PARTIAL})


@dataclass(frozen=True, slots=True)
class CrawlReport:
    """What one run did, for the ledger of runs; `bytes_received` counts headers too, `reason` is French."""

    source: str
    outcome: RunOutcome
    started_at: datetime
    finished_at: datetime | None = None
    requests: int = 0
    bytes_received: int = 0
    entries: int = 0
    changed: int = 0
    unreadable: int = 0
    events: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ArchiveRead:
    """An address of the source, and what to remember of it once all that it said is kept."""

    address: str
    state: SourceState


class Intake(Protocol):
    """Where a crawl of questions puts what it reads. Nothing is public before `commit`."""

    @property
    def reader(self) -> str:
        """Fingerprint of parser and topics that this run reads with."""
        ...

    def marks(self, legislature: int) -> Mapping[str, LedgerMark]:
        """What the ledger knows of a legislature: uid to mark."""
        ...

    def take(self, reading: Reading) -> None:
        """Match and hold one reading; what is off topic shrinks to its ledger row at once."""
        ...

    def commit(self, *, present: Collection[str], complete: bool, read: ArchiveRead | None = None) -> int:
        """Write all that was taken, a transaction per batch; the number of events recorded.

        `present` are the uids that the archive lists; `complete` says that the listing can be
        trusted, so that absences may be counted towards DELISTED.
        """
        ...


class DeputyIntake(Protocol):
    """Where a crawl of deputies asks whom we lack and puts whom it found."""

    def missing_actors(self) -> Sequence[str]:
        """Actor references on followed questions that we have no name for and may ask for now."""
        ...

    def save_deputies(self, found: Iterable[Deputy], not_found: Iterable[str], at: datetime) -> None:
        """Keep who was found; note who was not, so that they are asked for again later."""
        ...


class SourceMemory(Protocol):
    """What is remembered of the source's addresses."""

    def source_state(self, source: str) -> SourceState:
        """The state of `source` (an address), empty when never read."""
        ...

    def save_source_state(self, source: str, state: SourceState) -> None:
        """Remember it."""
        ...


# --- what the recorder asks of the store ------------------------------------------------------------


class MatchState(StrEnum):
    """Whether a match may be published: sure, held for review, or decided by a person."""

    SURE = "sure"
    REVIEW = "review"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


PUBLIC_MATCHES = frozenset({MatchState.SURE, MatchState.CONFIRMED})


@dataclass(frozen=True, slots=True)
class Match:
    """Why a question is on a topic: which form, where, by which version of the topic."""

    topic: str
    form: str
    place: str  # "title", "question" or "answer"
    topic_version: int
    state: MatchState
    origin: Origin


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """The small row kept for every question of the legislature, on a topic or not."""

    uid: str
    mark: LedgerMark
    published_on: date | None = None
    answered_on: date | None = None
    closure: Closure | None = None
    ministry: str | None = None  # label of the ministry in charge
    group: str | None = None  # abbreviation as stated
    actor_ref: str | None = None
    rubric: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of one question: its record as last read, its matches, its events in order."""

    record: QuestionRecord
    matches: tuple[Match, ...]
    events: tuple[RecordedEvent, ...]
    revision: int
    missing_runs: int = 0


@dataclass(frozen=True, slots=True)
class PlannedEvent:
    """An event ready to be written; the store gives it its sequence."""

    event: Event
    listed_at: datetime
    origin: Origin


@dataclass(frozen=True, slots=True)
class QuestionWrite:
    """One question to write. `raw` is None when only events or matches are added."""

    record: QuestionRecord
    raw: bytes | None
    revised: bool  # the record differs from the last revision: keep a new one
    matches: tuple[Match, ...]  # the whole set as it is now
    events: tuple[PlannedEvent, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Batch:
    """What one transaction writes: all of it or nothing."""

    ledger: tuple[LedgerRow, ...] = ()
    questions: tuple[QuestionWrite, ...] = ()
    unread: Mapping[str, LedgerMark] = field(default_factory=dict)  # unreadable: only the mark moves
    issues: Mapping[str, tuple[SourceIssue, ...]] = field(default_factory=dict)  # uid -> all it has now
    seen: Collection[str] = ()  # followed uids present: their count of absences returns to zero
    missing: Collection[str] = ()  # followed uids absent from a complete listing: one more absence
    imported: Collection[int] = ()  # legislatures whose first import is complete with this batch
    read: ArchiveRead | None = None  # the archive that has been read to its end with this batch
    at: datetime | None = None


class Store(Protocol):
    """The write side, as the recorder needs it."""

    def ledger_marks(self, legislature: int) -> Mapping[str, LedgerMark]:
        """Uid to mark for a legislature."""
        ...

    def followed_uids(self, legislature: int | None = None) -> frozenset[str]:
        """Questions that are kept whole: those with any match, whatever its state."""
        ...

    def known(self, uids: Iterable[str]) -> Mapping[str, Known]:
        """What is kept of these questions; those not kept are absent."""
        ...

    def first_import_settled(self) -> bool:
        """True once every legislature of the first import has been completed."""
        ...

    def settle_first_import(self, at: datetime) -> None:
        """Note that it is: from now on a legislature added later is a backfill, not the beginning."""
        ...

    def legislature_imported(self, legislature: int) -> bool:
        """True once an import of that legislature has been completed."""
        ...

    def last_listed_at(self) -> datetime | None:
        """The latest `listed_at` of any event."""
        ...

    def without_deadline_event(self, due_before: date) -> Sequence[str]:
        """Public questions due before a day, with no DEADLINE_PASSED yet: the daily job's work."""
        ...

    def write(self, batch: Batch) -> int:
        """One transaction; events whose id is already kept are skipped. The number written."""
        ...


# --- what the public side reads -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AuthorView:
    """Who asks, as a page shows it. `named_by` says where the name comes from."""

    actor_ref: str | None
    civility: str | None
    name: str | None  # « Édouard Bénard »; None when neither the source nor the text names the author
    named_by: str  # "deputies", "text" or "nothing"
    constituency: Constituency | None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question as the public side sees it: its record now, its author, its history."""

    record: QuestionRecord
    author: AuthorView
    events: tuple[RecordedEvent, ...]
    topics: tuple[str, ...]  # slugs with a public match
    first_seen_at: datetime
    read_at: datetime


@dataclass(frozen=True, slots=True)
class EventView:
    """An event with the record as it was known when the event was observed (its revision)."""

    recorded: RecordedEvent
    record: QuestionRecord
    author: AuthorView
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Facet:
    """One value that questions can be selected by: its slug in addresses, its French label, a count.

    `sorted_as` is what alphabetical lists go by: a deputy's last name first, else the label, folded.
    """

    slug: str
    label: str
    questions: int
    sorted_as: str = ""


@dataclass(frozen=True, slots=True)
class Facets:
    """Every value ever seen among the public questions of a topic: feed addresses never die."""

    groups: tuple[Facet, ...] = ()
    ministries: tuple[Facet, ...] = ()
    deputies: tuple[Facet, ...] = ()
    departments: tuple[Facet, ...] = ()
    rubrics: tuple[Facet, ...] = ()
    questions: tuple[Facet, ...] = ()  # slug is the uid, label « n° 13983 : title »


class Reader(Protocol):
    """The read side: everything public is made from it. Questions held for review never appear."""

    def version(self) -> str:
        """A token that changes whenever anything public may have changed."""
        ...

    def tag_authority(self) -> tuple[str, str]:
        """Authority and date of this installation's tag URIs (RFC 4151), set once."""
        ...

    def events(
        self,
        selection: Selection,
        *,
        origins: Collection[Origin] | None = None,
        listed_from: datetime | None = None,
        listed_before: datetime | None = None,
        limit: int | None = None,
        today: date | None = None,
    ) -> list[EventView]:
        """Events of selected questions, newest `listed_at` first."""
        ...

    def events_after(self, sequence: int, *, limit: int) -> list[EventView]:
        """Events in our sequence after a cursor, oldest first."""
        ...

    def questions(
        self,
        selection: Selection,
        *,
        today: date,
        order: str = "published",
        descending: bool = True,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[QuestionView]:
        """Selected questions; `order` is `published`, `number`, `due`, `answered` or `changed`."""
        ...

    def count(self, selection: Selection, *, today: date) -> int:
        """How many questions a selection holds."""
        ...

    def question(self, uid: str) -> QuestionView | None:
        """One public question."""
        ...

    def by_number(self, number: int) -> list[QuestionView]:
        """Public questions with that number, newest legislature first."""
        ...

    def facets(self, topic: str) -> Facets:
        """What the questions of a topic can be selected by."""
        ...

    def last_good_check(self) -> datetime | None:
        """When the source was last read well (or found unchanged)."""
        ...

    def runs(self, *, limit: int = 20) -> list[CrawlReport]:
        """The last runs, newest first."""
        ...

    def open_issues(self) -> list[tuple[SourceIssue, datetime]]:
        """What of the source is not understood now, with when it was first seen."""
        ...
