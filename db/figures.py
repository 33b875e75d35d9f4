"""Rows and figures: questions counted, without reading their texts.

Enters: a connection, a selection, the day in Paris. Leaves: `FigureRow`s of public questions, and the
`Figures` of every written question of a legislature, from the ledger. What a figure means is in
`tracker.figures`.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select
from sqlalchemy import Row as SqlRow

from db.projection import OPEN, LabelKind
from db.selecting import counts_now, selected_questions
from db.tables import LABELS, LEDGER, QUESTIONS
from db.visible import is_public
from tracker.deadlines import answer_due_on
from tracker.figures import FigureRow, Figures, figures_of, settled_by
from tracker.questions import Chamber, Closure
from tracker.selection import Selection
from tracker.status import LEGISLATURE_ENDS, Status
from tracker.text import slug

_FACTS = (
    QUESTIONS.c.legislature,
    QUESTIONS.c.fact,
    QUESTIONS.c.published_on,
    QUESTIONS.c.answered_on,
    QUESTIONS.c.due_on,
)
_ALIKE = (
    LEDGER.c.legislature,
    LEDGER.c.published_on,
    LEDGER.c.answered_on,
    LEDGER.c.closure_code,
    LEDGER.c.closure_label,
)


def rows(
    connection: Connection, selection: Selection, today: date, dialect: str
) -> dict[int, list[FigureRow]]:
    """Rows of the selected questions by legislature, newest first."""
    conditions = selected_questions(selection, today, dialect)
    query: Select[Any] = select(*_FACTS).where(*conditions).order_by(QUESTIONS.c.legislature.desc())
    found: dict[int, list[FigureRow]] = {}
    for row in connection.execute(query):
        found.setdefault(row.legislature, []).append(_figure_row(row, today))
    return found


def rows_by(connection: Connection, kind: LabelKind, today: date) -> dict[str, list[FigureRow]]:
    """Rows of all public questions under each value that selects them now."""
    query: Select[Any] = (
        select(LABELS.c.slug, QUESTIONS.c.uid, *_FACTS)
        .distinct()  # a value that went and came back has two rows
        .join(QUESTIONS, QUESTIONS.c.uid == LABELS.c.uid)
        .where(LABELS.c.kind == kind.value, counts_now(), is_public())
        .order_by(LABELS.c.slug)
    )
    found: dict[str, list[FigureRow]] = {}
    for row in connection.execute(query):
        found.setdefault(row.slug, []).append(_figure_row(row, today))
    return found


def all_figures(
    connection: Connection, today: date, ministry: str | None, group: str | None
) -> dict[int, Figures]:
    """Figures of the ledger by legislature, newest first, of a ministry or group if one is given.

    Files that were never readable have a row too, without a date: they are left out.
    """
    query = select(*_ALIKE, func.count()).where(LEDGER.c.published_on.is_not(None)).group_by(*_ALIKE)
    for column, wanted in ((LEDGER.c.ministry, ministry), (LEDGER.c.group_label, group)):
        if wanted is not None:
            query = query.where(column.in_(_labels(connection, column, wanted)))
    found: dict[int, list[FigureRow]] = {}
    closure_of, due_on = cache(_closure), cache(answer_due_on)  # few distinct ones, thousands of rows
    for legislature, published, answered, code, label, questions in connection.execute(query):
        settled = settled_by(closure_of(code, label), answered, legislature, today)
        due = due_on(Chamber.ASSEMBLY, published)
        found.setdefault(legislature, []).append(FigureRow(settled, published, answered, due, questions))
    return {legislature: figures_of(found[legislature], today) for legislature in sorted(found, reverse=True)}


def _figure_row(row: SqlRow[Any], today: date) -> FigureRow:
    """The row of a followed question; the end of its legislature closes what its record leaves open."""
    settled = None if row.fact == OPEN else Status(row.fact)
    end = LEGISLATURE_ENDS.get(row.legislature)
    if settled is None and end is not None and today > end:
        settled = Status.LAPSED
    return FigureRow(settled, row.published_on, row.answered_on, row.due_on)


def _closure(code: str | None, label: str | None) -> Closure | None:
    return None if code is None and label is None else Closure(code, label, None)


def _labels(connection: Connection, column: ColumnElement[str | None], wanted: str) -> list[str]:
    """The labels of a column that have that slug: `Santé` and `SANTÉ` are one ministry."""
    labels = connection.scalars(select(column).distinct())
    return [label for label in labels if label is not None and slug(label) == wanted]
