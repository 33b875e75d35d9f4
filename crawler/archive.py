"""A remote zip, read at the cost of what is wanted of it.

Enters: a remote file. Leaves: whether it changed, its directory, and the bytes of the entries asked
for, a few at a time. Python's `zipfile` reads it and checks each CRC; what it finds missing of the
directory is fetched as it asks, and the entries by as few ranges as their places allow.
"""

from __future__ import annotations

import zipfile
import zlib
from bisect import bisect_right
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass

from crawler.ranges import CHUNK_BYTES, RANGES_PER_REQUEST, Range, plan
from crawler.remote_file import RemoteFile
from crawler.sparse import MissingRange
from tracker.errors import SourceError

MAX_DIRECTORY_BYTES = 32_000_000  # twenty times what the Assemblée's largest needs
MAX_RATIO = 200  # JSON deflates about 4 to 1; a bomb 1,000 to 1

_LOCAL_HEADER_BYTES = 30
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # the others inflate without a bound
_PER_PORTION = 50  # entries handed over at once; few, so that they are still warm when they are matched
_NO_ZIP = (zipfile.BadZipFile, NotImplementedError, UnicodeDecodeError, OSError)
_UNREADABLE = (
    zipfile.BadZipFile,
    MissingRange,
    zlib.error,
    EOFError,
    NotImplementedError,
    UnicodeDecodeError,
)


@dataclass(frozen=True, slots=True)
class EntryRead:
    """One entry as read: its bytes, or None and the problem in French.

    A refused one was never fetched; without being refused, its bytes came damaged.
    """

    info: zipfile.ZipInfo
    data: bytes | None
    problem: str = ""
    is_refused: bool = False


class RemoteArchive:
    """The zip in `file`. Call `open` once, then `read` as often as needed."""

    def __init__(self, file: RemoteFile, *, max_entry_bytes: int, chunk_bytes: int = CHUNK_BYTES) -> None:
        self.file = file
        self._max_entry_bytes = max_entry_bytes
        self._chunk_bytes = chunk_bytes
        self._zip: zipfile.ZipFile | None = None
        self._offsets: list[int] = []

    async def open(self, *, etag: str | None = None, last_modified: str | None = None) -> bool:
        """Read the directory; False, after one small answer, when the archive is still the one named.

        Raises SourceError when this is no whole zip, ArchiveChangedError when it is replaced meanwhile.
        """
        if not await self.file.open(etag=etag, last_modified=last_modified):
            return False
        opened = await self._open_zip()
        self._offsets = sorted({info.header_offset for info in opened.infolist()} | {opened.start_dir})
        return True

    @property
    def entries(self) -> Sequence[zipfile.ZipInfo]:
        """The directory; empty before `open`."""
        return [] if self._zip is None else self._zip.infolist()

    async def read(self, wanted: Iterable[zipfile.ZipInfo]) -> AsyncIterator[list[EntryRead]]:
        """The bytes of entries, in the order of the file; refused ones come first, with the reason."""
        ordered = sorted(wanted, key=lambda info: info.header_offset)
        problems = [(info, self._problem(info)) for info in ordered]
        refused = [EntryRead(info, None, problem, is_refused=True) for info, problem in problems if problem]
        if refused:
            yield refused
        remaining = [info for info, problem in problems if not problem]
        while remaining:
            for batch in plan(
                [self._place(info) for info in remaining],
                per_request=RANGES_PER_REQUEST if self.file.several else 1,
                chunk_bytes=self._chunk_bytes,
            ):
                if not await self.file.fill(batch.ranges):
                    break  # one range at a time from here on: another plan
                here, remaining = remaining[: batch.places], remaining[batch.places :]
                for start in range(0, len(here), _PER_PORTION):
                    opened = await self._open_zip()
                    yield [_entry(opened, info) for info in here[start : start + _PER_PORTION]]
                self.file.forget_before(self._offsets[-1])

    async def _open_zip(self) -> zipfile.ZipFile:
        """`zipfile` on what is here; opened anew when the file was replaced by a whole download."""
        while self._zip is None or self._zip.fp is not self.file.handle:
            if self.file.handle is None:
                raise SourceError("L'archive n'est pas ouverte.")
            try:
                self._zip = zipfile.ZipFile(self.file.handle)
            except MissingRange as reading:
                if reading.missing.length > MAX_DIRECTORY_BYTES:
                    reason = "Le répertoire de l'archive est démesuré ; lecture refusée."
                    raise SourceError(reason) from reading
                await self.file.fill((reading.missing,))
            except _NO_ZIP as error:
                reason = f"L'archive est tronquée ou n'est pas un zip ({error}) ; rien n'a été lu."
                raise SourceError(reason) from error
        return self._zip

    def _place(self, info: zipfile.ZipInfo) -> Range:
        """Where an entry lies: up to the next one, or to the directory."""
        following = bisect_right(self._offsets, info.header_offset)
        return Range(info.header_offset, self._offsets[min(following, len(self._offsets) - 1)])

    def _problem(self, info: zipfile.ZipInfo) -> str | None:
        """Why an entry is not read at all."""
        if info.flag_bits & _ENCRYPTED or info.compress_type not in _METHODS:
            return "entrée chiffrée, ou compressée d'une façon inconnue"
        if max(info.file_size, info.compress_size) > self._max_entry_bytes:
            return f"entrée de taille absurde ({info.file_size} octets annoncés)"
        if info.file_size > MAX_RATIO * max(info.compress_size, 1):
            return f"entrée gonflée ({info.file_size} octets annoncés pour {info.compress_size})"
        if self._place(info).length < _LOCAL_HEADER_BYTES + info.compress_size:
            return "entrée qui déborde sur la suivante"
        return None


def _entry(opened: zipfile.ZipFile, info: zipfile.ZipInfo) -> EntryRead:
    try:
        return EntryRead(info, opened.read(info))
    except _UNREADABLE as error:
        return EntryRead(info, None, f"entrée abîmée dans l'archive ({error})")
