"""The order of lists of questions, and what comes after a position in it.

Enters: the name of an order, a position. Leaves: SQL to sort by and to go on from. Questions without the
date they are sorted by come last either way; legislature and number part those that are equal.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, and_, false, null, or_

from db.tables import QUESTIONS
from tracker.errors import UsageError
from tracker.paging import Position

ORDERS: dict[str, Column[Any] | None] = {
    "published": QUESTIONS.c.published_on,
    "number": None,  # what parts equals in the others
    "due": QUESTIONS.c.due_on,
    "answered": QUESTIONS.c.answered_on,
    "changed": QUESTIONS.c.last_sequence,
}
"""What questions can be sorted by."""

_PARTING = (QUESTIONS.c.legislature, QUESTIONS.c.number)


def column_of(order: str) -> Column[Any] | None:
    """What an order sorts by first. Raises UsageError when there is no such order."""
    if order not in ORDERS:
        raise UsageError(f"Tri inconnu : {order}. Tris possibles : {', '.join(ORDERS)}.")
    return ORDERS[order]


def ordering(order: str, *, descending: bool) -> list[ColumnElement[Any]]:
    """What to sort by."""
    column = column_of(order)
    by = [*_PARTING] if column is None else [column, *_PARTING]
    sorted_by: list[ColumnElement[Any]] = [one.desc() if descending else one.asc() for one in by]
    return sorted_by if column is None else [column.is_(None), *sorted_by]


def following(order: str, position: Position, *, descending: bool) -> ColumnElement[bool]:
    """True of the questions that come after a position."""
    column = column_of(order)
    later = _later([*_PARTING], [position.legislature, position.number], descending=descending)
    if column is None:
        return later
    if position.value is None:
        return and_(column.is_(None), later)
    beyond = column < position.value if descending else column > position.value
    return or_(column.is_(None), beyond, and_(column == position.value, later))


def sorted_value(order: str) -> ColumnElement[Any]:
    """What a question is sorted by first, under the name `value`."""
    column = column_of(order)
    return (null() if column is None else column).label("value")


def _later(columns: list[Column[Any]], values: list[int], *, descending: bool) -> ColumnElement[bool]:
    """Lexicographic comparison, spelt out: not every dialect compares rows."""
    found: ColumnElement[bool] = false()
    for column, value in reversed(list(zip(columns, values, strict=True))):
        beyond = column < value if descending else column > value
        found = or_(beyond, and_(column == value, found))
    return found
