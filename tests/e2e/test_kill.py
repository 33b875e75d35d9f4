"""A crawl killed at any moment and begun again leaves what an undisturbed one leaves."""

from __future__ import annotations

import signal
import sqlite3
import time
from contextlib import closing

import pytest

from crawler.simulator.archives import publish
from crawler.simulator.question_json import question_json
from tests.e2e.conftest import show
from tests.e2e.processes import PATIENCE, Service, run, settings
from tracker.clock import system_clock

pytestmark = pytest.mark.e2e

MANY = 2600  # off topic: enough for several transactions


@pytest.fixture
def archive(source, states):
    """The first state among thousands of questions off topic, then the second one."""
    others = {
        f"QANR5L17QE{number}": question_json(f"QANR5L17QE{number}", title="Ponts et chaussées")
        for number in range(20_000, 20_000 + MANY)
    }

    def serve(state, at):
        publish(source, questions={**others, **states[state].questions}, actors=states[state].actors, at=at)

    return serve


def kept(folder):
    """All that a crawl leaves, but for the instants: events in order, revisions, matches, ledger, names."""
    queries = (
        "SELECT sequence, id, detail, origin, revision FROM events ORDER BY sequence",
        "SELECT uid, number, record FROM revisions ORDER BY uid, number",
        "SELECT uid, topic, form, place, state, origin FROM matches ORDER BY uid, position",
        "SELECT uid, crc, size, reader, answered_on, closure_code, ministry FROM ledger ORDER BY uid",
        "SELECT uid, code, path, raw FROM source_issues WHERE resolved_at IS NULL ORDER BY uid, code, path",
        "SELECT actor_ref, last_name FROM deputies ORDER BY actor_ref",
        "SELECT source, etag, entries FROM source_state ORDER BY source",
    )
    with closing(sqlite3.connect(folder / "tracker.sqlite3")) as database:
        return [database.execute(query).fetchall() for query in queries]


def ledger_rows(folder) -> int:
    """How many questions of the archive have been written down yet."""
    file = folder / "tracker.sqlite3"
    if not file.exists():
        return 0
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=5)) as database:
        try:
            return int(database.execute("SELECT count(*) FROM ledger").fetchone()[0])
        except sqlite3.OperationalError:  # not created yet
            return 0


def crawl_and_kill(environment, tmp_path, moment) -> bool:
    """Start a crawl and kill it at a moment; False when it had ended before."""
    with Service(["crawl"], environment, tmp_path) as crawl:
        end = time.monotonic() + PATIENCE
        while not moment() and crawl.process.poll() is None and time.monotonic() < end:
            pass
        was_running = crawl.process.poll() is None
        crawl.end(signal.SIGKILL)
    return was_running


def test_killed_while_it_writes(source, archive, tmp_path):
    """Killed between and inside the transactions of a first import, and of the change that follows."""
    undisturbed = tmp_path / "undisturbed"
    calm = settings(undisturbed, source.root)
    disturbed = tmp_path / "disturbed"
    harried = settings(disturbed, source.root)
    source.faults.etags = False  # these would differ; dates do not

    archive(0, at := system_clock())
    assert run(["crawl"], calm, tmp_path).returncode == 0
    kills = 0
    for rows in (1, 501, 1001, 1501, 2001, 2501):
        kills += crawl_and_kill(harried, tmp_path, lambda rows=rows: ledger_rows(disturbed) >= rows)
    assert run(["crawl"], harried, tmp_path).returncode == 0
    assert kills >= 3, "the crawl was too quick to be killed while it wrote"
    assert kept(disturbed) == kept(undisturbed)

    archive(1, at)
    source.faults.dates = False
    assert run(["crawl"], calm, tmp_path).returncode == 0
    for asked in range(1, 5):
        source.asked.clear()
        crawl_and_kill(harried, tmp_path, lambda asked=asked: len(source.asked) >= asked)
    assert run(["crawl"], harried, tmp_path).returncode == 0
    assert kept(disturbed) == kept(undisturbed)
    assert run(["verify"], harried, tmp_path).returncode == 0


@pytest.mark.parametrize("part", range(2))
def test_killed_at_any_time(source, states, tmp_path, part):
    """Killed at many instants between its first breath and its last."""
    undisturbed, disturbed = tmp_path / "undisturbed", tmp_path / "disturbed"
    calm, harried = settings(undisturbed, source.root), settings(disturbed, source.root)
    began = time.monotonic()
    assert run(["crawl"], calm, tmp_path).returncode == 0
    lasted = time.monotonic() - began
    show(source, states[1], at=system_clock())
    assert run(["crawl"], calm, tmp_path).returncode == 0

    for state in states:
        show(source, state, at=system_clock())
        for step in range(5):
            wait = lasted * (2 * step + 1 + part) / 11
            dies_at = time.monotonic() + wait
            crawl_and_kill(harried, tmp_path, lambda dies_at=dies_at: time.monotonic() >= dies_at)
        assert run(["crawl"], harried, tmp_path).returncode == 0

    events, *others = kept(undisturbed)
    assert kept(disturbed)[0] == events
    assert kept(disturbed)[1:6] == others[:5]
    assert run(["verify"], harried, tmp_path).returncode == 0
