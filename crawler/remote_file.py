"""A remote file, of which only the ranges asked for are fetched.

Enters: an address, and a way to fetch. Leaves: a seekable file that holds what has been fetched so
far (or all of it, when the source gives no ranges), always of one build.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import IO

from crawler.answers import Answer, ArchiveChangedError, Build, Fetch
from crawler.ranges import Range
from crawler.sparse import SparseFile
from crawler.whole import Pause, download_rest
from tracker.errors import SourceError

TAIL_BYTES = 1024  # holds the end record of a zip without a long comment
TRIES = 5  # requests in a row that may bring nothing

_WITH_BODY = {HTTPStatus.OK, HTTPStatus.PARTIAL_CONTENT}


class RemoteFile:
    """The file at `url`. Call `open` first; `handle` is None until then."""

    def __init__(self, url: str, fetch: Fetch, *, pause: Pause, directory: Path | None = None) -> None:
        self.url = url
        self.build = Build(None, None, None)
        self.handle: SparseFile | IO[bytes] | None = None
        self.several = True  # ranges in one request, until the source shows that it gives one at a time
        self._fetch = fetch
        self._pause = pause
        self._directory = directory

    async def open(self, *, etag: str | None, last_modified: str | None) -> bool:
        """Fetch the last bytes; False, after one small answer, when the file is still the one named.

        Raises SourceError when there is no file, or an HTML page in its place.
        """
        condition = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        known = {name: value for name, value in condition.items() if value}
        answer = await self._fetch(self.url, {"Range": f"bytes=-{TAIL_BYTES}", **known})
        if answer.status == HTTPStatus.NOT_MODIFIED and known:
            return False
        if answer.status != HTTPStatus.OK and (answer.status not in _WITH_BODY or answer.whole_size is None):
            answer = await self._fetch(self.url, {})  # some sources know no range from the end
        _refuse_page(answer)
        self.build = Build.of(answer)
        if answer.status == HTTPStatus.OK:
            await self._take_whole(answer)
        elif answer.status == HTTPStatus.PARTIAL_CONTENT and self.build.size is not None:
            self.handle = SparseFile(self.build.size)
            self._put(answer, self.handle)
        else:
            raise SourceError(f"La source a répondu {answer.status} à une demande d'archive.")
        return True

    async def fill(self, ranges: Sequence[Range]) -> bool:
        """Have these ranges here. False when the source gives only one at a time: plan anew.

        Raises ArchiveChangedError when the source speaks of another build.
        """
        fruitless = 0
        while isinstance(self.handle, SparseFile):
            gaps = _gaps(self.handle, ranges)
            if not gaps:
                break
            answer = await self._ask(gaps)
            if len(gaps) > 1 and answer.status != HTTPStatus.PARTIAL_CONTENT:
                self.several = False
                return False
            if answer.status == HTTPStatus.OK:
                await self._take_whole(answer)
                break
            if answer.status != HTTPStatus.PARTIAL_CONTENT:
                raise ArchiveChangedError  # a range that existed a moment ago
            self._put(answer, self.handle)
            left = _gaps(self.handle, ranges)
            if left and len(gaps) > 1 and not answer.cut:
                self.several = False
                return False
            fruitless = fruitless + 1 if left == gaps else 0
            if fruitless == TRIES:
                raise SourceError("La source ne donne pas les intervalles demandés de l'archive.")
            if left:
                await self._pause(fruitless + 1)
        return True

    def forget_before(self, offset: int) -> None:
        """Let go of ranges that begin before `offset`; they would be fetched again."""
        if isinstance(self.handle, SparseFile):
            self.handle.forget_before(offset)

    def close(self) -> None:
        """Let go of everything."""
        if self.handle is not None:
            self.handle.close()

    async def _ask(self, gaps: Sequence[Range]) -> Answer:
        wanted = ",".join(f"{gap.start}-{gap.stop - 1}" for gap in gaps)
        # a source that knows one range at a time may send the whole file instead: not wanted yet
        at_most = sum(gap.length for gap in gaps) if len(gaps) > 1 else None
        headers = {"Range": f"bytes={wanted}", **self.build.if_range}
        answer = await self._fetch(self.url, headers, at_most=at_most)
        _refuse_page(answer)
        if answer.status in _WITH_BODY and self.build.is_other_than(Build.of(answer)):
            raise ArchiveChangedError
        return answer

    @staticmethod
    def _put(answer: Answer, sparse: SparseFile) -> None:
        for piece in answer.pieces:
            if piece.total not in {None, sparse.size}:
                raise ArchiveChangedError
            sparse.put(piece.start, piece.data)

    async def _take_whole(self, answer: Answer) -> None:
        self.handle = await download_rest(
            self.url, answer, fetch=self._fetch, pause=self._pause, directory=self._directory
        )


def _gaps(sparse: SparseFile, ranges: Sequence[Range]) -> list[Range]:
    return [gap for wanted in ranges for gap in sparse.missing(wanted)]


def _refuse_page(answer: Answer) -> None:
    if answer.status == HTTPStatus.OK and answer.is_page:
        raise SourceError("La source a répondu par une page HTML au lieu d'une archive zip.")
