"""The service as a person starts it: processes, their settings, what they print, how they end.

Enters: words of the command line, settings. Leaves: a `Service` that can be asked and stopped, or the
outcome of a command that ends by itself.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import feedparser
import httpx

PATIENCE = 90.0  # seconds: for a slow machine; what goes well takes a few
COMMAND = [sys.executable, "-m", "tracker"]
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


def settings(folder: Path, source: str, **more: object) -> dict[str, str]:
    """An environment with no setting but these."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    own = {
        "data_dir": folder,
        "source_url": source,
        "download_delay": 0,
        "contact": "tests",
        "tag_authority": "example.org",
        **more,
    }
    return {**bare, **{f"TRACKER_{name.upper()}": str(value) for name, value in own.items()}}


def run(words: list[str], environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself."""
    return subprocess.run(
        [*COMMAND, *words],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


def wait_until(condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """The first true value of `condition`."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.05)
    raise AssertionError(f"waited {patience} s in vain for {what}")


def is_alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that run."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            if parent == pid and is_alive(int(entry.name)):
                found.append(int(entry.name))
    return found


class Service:
    """A process that stays until it is stopped. A context manager: it never outlives its test."""

    def __init__(self, words: list[str], environment: dict[str, str], folder: Path) -> None:
        self.log = folder / f"{words[0]}-{time.monotonic_ns()}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*COMMAND, *words],
                env=environment,
                cwd=folder,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        """All that the process has written yet."""
        return self.log.read_text(encoding="utf-8")

    def wait_for(self, words: str) -> None:
        """Until the process has written something."""

        def there() -> bool:
            assert words in self.said() or self.process.poll() is None, self.said()
            return words in self.said()

        wait_until(there, f"« {words} »")

    @property
    def address(self) -> str:
        """Where it serves, once it has said so."""
        self.wait_for("/flux")
        return ADDRESS.search(self.said())[0]

    def get(self, path: str) -> httpx.Response:
        """One GET, without proxies."""
        return httpx.get(self.address + path, timeout=PATIENCE, trust_env=False)

    def entries(self, path: str = "/flux/asalee.atom") -> list[Any]:
        """The entries of a feed, as feedparser reads them."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        parsed = feedparser.parse(answer.content)
        assert not parsed.bozo
        return parsed.entries

    def ids(self, path: str = "/flux/asalee.atom") -> list[str]:
        """The ids of a feed's entries that are events."""
        return [entry.id for entry in self.entries(path) if "evenement/" in entry.id]

    def children(self) -> list[int]:
        """The crawls under way."""
        return children_of(self.process.pid)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal to the service alone and wait for its end; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for child in self.children():
            os.kill(child, signal.SIGKILL)
        self.process.kill()
        self.process.wait()
