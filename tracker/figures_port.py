"""What figures and the picture of time are read through, beside `tracker.ports.Reader`.

Enters: a selection, the day in Paris. Leaves: small rows of the public questions, to be counted by
`tracker.figures`, and figures of all the written questions of a legislature, on a topic or not.
Implemented by `db.queries.SqlReader`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Literal, Protocol

from tracker.figures import FigureRow, Figures
from tracker.likeness import AlikeReader
from tracker.paging import PagingReader
from tracker.ports import Reader
from tracker.selection import Selection

Label = Literal["group", "ministry", "deputy", "department"]
"""What questions are listed under: a field of `Selection`."""


class FiguresReader(Protocol):
    """Counts of questions, without their texts. Questions held for review never appear."""

    def rows(self, selection: Selection, *, today: date) -> Mapping[int, Sequence[FigureRow]]:
        """Rows of the selected questions by legislature, newest first; alike ones may share a row."""
        ...

    def rows_by(self, label: Label, *, today: date) -> Mapping[str, Sequence[FigureRow]]:
        """Rows of all public questions by the group, ministry… (slug) that they are selected by now."""
        ...

    def all_figures(
        self, *, today: date, ministry: str | None = None, group: str | None = None
    ) -> Mapping[int, Figures]:
        """Figures of all written questions by legislature, newest first; of one ministry or group (slugs).

        A question belongs to the ministry that is in charge of it now.
        """
        ...


class PublicReader(Reader, FiguresReader, AlikeReader, PagingReader, Protocol):
    """All that the public side reads."""
