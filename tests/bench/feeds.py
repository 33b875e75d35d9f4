"""Bench of the web: a feed asked for again with its ETag, over a route that answers a constant.

Enters: a place with an imported archive. Leaves: figures. One connection that stays open, as a feed
reader behind a proxy has; rounds of both routes alternate, and medians are compared.
"""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.bench.feed_server import CONSTANT
from tests.bench.measure import Figure, median

FEED = "/flux/asalee.atom"
WARM_UP = 200
REQUESTS = 100  # of each route in one round
ROUNDS = 10  # for each round of the other benches: these are short


def run(place: Path, rounds: int) -> list[Figure]:
    """Times of both, in microseconds, from the client's side."""
    with serving(place) as port:
        client = http.client.HTTPConnection("127.0.0.1", port)
        etag = _first(client)
        unchanged = {"If-None-Match": etag}
        for _ in range(WARM_UP):
            _timed(client, FEED, unchanged, expected=304)
            _timed(client, CONSTANT, {}, expected=200)
        feed: list[float] = []
        constant: list[float] = []
        for _ in range(rounds * ROUNDS):
            feed += [_timed(client, FEED, unchanged, expected=304) for _ in range(REQUESTS)]
            constant += [_timed(client, CONSTANT, {}, expected=200) for _ in range(REQUESTS)]
        client.close()
    mine, reference = median(feed), median(constant)
    return [
        Figure(
            "GET of an unchanged feed with its ETag",
            f"{mine * 1e6:.0f} µs",
            f"constant route: {reference * 1e6:.0f} µs",
            mine / reference,
            1.5,
        )
    ]


def _first(client: http.client.HTTPConnection) -> str:
    """Fetch the feed once, whole; its ETag."""
    client.request("GET", FEED)
    answer = client.getresponse()
    body = answer.read()
    etag = answer.getheader("ETag")
    if answer.status != 200 or not etag or b"<entry>" not in body:
        raise RuntimeError(f"{FEED}: {answer.status}, ETag {etag}, {len(body)} bytes")
    return etag


def _timed(
    client: http.client.HTTPConnection, path: str, headers: Mapping[str, str], *, expected: int
) -> float:
    before = time.perf_counter()
    client.request("GET", path, headers=dict(headers))
    answer = client.getresponse()
    answer.read()
    spent = time.perf_counter() - before
    if answer.status != expected:
        raise RuntimeError(f"{path}: {answer.status} instead of {expected}")
    return spent


@contextmanager
def serving(place: Path) -> Iterator[int]:
    """The web server in a child process, as `serve` runs it; its port."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")},
        "TRACKER_DATA_DIR": str(place),
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.feed_server"], env=environment, stdout=subprocess.PIPE
    )
    try:
        assert server.stdout is not None
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait(20)
