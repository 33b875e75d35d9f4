"""Public questions like one: asked again by its author, answered in the same words.

Enters: a connection and a record. Leaves: uids, oldest first. Candidates are found by author and by day of
answer; whether they are alike is for `tracker.likeness`.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, select

from db.mapping import record_of
from db.tables import QUESTIONS, REVISIONS
from db.visible import is_public
from tracker.likeness import is_answered_together, is_asked_again
from tracker.questions import QuestionRecord
from tracker.status import answered_on


def asked_again(connection: Connection, record: QuestionRecord) -> list[str]:
    """Questions of the same author that are this one before or after."""
    author = record.author.actor_ref
    if author is None:
        return []
    candidates = _candidates(connection, record, QUESTIONS.c.actor_ref == author)
    return [one.uid for one in candidates if is_asked_again(record, one)]


def answered_together(connection: Connection, record: QuestionRecord) -> list[str]:
    """Questions that got the same answer on the same day."""
    day = answered_on(record)
    if day is None:
        return []
    candidates = _candidates(connection, record, QUESTIONS.c.answered_on == day)
    return [one.uid for one in candidates if is_answered_together(record, one)]


def _candidates(
    connection: Connection, record: QuestionRecord, condition: ColumnElement[bool]
) -> list[QuestionRecord]:
    query = (
        select(REVISIONS.c.record)
        .join(QUESTIONS, (REVISIONS.c.uid == QUESTIONS.c.uid) & (REVISIONS.c.number == QUESTIONS.c.revision))
        .where(is_public(), condition, QUESTIONS.c.uid != record.uid)
        .order_by(QUESTIONS.c.published_on, QUESTIONS.c.legislature, QUESTIONS.c.number)
    )
    return [record_of(text) for text in connection.scalars(query)]
