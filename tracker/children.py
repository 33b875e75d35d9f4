"""One child process at a time, with a time limit, that ends when its parent is asked to stop.

Enters: a command and its environment. Leaves: how it ended. Scrapy's reactor starts once in a
process, so each crawl is a process of its own.
"""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_GRACE_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: its exit code, or why it has none that counts."""

    exit_code: int
    timed_out: bool = False
    stopped: bool = False


class Child:
    """Runs one command after another; `stop`, from another thread, ends the present one for good."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str], timeout: float) -> None:
        self._command = list(command)
        self._environment = dict(environment)
        self._timeout = timeout
        self._process: subprocess.Popen[bytes] | None = None
        self._guard = threading.Lock()
        self._stopping = threading.Event()

    def run(self) -> Ended:
        """Start the command and wait for its end, at most `timeout` seconds."""
        with self._guard:
            if self._stopping.is_set():
                return Ended(0, stopped=True)
            # its own session: a Ctrl-C in the terminal is the parent's to handle
            self._process = process = subprocess.Popen(  # noqa: S603  # our own program
                self._command, env=self._environment, stdin=subprocess.DEVNULL, start_new_session=True
            )
        try:
            exit_code = process.wait(self._timeout)
        except subprocess.TimeoutExpired:
            _end(process)
            return Ended(process.returncode, timed_out=True)
        return Ended(exit_code, stopped=self._stopping.is_set())

    def stop(self) -> None:
        """End the child if there is one, and start no other."""
        self._stopping.set()
        with self._guard:
            if self._process is not None:
                _end(self._process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask first, insist after some seconds."""
    if process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
