"""One crawl: the source's jobs, the recorder of each, and the ledger of runs.

Enters: a place. Leaves: reports of runs, each written down as it begins and ends. Imports Scrapy, so
only the process that crawls imports this.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from crawler.deputies_job import DeputiesJob
from crawler.job import Job
from crawler.parsers.questions import PARSER_VERSION
from crawler.questions_job import QuestionsJob
from crawler.run import run_jobs
from crawler.settings import CrawlOptions
from tracker.errors import SourceError
from tracker.locks import RECORDING, job_lock
from tracker.ports import QUESTION_RUNS, CrawlReport, RunOutcome
from tracker.recorder import Recorder
from tracker.wiring import Place, topics_of

Progress = Callable[[str, int, int], None]  # source, files read, files to read


class RunLedger:
    """Writes each run down as it begins and ends, and passes on how far it is.

    A run that asked the source for nothing (no deputy was lacking) leaves no trace.
    """

    def __init__(self, place: Place, progress: Progress | None) -> None:
        self._store = place.store
        self._progress = progress
        self._number: int | None = None

    def run_started(self, source: str, at: datetime) -> None:
        """A run begins; those over questions are written down at once, should they be killed."""
        self._number = None
        if source.startswith(QUESTION_RUNS):
            self._number = self._store.start_run(CrawlReport(source, RunOutcome.RUNNING, at))

    def run_progressed(self, source: str, done: int, total: int) -> None:
        """So many files have been read."""
        if self._progress is not None:
            self._progress(source, done, total)

    def run_finished(self, report: CrawlReport) -> None:
        """A run ended."""
        if self._number is None and report.requests:
            self._number = self._store.start_run(report)
        if self._number is not None:
            self._store.finish_run(self._number, report)


def run_crawl(
    place: Place, progress: Progress | None = None, *, accept_fewer: bool = False
) -> list[CrawlReport]:
    """One crawl in this process: each legislature, newest first, then the deputies we lack.

    Raises BusyError when another process is at it, SourceError when a run failed; what the others
    brought is kept. Once per process (see `crawler.run`).
    """
    settings, store, clock = place.settings, place.store, place.clock
    options = CrawlOptions(
        root=str(settings.source_url),
        contact=settings.contact,
        max_run_bytes=settings.max_run_bytes,
        max_entry_bytes=settings.max_entry_bytes,
        download_delay=settings.download_delay,
        temporary_dir=settings.data_dir,
        accept_fewer=accept_fewer,
    )
    topics, ledger = topics_of(settings), RunLedger(place, progress)
    with job_lock(store, RECORDING, clock):
        began = clock()
        jobs: list[Job] = [
            QuestionsJob(
                legislature,
                intake=Recorder(store, topics, began, parser=str(PARSER_VERSION)),
                memory=store,
                options=options,
                clock=clock,
                follower=ledger,
            )
            for legislature in sorted(settings.legislatures, reverse=True)
        ]
        jobs.append(DeputiesJob(intake=store, memory=store, options=options, clock=clock, follower=ledger))
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        reports = run_jobs(jobs)
        if all(store.legislature_imported(legislature) for legislature in settings.legislatures):
            store.settle_first_import(began)
    failed = [f"{one.source} : {one.reason}" for one in reports if one.outcome is RunOutcome.FAILED]
    if failed:
        kept = any(one.outcome in {RunOutcome.SUCCEEDED, RunOutcome.PARTIAL} for one in reports)
        what = (
            "Une partie de la lecture de la source a échoué ; ce que le reste apporte est gardé."
            if kept
            else "La lecture de la source a échoué, rien de public n'a changé."
        )
        raise SourceError(f"{what} {' '.join(failed)}")
    return reports
