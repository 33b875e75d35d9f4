"""Filters in words, for alerts: the labels of their slugs, read now and then.

Enters: the reader, the topics, a clock. Leaves: « Questions écrites : sujet Asalée, groupe GDR ».
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from feeds.described import Labels, described, labels_of
from tracker.clock import Clock
from tracker.ports import Reader
from tracker.selection import Selection

_KEPT_FOR = timedelta(minutes=5)


class FilterNames:
    """Says filters; labels that are new are known a few minutes later."""

    def __init__(self, reader: Reader, topics: Mapping[str, str], clock: Clock) -> None:
        self._reader = reader
        self._topics = topics
        self._clock = clock
        self._labels = Labels()
        self._read_at: datetime | None = None
        self._said: dict[Selection, str] = {}

    def __call__(self, selection: Selection) -> str:
        """One filter in words."""
        now = self._clock()
        if self._read_at is None or now - self._read_at > _KEPT_FOR:
            self._labels = labels_of(self._topics, [self._reader.facets(topic) for topic in self._topics])
            self._read_at, self._said = now, {}
        if selection not in self._said:
            self._said[selection] = described(selection, self._labels)
        return self._said[selection]
