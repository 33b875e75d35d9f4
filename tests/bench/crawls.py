"""Benches of the crawl: the first import, a poll that finds nothing, a poll after a night.

Enters: the two archives. Leaves: figures. Every crawl is the service's own command in a child
process, over HTTP on the loopback, into a real SQLite file.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.bench import references
from tests.bench.archive import Pair
from tests.bench.measure import Figure, median
from tests.bench.source import Crawl, Source

COMMAND = ("tracker", "crawl")
IN_PROCESS = ("tests.bench.crawl_child",)
UNCHANGED_POLLS = 3


def first_import(source: Source, pair: Pair, scratch: Path, rounds: int) -> list[Figure]:
    """An empty place reads the whole archive. The last place made is left in `scratch/place`."""
    source.serve(pair.before, night=5)
    place = scratch / "place"
    whole: list[Crawl] = []
    inner: list[float] = []
    reference: list[float] = []
    for _ in range(rounds):
        reference.append(references.inflate_and_orjson_every_entry(pair.before))
        shutil.rmtree(place, ignore_errors=True)
        whole.append(source.crawl(place, *COMMAND))
        reference.append(references.inflate_and_orjson_every_entry(pair.before))
        shutil.rmtree(place)
        inner.append(_crawling(source.crawl(place, *IN_PROCESS)))
    loads = median(reference)
    against = f"inflate + orjson of every entry: {loads:.2f} s CPU"
    peak = max(crawl.child.peak_mb for crawl in whole)
    wall = median(crawl.child.wall for crawl in whole)
    cpu = median(crawl.child.cpu for crawl in whole)
    return [
        Figure("first import, whole child", f"{cpu:.2f} s CPU, {wall:.2f} s wall", against, cpu / loads, 4),
        Figure("first import, without Python start and imports", f"{median(inner):.2f} s CPU", against,
               median(inner) / loads, 4),
        Figure("first import, peak memory", f"{peak:.0f} MB", "–", peak, 250, "MB"),
    ]  # fmt: skip


def make_place(source: Source, pair: Pair, place: Path) -> None:
    """Import the archive once, unmeasured."""
    source.serve(pair.before, night=5)
    source.crawl(place, *COMMAND)


def unchanged_poll(source: Source, pair: Pair, place: Path) -> list[Figure]:
    """The place asks again and nothing has moved; the worst of several."""
    source.serve(pair.before, night=5)
    polls = [source.crawl(place, *COMMAND) for _ in range(UNCHANGED_POLLS)]
    requests = max(poll.requests for poll in polls)
    received = max(poll.received for poll in polls)
    return [
        Figure("poll, source unchanged: requests", f"{requests}", "–", requests, 1, "requests"),
        Figure("poll, source unchanged: bytes", f"{received:,}", "–", received, 2_000, "bytes"),
    ]


def changed_poll(source: Source, pair: Pair, place: Path, scratch: Path, rounds: int) -> list[Figure]:
    """The archive was rebuilt over night; each round starts from a copy of the same place."""
    source.serve(pair.after, night=6)
    whole: list[Crawl] = []
    inner: list[float] = []
    loads: list[references.JsonLoads] = []
    for _ in range(rounds):
        loads.append(references.json_loads_every_entry(pair.after))
        whole.append(_on_a_copy(place, scratch, lambda copy: source.crawl(copy, *COMMAND)))
        loads.append(references.json_loads_every_entry(pair.after))
        inner.append(_crawling(_on_a_copy(place, scratch, lambda copy: source.crawl(copy, *IN_PROCESS))))
    requests = max(poll.requests for poll in whole)
    received = max(poll.received for poll in whole)
    size = pair.after.stat().st_size
    cpu, crawling = median(poll.child.cpu for poll in whole), median(inner)
    alone, inflated = median(one.alone for one in loads), median(one.with_inflate for one in loads)
    against = f"json.loads of every entry: {alone:.2f} s CPU"
    return [
        Figure("poll, 250 changed: bytes", f"{received:,}", f"archive: {size:,}", received / size, 1 / 20),
        Figure("poll, 250 changed: requests", f"{requests}", "–", requests, 40, "requests"),
        Figure("poll, 250 changed: whole child", f"{cpu:.2f} s CPU", against, cpu / alone, 1 / 5),
        Figure("poll, 250 changed: without Python start and imports", f"{crawling:.2f} s CPU", against,
               crawling / alone, 1 / 5),
        Figure("the same", f"{crawling:.2f} s CPU", f"and inflating it first: {inflated:.2f} s CPU",
               crawling / inflated),
    ]  # fmt: skip


def _crawling(crawl: Crawl) -> float:
    """Seconds of CPU of the crawl itself, as the child tells."""
    seconds: float = crawl.child.said["crawl"]
    return seconds


def _on_a_copy(place: Path, scratch: Path, poll: Callable[[Path], Crawl]) -> Crawl:
    copy = scratch / "copy"
    shutil.copytree(place, copy)
    try:
        return poll(copy)
    finally:
        shutil.rmtree(copy)
