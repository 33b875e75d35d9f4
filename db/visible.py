"""Conditions on `questions` that the write and the read side share.

Enters: nothing, or a topic. Leaves: SQL conditions; the first is the one behind everything public.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, and_, exists, false, func, or_

from db.projection import OPEN
from db.tables import MATCHES, QUESTIONS
from tracker.ports import PUBLIC_MATCHES
from tracker.status import LEGISLATURE_ENDS

PUBLIC_STATES = sorted(state.value for state in PUBLIC_MATCHES)


def is_public(topic: str | None = None, *, of: Table = QUESTIONS) -> ColumnElement[bool]:
    """True of a question with a public match, on that topic if one is given; `of` any table with its uid."""
    conditions = [MATCHES.c.uid == of.c.uid, MATCHES.c.state.in_(PUBLIC_STATES)]
    if topic is not None:
        conditions.append(MATCHES.c.topic == topic)
    return exists().where(*conditions)


def still_open_when_due() -> ColumnElement[bool]:
    """True of a question that nothing had answered or closed by its due date.

    An answer or closure on no known day may have been in time, and the end of a legislature closes
    what it left open: as in `tracker.diff`, neither counts as open.
    """
    question = QUESTIONS.c
    ended = or_(
        false(),
        *(
            and_(question.legislature == legislature, question.due_on >= end)
            for legislature, end in LEGISLATURE_ENDS.items()
        ),
    )
    settled_on = func.coalesce(question.answered_on, question.closed_on)
    return or_(
        and_(question.fact == OPEN, ~ended),
        and_(question.fact != OPEN, settled_on > question.due_on),
    )
