"""Figures in French: what each is called, what it says, and on how many questions it rests.

Enters: `Figures`. Leaves: lines of plain text for a table. The definitions that go with these names are on
the page `/a-propos`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from babel.numbers import format_decimal

from feeds.typography import NBSP, count, number, typeset
from tracker.figures import FEWEST, Figures, Median, Rate
from tracker.status import Status

NAMES = (
    "Questions",
    "Réponse publiée",
    "En attente",
    "Échéance dépassée",
    "Closes sans réponse",
    "Réponse dans les deux mois",
    "Délai médian de réponse",
)
"""What the cells of a column are called, in order."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as written, what it rests on when that is not plain, and where its questions are listed.

    A number may part from its unit at the end of a line: cells are narrow on a phone.
    """

    value: str
    basis: str = ""
    href: str = ""


COUNTED: Sequence[frozenset[Status]] = (
    frozenset(),
    frozenset({Status.ANSWERED}),
    frozenset({Status.PENDING}),
    frozenset({Status.OVERDUE}),
    frozenset({Status.WITHDRAWN, Status.LAPSED, Status.CLOSED}),
)
"""The statuses that the first names count, none for all: what a list of the same questions selects."""


def counts(figures: Figures) -> Sequence[int]:
    """The counts that the first names stand for."""
    return (figures.questions, figures.answered, figures.waiting, figures.overdue, figures.closed)


def cells(figures: Figures) -> Sequence[Cell]:
    """A column of a table, in the order of `NAMES`."""
    counted = (Cell(number(value)) for value in counts(figures))
    return (*counted, _rate(figures.answered_in_time), _median(figures.delay))


def percent(share: float) -> str:
    """« 42 % »; what is neither nothing nor all is never said to be."""
    rounded = round(share * 100)
    if rounded == 0 and share > 0:
        return f"moins de 1{NBSP}%"
    if rounded == 100 and share < 1:  # noqa: PLR2004  # per cent
        return f"plus de 99{NBSP}%"
    return f"{rounded}{NBSP}%"


def days(value: float) -> str:
    """« 63 jours », « 63,5 jours »."""
    if value == int(value):
        return _loose(count(int(value), "jour"))
    return f"{format_decimal(value, locale='fr')} jours"


def _rate(rate: Rate) -> Cell:
    if rate.share is None:
        return _too_few(rate.base)
    return Cell(percent(rate.share), _loose(f"{number(rate.part)} sur {count(rate.base, 'question')}"))


def _median(median: Median) -> Cell:
    if median.days is None:
        return _too_few(median.base)
    return Cell(days(median.days), _loose(f"sur {count(median.base, 'réponse')}"))


def _too_few(base: int) -> Cell:
    if base == 0:
        return Cell("Sans objet", "aucune question à compter")
    return Cell("Non donné", typeset(f"moins de {FEWEST} questions ({base})"))


def _loose(text: str) -> str:
    return text.replace(NBSP, " ")
