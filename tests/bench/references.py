"""What the service is compared with: the least that could be done with the same archive.

Enters: a zip. Leaves: seconds of CPU. Entries are read in slices, so that what is timed finds its
bytes as warm as the service does, and the timer's own cost is not counted per entry.
"""

from __future__ import annotations

import json
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import orjson

SLICE = 250


@dataclass(frozen=True)
class JsonLoads:
    """CPU of `json.loads` over every entry: alone, and with opening the zip and inflating them."""

    alone: float
    with_inflate: float


def json_loads_every_entry(archive: Path) -> JsonLoads:
    """Both at once, so that they are of the same moment."""
    alone = 0.0
    began = time.process_time()
    with zipfile.ZipFile(archive) as source:
        entries = source.infolist()
        for start in range(0, len(entries), SLICE):
            contents = [source.read(entry) for entry in entries[start : start + SLICE]]
            before = time.process_time()
            for content in contents:
                json.loads(content)
            alone += time.process_time() - before
    return JsonLoads(alone, time.process_time() - began)


def inflate_and_orjson_every_entry(archive: Path) -> float:
    """Opening the zip, inflating every entry and `orjson.loads` of it."""
    before = time.process_time()
    with zipfile.ZipFile(archive) as source:
        for entry in source.infolist():
            orjson.loads(source.read(entry))
    return time.process_time() - before
