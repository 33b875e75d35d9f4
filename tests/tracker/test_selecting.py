"""A selection decided on facts at hand: the status it sees is the one of the rules.

That every field is decided as SQL decides it is in `tests/db/alerts/test_matching_agrees.py`.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.builders import answered, closure, record
from tracker.deadlines import due_on
from tracker.events import EventKind
from tracker.selecting import EventFacts, selects, status_on
from tracker.selection import Selection
from tracker.status import settled_status, status_of

DAYS = [date(2024, 6, day) for day in (8, 9, 10, 11)]  # due on the 9th, the day the 16th legislature ended
STATES = [
    record(1, asked="2024-04-09"),
    record(1, asked="2024-04-09", legislature=16),
    record(1, asked=None, ministry=None),
    record(1, asked="2024-06-11", legislature=16),
    answered(record(1, asked="2024-04-09"), "2024-06-11"),
    record(1, asked="2024-04-09", closed=closure("RET", "Retrait", "2024-06-04")),
    record(1, asked="2024-04-09", closed=closure("FM", "Fin de mandat")),
]


def facts(one):
    """What is known of the publication of a question."""
    return EventFacts(
        uid=one.uid,
        kind=EventKind.PUBLISHED,
        legislature=one.id.legislature,
        topics=frozenset({"asalee"}),
        settled=settled_status(one, date.min),
        due_on=due_on(one),
        signalled=False,
        published_on=one.published_on,
        labels=frozenset(),
        document="",
    )


@pytest.mark.parametrize("today", DAYS)
@pytest.mark.parametrize("one", STATES)
def test_the_status_is_that_of_the_rules(one, today):
    """On the due date, the day after, at the end of a legislature, answered, closed."""
    assert status_on(facts(one), today) is status_of(one, today)


@pytest.mark.parametrize("today", DAYS)
@pytest.mark.parametrize("one", STATES)
def test_a_selection_by_status_follows_it(one, today):
    """The status it has selects it, the others do not."""
    status = status_of(one, today)
    assert selects(Selection(statuses=frozenset({status})), facts(one), today)
    others = frozenset(type(status)) - {status}
    assert not selects(Selection(statuses=others), facts(one), today)
