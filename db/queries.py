"""The read side: everything public is made from `SqlReader`.

Enters: selections and cursors. Leaves: `QuestionView`, `EventView` and the other shapes of
`tracker.ports`, each call in one read transaction and in a number of queries that does not depend on
how many rows it gives. Implements `tracker.figures_port.PublicReader`: questions without a public
match never appear.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Select, func, select
from sqlalchemy import Row as SqlRow

from db import facets, figures, issues, likeness, place, runs
from db.authors import AuthorBook
from db.bulk import chunks
from db.engine import reading
from db.mapping import record_of, recorded_event_of
from db.paging import following, ordering, sorted_value
from db.projection import LabelKind
from db.selecting import selected_events, selected_questions
from db.tables import EVENTS, MATCHES, QUESTIONS, REVISIONS
from db.visible import PUBLIC_STATES, is_public
from tracker.events import Origin, RecordedEvent
from tracker.figures import FigureRow, Figures
from tracker.figures_port import Label
from tracker.likeness import Alike
from tracker.paging import Position, QuestionPage
from tracker.ports import CrawlReport, EventView, Facets, QuestionView
from tracker.questions import QuestionRecord, SourceIssue
from tracker.selection import Selection


class SqlReader:
    """What the public side may ask."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._dialect = engine.dialect.name

    def version(self) -> str:
        """A token that changes whenever anything public may have changed."""
        with reading(self._engine) as connection:
            return place.version(connection)

    def tag_authority(self) -> tuple[str, str]:
        """Authority and date of this installation's tag URIs. Raises IntegrityError if never settled."""
        with reading(self._engine) as connection:
            return place.tag_authority(connection)

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
        """Events of selected questions, newest `listed_at` first.

        `today` is needed by a selection with statuses, which are those of the questions now.
        """
        conditions = selected_events(selection, today, self._dialect)
        if origins is not None:
            conditions.append(EVENTS.c.origin.in_(sorted(origin.value for origin in origins)))
        if listed_from is not None:
            conditions.append(EVENTS.c.listed_at >= listed_from)
        if listed_before is not None:
            conditions.append(EVENTS.c.listed_at < listed_before)
        query = _events(conditions).order_by(EVENTS.c.listed_at.desc(), EVENTS.c.sequence.desc())
        with reading(self._engine) as connection:
            return _event_views(connection, query.limit(limit))

    def events_after(self, sequence: int, *, limit: int) -> list[EventView]:
        """Events in our sequence after a cursor, oldest first."""
        conditions = [*selected_events(Selection(), None, self._dialect), EVENTS.c.sequence > sequence]
        with reading(self._engine) as connection:
            return _event_views(connection, _events(conditions).order_by(EVENTS.c.sequence).limit(limit))

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
        """Selected questions; `order` is one of `db.paging.ORDERS`. Raises UsageError on another."""
        query = (
            _questions(selected_questions(selection, today, self._dialect))
            .order_by(*ordering(order, descending=descending))
            .limit(limit)
            .offset(offset)
        )
        with reading(self._engine) as connection:
            return _question_views(connection, query)

    def page(
        self,
        selection: Selection,
        *,
        today: date,
        order: str,
        descending: bool,
        after: Position | None,
        limit: int,
    ) -> QuestionPage:
        """The questions of a selection that follow a position, or the first ones."""
        conditions = selected_questions(selection, today, self._dialect)
        if after is not None:
            conditions.append(following(order, after, descending=descending))
        query = (
            select(QUESTIONS.c.uid, QUESTIONS.c.legislature, QUESTIONS.c.number, sorted_value(order))
            .where(*conditions)
            .order_by(*ordering(order, descending=descending))
            .limit(limit + 1)
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query).all()
            views = _views(connection, [row.uid for row in rows[:limit]])
        last = rows[limit - 1] if len(rows) > limit else None
        return QuestionPage(views, Position(last.value, last.legislature, last.number) if last else None)

    def uids(self, selection: Selection, *, today: date) -> list[str]:
        """The uids of a selection, oldest publication first."""
        conditions = selected_questions(selection, today, self._dialect)
        query = select(QUESTIONS.c.uid).where(*conditions).order_by(*ordering("published", descending=False))
        with reading(self._engine) as connection:
            return list(connection.scalars(query))

    def views(self, uids: Iterable[str]) -> list[QuestionView]:
        """These questions in the order given; those that are not public are left out."""
        with reading(self._engine) as connection:
            return _views(connection, list(uids))

    def last_sequence(self) -> int:
        """The sequence of the last event of a public question; 0 before there is one."""
        with reading(self._engine) as connection:
            return connection.scalar(select(func.max(QUESTIONS.c.last_sequence)).where(is_public())) or 0

    def count(self, selection: Selection, *, today: date) -> int:
        """How many questions a selection holds."""
        conditions = selected_questions(selection, today, self._dialect)
        with reading(self._engine) as connection:
            return connection.execute(
                select(func.count()).select_from(QUESTIONS).where(*conditions)
            ).scalar_one()

    def question(self, uid: str) -> QuestionView | None:
        """One public question."""
        query = _questions(selected_questions(Selection(uid=uid), None, self._dialect))
        with reading(self._engine) as connection:
            return next(iter(_question_views(connection, query)), None)

    def by_number(self, number: int) -> list[QuestionView]:
        """Public questions with that number, newest legislature first."""
        conditions = [*selected_questions(Selection(), None, self._dialect), QUESTIONS.c.number == number]
        query = _questions(conditions).order_by(QUESTIONS.c.legislature.desc())
        with reading(self._engine) as connection:
            return _question_views(connection, query)

    def alike(self, record: QuestionRecord) -> Alike:
        """Questions asked again by the author of a public one, or answered together with it."""
        with reading(self._engine) as connection:
            return Alike(
                again=_listed(connection, likeness.asked_again(connection, record)),
                answered_together=_listed(connection, likeness.answered_together(connection, record)),
            )

    def facets(self, topic: str) -> Facets:
        """What the questions of a topic can be selected by, with every value ever stated."""
        with reading(self._engine) as connection:
            return facets.load(connection, topic)

    def rows(self, selection: Selection, *, today: date) -> Mapping[int, Sequence[FigureRow]]:
        """Rows to count of the selected questions by legislature, newest first."""
        with reading(self._engine) as connection:
            return figures.rows(connection, selection, today, self._dialect)

    def rows_by(self, label: Label, *, today: date) -> Mapping[str, Sequence[FigureRow]]:
        """Rows to count of all public questions by the group, ministry… that they are selected by now."""
        with reading(self._engine) as connection:
            return figures.rows_by(connection, LabelKind(label), today)

    def all_figures(
        self, *, today: date, ministry: str | None = None, group: str | None = None
    ) -> Mapping[int, Figures]:
        """Figures of all written questions by legislature, newest first; of one ministry or group."""
        with reading(self._engine) as connection:
            return figures.all_figures(connection, today, ministry, group)

    def last_good_check(self) -> datetime | None:
        """When the source's questions were last read well (or found unchanged)."""
        with reading(self._engine) as connection:
            return runs.last_good_end(connection)

    def runs(self, *, limit: int = 20) -> list[CrawlReport]:
        """The last runs, newest first."""
        with reading(self._engine) as connection:
            return runs.last(connection, limit)

    def open_issues(self) -> list[tuple[SourceIssue, datetime]]:
        """What of the source is not understood now, with when it was first seen."""
        with reading(self._engine) as connection:
            return issues.unresolved(connection)


def views_of_events(connection: Connection, sequences: Iterable[int]) -> dict[int, EventView]:
    """Events by sequence; those of questions that are not public are left out."""
    views: dict[int, EventView] = {}
    for part in chunks(sequences):
        found = _event_views(connection, _events([is_public(), EVENTS.c.sequence.in_(part)]))
        views.update((view.recorded.sequence, view) for view in found)
    return views


def _questions(conditions: Iterable[ColumnElement[bool]]) -> Select[Any]:
    columns = (QUESTIONS.c.uid, QUESTIONS.c.revision, QUESTIONS.c.first_seen_at, QUESTIONS.c.read_at)
    return select(*columns).where(*conditions)


def _events(conditions: Iterable[ColumnElement[bool]]) -> Select[Any]:
    return select(EVENTS).join(QUESTIONS, QUESTIONS.c.uid == EVENTS.c.uid).where(*conditions)


def _question_views(connection: Connection, query: Select[Any]) -> list[QuestionView]:
    rows = connection.execute(query).all()
    uids = [row.uid for row in rows]
    records = _records(connection, rows)
    authors = AuthorBook.load(connection, (record.author.actor_ref for record in records.values()))
    topics = _topics(connection, uids)
    events = _events_by_uid(connection, uids)
    return [
        QuestionView(
            record=(record := records[row.uid, row.revision]),
            author=authors.view(record),
            events=tuple(events.get(row.uid, ())),
            topics=topics.get(row.uid, ()),
            first_seen_at=row.first_seen_at,
            read_at=row.read_at,
        )
        for row in rows
    ]


def _listed(connection: Connection, uids: Sequence[str]) -> tuple[QuestionView, ...]:
    """Questions in the order of `uids`."""
    found = [
        view
        for part in chunks(uids)
        for view in _question_views(connection, _questions([QUESTIONS.c.uid.in_(part)]))
    ]
    return tuple(sorted(found, key=lambda view: uids.index(view.record.uid)))


def _views(connection: Connection, uids: Sequence[str]) -> list[QuestionView]:
    found: dict[str, QuestionView] = {}
    for part in chunks(uids):
        views = _question_views(connection, _questions([is_public(), QUESTIONS.c.uid.in_(part)]))
        found.update((view.record.uid, view) for view in views)
    return [found[uid] for uid in uids if uid in found]


def _event_views(connection: Connection, query: Select[Any]) -> list[EventView]:
    rows = connection.execute(query).all()
    records = _records(connection, rows)
    authors = AuthorBook.load(connection, (record.author.actor_ref for record in records.values()))
    views = {key: authors.view(record) for key, record in records.items()}
    topics = _topics(connection, dict.fromkeys(row.uid for row in rows))
    return [
        EventView(
            recorded=recorded_event_of(row),
            record=records[row.uid, row.revision],
            author=views[row.uid, row.revision],
            topics=topics.get(row.uid, ()),
        )
        for row in rows
    ]


def _records(connection: Connection, rows: Sequence[SqlRow[Any]]) -> dict[tuple[str, int], QuestionRecord]:
    """The records of rows with `uid` and `revision`, each read once.

    Asked for after the rows are sorted and cut: a sort that carries whole texts is a slow one.
    """
    wanted = {(row.uid, row.revision) for row in rows}
    numbers = sorted({row.revision for row in rows})
    records: dict[tuple[str, int], QuestionRecord] = {}
    for uids in chunks(dict.fromkeys(row.uid for row in rows)):
        query = select(REVISIONS).where(REVISIONS.c.uid.in_(uids), REVISIONS.c.number.in_(numbers))
        for row in connection.execute(query):
            if (row.uid, row.number) in wanted:
                records[row.uid, row.number] = record_of(row.record)
    return records


def _topics(connection: Connection, uids: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The topics that each question is publicly on, in alphabetical order."""
    topics: dict[str, tuple[str, ...]] = {}
    for part in chunks(uids):
        query = (
            select(MATCHES.c.uid, MATCHES.c.topic)
            .distinct()
            .where(MATCHES.c.uid.in_(part), MATCHES.c.state.in_(PUBLIC_STATES))
            .order_by(MATCHES.c.uid, MATCHES.c.topic)
        )
        for uid, topic in connection.execute(query):
            topics[uid] = (*topics.get(uid, ()), topic)
    return topics


def _events_by_uid(connection: Connection, uids: Iterable[str]) -> dict[str, list[RecordedEvent]]:
    """Every event of each question, in sequence."""
    events: dict[str, list[RecordedEvent]] = {}
    for part in chunks(uids):
        for row in connection.execute(
            select(EVENTS).where(EVENTS.c.uid.in_(part)).order_by(EVENTS.c.sequence)
        ):
            events.setdefault(row.uid, []).append(recorded_event_of(row))
    return events
