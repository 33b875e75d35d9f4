"""Figures in French: rounded without saying all or nothing, and never without what they rest on."""

from __future__ import annotations

import pytest

from feeds.figure_words import NAMES, Cell, cells, days, percent
from tracker.figures import FEWEST, Figures, Median, Rate

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0.0, f"0{NBSP}%"),
        (0.004, f"moins de 1{NBSP}%"),
        (0.42, f"42{NBSP}%"),
        (0.996, f"plus de 99{NBSP}%"),
        (1.0, f"100{NBSP}%"),
    ],
)
def test_all_and_nothing_are_only_said_when_true(share, said):
    """A rounded share never claims every question, or none."""
    assert percent(share) == said


@pytest.mark.parametrize(("value", "said"), [(1, "1 jour"), (63.0, "63 jours"), (63.5, "63,5 jours")])
def test_days(value, said):
    """Whole days, or the half that a median may have."""
    assert days(value) == said


def test_a_column_has_a_cell_for_each_name():
    """Counts, then a rate and a delay with their base."""
    figures = Figures(1234, 700, 100, 400, 34, Rate(420, 1000), Median(63.5, 690))
    column = cells(figures)
    assert len(column) == len(NAMES)
    assert column[0] == Cell("1\u202f234")
    assert column[5] == Cell(f"42{NBSP}%", "420 sur 1\u202f000 questions")
    assert column[6] == Cell("63,5 jours", "sur 690 réponses")


def test_too_few_is_said_in_place_of_a_rate():
    """With how many there are; none at all is something else."""
    assert FEWEST == 5, "pages say « moins de cinq »"
    rate, delay = cells(Figures(4, 4, 0, 0, 0, Rate(4, 4), Median(None, 0)))[5:]
    assert rate == Cell("Non donné", "moins de 5 questions (4)")
    assert delay == Cell("Sans objet", "aucune question à compter")
