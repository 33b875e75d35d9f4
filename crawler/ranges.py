"""Which ranges to ask for, in how few requests.

Enters: where the wanted entries lie. Leaves: requests, each of one or several ranges, in the order
of the file. Pure.

A request of several ranges costs one round trip, but each of its parts costs about `PART_OVERHEAD`
bytes of headers, so neighbours closer than that are fetched as one. When there are more wanted
places than the budget of requests allows, the smallest gaps between them are fetched as well.
"""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Sequence
from dataclasses import dataclass

RANGES_PER_REQUEST = 24  # well under what servers refuse (Apache 200) and a header of 8 kB holds
REQUESTS = 32  # for the entries of one run, besides what their sheer size asks for
CHUNK_BYTES = 4_000_000
PART_OVERHEAD = 160


@dataclass(frozen=True, slots=True, order=True)
class Range:
    """Bytes from `start` up to `stop`, which is not included."""

    start: int
    stop: int

    @property
    def length(self) -> int:
        """How many bytes."""
        return self.stop - self.start


@dataclass(frozen=True, slots=True)
class Batch:
    """One request: its ranges, and how many of the wanted places (in order) they hold."""

    ranges: tuple[Range, ...]
    places: int


def plan(
    wanted: Sequence[Range],
    *,
    per_request: int = RANGES_PER_REQUEST,
    requests: int = REQUESTS,
    chunk_bytes: int = CHUNK_BYTES,
) -> list[Batch]:
    """Requests that fetch every place of `wanted`, which is sorted and does not overlap.

    At most `requests`, plus one for each `chunk_bytes` fetched: a request that would grow over
    `chunk_bytes` ends before the place that would make it so, so that memory stays bounded.
    """
    gap = max(PART_OVERHEAD, _smallest_gap_kept(wanted, cuts=requests * per_request - 1))
    batches: list[Batch] = []
    ranges: list[Range] = []
    places = size = 0
    for place in wanted:
        joined = bool(ranges) and place.start - ranges[-1].stop <= gap
        grown = place.stop - ranges[-1].stop if joined else place.length
        if ranges and (size + grown > chunk_bytes or (not joined and len(ranges) == per_request)):
            batches.append(Batch(tuple(ranges), places))
            ranges, places, size = [], 0, 0
            joined, grown = False, place.length
        if joined:
            ranges[-1] = Range(ranges[-1].start, place.stop)
        else:
            ranges.append(place)
        places += 1
        size += grown
    if ranges:
        batches.append(Batch(tuple(ranges), places))
    return batches


def _smallest_gap_kept(wanted: Sequence[Range], *, cuts: int) -> int:
    """The gap up to which neighbours are joined, so that at most `cuts` gaps stay open."""
    gaps = [after.start - before.stop for before, after in itertools.pairwise(wanted)]
    if len(gaps) <= cuts:
        return 0
    return heapq.nlargest(cuts + 1, gaps)[-1]
