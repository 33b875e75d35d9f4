"""Crawls killed at any moment and begun again leave exactly what undisturbed ones leave.

The moments are counted, not timed: each request, each reading, each SQL statement, each commit, before
and after. A crawl in a child process of its own is killed (SIGKILL) at a chosen count; the store is the
real one, in a file.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event

from crawler.deputies_job import DeputiesJob
from crawler.questions_job import QuestionsJob
from crawler.run import run_jobs
from crawler.settings import CrawlOptions
from crawler.simulator.archives import BUILT_AT, publish
from crawler.simulator.demo_states import demo_states
from crawler.simulator.question_json import question_json
from crawler.simulator.server import SourceServer
from crawler.spiders.source import SourceSpider
from db.engine import open_engine
from db.schema import migrate
from db.store import SqlStore
from tests.crawler.crawling import NOW, in_child, uid
from tracker.ports import GOOD_OUTCOMES
from tracker.recorder import Recorder
from tracker.topics import load_topics

BATCH_SIZE = 7  # so that a crawl of a few dozen questions has several transactions
MOMENTS = 12  # of each archive
OFF_TOPIC = {
    uid(number): question_json(uid(number), title="Ponts (exemple)") for number in range(20_000, 20_020)
}
LATER = timedelta(days=1)


class Countdown:
    """Kills this process when it has been called so many times; with None, only counts."""

    def __init__(self, dies_at: int | None) -> None:
        self.count = 0
        self._dies_at = dies_at

    def __call__(self, *_: object) -> None:
        self.count += 1
        if self.count == self._dies_at:
            os.kill(os.getpid(), signal.SIGKILL)


def crawl(folder: Path, root: str, at: datetime, dies_at: int | None = None) -> int:
    """Questions, then deputies, into the place in `folder`; how many moments there were."""
    moment = Countdown(dies_at)
    engine = open_engine(f"sqlite:///{folder / 'tracker.sqlite3'}")
    for when in ("before_cursor_execute", "after_cursor_execute", "commit"):
        event.listen(engine, when, moment)
    fetch, take = SourceSpider.fetch, QuestionsJob.take

    async def counted_fetch(self, *args, **kwargs):
        moment()
        answer = await fetch(self, *args, **kwargs)
        moment()
        return answer

    def counted_take(self, portion):
        take(self, portion)
        moment()

    SourceSpider.fetch, QuestionsJob.take = counted_fetch, counted_take  # type: ignore[method-assign]  # in a child of its own
    store = SqlStore(engine, clock=lambda: at)
    common = {
        "memory": store,
        "options": CrawlOptions(root=root, download_delay=0.0, retry_delay=0.01, chunk_bytes=5_000),
        "clock": lambda: at,
    }
    recorder = Recorder(store, load_topics(None), at, parser="1", batch_size=BATCH_SIZE)
    reports = run_jobs([QuestionsJob(17, intake=recorder, **common), DeputiesJob(intake=store, **common)])
    assert {report.outcome for report in reports} <= GOOD_OUTCOMES, reports
    engine.dispose()
    return moment.count


def kept(folder: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table, but for the count of changes, which more transactions raise higher."""
    with closing(sqlite3.connect(folder / "tracker.sqlite3")) as database:
        tables = [
            name
            for (name,) in database.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            )
            if not name.startswith("sqlite_") and "search" not in name
        ]
        rows = {name: sorted(database.execute(f"SELECT * FROM {name}"), key=repr) for name in tables}
    rows["place"] = [row for row in rows["place"] if row[0] != "version"]
    return rows


@pytest.fixture(scope="module")
def undisturbed(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[SourceServer, list[Path], list[int]]]:
    """A source; the place before any crawl and after one of each state; how many moments each crawl had."""
    folders = [tmp_path_factory.mktemp(name) for name in ("empty", "first", "second")]
    engine = open_engine(f"sqlite:///{folders[0] / 'tracker.sqlite3'}")
    migrate(engine)
    engine.dispose()
    moments = []
    with SourceServer() as source:
        for state in (0, 1):
            serve(source, state)
            shutil.copytree(folders[state], folders[state + 1], dirs_exist_ok=True)
            moments.append(in_child(crawl, folders[state + 1], source.root, NOW + state * LATER))
        yield source, folders, moments


def serve(source: SourceServer, state: int) -> None:
    """One of the demonstration's two archives, among questions off topic."""
    shown = demo_states(NOW.date())[state]
    publish(
        source, questions=OFF_TOPIC | dict(shown.questions), actors=shown.actors, at=BUILT_AT + state * LATER
    )


def killed(folder: Path, root: str, at: datetime, moment: int) -> bool:
    """Whether the crawl was killed before it ended."""
    try:
        in_child(crawl, folder, root, at, moment)
    except EOFError:
        return True
    return False


def moments_of(count: int, seed: int) -> list[int]:
    """Some moments of a crawl, at random but the same every time; the very first and last too."""
    return sorted({1, count, *random.Random(seed).sample(range(1, count + 1), min(MOMENTS, count))})


@pytest.mark.parametrize("state", [0, 1])
def test_killed_at_any_moment_and_begun_again(undisturbed, tmp_path: Path, state: int) -> None:
    """Killed at many different moments: the next crawl completes what is missing, nothing is there twice."""
    source, folders, counts = undisturbed
    serve(source, state)
    expected = kept(folders[state + 1])
    assert len(expected["events"]) > 20
    at = NOW + state * LATER
    for moment in moments_of(counts[state], seed=state):
        folder = tmp_path / str(moment)
        shutil.copytree(folders[state], folder)
        assert killed(folder, source.root, at, moment)
        in_child(crawl, folder, source.root, at)
        assert kept(folder) == expected, f"killed at moment {moment}"


def test_killed_again_and_again(undisturbed, tmp_path: Path) -> None:
    """Killed at later and later moments of the same place, never finishing, until it is let to."""
    source, folders, counts = undisturbed
    shutil.copytree(folders[0], tmp_path, dirs_exist_ok=True)
    for state, count in enumerate(counts):
        serve(source, state)
        for moment in range(5, count, count // 8):
            killed(tmp_path, source.root, NOW + state * LATER, moment)
        in_child(crawl, tmp_path, source.root, NOW + state * LATER)
        assert kept(tmp_path) == kept(folders[state + 1])
