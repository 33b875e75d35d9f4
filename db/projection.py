"""What the tables hold of a record besides the record itself: columns and labels to select by.

Enters: a `QuestionRecord`. Leaves: the row of `questions`, and the rows of `question_labels` that a
revision adds or closes. Derived data only: everything here can be made again from the revisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import StrEnum

from db.bulk import Row
from tracker.deadlines import due_on
from tracker.questions import Constituency, QuestionRecord
from tracker.status import answered_on, closed_on, settled_status
from tracker.text import slug

OPEN = "open"
"""The stored fact of a question that its record leaves open; the others are values of `Status`."""


class LabelKind(StrEnum):
    """What a question can be selected by; the values are stored."""

    GROUP = "group"
    MINISTRY = "ministry"
    DEPUTY = "deputy"
    DEPARTMENT = "department"
    RUBRIC = "rubric"


Labels = Mapping[tuple[LabelKind, str], str]  # kind and slug to French label


def question_row(record: QuestionRecord, *, revision: int, at: datetime) -> Row:
    """The row of a question as its record states it.

    `date.min` as today leaves out what only the calendar says (the end of a legislature): that is
    added when reading, in `db.selecting`.
    """
    fact = settled_status(record, date.min)
    return {
        "uid": record.uid,
        "legislature": record.id.legislature,
        "number": record.id.number,
        "revision": revision,
        "title": record.title,
        "actor_ref": record.author.actor_ref,
        "mandate_ref": record.author.mandate_ref,
        "published_on": record.published_on,
        "answered_on": answered_on(record),
        "closed_on": closed_on(record, date.min),
        "due_on": due_on(record),
        "fact": OPEN if fact is None else fact.value,
        "signalled": bool(record.signalled_on),
        "last_sequence": 0,
        "missing_runs": 0,
        "first_seen_at": at,
        "read_at": at,
    }


def labels_of(record: QuestionRecord, constituency: Constituency | None) -> dict[tuple[LabelKind, str], str]:
    """Every value a record can be selected by; a deputy's label is only the reference.

    Ministries are all those the record names, asked or attributed.
    """
    labels: dict[tuple[LabelKind, str], str] = {}
    group = record.author.group
    ministries = [record.ministry_asked, *(attribution.ministry for attribution in record.attributions)]
    named = [
        (LabelKind.GROUP, group and (group.abbreviation or group.name or group.ref)),
        (LabelKind.RUBRIC, record.rubric),
        *((LabelKind.MINISTRY, ministry.label) for ministry in ministries if ministry),
    ]
    for kind, label in named:
        if label and slug(label):
            labels[kind, slug(label)] = label
    if record.author.actor_ref:
        labels[LabelKind.DEPUTY, record.author.actor_ref] = record.author.actor_ref
    if constituency and constituency.department_code:
        code = constituency.department_code
        labels[LabelKind.DEPARTMENT, code] = constituency.department or code
    return labels


def label_changes(uid: str, kept: Iterable[Row], wanted: Labels, revision: int) -> list[Row]:
    """The rows to upsert so that the labels of `uid` at `revision` are `wanted`; none is ever removed.

    A département is learned from the deputies, after the question: it holds from the first revision.
    """
    standing = {(LabelKind(row["kind"]), row["slug"]): row for row in kept if row["until"] is None}
    with_history = {row["kind"] for row in kept}
    changes = [row | {"until": revision} for key, row in standing.items() if key not in wanted]
    for (kind, value), label in wanted.items():
        row = standing.get((kind, value))
        if row is None:
            late = kind is LabelKind.DEPARTMENT and kind.value not in with_history
            since = 1 if late else revision
            changes.append(
                {
                    "uid": uid,
                    "kind": kind.value,
                    "slug": value,
                    "since": since,
                    "until": None,
                    "label": label,
                }
            )
        elif row["label"] != label:
            changes.append(row | {"label": label})
    return changes
