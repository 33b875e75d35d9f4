"""Answers that hold ranges: `Content-Range`, and `multipart/byteranges` (RFC 9110, 14.4 to 14.6).

Enters: headers and bodies. Leaves: pieces, each with its offset. Parts are found by the length their
own `Content-Range` announces, never by looking for the boundary inside of binary data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import Message

_CONTENT_RANGE = re.compile(r"bytes\s+(\d{1,18})-(\d{1,18})/(\d{1,18}|\*)", re.ASCII | re.IGNORECASE)
_END_OF_HEADERS = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of a file, the offset they start at, and the file's whole size when it was said."""

    start: int
    data: bytes
    total: int | None


def piece_of(content_range: str, body: bytes, *, at: int = 0) -> Piece:
    """The range that begins `at` in `body`; a body cut short gives what came.

    Raises ValueError when the header is not `bytes first-last/size`.
    """
    found = _CONTENT_RANGE.fullmatch(content_range.strip())
    if found is None or int(found[1]) > int(found[2]):
        raise ValueError(f"not a Content-Range: {content_range[:80]!r}")
    start, length = int(found[1]), int(found[2]) - int(found[1]) + 1
    return Piece(start, body[at : at + length], None if found[3] == "*" else int(found[3]))


def is_multipart(content_type: str) -> bool:
    """Whether an answer's Content-Type announces several ranges."""
    return content_type.strip().lower().startswith("multipart/byteranges")


def pieces_of(content_type: str, body: bytes) -> list[Piece]:
    """The parts of a `multipart/byteranges` body, in its order; a cut body gives the parts that came.

    Raises ValueError when there is no boundary, or a part has no usable Content-Range.
    """
    header = Message()
    header["Content-Type"] = content_type
    boundary = header.get_boundary()
    if not boundary:
        raise ValueError("multipart/byteranges without a boundary")
    delimiter = b"--" + boundary.encode("latin-1")
    pieces: list[Piece] = []
    at = body.find(delimiter)
    while at >= 0:
        headers_end = body.find(_END_OF_HEADERS, at)
        closing = body.startswith(b"--", at + len(delimiter))
        if closing or headers_end < 0:  # the closing delimiter, or a cut in the middle of headers
            break
        data_at = headers_end + len(_END_OF_HEADERS)
        piece = piece_of(_content_range_in(body[at:headers_end]), body, at=data_at)
        pieces.append(piece)
        at = body.find(delimiter, data_at + len(piece.data))
    return pieces


def _content_range_in(headers: bytes) -> str:
    for line in headers.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-range":
            return value.decode("latin-1")
    raise ValueError("a part without Content-Range")
