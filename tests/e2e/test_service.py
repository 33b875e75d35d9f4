"""`run`, `serve` and `work` as an operator starts and stops them."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
from contextlib import closing

import pytest

from tests.e2e.conftest import show
from tests.e2e.processes import Service, is_alive, run, settings, wait_until
from tracker.clock import system_clock

pytestmark = pytest.mark.e2e


def runs(environment, folder):
    """The ledger of runs, newest first."""
    return json.loads(run(["runs", "--json"], environment, folder).stdout)["runs"]


def test_an_empty_folder_becomes_a_service(environment, source, tmp_path):
    """One command: the place is made, the source read at once, the history is in the feeds."""
    with Service(["run", "--port", "0"], environment, tmp_path) as service:
        ids = wait_until(service.ids, "entries in the feed")
        ready = wait_until(lambda: service.get("/readyz").status_code == 200, "a good check")
        port = service.address.rsplit(":", 1)[1]
        health = run(["health", "--port", port, "--ready"], environment, tmp_path)
        code = service.end()
        after = run(["health", "--port", port], environment, tmp_path)

    assert any("QE13983/published/2026-03-31" in one for one in ids)
    assert ready
    assert (health.returncode, health.stdout) == (0, "Le service répond.\n")
    assert code == 0
    assert after.returncode == 1
    assert "ne répond pas" in after.stderr
    assert source.asked[0].path == "/robots.txt"
    assert "tests" in source.asked[0].headers["User-Agent"]
    assert run(["verify"], environment, tmp_path).returncode == 0


def test_a_restart_asks_the_source_for_nothing_it_was_just_asked(environment, source, tmp_path):
    """A restart within the hour costs the source no request, and readers see the same entries."""
    with Service(["run", "--port", "0"], environment, tmp_path) as service:
        wait_until(lambda: service.get("/readyz").status_code == 200, "a good check")
        before = service.ids()
        service.end()
    asked = len(source.asked)

    with Service(["run", "--port", "0"], environment, tmp_path) as service:
        assert service.ids() == before
        service.end()

    assert len(source.asked) == asked


def test_killed_and_started_again_it_goes_on(environment, source, states, tmp_path):
    """After a kill -9 in the middle of a first import, the next start completes it."""
    source.faults.delay = 0.4
    with Service(["run", "--port", "0"], environment, tmp_path) as service:
        wait_until(lambda: len(source.asked) >= 2, "the crawl to be under way")
        child = service.children()[0]
        os.kill(child, signal.SIGKILL)
        service.end(signal.SIGKILL)
    source.faults.delay = 0.0

    with Service(["run", "--port", "0"], environment, tmp_path) as service:
        ids = wait_until(service.ids, "entries in the feed")
        service.end()

    assert len(ids) == len(set(ids))
    assert [one["outcome"] for one in runs(environment, tmp_path) if one["source"] == "questions/17"] == [
        "succeeded",
        "killed",
    ]


def test_sigterm_ends_the_crawl_under_way(environment, source, tmp_path):
    """The service is stopped while the source answers slowly: no process is left, nothing is half done."""
    source.faults.delay = 20.0
    with Service(["run", "--port", "0"], environment, tmp_path) as service:
        child = wait_until(service.children, "the crawl")[0]
        service.wait_for("prêt")
        code = service.end()
        said = service.said()
    source.faults.delay = 0.0

    assert code == 0
    assert not is_alive(child)
    assert "Traceback" not in said
    assert run(["crawl"], environment, tmp_path).returncode == 0
    assert run(["verify"], environment, tmp_path).returncode == 0


def test_a_crawl_past_its_time_is_killed_and_written_down(environment, source, tmp_path):
    """The time limit ends a crawl that hangs; the ledger of runs says why, and the service lives."""
    source.faults.delay = 60.0
    hurried = {**environment, "TRACKER_CRAWL_TIMEOUT": "3"}
    with Service(["run", "--port", "0"], hurried, tmp_path) as service:
        service.wait_for("prêt")
        reason = wait_until(
            lambda: next((one["reason"] for one in runs(hurried, tmp_path) if one["reason"]), None),
            "the run to be written down",
        )
        alive = service.get("/healthz").status_code
        service.end()
    source.faults.delay = 0.0

    assert alive == 200
    assert "TRACKER_CRAWL_TIMEOUT" in reason or "interrompue" in reason


def test_two_crawls_at_once_are_one(environment, source, tmp_path):
    """The second one leaves at once with exit code 6; the first one is not disturbed."""
    source.faults.delay = 1.0
    with Service(["crawl"], environment, tmp_path) as first:
        wait_until(lambda: source.asked, "the first crawl")
        second = run(["crawl"], environment, tmp_path)
        source.faults.delay = 0.0
        code = first.process.wait(60)

    assert second.returncode == 6
    assert "en ce moment" in second.stderr
    assert code == 0


def test_serve_and_work_are_run_in_two(environment, source, states, tmp_path):
    """One process publishes what the other reads; `serve` refuses a place that is not there."""
    assert run(["serve", "--port", "0"], environment, tmp_path).returncode == 4

    with Service(["work"], environment, tmp_path) as worker:
        worker.wait_for("travaille")
        with Service(["serve", "--port", "0"], environment, tmp_path) as web:
            ids = wait_until(web.ids, "entries in the feed")
            assert worker.end() == 0
            show(source, states[1], at=system_clock())
            assert run(["crawl"], environment, tmp_path).returncode == 0
            wait_until(lambda: len(web.ids()) > len(ids), "new entries in a process that was running")
            assert web.end() == 0


def test_a_misspelt_setting_is_told_in_the_log(environment, tmp_path):
    """A variable that is no setting is ignored, and said to be."""
    with Service(["run", "--port", "0"], {**environment, "TRACKER_PROT": "1"}, tmp_path) as service:
        service.wait_for("TRACKER_PROT")
        service.end()


def test_logs_can_be_read_by_a_machine(environment, tmp_path):
    """With TRACKER_LOG_FORMAT=json each log line is one JSON object, those of libraries included."""
    talkative = {**environment, "TRACKER_LOG_FORMAT": "json", "TRACKER_LOG_LEVEL": "info"}
    with Service(["run", "--port", "0"], talkative, tmp_path) as service:
        wait_until(service.ids, "entries in the feed")
        service.end()
        lines = [line for line in service.said().splitlines() if line.startswith("{")]

    assert lines
    assert all({"event", "level", "timestamp"} <= json.loads(line).keys() for line in lines)


def test_a_failed_check_changes_nothing_public(environment, source, tmp_path):
    """S5, S6 with real processes: HTML in place of the archive, then an archive nearly empty."""
    assert run(["crawl"], environment, tmp_path).returncode == 0
    before = _events(tmp_path)

    source.faults.page = True
    failed = run(["crawl"], environment, tmp_path)
    source.faults.page = False

    assert failed.returncode == 5
    assert "rien de public n'a changé" in failed.stderr
    assert _events(tmp_path) == before
    assert runs(environment, tmp_path)[0]["outcome"] == "failed"


def test_an_archive_that_fails_spoils_no_other(environment, source, tmp_path):
    """One legislature is not there: exit code 5 names it, and does not say that nothing changed."""
    both = {**environment, "TRACKER_LEGISLATURES": "17,16"}

    failed = run(["crawl"], both, tmp_path)

    assert failed.returncode == 5
    assert "questions/16" in failed.stderr
    assert "rien de public n'a changé" not in failed.stderr
    assert _events(tmp_path)


def test_the_source_is_only_asked_what_is_needed(environment, source, tmp_path):
    """A second poll of an unchanged source is one request, answered 304."""
    assert run(["crawl"], environment, tmp_path).returncode == 0
    source.asked.clear()

    assert run(["crawl"], environment, tmp_path).returncode == 0

    assert [asked.status for asked in source.asked] == [304]


def test_settings_of_another_folder_are_not_followed(source, tmp_path):
    """Two places on one machine keep to themselves."""
    one, two = (settings(tmp_path / name, source.root) for name in ("one", "two"))
    assert run(["crawl"], one, tmp_path).returncode == 0

    assert run(["status", "13983"], one, tmp_path).returncode == 0
    assert run(["status", "13983"], two, tmp_path).returncode == 4


def _events(folder):
    with closing(sqlite3.connect(folder / "data" / "tracker.sqlite3")) as database:
        return database.execute("SELECT sequence, id, listed_at FROM events ORDER BY sequence").fetchall()
