"""Deputies: whom to ask the source for, and keeping whom it named.

Enters: a connection, and deputies as found. Leaves: the tables `deputies`, `mandates`,
`actors_missing`, and what depends on them for each question: its département and searched words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, exists, or_, select

from db.bulk import chunks, upsert
from db.mapping import mandate_row, record_of
from db.place import bump_version
from db.recording import describe
from db.tables import DEPUTIES, MANDATES, MISSING_ACTORS, QUESTIONS, REVISIONS
from tracker.questions import Deputy

RETRY_AFTER = (timedelta(days=1), timedelta(days=7), timedelta(days=30))
"""How long to wait after each vain try; the last delay is kept from then on."""


def missing(connection: Connection, now: datetime) -> list[str]:
    """Authors of followed questions to ask for now, in a stable order.

    Those that we have no name for; and those read before a question was first seen whose mandate we
    do not have (elected again since). Not those asked for in vain a short while ago.
    """
    question, deputy = QUESTIONS.c, DEPUTIES.c
    mandate_known = exists().where(MANDATES.c.ref == question.mandate_ref)
    waiting = exists().where(
        MISSING_ACTORS.c.actor_ref == question.actor_ref, MISSING_ACTORS.c.next_try_at > now
    )
    query = (
        select(question.actor_ref)
        .distinct()
        .outerjoin(DEPUTIES, deputy.actor_ref == question.actor_ref)
        .where(
            question.actor_ref.is_not(None),
            ~waiting,
            or_(
                deputy.actor_ref.is_(None),
                and_(
                    question.mandate_ref.is_not(None),
                    ~mandate_known,
                    deputy.read_at < question.first_seen_at,
                ),
            ),
        )
        .order_by(question.actor_ref)
    )
    return list(connection.scalars(query))


def save(connection: Connection, found: Sequence[Deputy], not_found: Sequence[str], at: datetime) -> None:
    """Keep who was found, in place of what was known of them; note who was not."""
    upsert(
        connection,
        DEPUTIES,
        [
            {
                "actor_ref": deputy.actor_ref,
                "civility": deputy.civility,
                "first_name": deputy.first_name,
                "last_name": deputy.last_name,
                "read_at": at,
            }
            for deputy in found
        ],
    )
    refs = [deputy.actor_ref for deputy in found]
    for part in chunks(refs):
        connection.execute(MANDATES.delete().where(MANDATES.c.actor_ref.in_(part)))
        connection.execute(MISSING_ACTORS.delete().where(MISSING_ACTORS.c.actor_ref.in_(part)))
    upsert(
        connection,
        MANDATES,
        [mandate_row(deputy.actor_ref, mandate) for deputy in found for mandate in deputy.mandates],
    )
    _note_not_found(connection, not_found, at)
    _describe_questions_of(connection, refs)
    bump_version(connection)


def _note_not_found(connection: Connection, refs: Iterable[str], at: datetime) -> None:
    """One more vain try for each, and the instant of the next."""
    tries = dict.fromkeys(refs, 0)
    for part in chunks(tries):
        query = select(MISSING_ACTORS.c.actor_ref, MISSING_ACTORS.c.tries).where(
            MISSING_ACTORS.c.actor_ref.in_(part)
        )
        tries.update((ref, number) for ref, number in connection.execute(query))
    upsert(
        connection,
        MISSING_ACTORS,
        [
            {
                "actor_ref": ref,
                "tries": number + 1,
                "tried_at": at,
                "next_try_at": at + RETRY_AFTER[min(number, len(RETRY_AFTER) - 1)],
            }
            for ref, number in tries.items()
        ],
    )


def _describe_questions_of(connection: Connection, refs: Iterable[str]) -> None:
    """Départements and searched names of the questions that these authors asked."""
    for part in chunks(refs):
        query = (
            select(QUESTIONS.c.uid, QUESTIONS.c.revision, REVISIONS.c.record)
            .join(
                REVISIONS, (REVISIONS.c.uid == QUESTIONS.c.uid) & (REVISIONS.c.number == QUESTIONS.c.revision)
            )
            .where(QUESTIONS.c.actor_ref.in_(part))
        )
        describe(
            connection,
            {row.uid: (record_of(row.record), row.revision) for row in connection.execute(query)},
        )
