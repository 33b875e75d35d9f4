"""The tables: storage only, with no rule of the domain in them.

Enters: nothing. Leaves: SQLModel tables, and under their upper-case names the SQLAlchemy tables that
`db.store` writes and `db.queries` reads. SQLModel does not validate `table=True` classes when they
are built: the frozen dataclasses of `tracker` are the truth, mapped in `db.mapping`. Instants are
aware UTC (SQLModel's `UTCDateTime` refuses naive ones), dates are dates in Paris. What each column
holds is in `docs/reference/schema.md`.
"""

from datetime import date, datetime
from typing import Any, ClassVar, cast

from sqlalchemy import JSON, BigInteger, Column, ForeignKeyConstraint, Index, Table, Text
from sqlmodel import Field, SQLModel

# named, so that later migrations can drop them on any dialect
SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
}


class QuestionRow(SQLModel, table=True):
    """A followed question: a projection of its last revision, to be filtered and sorted by."""

    __tablename__ = "questions"
    __table_args__ = (Index("ix_questions_number", "number", "legislature"),)

    uid: str = Field(primary_key=True)
    legislature: int
    number: int
    revision: int
    title: str | None
    actor_ref: str | None = Field(index=True)
    mandate_ref: str | None
    published_on: date | None = Field(index=True)
    answered_on: date | None
    closed_on: date | None
    due_on: date | None = Field(index=True)
    fact: str  # the stored fact behind the status; OVERDUE is never stored
    signalled: bool
    last_sequence: int  # of its last event; 0 while it has none
    missing_runs: int  # complete listings in a row without it
    first_seen_at: datetime
    read_at: datetime


class FileRow(SQLModel, table=True):
    """The source's JSON of a question as last read; apart, so that questions are scanned fast."""

    __tablename__ = "question_files"

    uid: str = Field(primary_key=True, foreign_key="questions.uid")
    raw: bytes


class RevisionRow(SQLModel, table=True):
    """One distinct record of a question, kept for ever: what its events are shown with."""

    __tablename__ = "revisions"

    uid: str = Field(primary_key=True, foreign_key="questions.uid")
    number: int = Field(primary_key=True)
    observed_at: datetime
    record: str = Field(sa_type=Text)  # JSON of the QuestionRecord


class EventRow(SQLModel, table=True):
    """One event, never changed; `sequence` is the cursor of who follows us and only grows."""

    __tablename__ = "events"
    __table_args__: ClassVar[Any] = (
        ForeignKeyConstraint(["uid", "revision"], ["revisions.uid", "revisions.number"]),
        Index("ix_events_uid", "uid", "sequence"),
        {"sqlite_autoincrement": True},
    )

    sequence: int | None = Field(default=None, primary_key=True)
    id: str = Field(unique=True)
    uid: str
    kind: str
    occurred_on: date
    observed_at: datetime
    rank: int
    detail: dict[str, str] = Field(sa_column=Column(JSON, nullable=False))
    listed_at: datetime = Field(index=True)
    origin: str
    revision: int


class LabelRow(SQLModel, table=True):
    """A value that a question can be selected by, and the revisions that state it.

    `kind` is one of `db.projection.LabelKind`. A value is kept when a later revision no longer states
    it, so that addresses of feeds never die: `since` is the first revision that stated it, `until`
    the first that no longer did (null while it stands).
    """

    __tablename__ = "question_labels"
    __table_args__ = (Index("ix_question_labels_slug", "kind", "slug"),)

    uid: str = Field(primary_key=True, foreign_key="questions.uid")
    kind: str = Field(primary_key=True)
    slug: str = Field(primary_key=True)
    since: int = Field(primary_key=True)
    until: int | None
    label: str


class MatchRow(SQLModel, table=True):
    """Why a question is on a topic."""

    __tablename__ = "matches"
    __table_args__ = (Index("ix_matches_uid", "uid", "topic", "state"),)

    uid: str = Field(primary_key=True, foreign_key="questions.uid")
    position: int = Field(primary_key=True)
    topic: str
    form: str
    place: str
    topic_version: int
    state: str
    origin: str


class DeputyRow(SQLModel, table=True):
    """What a page shows of a deputy, and nothing else."""

    __tablename__ = "deputies"

    actor_ref: str = Field(primary_key=True)
    civility: str | None
    first_name: str | None
    last_name: str | None
    read_at: datetime


class MandateRow(SQLModel, table=True):
    """One mandate of a deputy."""

    __tablename__ = "mandates"

    ref: str = Field(primary_key=True)
    actor_ref: str = Field(foreign_key="deputies.actor_ref", index=True)
    legislature: int | None
    department: str | None
    department_code: str | None
    constituency: int | None
    begins_on: date | None
    ends_on: date | None


class MissingActorRow(SQLModel, table=True):
    """An author that the deputies' archive did not have: when to ask again."""

    __tablename__ = "actors_missing"

    actor_ref: str = Field(primary_key=True)
    tries: int
    tried_at: datetime
    next_try_at: datetime


class LedgerEntry(SQLModel, table=True):
    """The small row of every question of a legislature, on a topic or not."""

    __tablename__ = "ledger"

    uid: str = Field(primary_key=True)
    legislature: int = Field(index=True)
    crc: int = Field(sa_type=BigInteger)  # unsigned 32 bits
    size: int = Field(sa_type=BigInteger)
    reader: str
    published_on: date | None
    answered_on: date | None
    closure_code: str | None
    closure_label: str | None
    closed_on: date | None
    ministry: str | None
    group_label: str | None
    actor_ref: str | None
    rubric: str | None


class CrawlRunRow(SQLModel, table=True):
    """One run of a crawl, good or not."""

    __tablename__ = "crawl_runs"
    __table_args__ = {"sqlite_autoincrement": True}

    id: int | None = Field(default=None, primary_key=True)
    source: str = Field(index=True)
    outcome: str
    started_at: datetime
    finished_at: datetime | None
    requests: int
    bytes_received: int = Field(sa_type=BigInteger)
    entries: int
    changed: int
    unreadable: int
    events: int
    reason: str | None


class SourceIssueRow(SQLModel, table=True):
    """Something of the source that was not understood; resolved when a later reading lacks it."""

    __tablename__ = "source_issues"

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(index=True)
    code: str
    path: str
    raw: str
    first_seen_at: datetime
    resolved_at: datetime | None


class SourceStateRow(SQLModel, table=True):
    """What is remembered of an address of the source."""

    __tablename__ = "source_state"

    source: str = Field(primary_key=True)
    etag: str | None
    last_modified: str | None
    entries: int | None
    robots: str | None
    robots_read_at: datetime | None


class PlaceRow(SQLModel, table=True):
    """What holds for this place: the tag authority, the imports completed, the public version."""

    __tablename__ = "place"

    key: str = Field(primary_key=True)
    value: str


class JobLockRow(SQLModel, table=True):
    """Who does a job now, and until when the claim stands."""

    __tablename__ = "job_locks"

    name: str = Field(primary_key=True)
    owner: str
    until: datetime


class SearchRow(SQLModel, table=True):
    """Folded words of a question; SQLite's full-text index is made over this table by triggers."""

    __tablename__ = "search_documents"

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(unique=True, foreign_key="questions.uid")
    number: str
    title: str
    author: str
    question: str
    answer: str


def _table(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table behind a SQLModel class."""
    return cast("Table", model.__table__)  # type: ignore[attr-defined]  # set by SQLModel's metaclass


QUESTIONS = _table(QuestionRow)
FILES = _table(FileRow)
REVISIONS = _table(RevisionRow)
EVENTS = _table(EventRow)
LABELS = _table(LabelRow)
MATCHES = _table(MatchRow)
DEPUTIES = _table(DeputyRow)
MANDATES = _table(MandateRow)
MISSING_ACTORS = _table(MissingActorRow)
LEDGER = _table(LedgerEntry)
RUNS = _table(CrawlRunRow)
ISSUES = _table(SourceIssueRow)
SOURCE_STATE = _table(SourceStateRow)
PLACE = _table(PlaceRow)
JOB_LOCKS = _table(JobLockRow)
SEARCH = _table(SearchRow)

METADATA = SQLModel.metadata

SEARCH_INDEX = "search_index"  # SQLite's FTS5 table over SEARCH, and the prefix of its shadow tables
