"""The sparse file: what is here is read, what is not is named exactly."""

from __future__ import annotations

import io
import os
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.ranges import Range
from crawler.sparse import MissingRange, SparseFile

SIZE = 60
WHOLE = bytes(range(SIZE))

pieces = st.lists(
    st.tuples(st.integers(0, SIZE - 1), st.integers(1, SIZE)).map(
        lambda p: Range(p[0], min(p[0] + p[1], SIZE))
    )
)
spans = st.tuples(st.integers(0, SIZE), st.integers(0, SIZE)).map(sorted).map(lambda p: Range(*p))


@settings(max_examples=150)
@given(pieces, spans)
def test_it_reads_as_the_whole_file_or_names_the_first_gap(held: list[Range], asked: Range) -> None:
    """Whatever was put, in any order and overlapping: the true bytes, or the first gap of the read."""
    file = SparseFile(SIZE)
    here: set[int] = set()
    for one in held:
        file.put(one.start, WHOLE[one.start : one.stop])
        here.update(range(one.start, one.stop))
    absent = [at for at in range(asked.start, asked.stop) if at not in here]
    gaps = file.missing(asked)
    assert [at for gap in gaps for at in range(gap.start, gap.stop)] == absent
    file.seek(asked.start)
    if not absent:
        assert file.read(asked.length) == WHOLE[asked.start : asked.stop]
        assert file.tell() == asked.stop
    else:
        with pytest.raises(MissingRange) as raised:
            file.read(asked.length)
        assert raised.value.missing == gaps[0]
        assert file.tell() == asked.start


def test_it_seeks_as_a_real_file() -> None:
    """From the start, from here, from the end; never before the beginning; nothing to read past the end."""
    file = SparseFile(SIZE)
    file.put(0, WHOLE)
    assert file.seekable()
    assert file.seek(-4, os.SEEK_END) == SIZE - 4
    assert file.read() == WHOLE[-4:]
    assert file.read(10) == b""
    assert (file.seek(10), file.seek(5, os.SEEK_CUR)) == (10, 15)
    with pytest.raises(OSError, match="Invalid"):
        file.seek(-SIZE - 1, os.SEEK_END)


def test_what_is_forgotten_is_missing_again() -> None:
    """Blocks that begin before an offset go; those after it stay."""
    file = SparseFile(SIZE)
    file.put(10, WHOLE[10:20])
    file.put(40, WHOLE[40:])
    file.forget_before(40)
    assert file.missing(Range(0, SIZE)) == [Range(0, 40)]
    file.close()
    assert file.missing(Range(40, SIZE)) == [Range(40, SIZE)]


def test_bytes_past_the_end_are_not_kept() -> None:
    """A piece longer than the file is cut to it."""
    file = SparseFile(5)
    file.put(3, b"abcdef")
    file.seek(3)
    assert file.read() == b"ab"


def test_zipfile_asks_for_exactly_what_it_needs() -> None:
    """The end record, the directory, and of one entry only its own bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(50):
            archive.writestr(f"{number}.json", os.urandom(100))
    whole = target.getvalue()
    file = SparseFile(len(whole))
    asked: list[Range] = []

    def fetched() -> zipfile.ZipFile:
        while True:
            try:
                return zipfile.ZipFile(file)  # type: ignore[arg-type]
            except MissingRange as reading:
                asked.append(reading.missing)
                file.put(reading.missing.start, whole[reading.missing.start : reading.missing.stop])

    opened = fetched()
    assert asked[-1].start == opened.start_dir
    assert asked[0].stop == len(whole)
    entry = opened.infolist()[20]
    file.put(entry.header_offset, whole[entry.header_offset : opened.infolist()[21].header_offset])
    assert len(opened.read(entry)) == 100
    with pytest.raises(MissingRange):
        opened.read(opened.infolist()[21])
