"""Bench of the pages: Accueil, list, question, search over a page that is a constant.

Enters: a folder to make a place in. Leaves: figures: medians over a constant page of the same server with
pages kept, what each costs the first time, and requests a second of each under 32 clients.
"""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench import page_place
from tests.bench.feed_server import PAGE
from tests.bench.feeds import serving
from tests.bench.measure import Figure, median

QUESTION = f"/questions/QANR5L17QE{page_place.FIRST + 4}"
PAGES = {
    "Accueil": "/",
    "list": "/questions?statut=echeance-depassee&tri=echeance",
    "question": QUESTION,
    "search": "/questions?q=professionnels+de+sant%C3%A9",
}
WANTED = 5
WARM_UP = 50
REQUESTS = 20  # of each page in one round
ROUNDS = 10  # for each round of the other benches
CLIENTS = 32
PER_CLIENT = 40


def run(scratch: Path, rounds: int) -> list[Figure]:
    """The figures of the four pages."""
    place = scratch / "pages"
    page_place.make(place)
    with serving(place) as port:
        client = http.client.HTTPConnection("127.0.0.1", port)
        cold = {name: timed(client, path) for name, path in PAGES.items()}
        for _ in range(WARM_UP):
            timed(client, PAGE)
        times: dict[str, list[float]] = {name: [] for name in (*PAGES, PAGE)}
        for _ in range(rounds * ROUNDS):
            for name, path in (*PAGES.items(), (PAGE, PAGE)):
                times[name] += [timed(client, path) for _ in range(REQUESTS)]
        client.close()
        crowds = {name: _crowd(port, path) for name, path in (*PAGES.items(), (PAGE, PAGE))}
    reference = median(times[PAGE])
    return [
        *(
            Figure(
                f"GET of a page, {name}",
                f"{median(times[name]) * 1e6:.0f} µs",
                f"constant page: {reference * 1e6:.0f} µs",
                median(times[name]) / reference,
                WANTED,
            )
            for name in PAGES
        ),
        *(
            Figure(
                f"the same, not kept yet, {name}",
                f"{cold[name] * 1e3:.0f} ms",
                "constant page",
                cold[name] / reference,
            )
            for name in PAGES
        ),
        *(
            Figure(
                f"{CLIENTS} clients at once, {name}",
                f"{crowds[name]:.0f} a second",
                f"constant page: {crowds[PAGE]:.0f} a second",
                crowds[name],
                unit="a second",
            )
            for name in PAGES
        ),
    ]


def timed(client: http.client.HTTPConnection, path: str) -> float:
    """Seconds that one page takes. Raises RuntimeError when it is none."""
    before = time.perf_counter()
    client.request("GET", path)
    answer = client.getresponse()
    body = answer.read()
    spent = time.perf_counter() - before
    if answer.status != http.client.OK or not body:
        raise RuntimeError(f"{path}: {answer.status}")
    return spent


def _crowd(port: int, path: str) -> float:
    """Requests a second that the server answers to clients who all ask at once."""
    wrong: list[Exception] = []

    def ask() -> None:
        client = http.client.HTTPConnection("127.0.0.1", port)
        try:
            for _ in range(PER_CLIENT):
                timed(client, path)
        except Exception as error:  # noqa: BLE001  # raised again where it is seen
            wrong.append(error)
        client.close()

    asking: Sequence[threading.Thread] = [threading.Thread(target=ask) for _ in range(CLIENTS)]
    before = time.perf_counter()
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    spent = time.perf_counter() - before
    if wrong:
        raise wrong[0]
    return CLIENTS * PER_CLIENT / spent
