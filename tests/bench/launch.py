"""Runs one command and tells what it cost; a process of its own, small on purpose.

Run as `python -m tests.bench.launch command…`. The system counts a child's peak memory from its
fork on, when it is still as large as who forked it: the bench, with its archives, would be too large.
Leaves, as the last line on stderr, JSON: `cpu` and `wall` seconds, `peak_kb`, `exit_code`.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time


def main() -> None:
    """Run the command that the arguments make."""
    started = time.monotonic()
    exit_code = subprocess.call(sys.argv[1:])
    wall = time.monotonic() - started
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    cost = {
        "cpu": used.ru_utime + used.ru_stime,
        "wall": wall,
        "peak_kb": used.ru_maxrss,
        "exit_code": exit_code,
    }
    print(json.dumps(cost), file=sys.stderr)


if __name__ == "__main__":
    main()
