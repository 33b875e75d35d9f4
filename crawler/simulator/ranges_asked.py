"""The `Range` header as a server reads it (RFC 9110, 14.1.2).

Enters: the header's text and the size of a file. Leaves: half-open ranges inside of the file.
"""

from __future__ import annotations

import re

_ONE = re.compile(r"(\d*)-(\d*)", re.ASCII)


def ranges_asked(header: str | None, size: int) -> list[tuple[int, int]] | None:
    """The ranges that can be given; empty when none can; None when the header has to be ignored."""
    unit, _, specification = (header or "").partition("=")
    if unit.strip().lower() != "bytes":
        return None
    ranges: list[tuple[int, int]] = []
    for one in specification.split(","):
        found = _ONE.fullmatch(one.strip())
        if found is None or found[0] == "-":
            return None
        if not found[1]:
            start, stop = max(size - int(found[2]), 0), size
        else:
            start, stop = int(found[1]), min(int(found[2]) + 1, size) if found[2] else size
        if start < stop:
            ranges.append((start, stop))
    return ranges
