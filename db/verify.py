"""Whether what is kept agrees with itself.

Enters: an engine. Leaves: French sentences, one for each disagreement, none when all is well. Nothing
is changed. Everything derived is made again from the revisions and compared: rows, labels, searched
words, SQLite's full-text index; and the events of each question are replayed against its revisions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, Engine, Table, select
from sqlalchemy import Row as SqlRow
from sqlalchemy.exc import DatabaseError

from db.authors import AuthorBook
from db.bulk import chunks
from db.engine import reading, writing
from db.mapping import record_of, recorded_event_of
from db.projection import labels_of, question_row
from db.search import search_row
from db.tables import EVENTS, LABELS, MATCHES, QUESTIONS, REVISIONS, SEARCH, SEARCH_INDEX
from db.visible import PUBLIC_STATES
from tracker.events import Origin, RecordedEvent
from tracker.questions import QuestionRecord
from tracker.replay import Revision, replay

_AT_ONCE = 500
_REMEDY = "asalee-tracker migrate le refait"
_NOT_DERIVED = frozenset({"first_seen_at", "read_at", "missing_runs", "last_sequence"})


def verify(engine: Engine) -> list[str]:
    """Every disagreement found, in French."""
    problems: list[str] = []
    try:
        if engine.dialect.name == "sqlite":
            problems += _sqlite_file(engine)
        with reading(engine) as connection:
            uids = connection.scalars(select(QUESTIONS.c.uid).order_by(QUESTIONS.c.uid)).all()
            for part in chunks(uids, _AT_ONCE):
                problems += _questions(connection, part)
            problems += _order_of_listing(connection)
    except DatabaseError as error:
        problems.append(f"La base n'a pas pu être lue jusqu'au bout : {error.orig}")
    return problems


def _sqlite_file(engine: Engine) -> Iterator[str]:
    with reading(engine) as connection:
        for (problem,) in connection.exec_driver_sql("PRAGMA integrity_check"):
            if problem != "ok":
                yield f"Fichier SQLite : {problem}"
        for table, row, target, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            yield f"Table {table}, ligne {row} : renvoie à une ligne absente de {target}."
    try:
        with writing(engine) as connection:  # written as an INSERT, which only compares
            connection.exec_driver_sql(
                f"INSERT INTO {SEARCH_INDEX}({SEARCH_INDEX}, rank) VALUES ('integrity-check', 1)"  # noqa: S608  # a constant
            )
    except DatabaseError as error:
        yield f"L'index de recherche ne concorde pas avec les textes : {error.orig}"


def _questions(connection: Connection, uids: list[str]) -> Iterator[str]:
    """What disagrees in some questions, in the order of their uids."""
    kept = _Kept.load(connection, uids)
    for row in kept.questions:
        numbers = [revision.number for revision in kept.revisions[row.uid]]
        if numbers != list(range(1, row.revision + 1)):
            yield f"{row.uid} : révisions {numbers}, alors que la dernière devrait être la {row.revision}."
            continue
        try:
            revisions = [
                Revision(revision.number, revision.observed_at, record_of(revision.record))
                for revision in kept.revisions[row.uid]
            ]
            history = [recorded_event_of(event) for event in kept.events[row.uid]]
        except ValueError as error:  # pydantic's too
            yield f"{row.uid} : révision ou événement illisible : {str(error).splitlines()[0]}"
            continue
        last = revisions[-1].record
        yield from _row(row, last)
        yield from _derived(kept, row.uid, last)
        yield from _published(kept, row.uid)
        yield from _history(row, kept.events[row.uid], history)
        yield from replay(revisions, history)


@dataclass(frozen=True, slots=True)
class _Kept:
    """All that is kept of some questions, by uid."""

    questions: Sequence[SqlRow[Any]]
    revisions: Mapping[str, list[SqlRow[Any]]]
    events: Mapping[str, list[SqlRow[Any]]]
    labels: Mapping[str, list[SqlRow[Any]]]
    words: Mapping[str, list[SqlRow[Any]]]
    matches: Mapping[str, list[SqlRow[Any]]]
    authors: AuthorBook

    @classmethod
    def load(cls, connection: Connection, uids: list[str]) -> _Kept:
        def rows(table: Table, order: str) -> dict[str, list[SqlRow[Any]]]:
            found = defaultdict[str, list[SqlRow[Any]]](list)
            for row in connection.execute(
                select(table).where(table.c.uid.in_(uids)).order_by(table.c.uid, table.c[order])
            ):
                found[row.uid].append(row)
            return found

        questions = [row for (row,) in rows(QUESTIONS, "uid").values()]
        return cls(
            questions,
            rows(REVISIONS, "number"),
            rows(EVENTS, "sequence"),
            rows(LABELS, "slug"),
            rows(SEARCH, "id"),
            rows(MATCHES, "position"),
            AuthorBook.load(connection, (row.actor_ref for row in questions)),
        )


def _row(row: SqlRow[Any], record: QuestionRecord) -> Iterator[str]:
    """Columns against the last revision."""
    for column, expected in question_row(record, revision=row.revision, at=row.read_at).items():
        kept = getattr(row, column)
        if column not in _NOT_DERIVED and kept != expected:
            yield (
                f"{row.uid} : {column} vaut {kept!r}, mais {expected!r} d'après la dernière révision "
                f"({_REMEDY})."
            )


def _derived(kept: _Kept, uid: str, record: QuestionRecord) -> Iterator[str]:
    """Labels and searched words against the last revision and the deputies."""
    author = kept.authors.view(record)
    standing = {(row.kind, row.slug): row.label for row in kept.labels[uid] if row.until is None}
    if standing != labels_of(record, author.constituency):
        yield f"{uid} : les valeurs de tri (groupe, ministères…) ne sont plus les siennes ({_REMEDY})."
    expected = search_row(record, author.name)
    if [{name: getattr(row, name) for name in expected} for row in kept.words[uid]] != [expected]:
        yield f"{uid} : les mots de la recherche ne sont pas ceux de la question ({_REMEDY})."


def _published(kept: _Kept, uid: str) -> Iterator[str]:
    """A question is public, with a history, or neither."""
    is_public = any(row.state in PUBLIC_STATES for row in kept.matches[uid])
    if kept.events[uid] and not is_public:
        yield f"{uid} : des événements sont gardés, mais aucune correspondance ne la rend publique."
    if is_public and not kept.events[uid]:
        yield f"{uid} : publique d'après ses correspondances, mais sans aucun événement."


def _history(
    question: SqlRow[Any], rows: Sequence[SqlRow[Any]], history: Sequence[RecordedEvent]
) -> Iterator[str]:
    """Events among themselves and against the row."""
    last = rows[-1].sequence if rows else 0
    if question.last_sequence != last:
        yield f"{question.uid} : dernier événement {question.last_sequence}, mais {last} dans l'historique."
    for row, recorded in zip(rows, history, strict=True):
        if row.id != recorded.event.id:
            yield f"{row.id} : cet identifiant devrait être {recorded.event.id}."
    for before, after in pairwise(history):
        if after.revision < before.revision:
            yield f"{after.event.id} : rattaché à une révision antérieure à celle de l'événement précédent."


def _order_of_listing(connection: Connection) -> Iterator[str]:
    """Events told as they were learned are listed in our sequence, each at its own instant."""
    query = (
        select(EVENTS.c.id, EVENTS.c.listed_at)
        .where(EVENTS.c.origin != Origin.INITIAL.value)
        .order_by(EVENTS.c.sequence)
    )
    for before, after in pairwise(connection.execute(query)):
        if after.listed_at <= before.listed_at:
            yield f"{after.id} : listé au même instant que l'événement précédent, ou avant lui."
