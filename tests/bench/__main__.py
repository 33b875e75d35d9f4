"""`python -m tests.bench [bench…]`: runs the benches and prints one table.

Exit code 0 when every bench ran, whatever its figures say; with `--strict`, 1 when one is over; 2 when a
bench could not run.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from datetime import date
from pathlib import Path

from tests.bench import crawls, feeds, matching, owing, pages, sending
from tests.bench.archive import QUESTIONS, Pair, described, make_pair
from tests.bench.measure import Figure, print_table
from tests.bench.source import serving

BENCHES = {
    "import": "first import of the whole archive: CPU and memory",
    "unchanged": "poll of an unchanged source: requests and bytes",
    "changed": "poll after 250 changed: bytes, requests and CPU",
    "matching": "matching with 1,000 topics over 1",
    "feed": "GET of an unchanged feed with its ETag over a constant",
    "pages": "Accueil, list, question, search over a constant page; 32 clients",
    "owing": "100 events owed to 10,000 subscriptions over writing the rows blindly",
    "sending": "the dispatcher's mails over a bare aiosmtplib loop, over as many connections",
}
_NEED_A_PLACE = {"import", "unchanged", "changed", "feed"}


def main(words: list[str] | None = None) -> int:
    """Run what was asked for; the exit code."""
    options = _options(words)
    asked = _Asked(set(options.bench or BENCHES))
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        scratch = Path(name)
        _say(f"making an archive of {options.questions:,} questions")
        pair = make_pair(scratch, questions=options.questions)
        archive = described(pair.before)
        asked.run("matching", lambda: matching.run(pair, options.rounds))
        asked.run("owing", lambda: owing.run(scratch, options.rounds))
        asked.run("pages", lambda: pages.run(scratch, options.rounds))
        asked.run("sending", lambda: sending.run(scratch, options.rounds))
        if asked.names & _NEED_A_PLACE:
            _with_a_place(asked, pair, scratch, options.rounds)
    today = date.today().isoformat()  # noqa: DTZ011  # the day as the machine has it
    print(f"\n{today}, Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} processors")
    print(f"Generated archive: {archive}\n")
    print_table(asked.figures)
    if asked.failed:
        print(f"\nCould not run: {', '.join(asked.failed)}")
        return 2
    return int(options.strict and any(figure.over for figure in asked.figures))


class _Asked:
    """The benches asked for, what they measured, and those that could not run."""

    def __init__(self, names: set[str]) -> None:
        self.names = names
        self.figures: list[Figure] = []
        self.failed: list[str] = []

    def run(self, name: str, bench: Callable[[], list[Figure]]) -> None:
        """Run one, if it was asked for; the others go on when it cannot."""
        if name not in self.names:
            return
        _say(BENCHES[name])
        try:
            self.figures += bench()
        except Exception:  # noqa: BLE001  # told here and in the exit code
            traceback.print_exc()
            self.failed.append(name)


def _with_a_place(asked: _Asked, pair: Pair, scratch: Path, rounds: int) -> None:
    """The benches that need a place where the archive has been imported."""
    place = scratch / "place"
    with serving() as source:
        if "import" in asked.names:
            asked.run("import", lambda: crawls.first_import(source, pair, scratch, rounds))
        else:
            _say("importing the archive, for what follows")
            crawls.make_place(source, pair, place)
        asked.run("unchanged", lambda: crawls.unchanged_poll(source, pair, place))
        asked.run("changed", lambda: crawls.changed_poll(source, pair, place, scratch, rounds))
    asked.run("feed", lambda: feeds.run(place, rounds))


def _options(words: list[str] | None) -> argparse.Namespace:
    listed = "\n".join(f"  {name:10} {what}" for name, what in BENCHES.items())
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=f"What the service costs, over a reference measured in the same run.\n\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("bench", nargs="*", help="which ones; all by default")
    parser.add_argument("--questions", type=int, default=QUESTIONS, help="size of the archive")
    parser.add_argument("--rounds", type=int, default=3, help="rounds of each bench; the median counts")
    parser.add_argument("--strict", action="store_true", help="exit code 1 when a figure is over")
    options = parser.parse_args(words)
    unknown = set(options.bench) - BENCHES.keys()
    if unknown:
        parser.error(f"no such bench: {', '.join(sorted(unknown))}")
    return options


def _say(what: str) -> None:
    print(f"[{time.strftime('%H:%M:%S')}] {what}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
