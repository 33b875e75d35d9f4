"""What happened to a question: the one place that says so.

Enters: the record as it was (None at first sight), the events already recorded, the record as it is
and the instant it was read. Leaves: the events that are new, in order. Pure, and complete for any
gap between two readings: a question first seen years late gives its whole history, and reading the
same record again gives nothing.

Signalements, renewals and attributions are counted against the recorded events rather than against
the old record, so that one the source drops and restores is not told twice. Outcomes (answer,
closure) are compared with the outcome that the events last said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker.clock import paris_day
from tracker.deadlines import due_on
from tracker.events import Event, EventKind
from tracker.questions import Ministry, PublishedText, QuestionRecord
from tracker.status import Status, answered_on, closed_on, effective_closure, is_blank, settled_status
from tracker.text import fold, plain

ORDER = (
    EventKind.PUBLISHED,
    EventKind.REATTRIBUTED,
    EventKind.DEADLINE_PASSED,
    EventKind.RENEWED,
    EventKind.SIGNALLED,
    EventKind.REOPENED,
    EventKind.ANSWERED,
    EventKind.CORRECTED,
    EventKind.WITHDRAWN,
    EventKind.LAPSED,
    EventKind.CLOSED,
    EventKind.DELISTED,
)
"""Events of one day in the order in which they make sense."""

_OUTCOMES = {
    EventKind.ANSWERED: Status.ANSWERED,
    EventKind.WITHDRAWN: Status.WITHDRAWN,
    EventKind.LAPSED: Status.LAPSED,
    EventKind.CLOSED: Status.CLOSED,
    EventKind.REOPENED: None,
}
_CLOSURES = {
    Status.WITHDRAWN: EventKind.WITHDRAWN,
    Status.LAPSED: EventKind.LAPSED,
    Status.CLOSED: EventKind.CLOSED,
}


@dataclass(frozen=True, slots=True)
class _Fact:
    """An event to be, before it gets its rank; `on` is None when the source gives no date."""

    kind: EventKind
    on: date | None
    detail: Mapping[str, str]


def diff(
    old: QuestionRecord | None, history: Sequence[Event], record: QuestionRecord, observed_at: datetime
) -> tuple[Event, ...]:
    """The events that `record`, read at `observed_at`, adds to `history`.

    Ordered by the day they occurred, then by `ORDER`. A fact without a date of its own occurs on the
    day it was observed, in Paris, and says so in its detail (`undated`).
    """
    today = paris_day(observed_at)
    facts = [
        *_published(record, history),
        *_unseen(EventKind.REATTRIBUTED, _reattributions(record), history),
        *_unseen(EventKind.SIGNALLED, _dated(EventKind.SIGNALLED, record.signalled_on), history),
        *_unseen(EventKind.RENEWED, _dated(EventKind.RENEWED, record.renewed_on), history),
        *_deadline(record, history, today),
        *_outcome(old, history, record, today),
        *_corrections(old, history, record, today),
    ]
    return _ranked(record.uid, facts, history, observed_at)


def deadline_event(record: QuestionRecord, history: Sequence[Event], observed_at: datetime) -> Event | None:
    """The due date's passing, once: for the daily job; the same event, id included, as `diff` gives."""
    facts = _deadline(record, history, paris_day(observed_at))
    return next(iter(_ranked(record.uid, facts, history, observed_at)), None)


def delisted_event(uid: str, history: Sequence[Event], observed_at: datetime) -> Event:
    """That the source no longer lists the question; when to say so is the recorder's decision."""
    return _ranked(uid, [_Fact(EventKind.DELISTED, None, {})], history, observed_at)[0]


def outcome_of(history: Iterable[Event]) -> Status | None:
    """The outcome that the events say stands: answered, withdrawn, lapsed, closed, or None.

    Among events observed at one instant a REOPENED comes first in meaning, whatever its date: an
    answer was taken back, then the question closed.
    """
    said = [event for event in history if event.kind in _OUTCOMES]
    if not said:
        return None
    last = max(
        enumerate(said), key=lambda at: (at[1].observed_at, at[1].kind is not EventKind.REOPENED, at[0])
    )[1]
    return _OUTCOMES[last.kind]


def _ranked(
    uid: str, facts: Iterable[_Fact], history: Iterable[Event], observed_at: datetime
) -> tuple[Event, ...]:
    """Events from facts: dated, ordered, and told apart from the ones that share kind and date."""
    today = paris_day(observed_at)
    ranks = Counter((event.kind, event.occurred_on) for event in history)
    events = []
    for fact in sorted(facts, key=lambda fact: (fact.on or today, ORDER.index(fact.kind))):
        on = fact.on or today
        ranks[fact.kind, on] += 1
        detail = fact.detail if fact.on else {**fact.detail, "undated": "yes"}
        events.append(Event(uid, fact.kind, on, observed_at, ranks[fact.kind, on], detail))
    return tuple(events)


def _published(record: QuestionRecord, history: Sequence[Event]) -> Iterator[_Fact]:
    if not any(event.kind is EventKind.PUBLISHED for event in history):
        yield _Fact(EventKind.PUBLISHED, record.published_on, {})


def _dated(kind: EventKind, dates: Sequence[date]) -> Iterator[_Fact]:
    return (_Fact(kind, on, {}) for on in dates)


def _unseen(kind: EventKind, facts: Iterable[_Fact], history: Sequence[Event]) -> Iterator[_Fact]:
    """The facts that no recorded event of their kind accounts for, several alike included."""
    told = Counter(_likeness(event.occurred_on, event.detail) for event in history if event.kind is kind)
    for fact in facts:
        likeness = _likeness(fact.on, fact.detail)
        if told[likeness]:
            told[likeness] -= 1
        else:
            yield fact


def _likeness(on: date | None, detail: Mapping[str, str]) -> date | str | None:
    """What makes two facts of a kind one: the ministry that takes over, else the date.

    So the date of an attribution may be filled in, lost or mended by the source without a word.
    """
    return detail.get("new_ref") or fold(detail["new"]) if "new" in detail else on


def _reattributions(record: QuestionRecord) -> Iterator[_Fact]:
    """Each attribution to another ministry than the one before, the ministry asked being the first.

    The first attribution counts only when it is later than the question: on the same day it is how
    the source writes the ministry asked.
    """
    before, asked_on = record.ministry_asked, record.published_on
    for position, attribution in enumerate(record.attributions):
        ministry = attribution.ministry
        later = bool(position) or (attribution.on and asked_on and attribution.on > asked_on)
        if before is not None and later and not _same(before, ministry):
            refs = {"old_ref": before.ref, "new_ref": ministry.ref}
            detail = {"old": before.label, "new": ministry.label, **{k: v for k, v in refs.items() if v}}
            yield _Fact(EventKind.REATTRIBUTED, attribution.on, detail)
        before = ministry


def _same(one: Ministry, other: Ministry) -> bool:
    """Whether two attributions name one ministry: by reference, before the 17th by label."""
    if one.ref and other.ref:
        return one.ref == other.ref
    return fold(one.label) == fold(other.label)


def _deadline(record: QuestionRecord, history: Sequence[Event], today: date) -> list[_Fact]:
    """The day after the due date, unless an answer or a closure came in time, or on no known day."""
    due = due_on(record)
    if due is None or today <= due or any(e.kind is EventKind.DEADLINE_PASSED for e in history):
        return []
    settled = settled_status(record, today)
    if settled is not None:
        stopped = answered_on(record) if settled is Status.ANSWERED else closed_on(record, today)
        if stopped is None or stopped <= due:
            return []
    return [_Fact(EventKind.DEADLINE_PASSED, due + timedelta(days=1), {"due_on": due.isoformat()})]


def _outcome(
    old: QuestionRecord | None, history: Sequence[Event], record: QuestionRecord, today: date
) -> Iterator[_Fact]:
    said, now = outcome_of(history), settled_status(record, today)
    if said is now:
        return
    if said is Status.ANSWERED:
        taken_back = old.answer_text.html if old and old.answer_text else ""
        yield _Fact(EventKind.REOPENED, None, {"what": "answer", "old": taken_back})
    elif said is not None and now is None:
        closing = next(event for event in reversed(history) if event.kind is _CLOSURES[said])
        label = closing.detail.get("label") or closing.detail.get("code", "")
        yield _Fact(EventKind.REOPENED, None, {"what": "closure", "old": label})
    if now is Status.ANSWERED:
        yield _Fact(EventKind.ANSWERED, answered_on(record), {})
    elif now is not None:
        closure = effective_closure(record, today)
        words = {"code": closure.code, "label": closure.label} if closure else {}
        yield _Fact(_CLOSURES[now], closed_on(record, today), {k: v for k, v in words.items() if v})


def _corrections(
    old: QuestionRecord | None, history: Sequence[Event], record: QuestionRecord, today: date
) -> Iterator[_Fact]:
    yield from _text_corrections(
        "question", old.question_texts if old else (), record.question_texts, was_said=old is not None
    )
    if settled_status(record, today) is Status.ANSWERED:
        yield from _text_corrections(
            "answer",
            old.answer_texts if old else (),
            record.answer_texts,
            was_said=outcome_of(history) is Status.ANSWERED,
        )
    if old and old.title and record.title and plain(old.title) != plain(record.title):
        yield _Fact(EventKind.CORRECTED, None, {"part": "title", "old": old.title, "new": record.title})


def _text_corrections(
    part: str, before: Sequence[PublishedText], after: Sequence[PublishedText], *, was_said: bool
) -> Iterator[_Fact]:
    """Corrections of one text: later publications on their own dates, silent changes as observed.

    `was_said`: whether an event already spoke of this text; if it had no words then, words that
    arrive now are told (as a correction of nothing), and so are words that disappear.
    """
    before, after = [t for t in before if _has_words(t)], [t for t in after if _has_words(t)]
    if was_said and bool(before) != bool(after):
        texts = {"old": before[-1].html if before else "", "new": after[-1].html if after else ""}
        yield _Fact(EventKind.CORRECTED, None, {"part": part, **texts})
        return
    if not after:
        return
    dates, errata = {text.jo.on for text in before}, {text.erratum for text in before}
    shown = before[-1] if before else after[0]
    for text in after:
        own = text.jo.on if text.jo.on not in dates else None
        against = shown if own or text is after[-1] else text
        detail = {"part": part}
        if against.html != text.html and plain(against.html) != plain(text.html):
            detail |= {"old": against.html, "new": text.html}
        if text.erratum and text.erratum not in errata:
            detail["erratum"] = text.erratum
        if len(detail) > 1:
            yield _Fact(EventKind.CORRECTED, own, detail)
        if own:
            shown = text


def _has_words(text: PublishedText) -> bool:
    return bool(text.erratum) or not is_blank(text.html)
