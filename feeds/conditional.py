"""HTTP caching of one body: strong ETag from the bytes, Last-Modified, 304, HEAD, gzip.

Enters: a body and when it last changed; then the method and headers of a request. Leaves: status,
headers and body, as RFC 9110 says. Pure: everything costly is done once, when the body is made.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime

Header = tuple[bytes, bytes]
Answer = tuple[int, Sequence[Header], bytes]

CACHE_CONTROL = b"public, max-age=900"


@dataclass(frozen=True, slots=True)
class _Variant:
    """One encoding of the body, with the headers of its 200 and of its 304."""

    etag: bytes
    body: bytes
    found: tuple[Header, ...]
    unchanged: tuple[Header, ...]


@dataclass(frozen=True, slots=True)
class Representation:
    """A body ready to be served, plain and gzipped; each encoding has an ETag of its own."""

    plain: _Variant
    gzipped: _Variant
    modified: datetime | None

    @property
    def size(self) -> int:
        """Bytes held in memory."""
        return len(self.plain.body) + len(self.gzipped.body)


def represent(
    body: bytes, media_type: str, modified: datetime | None, *, cache_control: bytes = CACHE_CONTROL
) -> Representation:
    """Prepare a body; the same bytes give the same ETags on every machine.

    Without `modified` only the ETag tells whether it has changed.
    """
    digest = hashlib.sha256(body).hexdigest()[:32]
    at = modified.astimezone(UTC).replace(microsecond=0) if modified else None
    shared = (
        (b"cache-control", cache_control),
        (b"vary", b"Accept-Encoding"),
        *([(b"last-modified", format_datetime(at, usegmt=True).encode())] if at else []),
    )
    content_type = (b"content-type", f"{media_type}; charset=utf-8".encode())
    return Representation(
        plain=_variant(f'"{digest}"', body, (content_type, *shared), shared),
        gzipped=_variant(
            f'"{digest}-gz"',
            gzip.compress(body, compresslevel=6, mtime=0),
            (content_type, (b"content-encoding", b"gzip"), *shared),
            shared,
        ),
        modified=at,
    )


def answer(representation: Representation, method: str, headers: Iterable[Header]) -> Answer:
    """What a GET or HEAD with these headers gets: 200 or 304. Header names are lower case (ASGI)."""
    given = _read(headers)
    chosen = representation.gzipped if _takes_gzip(given.get(b"accept-encoding")) else representation.plain
    held = _held(representation, chosen, given)
    if held is not None:
        return 304, held.unchanged, b""
    return 200, chosen.found, b"" if method == "HEAD" else chosen.body


def holds(headers: Iterable[Header], etag: str) -> bool:
    """Whether a request names that ETag as held (`If-None-Match`, weak comparison, RFC 9110 §13.1.2)."""
    tags = _read(headers).get(b"if-none-match")
    return tags is not None and bool(_named(tags) & {b"*", etag.removeprefix("W/").encode()})


def takes_gzip(headers: Iterable[Header]) -> bool:
    """Whether a request accepts gzip."""
    return _takes_gzip(_read(headers).get(b"accept-encoding"))


def _variant(etag: str, body: bytes, found: tuple[Header, ...], unchanged: tuple[Header, ...]) -> _Variant:
    tag = (b"etag", etag.encode())
    length = (b"content-length", str(len(body)).encode())
    return _Variant(tag[1], body, (*found, tag, length), (*unchanged, tag))


def _read(headers: Iterable[Header]) -> dict[bytes, bytes]:
    """The headers that matter here; a repeated one is a list in several lines."""
    given: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in {b"if-none-match", b"accept-encoding", b"if-modified-since"}:
            given[name] = given[name] + b", " + value if name in given else value
    return given


def _held(representation: Representation, chosen: _Variant, given: dict[bytes, bytes]) -> _Variant | None:
    """The variant that the client says it holds and that still stands, if any."""
    tags = given.get(b"if-none-match")
    if tags is not None:
        # a client may hold the other encoding of the same content
        named = _named(tags)
        if b"*" in named:
            return chosen
        variants = (chosen, representation.plain, representation.gzipped)
        return next((variant for variant in variants if variant.etag in named), None)
    modified, since = representation.modified, _date(given.get(b"if-modified-since"))
    return chosen if modified is not None and since is not None and modified <= since else None


def _named(tags: bytes) -> set[bytes]:
    return {tag.strip().removeprefix(b"W/") for tag in tags.split(b",")}


def _date(value: bytes | None) -> datetime | None:
    if value is None:
        return None
    try:
        found = parsedate_to_datetime(value.decode("latin-1"))
    except ValueError:
        return None  # an invalid date is to be ignored (RFC 9110 §13.1.3)
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)


def _takes_gzip(accepted: bytes | None) -> bool:
    if accepted is None:
        return False
    for offer in accepted.lower().split(b","):
        name, _, parameters = offer.partition(b";")
        if name.strip() in {b"gzip", b"x-gzip"}:
            return parameters.replace(b" ", b"").rstrip(b"0.") != b"q="  # q=0 refuses it
    return False
