"""Figures from the real tables: the topic's questions, and all written questions beside them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.builders import ECONOMY, HEALTH, LABOUR, NOW, answered, attribution, closure, record
from tests.db.writes import match, planned, question, write_all
from tracker.figures import FigureRow, Rate, figures_of
from tracker.ports import Batch, LedgerMark, LedgerRow, MatchState
from tracker.questions import Author, Closure, Group
from tracker.readings import ledger_row
from tracker.selection import Selection
from tracker.status import Status

TODAY = date(2026, 11, 20)
MARK = LedgerMark(1, 2, "lecteur")


def write_ledger(store, *rows):
    """Rows of the ledger alone."""
    store.write(Batch(ledger=tuple(rows), at=NOW))


def ledger(number, *, legislature=17, asked=date(2026, 1, 6), after=None, closed=None, **others):
    """A question of the ledger, answered some days after it was asked."""
    return LedgerRow(
        f"QANR5L{legislature}QE{number}",
        MARK,
        asked,
        None if after is None else asked + timedelta(days=after),
        closed,
        **others,
    )


def test_rows_of_selected_questions(store, reader):
    """By legislature, newest first; those of a finished legislature have lapsed."""
    old = record(1, legislature=16, asked="2024-03-05")
    told = answered(record(2, asked="2026-09-01"), "2026-10-27")
    write_all(store, old, told, record(3), record(4, closed=closure("DE", "Question retirée", "2026-11-03")))
    rows = reader.rows(Selection(), today=TODAY)
    assert list(rows) == [17, 16]
    due = date(2024, 5, 5)
    assert rows[16] == [FigureRow(Status.LAPSED, date(2024, 3, 5), None, due)]
    figures = figures_of(rows[17], TODAY)
    assert (figures.questions, figures.answered, figures.waiting, figures.closed) == (3, 1, 1, 1)
    assert figures.answered_in_time == Rate(1, 1)
    assert list(reader.rows(Selection(legislature=16), today=TODAY)) == [16]
    assert reader.rows(Selection(topic="autre"), today=TODAY) == {}


def test_every_status_is_counted_as_it_is_selected(store, reader):
    """What a page counts is what its list shows under the same status."""
    write_all(
        store,
        record(1, asked="2026-09-01"),
        record(2),
        answered(record(3), "2026-11-10"),
        record(4, closed=closure("FM", "Fin de mandat")),
        record(5, closed=closure("??", "Autre")),
        record(6, legislature=16, asked="2024-03-05"),
        record(7, asked="2026-09-20"),
    )
    rows = [row for found in reader.rows(Selection(), today=TODAY).values() for row in found]
    figures = figures_of(rows, TODAY)

    def count(*statuses):
        return reader.count(Selection(statuses=frozenset(statuses)), today=TODAY)

    assert figures.answered == count(Status.ANSWERED) == 1
    assert figures.waiting == count(Status.PENDING) == 2
    assert figures.overdue == count(Status.OVERDUE) == 1
    assert figures.closed == count(Status.WITHDRAWN, Status.LAPSED, Status.CLOSED) == 3


def test_questions_held_for_review_are_counted_nowhere(store, reader):
    """They are not public."""
    held = question(record(1), planned(record(1)), matches=[match(MatchState.REVIEW)])
    store.write(Batch(questions=(held,), at=NOW))
    assert reader.rows(Selection(), today=TODAY) == {}
    assert reader.rows_by("group", today=TODAY) == {}


def test_rows_under_each_value(store, reader):
    """Groups by what is stated now, ministries by all that was ever stated, each question once."""
    moved = record(2, attributions=[attribution(HEALTH, "2026-10-06"), attribution(LABOUR, "2026-11-03")])
    write_all(store, record(1), moved)
    for ministry in (ECONOMY, HEALTH):
        again = record(1, ministry=ministry, author=Author("PA2", None, Group(None, "NOUVEAU", None)))
        store.write(Batch(questions=(question(again, revised=True),), at=NOW))
    ministries = reader.rows_by("ministry", today=TODAY)
    assert {slug: len(rows) for slug, rows in ministries.items()} == {"economie": 1, "sante": 2, "travail": 1}
    groups = reader.rows_by("group", today=TODAY)
    assert {slug: len(rows) for slug, rows in groups.items()} == {"exemple": 1, "nouveau": 1}


def test_figures_of_all_written_questions(store, reader):
    """From the ledger, by legislature, on a topic or not."""
    write_ledger(
        store,
        *(ledger(number, after=30 + number) for number in range(1, 6)),
        ledger(6, after=90),
        ledger(7),
        ledger(8, asked=date(2026, 11, 3)),
        ledger(9, closed=Closure("FM", "Fin de mandat", None)),
        ledger(10, closed=Closure("REP_PUB", "Réponse publiée", None)),
        ledger(1, legislature=16, asked=date(2024, 3, 5)),
    )
    figures = reader.all_figures(today=TODAY)
    assert list(figures) == [17, 16]
    now = figures[17]
    assert (now.questions, now.answered, now.overdue, now.waiting, now.closed) == (10, 7, 1, 1, 1)
    assert now.answered_in_time == Rate(5, 7)
    assert (now.delay.days, now.delay.base) == (33.5, 6)
    assert figures[16].closed == 1


def test_figures_of_one_ministry_or_group(store, reader):
    """Labels that differ by case or accents only are one."""
    write_ledger(
        store,
        ledger(1, ministry="Santé", group="GDR"),
        ledger(2, ministry="SANTE", group="RN"),
        ledger(3, ministry="Travail", group="GDR"),
        ledger(4),
    )
    assert reader.all_figures(today=TODAY, ministry="sante")[17].questions == 2
    assert reader.all_figures(today=TODAY, group="gdr")[17].questions == 2
    assert reader.all_figures(today=TODAY, ministry="sante", group="gdr")[17].questions == 1
    assert reader.all_figures(today=TODAY, ministry="inconnu") == {}


def test_a_file_that_was_never_readable_is_no_question(store, reader):
    """Its row in the ledger is only a mark."""
    store.write(Batch(ledger=(ledger(1),), unread={"QANR5L17QE2": MARK}, at=NOW))
    assert reader.all_figures(today=TODAY)[17].questions == 1


@pytest.mark.parametrize("on", [date(2026, 3, 6), date(2026, 3, 7)])
def test_topic_and_ledger_agree(store, reader, on):
    """The same questions read from both sides give the same figures."""
    records = [
        record(1, asked="2026-01-06"),
        answered(record(2, asked="2026-01-06"), "2026-02-17"),
        record(3, asked="2026-01-06", closed=closure("FM", "Fin de mandat", "2026-02-01")),
        record(4, asked="2026-01-06", closed=closure("REP_PUB", "Réponse publiée")),
        record(5, asked="2026-02-03"),
    ]
    write_all(store, *records)
    write_ledger(store, *(ledger_row(one, MARK) for one in records))
    rows = reader.rows(Selection(), today=on)[17]
    assert figures_of(rows, on) == reader.all_figures(today=on)[17]


def test_figures_take_few_queries(store, reader, queries):
    """However many questions there are."""
    write_all(store, *(record(number) for number in range(1, 40)))
    write_ledger(store, *(ledger(number, ministry="Santé") for number in range(1, 40)))
    queries.clear()
    reader.rows(Selection(topic="asalee", group="exemple"), today=TODAY)
    reader.rows_by("ministry", today=TODAY)
    reader.all_figures(today=TODAY)
    assert len(queries) == 3
    reader.all_figures(today=TODAY, ministry="sante")
    assert len(queries) == 5
