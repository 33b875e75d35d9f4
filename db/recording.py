"""Writing a batch: the ledger, questions with their revisions, labels, matches and events, issues.

Enters: a connection inside a write transaction, and a `Batch`. Leaves: rows, in bulk statements whose
number does not depend on how many questions the batch holds; the public version moved.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, func, select

from db import issues, ledger, runs
from db.authors import AuthorBook
from db.bulk import Row, chunks, insert, upsert
from db.mapping import event_row, match_row, record_json
from db.place import bump_version, mark_imported
from db.projection import Labels, label_changes, labels_of, question_row
from db.search import search_row
from db.tables import EVENTS, FILES, LABELS, MATCHES, QUESTIONS, REVISIONS, SEARCH
from tracker.ports import Batch, QuestionWrite
from tracker.questions import QuestionRecord

_SET_ONCE = ("first_seen_at", "last_sequence", "missing_runs")


def write_batch(connection: Connection, batch: Batch, at: datetime) -> int:
    """Write all of a batch; the number of events that were new. `at` dates the issues."""
    ledger.write(connection, batch.ledger, batch.unread)
    ledger.move_marks(connection, batch.unread)
    revisions = _write_questions(connection, batch.questions)
    _write_matches(connection, batch.questions)
    events = _write_events(connection, batch.questions, revisions)
    issues.write(connection, batch.issues, at)
    _count_absences(connection, batch)
    for legislature in batch.imported:
        mark_imported(connection, legislature, at)
    if batch.read is not None:
        runs.save_source_state(connection, batch.read.address, batch.read.state)
    bump_version(connection)
    return events


def _write_questions(connection: Connection, writes: tuple[QuestionWrite, ...]) -> dict[str, int]:
    """Rows, revisions, labels and searched words; the revision that each question is at now."""
    kept: dict[str, int] = {}
    for uids in chunks(write.record.uid for write in writes):
        query = select(QUESTIONS.c.uid, QUESTIONS.c.revision).where(QUESTIONS.c.uid.in_(uids))
        kept.update((uid, revision) for uid, revision in connection.execute(query))
    numbers = {
        write.record.uid: kept.get(write.record.uid, 0) + (write.revised or write.record.uid not in kept)
        for write in writes
    }
    read, derived, files = [], [], []
    for write in writes:
        row = question_row(write.record, revision=numbers[write.record.uid], at=write.at)
        if write.raw is None:
            derived.append(row)
        else:
            read.append(row)
            files.append({"uid": write.record.uid, "raw": write.raw})
    upsert(connection, QUESTIONS, read, keep=_SET_ONCE)
    upsert(connection, QUESTIONS, derived, keep=(*_SET_ONCE, "read_at"))
    upsert(connection, FILES, files)
    new = [write for write in writes if numbers[write.record.uid] != kept.get(write.record.uid)]
    insert(
        connection,
        REVISIONS,
        [
            {
                "uid": write.record.uid,
                "number": numbers[write.record.uid],
                "observed_at": write.at,
                "record": record_json(write.record),
            }
            for write in new
        ],
    )
    describe(connection, {write.record.uid: (write.record, numbers[write.record.uid]) for write in new})
    return numbers


def describe(connection: Connection, questions: Mapping[str, tuple[QuestionRecord, int]]) -> None:
    """Bring labels and searched words up to date with records, at their revisions, and with deputies."""
    authors = AuthorBook.load(connection, (record.author.actor_ref for record, _ in questions.values()))
    kept: dict[str, list[Row]] = {}
    for uids in chunks(questions):
        for row in connection.execute(select(LABELS).where(LABELS.c.uid.in_(uids))).mappings():
            kept.setdefault(row["uid"], []).append(dict(row))
    labels, words = [], []
    for uid, (record, revision) in questions.items():
        author = authors.view(record)
        wanted: Labels = labels_of(record, author.constituency)
        labels += label_changes(uid, kept.get(uid, ()), wanted, revision)
        words.append(search_row(record, author.name))
    upsert(connection, LABELS, labels)
    upsert(connection, SEARCH, words, by=("uid",))


def _write_matches(connection: Connection, writes: Iterable[QuestionWrite]) -> None:
    """Put each question's whole set in place of the one it had."""
    sets = {write.record.uid: tuple(dict.fromkeys(write.matches)) for write in writes}
    for uids in chunks(sets):
        connection.execute(MATCHES.delete().where(MATCHES.c.uid.in_(uids)))
    rows = [match_row(uid, number, match) for uid, set_ in sets.items() for number, match in enumerate(set_)]
    insert(connection, MATCHES, rows)


def _write_events(
    connection: Connection, writes: Iterable[QuestionWrite], revisions: Mapping[str, int]
) -> int:
    """Append the events not yet kept, in the batch's order, which is the order of their sequences."""
    rows = {
        planned.event.id: event_row(planned, revisions[write.record.uid])
        for write in writes
        for planned in write.events
    }
    kept: set[str] = set()
    for ids in chunks(rows):
        kept.update(connection.scalars(select(EVENTS.c.id).where(EVENTS.c.id.in_(ids))))
    new = [row for event_id, row in rows.items() if event_id not in kept]
    insert(connection, EVENTS, new)
    last = select(func.max(EVENTS.c.sequence)).where(EVENTS.c.uid == QUESTIONS.c.uid).scalar_subquery()
    for uids in chunks({row["uid"] for row in new}):
        connection.execute(QUESTIONS.update().where(QUESTIONS.c.uid.in_(uids)).values(last_sequence=last))
    return len(new)


def _count_absences(connection: Connection, batch: Batch) -> None:
    """One more run without those that are missing; none for those that were seen."""
    absences = QUESTIONS.c.missing_runs
    for uids in chunks(batch.seen):
        connection.execute(
            QUESTIONS.update().where(QUESTIONS.c.uid.in_(uids), absences != 0).values(missing_runs=0)
        )
    for uids in chunks(batch.missing):
        connection.execute(
            QUESTIONS.update().where(QUESTIONS.c.uid.in_(uids)).values(missing_runs=absences + 1)
        )
