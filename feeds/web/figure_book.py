"""Figures and pictures of a place, counted and drawn once per public version and day.

Enters: the reader and the topics' milestones. Leaves: figures of all the written questions of a
legislature (a pass over the whole ledger, some 20,000 rows), and a topic's picture of time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from feeds.chronology import Chronology, chronology
from feeds.web.kept import Kept
from feeds.web.timeline import draw
from tracker.figures import Figures
from tracker.figures_port import PublicReader
from tracker.milestones import Milestone
from tracker.selection import Selection


@dataclass(frozen=True, slots=True)
class Picture:
    """A topic's picture of time in each of its forms, and what it tells, for the tables behind it."""

    told: Chronology
    forms: Sequence[Markup]


class FigureBook:
    """Answers for one place; safe in threads."""

    def __init__(self, reader: PublicReader, milestones: Mapping[str, Sequence[Milestone]]) -> None:
        self._reader, self._milestones = reader, milestones
        self._figures: Kept[Mapping[int, Figures]] = Kept(reader.version)
        self._pictures: Kept[Picture | None] = Kept(reader.version)

    def of_all(
        self, today: date, *, ministry: str | None = None, group: str | None = None
    ) -> Mapping[int, Figures]:
        """Figures by legislature, newest first: of all questions, or of one ministry or group (slugs)."""
        return self._figures.get(
            today,
            (ministry, group),
            lambda: self._reader.all_figures(today=today, ministry=ministry, group=group),
        )

    def picture(self, topic: str, today: date) -> Picture | None:
        """The picture of a topic (slug); None when there is nothing to show."""
        return self._pictures.get(today, topic, lambda: self._draw(topic, today))

    def _draw(self, topic: str, today: date) -> Picture | None:
        by_legislature = self._reader.rows(Selection(topic=topic), today=today)
        rows = [row for found in by_legislature.values() for row in found]
        told = chronology(self._milestones.get(topic, ()), rows, today)
        return Picture(told, draw(told, topic)) if told else None
