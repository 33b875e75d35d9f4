"""A `Selection` decided on facts at hand, with no database: what alerts are matched with.

Enters: a selection, what is known of an event and its question, the day in Paris. Leaves: yes or no,
the same as `db.selecting` says in SQL (a test compares the two field by field). Thousands of pairs
are decided for one batch of events, so what a selection asks is worked out once, in a `Matcher`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from tracker.events import EventKind
from tracker.selection import Selection
from tracker.status import LEGISLATURE_ENDS, Status
from tracker.words import asked_terms, holds

_LABELLED = ("group", "ministry", "deputy", "department", "rubric")


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One event of a public question, as far as a selection may ask about it.

    `settled` is the stored fact (`tracker.status.settled_status` without the calendar), None while
    open. `labels` are (field of Selection, slug) that the question had been under when the event was
    observed. `document` holds its search terms parted by spaces.
    """

    uid: str
    kind: EventKind
    legislature: int
    topics: frozenset[str]
    settled: Status | None
    due_on: date | None
    signalled: bool
    published_on: date | None
    labels: frozenset[tuple[str, str]]
    document: str


Test = Callable[[EventFacts], bool]


class Matcher:
    """A selection made ready to be tried on many events."""

    def __init__(self, selection: Selection, today: date) -> None:
        self._tests = tuple(_tests(selection, today))

    def __call__(self, facts: EventFacts) -> bool:
        """Whether the selection follows this event."""
        return all(test(facts) for test in self._tests)


def selects(selection: Selection, facts: EventFacts, today: date) -> bool:
    """Whether a selection follows an event, on a day in Paris; `kinds` empty follows every kind."""
    return Matcher(selection, today)(facts)


def status_on(facts: EventFacts, today: date) -> Status:
    """The status of the event's question on a day, as `tracker.status.status_of` says of a record."""
    if facts.settled is not None:
        return facts.settled
    end = LEGISLATURE_ENDS.get(facts.legislature)
    if end is not None and today > end:
        return Status.LAPSED
    return Status.OVERDUE if facts.due_on is not None and facts.due_on < today else Status.PENDING


def _tests(selection: Selection, today: date) -> list[Test]:
    """What a selection asks, cheapest and most telling first."""
    tests: list[Test] = []
    if selection.uid is not None:
        tests.append(lambda facts: facts.uid == selection.uid)
    if selection.kinds:
        tests.append(lambda facts: facts.kind in selection.kinds)
    asked = frozenset((name, slug) for name in _LABELLED if (slug := getattr(selection, name)) is not None)
    if asked:
        tests.append(lambda facts: asked <= facts.labels)
    if selection.topic is not None:
        tests.append(lambda facts: selection.topic in facts.topics)
    if selection.legislature is not None:
        tests.append(lambda facts: facts.legislature == selection.legislature)
    if selection.signalled is not None:
        tests.append(lambda facts: facts.signalled is selection.signalled)
    tests += _date_tests(selection.published_from, selection.published_to)
    if selection.statuses:
        tests.append(lambda facts: status_on(facts, today) in selection.statuses)
    if selection.words is not None and selection.words.strip():
        terms = asked_terms(selection.words)
        tests.append(lambda facts: bool(terms) and holds(facts.document, terms))
    return tests


def _date_tests(first: date | None, last: date | None) -> list[Test]:
    tests: list[Test] = []
    if first is not None:
        tests.append(lambda facts: facts.published_on is not None and facts.published_on >= first)
    if last is not None:
        tests.append(lambda facts: facts.published_on is not None and facts.published_on <= last)
    return tests
