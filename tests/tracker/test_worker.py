"""The worker's jobs: what they do with how a crawl ended, and what they write down."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from structlog.testing import capture_logs

from tests.builders import fixed_clock
from tracker import worker as worker_module
from tracker.children import Ended
from tracker.errors import BusyError
from tracker.ports import CrawlReport, RunOutcome
from tracker.settings import load_settings
from tracker.wiring import Place
from tracker.worker import FRESH, Worker

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class FakeChild:
    """A child that ends as it was told to."""

    def __init__(self, ended: Ended) -> None:
        self.ended = ended
        self.during = lambda: None

    def run(self) -> Ended:
        """End so."""
        self.during()
        return self.ended

    def stop(self) -> None:
        """Nothing is under way."""


@pytest.fixture
def make_worker(place, tmp_path):
    """A worker on a real, empty place; its crawls end as asked."""
    store, reader = place
    settings = load_settings(_env_file=None, data_dir=tmp_path, crawl_timeout=7)

    def make(ended: Ended | None = None) -> Worker:
        worker = Worker(Place(settings, store._engine, store, reader, fixed_clock(NOW)))
        worker._child = FakeChild(ended or Ended(0))
        return worker

    return make


@pytest.mark.parametrize(
    ("ended", "level"),
    [
        (Ended(0), None),
        (Ended(5), "error"),
        (Ended(-9), "error"),
        (Ended(BusyError.exit_code), "info"),
        (Ended(-15, timed_out=True), "error"),
        (Ended(-15, stopped=True), None),
    ],
)
def test_how_a_crawl_ended_is_told_in_the_log(make_worker, ended, level):
    """A failure is an error; another process at work, or our own stop, is none."""
    with capture_logs() as lines:
        make_worker(ended).crawl_job()

    assert [line["log_level"] for line in lines] == ([level] if level else [])


def test_a_crawl_past_its_time_is_written_down(make_worker, place):
    """The run that the child left open is closed as killed, with the setting that did it."""
    store, reader = place
    store.start_run(CrawlReport("questions/17", RunOutcome.RUNNING, NOW))

    make_worker(Ended(-15, timed_out=True)).crawl()

    assert reader.runs()[0].outcome is RunOutcome.KILLED
    assert "7 secondes" in reader.runs()[0].reason
    assert "TRACKER_CRAWL_TIMEOUT" in reader.runs()[0].reason


def test_a_crawl_is_not_begun_while_another_is_under_way(make_worker):
    """The scheduled one and the one at start never run side by side."""
    worker = make_worker()
    inside: list[object] = []
    worker._child.during = lambda: inside.append(worker.crawl())

    worker.crawl()

    assert inside == [None]
    with capture_logs() as lines:
        worker._child.during = worker.crawl_job
        worker.crawl()
    assert [line["event"] for line in lines] == ["crawl skipped: one is under way"]


def test_a_busy_database_puts_the_deadline_job_off(make_worker, monkeypatch):
    """The job comes again; that it could not run now is in the log."""

    def busy(*_args, **_options):
        raise BusyError("occupé")

    monkeypatch.setattr(worker_module, "record_due_deadlines", busy)

    with capture_logs() as lines:
        make_worker().deadline_job()

    assert [line["log_level"] for line in lines] == ["warning"]


@pytest.mark.parametrize(
    ("age", "asked"), [(None, True), (timedelta(minutes=5), False), (FRESH + timedelta(minutes=1), True)]
)
def test_the_source_is_read_at_start_unless_it_was_lately(make_worker, place, monkeypatch, age, asked):
    """A first start reads at once; a restart within the hour leaves the source alone."""
    store, _ = place
    if age is not None:
        run = store.start_run(CrawlReport("questions/17", RunOutcome.RUNNING, NOW - age))
        store.finish_run(run, CrawlReport("questions/17", RunOutcome.UNCHANGED, NOW - age, NOW - age))
    wanted: list[bool] = []

    class Paused:
        """A scheduler that only notes what was asked of it."""

        def __init__(self, *_jobs, crawl_now, **_more):
            wanted.append(crawl_now)

        def start(self):
            """Nothing starts."""

        def pause(self):
            """Nothing runs."""

        def shutdown(self, *, wait):
            """Nothing to end."""

    monkeypatch.setattr(worker_module, "make_scheduler", Paused)
    worker = make_worker()
    worker.start()
    worker.stop()

    assert wanted == [asked]
