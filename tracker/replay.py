"""Whether the events kept of a question are those that its readings tell: the pure part of `verify`.

Enters: the revisions and the recorded events of one question. Leaves: disagreements in French, none
when all agrees.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from tracker.clock import paris_day
from tracker.diff import deadline_event, diff, outcome_of
from tracker.events import Event, EventKind, RecordedEvent
from tracker.questions import QuestionRecord
from tracker.status import settled_status

_BETWEEN_READINGS = frozenset({EventKind.DEADLINE_PASSED, EventKind.DELISTED})


@dataclass(frozen=True, slots=True)
class Revision:
    """A distinct record of a question: numbered from 1, with the instant it was first read."""

    number: int
    observed_at: datetime
    record: QuestionRecord


def replay(revisions: Sequence[Revision], recorded: Sequence[RecordedEvent]) -> list[str]:
    """What does not agree, in French; `revisions` by number, `recorded` by sequence.

    Each reading is compared again with what was known then. A question held for review has no event
    before it was confirmed: its story begins with the first. Every event's revision must be given.
    """
    if not recorded:
        return []
    disagreements: list[str] = []
    history: list[Event] = []
    old: QuestionRecord | None = None
    read_at = revisions[-1].observed_at
    for revision in revisions:
        for at, told in _steps(revision, recorded):
            if not history and not told:
                continue
            expected = _expected(old if history else None, history, revision, at, told)
            disagreements += _compared(expected, [e for e in told if e.kind is not EventKind.DELISTED])
            history += told
            if not _is_between_readings(told):
                read_at = max(read_at, at)
            old = revision.record
        old = revision.record
    last = revisions[-1].record
    said, stated = outcome_of(history), settled_status(last, paris_day(read_at))
    if said is not stated:
        disagreements.append(
            f"{last.uid} : l’issue d’après les événements est « {said or 'aucune'} », "
            f"d’après la dernière lecture « {stated or 'aucune'} »."
        )
    return disagreements


def _steps(revision: Revision, recorded: Sequence[RecordedEvent]) -> list[tuple[datetime, list[Event]]]:
    """The instants at which something was, or should have been, told of a revision, with what was."""
    mine = [recorded.event for recorded in recorded if recorded.revision == revision.number]
    steps = [(at, list(told)) for at, told in groupby(mine, key=lambda event: event.observed_at)]
    if not steps or steps[0][0] != revision.observed_at:
        steps.insert(0, (revision.observed_at, []))
    return steps


def _expected(
    old: QuestionRecord | None,
    history: Sequence[Event],
    revision: Revision,
    at: datetime,
    told: Sequence[Event],
) -> tuple[Event, ...]:
    """What a reading had to tell, or the daily job when nothing was read at that instant."""
    if at == revision.observed_at or not _is_between_readings(told):
        return diff(old, history, revision.record, at)
    passed = deadline_event(revision.record, history, at)
    return () if passed is None else (passed,)


def _is_between_readings(told: Sequence[Event]) -> bool:
    """Whether these events may come without any reading: from the daily job, or from an absence."""
    return all(event.kind in _BETWEEN_READINGS for event in told)


def _compared(expected: Sequence[Event], told: Sequence[Event]) -> Iterator[str]:
    kept, right = {event.id: event for event in told}, {event.id: event for event in expected}
    for missing in sorted(right.keys() - kept.keys()):
        yield f"{missing} : les lectures le disent, l’événement manque."
    for unexplained in sorted(kept.keys() - right.keys()):
        yield f"{unexplained} : aucune lecture ne dit cet événement."
    for known in sorted(right.keys() & kept.keys()):
        if kept[known] != right[known]:
            yield f"{known} : l’événement ne dit pas ce que disent les lectures."
    if kept.keys() == right.keys() and list(kept) != list(right):
        yield f"{told[0].id} : les événements de cette lecture ne sont pas dans l’ordre."
