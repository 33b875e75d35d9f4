"""What the service is compared with: the least that could be done with the same archive.

Enters: a zip. Leaves: seconds of CPU. Entries are read in slices, so that what is timed finds its
bytes as warm as the service does, and the timer's own cost is not counted per entry.
"""

from __future__ import annotations

import json
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import orjson

SLICE = 250


def json_loads_every_entry(archive: Path) -> float:
    """`json.loads` alone, over every entry; inflating is not counted."""
    return _cpu_over_slices(archive, json.loads)


def inflate_and_orjson_every_entry(archive: Path) -> float:
    """Opening the zip, inflating every entry and `orjson.loads` of it."""
    before = time.process_time()
    with zipfile.ZipFile(archive) as source:
        for entry in source.infolist():
            orjson.loads(source.read(entry))
    return time.process_time() - before


def _cpu_over_slices(archive: Path, work: Callable[[bytes], object]) -> float:
    spent = 0.0
    for contents in _slices(archive):
        before = time.process_time()
        for content in contents:
            work(content)
        spent += time.process_time() - before
    return spent


def _slices(archive: Path) -> Iterator[list[bytes]]:
    with zipfile.ZipFile(archive) as source:
        entries = source.infolist()
        for start in range(0, len(entries), SLICE):
            yield [source.read(entry) for entry in entries[start : start + SLICE]]
