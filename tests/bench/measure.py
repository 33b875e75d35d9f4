"""How the benches measure, and the table they fill.

Enters: callables and commands to measure. Leaves: seconds of CPU, peak memory, `Figure`s and the
printed table. CPU is user + system time of a process, so what else the machine does counts little.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KILOBYTES_TO_MB = 1024 / 1e6  # ru_maxrss is in KiB on Linux


@dataclass(frozen=True)
class Figure:
    """One line of the table: what was measured against what, and the most it may be.

    `value` and `wanted` are compared; both are ratios, counts or megabytes, and `unit` says which.
    A figure without `wanted` is there for the reader and cannot be over.
    """

    what: str
    measured: str
    reference: str
    value: float
    wanted: float | None = None
    unit: str = "×"

    @property
    def over(self) -> bool:
        """Whether it is more than wanted."""
        return self.wanted is not None and self.value > self.wanted

    def cells(self) -> tuple[str, ...]:
        """The line as printed."""
        verdict = "" if self.wanted is None else ("over" if self.over else "ok")
        wanted = "" if self.wanted is None else f"≤ {_number(self.wanted)} {self.unit}"
        return (
            self.what,
            self.measured,
            self.reference,
            f"{_number(self.value)} {self.unit}",
            wanted,
            verdict,
        )


@dataclass(frozen=True)
class Child:
    """What a finished child process cost, from start to end, and the JSON it printed."""

    cpu: float  # seconds, user + system, interpreter start and imports included
    wall: float  # seconds
    peak_mb: float
    said: dict[str, Any]


def cpu_of(work: Callable[[], object]) -> float:
    """Seconds of CPU that one call takes in this process."""
    before = time.process_time()
    work()
    return time.process_time() - before


def run_child(module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Child:
    """Run `python -m module arguments…`; what it prints, if anything, ends with a line of JSON.

    Raises RuntimeError, with what it wrote, when it fails.
    """
    command = [sys.executable, "-m", module, *arguments]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.bench.launch", *command],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    *said_wrong, last = ended.stderr.splitlines() or [""]
    cost = json.loads(last) if ended.returncode == 0 else {"exit_code": ended.returncode}
    if cost["exit_code"]:
        raise RuntimeError(f"{' '.join(command)}: exit code {cost['exit_code']}\n" + "\n".join(said_wrong))
    said = ended.stdout.splitlines()
    return Child(
        cpu=cost["cpu"],
        wall=cost["wall"],
        peak_mb=cost["peak_kb"] * KILOBYTES_TO_MB,
        said=json.loads(said[-1]) if said else {},
    )


def median(values: Iterable[float]) -> float:
    """The middle one: a disturbed round does not count."""
    return statistics.median(values)


def print_table(figures: Sequence[Figure]) -> None:
    """The figures in aligned columns."""
    rows = [("what", "measured", "reference", "value", "wanted", ""), *(f.cells() for f in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"
