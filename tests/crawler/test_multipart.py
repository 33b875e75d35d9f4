"""Answers of ranges: read by their own lengths, whatever their bytes are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.multipart import Piece, is_multipart, piece_of, pieces_of

KIND = 'multipart/byteranges; boundary="b 1"'
DELIMITER = b"--b 1"


def body_of(pieces: list[Piece], preamble: bytes = b"") -> bytes:
    """A body as Apache and nginx write it."""
    parts = [
        b"\r\n%b\r\nContent-type: application/zip\r\nContent-range: bytes %d-%d/%d\r\n\r\n%b"
        % (DELIMITER, one.start, one.start + len(one.data) - 1, one.total or 0, one.data)
        for one in pieces
    ]
    return preamble + b"".join(parts) + b"\r\n" + DELIMITER + b"--\r\n"


hostile = st.sampled_from([b"\r\n--b 1\r\n", b"\r\n\r\n", b"--b 1--", b"PK\x03\x04"])
data = st.lists(hostile | st.binary(min_size=1, max_size=8), min_size=1).map(b"".join)


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 10**9), data), min_size=1, max_size=5))
def test_parts_are_found_whatever_they_hold(parts: list[tuple[int, bytes]]) -> None:
    """Binary data that looks like a boundary or like headers harms nothing."""
    pieces = [Piece(start, data, 10**10) for start, data in parts]
    assert pieces_of(KIND, body_of(pieces)) == pieces


@settings(max_examples=100)
@given(st.lists(st.tuples(st.integers(0, 999), data), min_size=1, max_size=4), st.data())
def test_a_cut_body_gives_what_came(parts: list[tuple[int, bytes]], draw: st.DataObject) -> None:
    """Cut anywhere: the parts before the cut whole, the one it falls in shortened, nothing made up."""
    pieces = [Piece(start, data, 2_000) for start, data in parts]
    body = body_of(pieces)
    found = pieces_of(KIND, body[: draw.draw(st.integers(0, len(body)))])
    for one, whole in zip(found, pieces, strict=False):
        assert one.start == whole.start
        assert whole.data.startswith(one.data)
    assert [one.data for one in found[:-1]] == [one.data for one in pieces[: max(len(found) - 1, 0)]]


def test_a_preamble_is_passed_over() -> None:
    """RFC 2046 lets a server write a line before the first part."""
    pieces = [Piece(5, b"abc", 100)]
    assert pieces_of(KIND, body_of(pieces, preamble=b"ranges follow")) == pieces


def test_one_range_says_where_it_lies() -> None:
    """Offset and size; a size of `*` is no size; a longer body is cut to the range."""
    assert piece_of("bytes 10-13/200", b"abcdefg") == Piece(10, b"abcd", 200)
    assert piece_of(" BYTES 0-0/* ", b"a") == Piece(0, b"a", None)


@pytest.mark.parametrize("header", ["", "bytes */200", "bytes 5-4/9", "items 0-1/2", "bytes 0-1"])
def test_an_unusable_content_range_is_refused(header: str) -> None:
    """Ranges are never guessed."""
    with pytest.raises(ValueError, match="Content-Range"):
        piece_of(header, b"abc")


def test_parts_without_their_place_are_refused() -> None:
    """No boundary, or a part without Content-Range."""
    with pytest.raises(ValueError, match="boundary"):
        pieces_of("multipart/byteranges", b"")
    with pytest.raises(ValueError, match="without Content-Range"):
        pieces_of(KIND, b"--b 1\r\nContent-Type: a/b\r\n\r\nabc\r\n--b 1--")


def test_several_ranges_are_known_by_their_type() -> None:
    """Case and parameters do not matter."""
    assert is_multipart("Multipart/ByteRanges; boundary=x")
    assert not is_multipart("application/zip")
