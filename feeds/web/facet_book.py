"""What the questions of a topic can be selected by, read once per public version.

Enters: the reader. Leaves: facets. They are asked for by the page that lists feeds and by each feed
address, and cost a pass over all questions of the topic.
"""

from __future__ import annotations

from threading import Lock

from tracker.ports import Facets, Reader


class FacetBook:
    """Remembers facets as long as the reader's version stands; safe in threads."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._lock = Lock()
        self._version: str | None = None
        self._kept: dict[str, Facets] = {}

    def of(self, topic: str) -> Facets:
        """The facets of a topic."""
        with self._lock:
            version = self._reader.version()
            if version != self._version:
                self._version, self._kept = version, {}
            if topic not in self._kept:
                self._kept[topic] = self._reader.facets(topic)
            return self._kept[topic]
