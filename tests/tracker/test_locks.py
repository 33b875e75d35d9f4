"""Claims: one holder at a time, taken over when the holder is gone, renewed while it lives."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from db.engine import open_engine, reading
from db.schema import migrate
from db.store import SqlStore
from db.tables import JOB_LOCKS
from tracker import locks
from tracker.errors import BusyError
from tracker.locks import LEASE, RECORDING, job_lock

NOW = datetime(2026, 11, 17, 8, 0, tzinfo=UTC)


@pytest.fixture
def engine(tmp_path):
    """A real database on a file."""
    engine = open_engine(f"sqlite:///{tmp_path}/base.sqlite3")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def claims(engine):
    """Where claims are kept."""
    return SqlStore(engine)


def _clock() -> datetime:
    return NOW


def _gone_process() -> int:
    """The number of a process that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return ended.pid


def test_a_claim_is_held_then_given_up(claims):
    """While the context runs the claim is ours; after it, nobody's."""
    with job_lock(claims, RECORDING, _clock):
        assert claims.lock_owner(RECORDING) is not None

    assert claims.lock_owner(RECORDING) is None


def test_two_cannot_hold_one_claim(claims):
    """The second one is told that another is at it, and what to do."""
    second = job_lock(claims, RECORDING, _clock)

    with job_lock(claims, RECORDING, _clock), pytest.raises(BusyError, match="recommencez"):
        second.__enter__()


def test_a_claim_is_given_up_after_an_error(claims):
    """What goes wrong inside does not leave the claim behind."""
    with pytest.raises(ValueError, match="inside"), job_lock(claims, RECORDING, _clock):
        raise ValueError("inside")

    with job_lock(claims, RECORDING, _clock):
        pass


def test_who_waits_gets_the_claim_when_it_is_free(claims, monkeypatch):
    """A second one that may wait begins once the first is done."""
    claims.acquire_lock(RECORDING, f"{socket.gethostname()}/1/other", NOW + LEASE, NOW)
    polls = []

    def sleep(_seconds: float) -> None:
        polls.append(1)
        claims.release_lock(RECORDING, f"{socket.gethostname()}/1/other")

    monkeypatch.setattr(locks.time, "sleep", sleep)

    with job_lock(claims, RECORDING, _clock, wait_seconds=60):
        pass

    assert polls == [1]


def test_the_claim_of_a_process_that_is_gone_is_taken_over(claims):
    """After a kill -9 on this machine the next one begins at once."""
    owner = f"{socket.gethostname()}/{_gone_process()}/abcd/1"
    claims.acquire_lock(RECORDING, owner, NOW + LEASE, NOW)

    with job_lock(claims, RECORDING, _clock):
        assert claims.lock_owner(RECORDING) != owner


def test_the_claim_of_another_machine_stands_until_it_lapses(claims):
    """A process elsewhere cannot be looked at: its claim stands for its minute, and no longer."""
    claims.acquire_lock(RECORDING, "elsewhere/1/abcd/1", NOW + LEASE, NOW)

    with pytest.raises(BusyError), job_lock(claims, RECORDING, _clock):
        pass

    with job_lock(claims, RECORDING, lambda: NOW + LEASE + timedelta(seconds=1)):
        assert claims.lock_owner(RECORDING) != "elsewhere/1/abcd/1"


def test_a_container_started_again_takes_its_own_claim_over(claims):
    """The same process number on the same host, but another life: the claim is an old one."""
    owner = locks._THIS_PROCESS.rsplit("/", 1)[0] + "/former/1"
    claims.acquire_lock(RECORDING, owner, NOW + LEASE, NOW)

    with job_lock(claims, RECORDING, _clock):
        assert claims.lock_owner(RECORDING) != owner


def test_a_claim_is_renewed_while_it_is_held(engine, claims, monkeypatch):
    """A long job keeps its claim although each renewal holds for a minute only."""
    monkeypatch.setattr(locks, "_RENEW_EVERY", 0.01)
    now = [NOW]
    later = NOW + LEASE - timedelta(seconds=1)

    with job_lock(claims, RECORDING, lambda: now[0]):
        now[0] = later
        give_up_at = time.monotonic() + 20
        while _until(engine) < later + LEASE:
            assert time.monotonic() < give_up_at, "the claim was never renewed"

    assert claims.lock_owner(RECORDING) is None


def _until(engine) -> datetime:
    """Until when the claim stands, as kept."""
    with reading(engine) as connection:
        return connection.scalar(select(JOB_LOCKS.c.until))
