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

    The event's own fact always stays. Of the answer or closure of the same day, and of one without a
    date, only events that come after an end know: `tracker.diff.ORDER` says which these are.
    """
    before_any_end = event.kind in _BEFORE_ANY_END

    def known(on: date | None) -> bool:
        if before_any_end:
            return on is not None and on < event.occurred_on
        return on is None or on <= event.occurred_on

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
            if index == 0 or _in_charge(attribution.on, event)
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


def _in_charge(since: date | None, event: Event) -> bool:
    return event.kind is not EventKind.PUBLISHED if since is None else since <= event.occurred_on


def _question_texts(texts: tuple[PublishedText, ...], day: date) -> tuple[PublishedText, ...]:
    kept = tuple(text for text in texts if text.jo.on is None or text.jo.on <= day)
    return kept or texts[:1]
