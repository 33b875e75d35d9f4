"""How another program goes through the public questions, page by page, or all of them in small parts.

Enters: a selection, the day in Paris, where the last page ended. Leaves: pages. Implemented by
`db.queries.SqlReader`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from tracker.ports import QuestionView
from tracker.selection import Selection


@dataclass(frozen=True, slots=True)
class Position:
    """Where a question stands in an order: what it is sorted by, then what tells it from its equals.

    `value` is a date, a sequence for the order `changed`, None where the question has no such date (and
    for the order `number`, which needs nothing more).
    """

    value: date | int | None
    legislature: int
    number: int


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """Some questions in order; `end` is the position of the last one, None when no more follow."""

    views: Sequence[QuestionView]
    end: Position | None


class PagingReader(Protocol):
    """Pages that stay right while questions come and go."""

    def page(
        self,
        selection: Selection,
        *,
        today: date,
        order: str,
        descending: bool,
        after: Position | None,
        limit: int,
    ) -> QuestionPage:
        """The questions that follow a position, or the first ones; `order` as in `Reader.questions`."""
        ...

    def uids(self, selection: Selection, *, today: date) -> Sequence[str]:
        """The uids of a selection, oldest publication first."""
        ...

    def views(self, uids: Iterable[str]) -> Sequence[QuestionView]:
        """These questions in the order given; those that are not public are left out."""
        ...

    def last_sequence(self) -> int:
        """The sequence of the last event of a public question; 0 before there is one."""
        ...
