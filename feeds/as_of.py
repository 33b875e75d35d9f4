"""A question as it stood when an event happened.

Enters: an event and the record in which it was observed, which may already hold later facts (a first
import reads the question and its answer at once). Leaves: the record without what came after. So an
entry says the same for ever, whatever is read later.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tracker.events import Event, EventKind
from tracker.questions import PublishedText, QuestionRecord
from tracker.status import Status, effective_closure, settled_status, status_of

_ENDINGS = frozenset({EventKind.WITHDRAWN, EventKind.LAPSED, EventKind.CLOSED})
_BEFORE_ANY_END = frozenset(
    {
        EventKind.PUBLISHED,
        EventKind.REATTRIBUTED,
        EventKind.SIGNALLED,
        EventKind.RENEWED,
        EventKind.DEADLINE_PASSED,
    }
)


def as_of(record: QuestionRecord, event: Event) -> QuestionRecord:
    """The record without answers, closures, attributions and marks dated after the event.

    The event's own fact always stays. A fact without a date stays only for events that can follow it.
    The due date passes because nothing had come before that day, so what came on it is left out.
    """
    undated = event.kind not in _BEFORE_ANY_END

    def known(on: date | None) -> bool:
        if on is None:
            return undated
        return on < event.occurred_on if event.kind is EventKind.DEADLINE_PASSED else on <= event.occurred_on

    answers = tuple(text for text in record.answer_texts if known(text.jo.on))
    if event.kind is EventKind.ANSWERED and not answers:
        answers = record.answer_texts[:1]
    closure = record.closure if record.closure and known(record.closure.on) else None
    if event.kind in _ENDINGS:
        closure = effective_closure(record, date.max)
    return replace(
        record,
        attributions=tuple(
            attribution
            for index, attribution in enumerate(record.attributions)
            if index == 0 or attribution.on is None or attribution.on <= event.occurred_on
        ),
        question_texts=_question_texts(record.question_texts, event.occurred_on),
        answer_texts=answers,
        closure=closure,
        signalled_on=tuple(on for on in record.signalled_on if on <= event.occurred_on),
        renewed_on=tuple(on for on in record.renewed_on if on <= event.occurred_on),
    )


def status_as_of(record: QuestionRecord, event: Event) -> Status:
    """The status on the day of the event; `record` is what `as_of` gave."""
    return status_of(record, event.occurred_on)


def status_after(record: QuestionRecord, events: tuple[Event, ...]) -> Status:
    """The status that a question's events have led to: overdue once its due date's event is there."""
    settled = settled_status(record, date.max)
    if settled is not None:
        return settled
    overdue = any(event.kind is EventKind.DEADLINE_PASSED for event in events)
    return Status.OVERDUE if overdue else Status.PENDING


def _question_texts(texts: tuple[PublishedText, ...], day: date) -> tuple[PublishedText, ...]:
    kept = tuple(text for text in texts if text.jo.on is None or text.jo.on <= day)
    return kept or texts[:1]
