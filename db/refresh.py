"""Making again what is derived: after an upgrade whose rules read the same records otherwise.

Enters: a connection inside a write transaction. Leaves: rows, labels and searched words of every
question as today's rules make them from its last revision. Revisions, matches and events are not
touched, and a label that the rules no longer make stays as one that held until now.
"""

from __future__ import annotations

from sqlalchemy import Connection, select

from db.bulk import chunks, upsert
from db.mapping import record_of
from db.place import bump_version
from db.projection import question_row
from db.recording import describe
from db.tables import QUESTIONS, REVISIONS

_AT_ONCE = 500
_LEARNED = ("first_seen_at", "read_at", "last_sequence", "missing_runs")


def refresh(connection: Connection) -> None:
    """Bring every question's derived rows to today's rules."""
    uids = connection.scalars(select(QUESTIONS.c.uid).order_by(QUESTIONS.c.uid)).all()
    for part in chunks(uids, _AT_ONCE):
        query = (
            select(QUESTIONS.c.uid, QUESTIONS.c.revision, QUESTIONS.c.read_at, REVISIONS.c.record)
            .join(
                REVISIONS, (REVISIONS.c.uid == QUESTIONS.c.uid) & (REVISIONS.c.number == QUESTIONS.c.revision)
            )
            .where(QUESTIONS.c.uid.in_(part))
        )
        rows, records = [], {}
        for uid, revision, read_at, json in connection.execute(query):
            records[uid] = (record_of(json), revision)
            rows.append(question_row(records[uid][0], revision=revision, at=read_at))
        upsert(connection, QUESTIONS, rows, keep=_LEARNED)
        describe(connection, records)
    if uids:
        bump_version(connection)
