"""What the source answered, and which build of an archive it was speaking of.

Enters: status, headers and body of one answer. Leaves: `Answer`, and `Build`, which tells whether two
answers may be parts of one file. How an answer is obtained is the business of who implements `Fetch`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol

from crawler.multipart import Piece, is_multipart, piece_of, pieces_of
from tracker.errors import SourceError


class ArchiveChangedError(SourceError):
    """The archive was replaced while it was being read."""

    def __init__(self) -> None:
        super().__init__("L'archive a été remplacée à la source pendant sa lecture ; recommencer plus tard.")


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; names of `headers` are in lower case. `cut`: the body is shorter than announced."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    cut: bool = False

    def header(self, name: str) -> str | None:
        """A header by its lower-case name, None when absent or blank."""
        return self.headers.get(name, "").strip() or None

    @property
    def is_page(self) -> bool:
        """Whether this is an HTML page where an archive was asked for."""
        kind = (self.header("content-type") or "").lower()
        start = self.body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
        return kind.startswith("text/html") or start.startswith((b"<!doctype", b"<html"))

    @property
    def pieces(self) -> list[Piece]:
        """The ranges that a 206 holds. Raises SourceError when it does not say which."""
        kind = self.header("content-type") or ""
        try:
            if is_multipart(kind):
                return pieces_of(kind, self.body)
            return [piece_of(self.header("content-range") or "", self.body)]
        except ValueError as error:
            raise SourceError(
                "La source a répondu à une demande d'intervalles sans dire lesquels."
            ) from error

    @property
    def whole_size(self) -> int | None:
        """The size of the whole file, from Content-Range or, on a 200, from Content-Length."""
        if self.status == HTTPStatus.PARTIAL_CONTENT:
            pieces = self.pieces
            return pieces[0].total if pieces else None
        length = self.header("content-length") or ""
        return int(length) if length.isascii() and length.isdigit() else None


@dataclass(frozen=True, slots=True)
class Build:
    """What an answer says of the file it comes from: validators and size, each of them optional."""

    etag: str | None
    last_modified: str | None
    size: int | None

    @classmethod
    def of(cls, answer: Answer) -> Build:
        """Read the validators of an answer."""
        return cls(answer.header("etag"), answer.header("last-modified"), answer.whole_size)

    def is_other_than(self, other: Build) -> bool:
        """Whether the two cannot be one build of the file.

        Servers behind one address may give one file different ETags: when both sides state the same
        `Last-Modified` and size, the ETag is not believed. Checksums decide in any case.
        """
        if None not in (self.size, other.size) and self.size != other.size:
            return True
        if self.last_modified and other.last_modified:
            return self.last_modified != other.last_modified
        return bool(self.etag and other.etag and self.etag != other.etag)

    @property
    def if_range(self) -> dict[str, str]:
        """The header by which a server refuses to give ranges of another build (RFC 9110, 13.1.5)."""
        if self.etag and not self.etag.startswith("W/"):  # a weak one is not allowed there
            return {"If-Range": self.etag}
        return {"If-Range": self.last_modified} if self.last_modified else {}


class Fetch(Protocol):
    """One GET, politely; raises SourceError, in French, when nothing usable can be had."""

    async def __call__(self, url: str, headers: Mapping[str, str], *, at_most: int | None = None) -> Answer:
        """The answer: 200, 206, 304 or 416.

        With `at_most`, an answer that is not a 206 and announces more bytes than that is given up
        at its headers, and comes back with an empty body, `cut`.
        """
        ...
