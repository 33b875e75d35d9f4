"""Rendered documents kept in memory, the least used leaving first.

Enters: a key, the stamp under which a document holds, its representation. Leaves: the representation as
long as its stamp is still the one asked for. Bounded in bytes, so that crawling every address of the
service cannot fill its memory.
"""

from __future__ import annotations

from collections import OrderedDict

from feeds.conditional import Representation

MOST_BYTES = 64 * 1024 * 1024


class Shelf:
    """A least-recently-used store of representations."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[str, tuple[object, Representation]] = OrderedDict()

    def get(self, key: str, stamp: object) -> Representation | None:
        """The document kept under that key, if it was made under the same stamp."""
        kept = self._kept.get(key)
        if kept is None or kept[0] != stamp:
            return None
        self._kept.move_to_end(key)
        return kept[1]

    def put(self, key: str, stamp: object, representation: Representation) -> None:
        """Keep a document in place of the one under that key; others may leave."""
        self._drop(key)
        self._kept[key] = (stamp, representation)
        self._bytes += representation.size
        while self._bytes > self._most and len(self._kept) > 1:
            self._drop(next(iter(self._kept)))

    def _drop(self, key: str) -> None:
        kept = self._kept.pop(key, None)
        if kept is not None:
            self._bytes -= kept[1].size
