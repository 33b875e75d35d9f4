"""The status of a question: one stored fact, plus today's date.

Enters: a record and the day in Paris. Leaves: a `Status`, the dates it rests on and the delays that
may be shown. The French words are in `feeds.wording`, the only place that renders a status.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from tracker.deadlines import due_on
from tracker.questions import Closure, QuestionRecord
from tracker.text import fold


class Status(StrEnum):
    """Where a question stands; `OVERDUE` is computed from a date and never stored as truth."""

    PENDING = "pending"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CLOSED = "closed"


LEGISLATURE_ENDS = {14: date(2017, 6, 20), 15: date(2022, 6, 21), 16: date(2024, 6, 9)}
"""Last day of each finished legislature; the 16th ended by the dissolution of 9 June 2024."""

END_OF_LEGISLATURE = Closure(code=None, label="Fin de la législature", on=None)
"""What closes a question that the source leaves open in a finished legislature."""

_ANSWERED_CODE = "REP_PUB"
_LAPSED_CODE = "FM"
_ANSWERED_LABEL = re.compile(r"reponse publiee")
_WITHDRAWN_LABEL = re.compile(r"\b(?:retir\w*|retrait)\b")
_LAPSED_LABEL = re.compile(
    r"\b(?:cadu(?:c|qu)\w*|fin (?:de|du) (?:la )?(?:mandat|legislature)|dissolution)\b"
)

_WORDLESS = re.compile(r"(?:\s|<[^>]*>|&nbsp;|&#160;)*+")


def has_answer_text(record: QuestionRecord) -> bool:
    """True when an answer was published with words in it."""
    return any(not is_blank(text.html) for text in record.answer_texts)


def is_blank(html: str) -> bool:
    """True for a fragment with nothing to read: spaces and tags alone."""
    return _WORDLESS.fullmatch(html) is not None


def closure_status(closure: Closure) -> Status:
    """What a closure says by itself; an unknown one is `CLOSED`, its label is shown as it is.

    The code comes first (`REP_PUB`, `FM`); withdrawal and lapse have no known code, only labels.
    """
    code = (closure.code or "").strip().upper()
    label = fold(closure.label or "")
    if code == _ANSWERED_CODE or (not code and _ANSWERED_LABEL.fullmatch(label)):
        return Status.ANSWERED
    if code == _LAPSED_CODE:
        return Status.LAPSED
    if _WITHDRAWN_LABEL.search(label):
        return Status.WITHDRAWN
    if _LAPSED_LABEL.search(label):
        return Status.LAPSED
    return Status.CLOSED


def settled_status(record: QuestionRecord, today: date) -> Status | None:
    """The stored fact: answered, withdrawn, lapsed or closed; None while the question is open."""
    if has_answer_text(record):
        return Status.ANSWERED
    closure = effective_closure(record, today)
    return None if closure is None else closure_status(closure)


def effective_closure(record: QuestionRecord, today: date) -> Closure | None:
    """The source's closure, else the end of a finished legislature, else None.

    Some questions are dated after the end of their legislature (the Journal officiel came out two
    days after the dissolution of 2024): these lapse on their publication date.
    """
    if record.closure is not None:
        return record.closure
    end = LEGISLATURE_ENDS.get(record.id.legislature)
    if end is None or today <= end:
        return None
    return Closure(END_OF_LEGISLATURE.code, END_OF_LEGISLATURE.label, max(end, record.published_on or end))


def status_of(record: QuestionRecord, today: date) -> Status:
    """Where the question stands on a day in Paris; overdue from the day after the due date."""
    settled = settled_status(record, today)
    if settled is not None:
        return settled
    due = due_on(record)
    return Status.OVERDUE if due is not None and today > due else Status.PENDING


def is_running(record: QuestionRecord, today: date) -> bool:
    """True while neither an answer nor a closure has stopped the delay."""
    return settled_status(record, today) is None


def answered_on(record: QuestionRecord) -> date | None:
    """JO date of the answer as first published, else of a closure that says it was; None if unknown.

    Later publications of the answer are corrections of it, not later answers.
    """
    dates = [text.jo.on for text in record.answer_texts if text.jo.on and not is_blank(text.html)]
    if dates:
        return min(dates)
    closure = record.closure
    if closure is not None and closure_status(closure) is Status.ANSWERED:
        return closure.on
    return None


def closed_on(record: QuestionRecord, today: date) -> date | None:
    """The day a question closed without answer; None when open, answered, or closed on no known day."""
    if settled_status(record, today) in {None, Status.ANSWERED}:
        return None
    closure = effective_closure(record, today)
    return None if closure is None else closure.on


def days_waiting(record: QuestionRecord, today: date) -> int | None:
    """Days since publication of a question that still waits; None for any other."""
    published = record.published_on
    if published is None or published > today or not is_running(record, today):
        return None
    return (today - published).days


def days_overdue(record: QuestionRecord, today: date) -> int | None:
    """Days since the due date of a question that still waits past it; None for any other."""
    due = due_on(record)
    if due is None or status_of(record, today) is not Status.OVERDUE:
        return None
    return (today - due).days


def days_to_answer(record: QuestionRecord) -> int | None:
    """Days from publication to answer; None when either date is unknown or they make no sense."""
    published, answered = record.published_on, answered_on(record)
    if published is None or answered is None or answered < published:
        return None
    return (answered - published).days


def answered_after_due(record: QuestionRecord) -> bool | None:
    """Whether the answer was published after the due date; None when that cannot be said."""
    due, answered = due_on(record), answered_on(record)
    return None if due is None or answered is None else answered > due
