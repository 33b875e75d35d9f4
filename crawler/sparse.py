"""A file of which only some ranges are here.

Enters: ranges of bytes as they are fetched. Leaves: a seekable, read-only file that `zipfile` can be
opened on; reading what is not here raises `MissingRange`, which says exactly what to fetch. So
`zipfile` decides what of an archive is needed, and the zip format stays out of our code.
"""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right

from crawler.ranges import Range


class MissingRange(Exception):  # noqa: N818  # not a failure: what has to be fetched next
    """A read met bytes that have not been fetched; `missing` is the first gap of that read."""

    def __init__(self, missing: Range) -> None:
        super().__init__(f"bytes {missing.start}-{missing.stop - 1}")
        self.missing = missing


class SparseFile:
    """`size` bytes long; holds the blocks put into it, which never overlap."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._position = 0
        self._starts: list[int] = []
        self._blocks: list[bytes] = []

    def put(self, start: int, data: bytes) -> None:
        """Hold `data` at offset `start`; what is already here is kept as it is."""
        for gap in self.missing(Range(start, min(start + len(data), self.size))):
            place = bisect_left(self._starts, gap.start)
            self._starts.insert(place, gap.start)
            self._blocks.insert(place, data[gap.start - start : gap.stop - start])

    def missing(self, wanted: Range) -> list[Range]:
        """The parts of `wanted` that are not here, in order."""
        gaps: list[Range] = []
        position = wanted.start
        place = max(bisect_right(self._starts, position) - 1, 0)
        while position < wanted.stop and place < len(self._starts):
            start = self._starts[place]
            if start >= wanted.stop:
                break
            if position < start:
                gaps.append(Range(position, start))
            position = max(position, start + len(self._blocks[place]))
            place += 1
        if position < wanted.stop:
            gaps.append(Range(position, wanted.stop))
        return gaps

    def forget_before(self, offset: int) -> None:
        """Let go of the blocks that begin before `offset`."""
        place = bisect_left(self._starts, offset)
        del self._starts[:place], self._blocks[:place]

    def read(self, length: int = -1) -> bytes:
        """Up to `length` bytes from here on. Raises MissingRange when one of them is not here."""
        stop = self.size if length < 0 else min(self._position + length, self.size)
        if stop <= self._position:
            return b""
        block = bisect_right(self._starts, self._position) - 1
        if block >= 0:  # nearly every read is within one block
            before = self._starts[block]
            part = self._blocks[block][self._position - before : stop - before]
            if len(part) == stop - self._position:
                self._position = stop
                return part
        wanted = Range(self._position, stop)
        gaps = self.missing(wanted)
        if gaps:
            raise MissingRange(gaps[0])
        self._position = stop
        place = bisect_right(self._starts, wanted.start) - 1
        parts = []
        while place < len(self._starts) and self._starts[place] < stop:
            start = self._starts[place]
            parts.append(self._blocks[place][max(wanted.start - start, 0) : stop - start])
            place += 1
        return parts[0] if len(parts) == 1 else b"".join(parts)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move as a real file does. Raises OSError before its beginning."""
        position = offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self.size}[whence]
        if position < 0:
            raise OSError(22, "Invalid argument")
        self._position = position
        return position

    def tell(self) -> int:
        """The offset of the next read."""
        return self._position

    def seekable(self) -> bool:
        """Always."""
        return True

    def close(self) -> None:
        """Let go of everything."""
        self._starts.clear()
        self._blocks.clear()
