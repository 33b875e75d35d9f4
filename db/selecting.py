"""A `Selection` as SQL: the one place where the service's filter meets the tables.

Enters: a selection, the day in Paris, the dialect's name. Leaves: conditions on `questions`, and on
`events` for those who follow events.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_

from db.projection import OPEN, LabelKind
from db.search import has_words
from db.tables import EVENTS, LABELS, QUESTIONS
from db.visible import is_public
from tracker.selection import Selection
from tracker.status import LEGISLATURE_ENDS, Status

_EVER = frozenset({LabelKind.MINISTRY})
"""Kinds that select a question by what was ever stated of it, not only by what is stated now."""


def selected_questions(selection: Selection, today: date | None, dialect: str) -> list[ColumnElement[bool]]:
    """Conditions that public questions of a selection meet; `kinds` says nothing about questions."""
    stated = [exists().where(_has_label(kind, slug), counts_now()) for kind, slug in _labels(selection)]
    return [*_facts(selection, today, dialect), *stated]


def selected_events(selection: Selection, today: date | None, dialect: str) -> list[ColumnElement[bool]]:
    """Conditions that events of a selection, joined with their questions, meet.

    An event belongs to every group, ministry… that its question had been under when it was observed,
    so a feed keeps its entries when the source changes the label, and gains none in months gone by.
    """
    stated = [
        exists().where(_has_label(kind, slug), LABELS.c.since <= EVENTS.c.revision)
        for kind, slug in _labels(selection)
    ]
    conditions = [*_facts(selection, today, dialect), *stated]
    if selection.kinds:
        conditions.append(EVENTS.c.kind.in_(sorted(kind.value for kind in selection.kinds)))
    return conditions


def counts_now() -> ColumnElement[bool]:
    """True of a row of `question_labels` by which its question is selected now."""
    return or_(LABELS.c.until.is_(None), LABELS.c.kind.in_(sorted(kind.value for kind in _EVER)))


def has_status(status: Status, today: date) -> ColumnElement[bool]:
    """The condition behind `tracker.status.status_of(record, today) is status`."""
    question = QUESTIONS.c
    ended = question.legislature.in_(
        [legislature for legislature, end in LEGISLATURE_ENDS.items() if today > end]
    )
    still_open = and_(question.fact == OPEN, ~ended)
    if status is Status.PENDING:
        return and_(still_open, or_(question.due_on.is_(None), question.due_on >= today))
    if status is Status.OVERDUE:
        return and_(still_open, question.due_on < today)
    if status is Status.LAPSED:
        return or_(question.fact == status.value, and_(question.fact == OPEN, ended))
    return question.fact == status.value


def _labels(selection: Selection) -> list[tuple[LabelKind, str]]:
    values = {
        LabelKind.GROUP: selection.group,
        LabelKind.MINISTRY: selection.ministry,
        LabelKind.DEPUTY: selection.deputy,
        LabelKind.DEPARTMENT: selection.department,
        LabelKind.RUBRIC: selection.rubric,
    }
    return [(kind, slug) for kind, slug in values.items() if slug is not None]


def _has_label(kind: LabelKind, slug: str) -> ColumnElement[bool]:
    return and_(LABELS.c.uid == QUESTIONS.c.uid, LABELS.c.kind == kind.value, LABELS.c.slug == slug)


def _facts(selection: Selection, today: date | None, dialect: str) -> list[ColumnElement[bool]]:
    question = QUESTIONS.c
    conditions = [is_public(selection.topic)]
    if selection.statuses:
        if today is None:
            raise ValueError("a selection by status needs the day it is")
        conditions.append(or_(*(has_status(status, today) for status in sorted(selection.statuses))))
    if selection.legislature is not None:
        conditions.append(question.legislature == selection.legislature)
    if selection.uid is not None:
        conditions.append(question.uid == selection.uid)
    if selection.signalled is not None:
        conditions.append(question.signalled.is_(selection.signalled))
    if selection.published_from is not None:
        conditions.append(question.published_on >= selection.published_from)
    if selection.published_to is not None:
        conditions.append(question.published_on <= selection.published_to)
    if selection.words is not None and selection.words.strip():
        conditions.append(has_words(selection.words, dialect))
    return conditions
