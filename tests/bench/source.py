"""The generated archive behind the simulated source, and crawls of it.

Enters: zips. Leaves: an address for `TRACKER_SOURCE_URL`, and for each crawl what it cost: requests
and bytes as the source saw them, CPU and memory as the system counted them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crawler.addresses import questions_archive
from crawler.simulator.archives import publish
from crawler.simulator.question_json import actor_json
from crawler.simulator.server import REPOSITORY, SourceServer
from tests.bench.archive import DEPUTIES, LEGISLATURE, actor_ref
from tests.bench.measure import Child, run_child
from tests.bench.relay import Relay


@dataclass(frozen=True)
class Crawl:
    """One crawl in a child process, and what it asked of the source."""

    child: Child
    requests: int
    received: int  # bytes from the source, headers included


class Source:
    """A source that serves the archive of one legislature, and all deputies' archive."""

    def __init__(self, server: SourceServer, relay: Relay) -> None:
        self._server = server
        self._relay = relay
        actors = {ref: actor_json(ref) for ref in map(actor_ref, range(DEPUTIES))}
        publish(server, actors=actors)

    def serve(self, archive: Path, night: int) -> None:
        """Serve this archive from now on, as rebuilt on the night of the `night` of October 2026."""
        address = questions_archive(self._server.root, LEGISLATURE)
        self._server.put(address, archive.read_bytes(), modified=datetime(2026, 10, night, 1, 11, tzinfo=UTC))

    def crawl(self, data_dir: Path, module: str, *arguments: str) -> Crawl:
        """Run a command that crawls into `data_dir`, with the service's defaults but for the pause."""
        asked, received = len(self._server.asked), self._relay.received
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")},
            "TRACKER_DATA_DIR": str(data_dir),
            "TRACKER_SOURCE_URL": f"http://127.0.0.1:{self._relay.port}{REPOSITORY}",
            "TRACKER_CONTACT": "https://example.org/bench",
            "TRACKER_DOWNLOAD_DELAY": "0",
        }
        child = run_child(module, *arguments, environment=environment)
        return Crawl(child, len(self._server.asked) - asked, self._relay.received - received)


@contextmanager
def serving() -> Iterator[Source]:
    """A source on the loopback, until the end of the block."""
    with SourceServer() as server, Relay(int(server.url.rpartition(":")[2])) as relay:
        yield Source(server, relay)
