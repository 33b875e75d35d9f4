"""One run over one part of the source: what it needs, what it counts, how it ends.

Enters: the doors to the tracker (intake, memory), options and a clock. Leaves: a `CrawlReport`,
whatever happens. What to read and where it goes is said by `crawler.questions_job` and
`crawler.deputies_job`; spiders fetch for them.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from crawler.settings import CrawlOptions
from crawler.traffic import Traffic
from tracker.clock import Clock
from tracker.ports import CrawlReport, RunOutcome, SourceMemory


class Follower(Protocol):
    """Who wants to know how runs go: the ledger of runs, a progress bar."""

    def run_started(self, source: str, at: datetime) -> None:
        """A run begins."""
        ...

    def run_progressed(self, source: str, done: int, total: int) -> None:
        """So many of the files to read have been read."""
        ...

    def run_finished(self, report: CrawlReport) -> None:
        """A run ended; what it read is committed, or dropped when it failed."""
        ...


class Nobody:
    """A follower who does not care."""

    def run_started(self, source: str, at: datetime) -> None:
        """Nothing."""

    def run_progressed(self, source: str, done: int, total: int) -> None:
        """Nothing."""

    def run_finished(self, report: CrawlReport) -> None:
        """Nothing."""


class Job(ABC):
    """A run. `begin`, then a spider reads, then `conclude`; the first failure is the one reported."""

    def __init__(
        self,
        source: str,
        *,
        memory: SourceMemory,
        options: CrawlOptions,
        clock: Clock,
        follower: Follower | None = None,
    ) -> None:
        self.source = source
        self.memory = memory
        self.options = options
        self.clock = clock
        self.follower = follower or Nobody()
        self.traffic = Traffic(options.max_run_bytes)
        self.failure: str | None = None
        self.is_complete = False
        self.started_at: datetime = clock()

    def begin(self) -> bool:
        """Note the beginning; False when there is nothing to ask the source for."""
        self.started_at = self.clock()
        self.follower.run_started(self.source, self.started_at)
        return self.prepare()

    @abstractmethod
    def prepare(self) -> bool:
        """Look up what is known already; False when nothing is needed."""

    @abstractmethod
    def take(self, portion: Sequence[Any]) -> None:
        """Hold a portion of what was read."""

    @abstractmethod
    def settle(self) -> CrawlReport:
        """Check what was read and commit it; called when everything was read without a failure."""

    @abstractmethod
    def report(self, outcome: RunOutcome, reason: str | None = None) -> CrawlReport:
        """The report of this run."""

    def fail(self, reason: str) -> None:
        """The run cannot be believed."""
        self.failure = self.failure or reason

    def fail_unexpectedly(self, error: BaseException) -> None:
        """The same, for an error of ours; the traceback is in the logs."""
        self.fail(f"Erreur inattendue du service ({type(error).__name__} : {error}) ; voir les journaux.")

    def conclude(self) -> CrawlReport:
        """Commit what was read, or nothing of it."""
        if self.failure is None and not self.is_complete:
            self.fail("La lecture a été interrompue.")
        if self.failure is not None:
            return self.report(RunOutcome.FAILED, self.failure)
        return self.settle()
