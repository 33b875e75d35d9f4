"""The plan of requests: everything wanted is in it, in few requests and bounded chunks."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.ranges import PART_OVERHEAD, Batch, Range, plan

ENTRY = 2_600  # bytes of an entry of the true archive, on average
ENTRIES = 19_000


def archive(entries: int = ENTRIES) -> list[Range]:
    """Places of entries one after another."""
    return [Range(n * ENTRY, (n + 1) * ENTRY) for n in range(entries)]


def scattered(count: int) -> list[Range]:
    """That many of them, at random."""
    places = archive()
    return [places[n] for n in sorted(random.Random(count).sample(range(ENTRIES), count))]


def fetched(batches: list[Batch]) -> int:
    """Bytes of entries that a plan fetches."""
    return sum(one.length for batch in batches for one in batch.ranges)


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, 900), st.integers(1, 400)), max_size=60),
    st.integers(1, 5),
    st.integers(1, 6),
    st.integers(1, 2_000),
)
def test_every_place_is_in_its_batch(
    steps: list[tuple[int, int]], per_request: int, requests: int, chunk: int
) -> None:
    """Places stay in order; each lies in one range of its batch; no batch breaks its limits."""
    wanted: list[Range] = []
    for gap, length in steps:
        start = (wanted[-1].stop if wanted else 0) + gap
        wanted.append(Range(start, start + length))
    batches = plan(wanted, per_request=per_request, requests=requests, chunk_bytes=chunk)
    remaining = list(wanted)
    for batch in batches:
        here, remaining = remaining[: batch.places], remaining[batch.places :]
        assert here
        assert len(batch.ranges) <= per_request
        for place in here:
            assert any(one.start <= place.start and place.stop <= one.stop for one in batch.ranges)
        assert sum(one.length for one in batch.ranges) <= max(chunk, here[0].length)
        assert all(
            a.stop + PART_OVERHEAD < b.start for a, b in zip(batch.ranges, batch.ranges[1:], strict=False)
        )
    assert remaining == []


def test_neighbours_are_one_range() -> None:
    """Entries that touch, or nearly, are fetched as one; others are not."""
    places = [Range(0, 10), Range(10, 30), Range(40, 50), Range(5_000, 5_010)]
    assert plan(places) == [Batch((Range(0, 50), Range(5_000, 5_010)), 4)]


def test_nothing_wanted_is_no_request() -> None:
    """An empty plan."""
    assert plan([]) == []


def test_a_first_import_is_contiguous_chunks() -> None:
    """All entries: one range a request, of some megabytes, and not a byte more than the entries."""
    batches = plan(archive())
    assert all(len(batch.ranges) == 1 for batch in batches)
    assert fetched(batches) == ENTRIES * ENTRY
    assert len(batches) == 13


def test_250_scattered_changes_cost_what_they_weigh() -> None:
    """Eleven requests of 24 ranges, and no byte of an entry that did not change."""
    batches = plan(scattered(250))
    assert len(batches) == 11
    assert fetched(batches) == 250 * ENTRY


@pytest.mark.parametrize("count", [250, 1_000, 5_000])
def test_one_range_at_a_time_stays_within_the_budget(count: int) -> None:
    """Without several ranges in a request the smallest gaps are fetched too, never more than the archive."""
    batches = plan(scattered(count), per_request=1)
    assert len(batches) <= 32 + ENTRIES * ENTRY // 4_000_000
    assert count * ENTRY <= fetched(batches) <= ENTRIES * ENTRY


def test_few_changes_need_no_gap_even_one_at_a_time() -> None:
    """An ordinary night: a request for each."""
    batches = plan(scattered(20), per_request=1)
    assert len(batches) == 20
    assert fetched(batches) == 20 * ENTRY
