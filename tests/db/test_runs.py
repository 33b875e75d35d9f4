"""Runs, locks, and what is remembered of the source."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW
from tracker.ports import CrawlReport, RunOutcome, SourceState

MINUTE = timedelta(minutes=1)
STARTED = CrawlReport("questions/17", RunOutcome.RUNNING, NOW)


def test_a_run_is_kept_with_its_figures(store, reader):
    """As reported at its end."""
    ended = CrawlReport(
        STARTED.source,
        RunOutcome.PARTIAL,
        NOW,
        NOW + MINUTE,
        4,
        2**33,
        19_000,
        250,
        1,
        12,
        "Un fichier illisible.",
    )
    store.finish_run(store.start_run(STARTED), ended)
    assert reader.runs() == [ended]


def test_a_run_that_never_ended_was_killed(store, reader):
    """Known when the next one of the same source starts; another source's run may still be under way."""
    store.start_run(STARTED)
    other = replace(STARTED, source="questions/16")
    store.start_run(other)
    again = replace(STARTED, started_at=NOW + MINUTE)
    store.start_run(again)
    newest, second, first = reader.runs()
    assert (newest, second) == (again, other)
    assert (first.outcome, first.finished_at) == (RunOutcome.KILLED, NOW + MINUTE)
    assert first.reason


def test_runs_come_newest_first(store, reader):
    """And no more than asked for."""
    for number in range(5):
        store.start_run(replace(STARTED, started_at=NOW + number * MINUTE))
    assert [run.started_at for run in reader.runs(limit=2)] == [NOW + 4 * MINUTE, NOW + 3 * MINUTE]


def test_s06_the_last_good_check_is_that_of_a_good_run(store, reader):
    """A failed or killed run after it does not count, nor does one still running."""
    assert reader.last_good_check() is None
    for number, outcome in enumerate(
        [RunOutcome.SUCCEEDED, RunOutcome.UNCHANGED, RunOutcome.FAILED, RunOutcome.KILLED]
    ):
        start = NOW + number * MINUTE
        run = store.start_run(replace(STARTED, started_at=start))
        store.finish_run(run, replace(STARTED, started_at=start, outcome=outcome, finished_at=start + MINUTE))
    store.start_run(replace(STARTED, started_at=NOW + 10 * MINUTE))
    assert reader.last_good_check() == NOW + 2 * MINUTE


def test_only_the_newest_legislature_says_when_the_source_was_read(store, reader):
    """A frozen archive found unchanged, or deputies read well, hide nothing."""
    for number, (source, outcome) in enumerate(
        [
            ("questions/17", RunOutcome.SUCCEEDED),
            ("questions/17", RunOutcome.FAILED),
            ("questions/9", RunOutcome.UNCHANGED),
            ("deputies", RunOutcome.SUCCEEDED),
            ("questions/18", RunOutcome.FAILED),
        ]
    ):
        end = NOW + number * MINUTE
        store.finish_run(store.start_run(STARTED), CrawlReport(source, outcome, NOW, end))
    assert reader.last_good_check() == NOW


def test_the_state_of_a_source_is_remembered(store):
    """Each address its own; nothing is known of one never read."""
    state = SourceState('"abc"', "Tue, 17 Nov 2026 01:11:00 GMT", 19_000, "User-agent: *", NOW)
    store.save_source_state("https://exemple.fr/17.zip", SourceState())
    store.save_source_state("https://exemple.fr/17.zip", state)
    assert store.source_state("https://exemple.fr/17.zip") == state
    assert store.source_state("https://exemple.fr/16.zip") == SourceState()


def test_a_job_has_one_owner(store):
    """Another waits until the claim is given up."""
    assert store.acquire_lock("crawl", "a", NOW + MINUTE, NOW)
    assert not store.acquire_lock("crawl", "b", NOW + MINUTE, NOW)
    assert store.lock_owner("crawl") == "a"
    assert store.acquire_lock("autre", "b", NOW + MINUTE, NOW)
    store.release_lock("crawl", "b")
    assert not store.acquire_lock("crawl", "b", NOW + MINUTE, NOW)
    store.release_lock("crawl", "a")
    assert store.lock_owner("crawl") is None
    assert store.acquire_lock("crawl", "b", NOW + MINUTE, NOW)


def test_a_claim_is_renewed_by_its_owner(store):
    """And then stands until the new instant."""
    assert store.acquire_lock("crawl", "a", NOW + MINUTE, NOW)
    assert store.acquire_lock("crawl", "a", NOW + 5 * MINUTE, NOW)
    assert not store.acquire_lock("crawl", "b", NOW + 9 * MINUTE, NOW + 2 * MINUTE)


@pytest.mark.parametrize(("waited", "free"), [(MINUTE - timedelta(microseconds=1), False), (MINUTE, True)])
def test_a_claim_expires(store, waited, free):
    """A worker that died holds nothing up for ever."""
    store.acquire_lock("crawl", "a", NOW + MINUTE, NOW)
    assert store.acquire_lock("crawl", "b", NOW + 2 * MINUTE, NOW + waited) is free


def test_interrupted_runs_are_noted(store, reader):
    """Whoever knows that no run is under way says so for all sources."""
    store.start_run(STARTED)
    store.interrupt_runs(NOW + MINUTE, "Arrêt du service.")
    (run,) = reader.runs()
    assert (run.outcome, run.finished_at, run.reason) == (
        RunOutcome.KILLED,
        NOW + MINUTE,
        "Arrêt du service.",
    )
