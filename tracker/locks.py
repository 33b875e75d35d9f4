"""A job that only one process does at a time, wherever it runs.

Enters: a table of claims (in the database), a clock. Leaves: `job_lock`, a context that holds a claim
and renews it. A claim stands for a minute unless renewed, so one left by a machine that vanished ends
by itself; one left by a process of this machine that is gone is taken over at once.
"""

from __future__ import annotations

import os
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from tracker.clock import Clock
from tracker.errors import BusyError

RECORDING = "recording"  # whatever writes events: crawls, the deadline job, decisions on matches

LEASE = timedelta(seconds=60)
_RENEW_EVERY = 15.0
_POLL_EVERY = 0.5
_THIS_PROCESS = f"{socket.gethostname()}/{os.getpid()}/{secrets.token_hex(4)}"


class Claims(Protocol):
    """Where claims are kept; `db.store.SqlStore` is one."""

    def acquire_lock(self, name: str, owner: str, until: datetime, now: datetime) -> bool:
        """Claim a job or renew one's own claim; False when another holds it."""
        ...

    def release_lock(self, name: str, owner: str) -> None:
        """Give a claim up."""
        ...

    def lock_owner(self, name: str) -> str | None:
        """Who holds a claim, if anyone does."""
        ...


@dataclass(frozen=True, slots=True)
class _Claim:
    claims: Claims
    clock: Clock
    name: str
    owner: str

    def take(self) -> bool:
        now = self.clock()
        if self.claims.acquire_lock(self.name, self.owner, now + LEASE, now):
            return True
        holder = self.claims.lock_owner(self.name)
        if holder is None or not _is_gone(holder):
            return False
        self.claims.release_lock(self.name, holder)
        return self.claims.acquire_lock(self.name, self.owner, now + LEASE, now)

    def renew_until(self, done: threading.Event) -> None:
        while not done.wait(_RENEW_EVERY):
            self.take()


@contextmanager
def job_lock(claims: Claims, name: str, clock: Clock, *, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the claim `name` while the context runs.

    Raises BusyError when another process still holds it after `wait_seconds`.
    """
    claim = _Claim(claims, clock, name, f"{_THIS_PROCESS}/{secrets.token_hex(4)}")
    give_up_at = time.monotonic() + wait_seconds
    while not claim.take():
        if time.monotonic() >= give_up_at:
            raise BusyError(
                "Un autre processus lit la source ou écrit dans la base en ce moment. "
                "Attendez qu'il ait fini, puis recommencez."
            )
        time.sleep(_POLL_EVERY)
    done = threading.Event()
    renewing = threading.Thread(target=claim.renew_until, args=(done,), name="lock", daemon=True)
    renewing.start()
    try:
        yield
    finally:
        done.set()
        renewing.join()
        claims.release_lock(name, claim.owner)


def _is_gone(owner: str) -> bool:
    """True when the owner was a process of this machine that no longer runs."""
    host, pid, process, *_ = owner.split("/")
    if host != socket.gethostname() or not pid.isdecimal():
        return False
    if int(pid) == os.getpid():  # a container started again gives the same numbers
        return f"{host}/{pid}/{process}" != _THIS_PROCESS
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
