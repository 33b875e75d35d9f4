"""A place that a crawl of the demonstration's archive has filled, and commands run on a copy of it."""

from __future__ import annotations

import json
import logging
import os
import shutil
import zlib
from datetime import UTC, datetime, timedelta

import pytest
import structlog

from crawler.parsers.deputies import parse_deputy
from crawler.parsers.questions import PARSER_VERSION, parse_question
from crawler.simulator.demo_states import LEGISLATURE, demo_states
from tracker.cli.main import run_command
from tracker.clock import paris_day
from tracker.deciding import record_due_deadlines
from tracker.logs import QUIET
from tracker.ports import CrawlReport, LedgerMark, Reading, RunOutcome
from tracker.recorder import Recorder
from tracker.settings import load_settings
from tracker.wiring import open_place, topics_of

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def read_archive(place, state, at):
    """What a crawl does with an archive in this state, without the network; the events it brought."""
    recorder = Recorder(place.store, topics_of(place.settings), at, parser=str(PARSER_VERSION))
    run = place.store.start_run(CrawlReport(f"questions/{LEGISLATURE}", RunOutcome.RUNNING, at))
    for uid, content in state.questions.items():
        raw = json.dumps(content, ensure_ascii=False).encode()
        mark = LedgerMark(zlib.crc32(raw), len(raw), recorder.reader)
        if recorder.marks(LEGISLATURE).get(uid) != mark:
            parsed = parse_question(raw, name=f"json/{uid}.json")
            recorder.take(Reading(uid, mark.crc, mark.size, raw, parsed.record, parsed.issues))
    events = recorder.commit(present=list(state.questions), complete=True)
    actors = [
        parse_deputy(json.dumps(content).encode(), name=f"{ref}.json").deputy
        for ref, content in state.actors.items()
    ]
    place.store.save_deputies([actor for actor in actors if actor], [], at)
    report = CrawlReport(
        f"questions/{LEGISLATURE}", RunOutcome.SUCCEEDED, at, at, entries=len(state.questions), events=events
    )
    place.store.finish_run(run, report)
    return events


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch, tmp_path):
    """No setting of this machine; the clock of these tests."""
    for name in [name for name in os.environ if name.startswith("TRACKER_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setattr("tracker.wiring.system_clock", lambda: NOW)


@pytest.fixture(autouse=True)
def _logs_as_they_were():
    """A command that sets up logs does so for its process, which here is that of all tests."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.reset_defaults()


@pytest.fixture(scope="session")
def filled_folder(tmp_path_factory):
    """The data folder of a place that has seen both states of the archive, an hour apart."""
    folder = tmp_path_factory.mktemp("filled")
    settings = load_settings(
        _env_file=None, data_dir=folder, database_url="", topics_dir="", tag_authority="example.org"
    )
    first, second = demo_states(paris_day(NOW))
    with open_place(settings, clock=lambda: NOW - timedelta(hours=2), create=True) as place:
        read_archive(place, first, NOW - timedelta(hours=2))
        record_due_deadlines(place)
        read_archive(place, second, NOW - timedelta(hours=1))
    return folder


@pytest.fixture
def filled(filled_folder, tmp_path):
    """A copy of it, which a test may change; where commands look."""
    folder = tmp_path / "data"
    shutil.copytree(filled_folder, folder)
    return folder


@pytest.fixture
def command(capfd):
    """Runs a command: its exit code, what it wrote on stdout and on stderr."""

    def run(*words: str) -> tuple[int, str, str]:
        capfd.readouterr()
        code = run_command(words)
        written = capfd.readouterr()
        return code, written.out, written.err

    return run
