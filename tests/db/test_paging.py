"""Going through the public questions page by page, as another program does."""

from __future__ import annotations

from datetime import date

import pytest

from db.paging import ORDERS
from tests.builders import NOW, answered, record
from tests.db.writes import match, planned, question, write_all
from tracker.errors import UsageError
from tracker.events import EventKind
from tracker.paging import Position
from tracker.ports import Batch, MatchState
from tracker.selection import Selection

TODAY = date(2026, 12, 8)
RECORDS = (
    record(1, asked="2026-10-06"),
    record(2, asked="2026-10-06"),
    record(3, asked="2026-10-13"),
    record(4, asked=None, questions=[]),
    record(5, asked=None, questions=[]),
    record(1, legislature=16, asked="2024-01-09"),
    answered(record(6, asked="2026-10-13"), "2026-11-17"),
    answered(record(7, asked="2026-10-13"), "2026-11-17"),
)


def pages(reader, order, *, descending, limit=2, selection=Selection()):  # noqa: B008  # frozen
    """Every page to the end, as lists of uids."""
    found, after = [], None
    for _ in range(2 * len(RECORDS)):
        page = reader.page(
            selection, today=TODAY, order=order, descending=descending, after=after, limit=limit
        )
        found.append([view.record.uid for view in page.views])
        after = page.end
        if after is None:
            return found
    raise AssertionError("pages without end")


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("limit", [1, 2, 3, 8, 9])
def test_pages_hold_each_question_once_in_the_order_of_the_whole(store, reader, order, descending, limit):
    """Whatever the size of a page, with equals and with questions that lack the date."""
    write_all(store, *RECORDS)
    whole = reader.questions(Selection(), today=TODAY, order=order, descending=descending)
    found = pages(reader, order, descending=descending, limit=limit)
    assert [uid for page in found for uid in page] == [view.record.uid for view in whole]
    assert all(len(page) == limit for page in found[:-1])
    assert 1 <= len(found[-1]) <= limit


def test_a_question_that_comes_meanwhile_moves_no_page(store, reader):
    """The next page goes on from where the last one ended, not from a count."""
    write_all(store, *RECORDS)
    first = reader.page(Selection(), today=TODAY, order="published", descending=True, after=None, limit=3)
    write_all(store, record(90, asked="2026-12-01"), record(91, asked="2026-12-01"))
    second = reader.page(
        Selection(), today=TODAY, order="published", descending=True, after=first.end, limit=3
    )
    assert [view.record.id.number for view in first.views] == [7, 6, 3]
    assert [view.record.id.number for view in second.views] == [2, 1, 1]


def test_a_page_is_of_its_selection(store, reader):
    """The same filter as everywhere; a position may be that of a question that is not there."""
    write_all(store, *RECORDS)
    seventeenth = Selection(legislature=17)
    assert pages(reader, "number", descending=False, limit=4, selection=seventeenth) == [
        ["QANR5L17QE1", "QANR5L17QE2", "QANR5L17QE3", "QANR5L17QE4"],
        ["QANR5L17QE5", "QANR5L17QE6", "QANR5L17QE7"],
    ]
    gone = Position(date(2026, 10, 10), 17, 999)
    page = reader.page(seventeenth, today=TODAY, order="published", descending=False, after=gone, limit=9)
    assert [view.record.id.number for view in page.views] == [3, 6, 7, 4, 5]


def test_an_order_that_is_none_is_refused(reader):
    """With the ones there are."""
    with pytest.raises(UsageError, match="Tris possibles : published, number"):
        reader.page(Selection(), today=TODAY, order="x", descending=True, after=None, limit=1)


def test_views_come_in_the_order_asked_for(store, reader):
    """What is not public, or is not there at all, is left out."""
    write_all(store, *RECORDS[:3])
    held = question(record(8), matches=(match(state=MatchState.REVIEW),))
    store.write(Batch(questions=(held,), at=NOW))
    wanted = ["QANR5L17QE3", "QANR5L17QE8", "QANR5L17QE404", "QANR5L17QE1"]
    assert [view.record.uid for view in reader.views(wanted)] == ["QANR5L17QE3", "QANR5L17QE1"]
    assert reader.uids(Selection(), today=TODAY) == ["QANR5L17QE1", "QANR5L17QE2", "QANR5L17QE3"]


def test_the_last_sequence_is_of_what_is_public(store, reader):
    """Zero before there is an event; then that of the last one."""
    assert reader.last_sequence() == 0
    write_all(store, *RECORDS[:2])
    assert reader.last_sequence() == 2
    changed = answered(RECORDS[0], "2026-11-17")
    event = planned(changed, EventKind.ANSWERED, date(2026, 11, 17))
    store.write(Batch(questions=(question(changed, event, revised=True),), at=NOW))
    assert reader.last_sequence() == 3
