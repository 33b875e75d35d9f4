"""Runs, one after another, in one process.

Enters: jobs. Leaves: one report for each, whatever happened to it. Scrapy's reactor starts once in a
process, so each function here can be called once: the service runs them in child processes.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Sequence
from typing import Any

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.utils.reactor import install_reactor, verify_installed_reactor
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from crawler.deputies_job import DeputiesJob
from crawler.job import Follower, Job
from crawler.questions_job import QuestionsJob
from crawler.settings import CrawlOptions, scrapy_settings
from crawler.spiders.deputies import DeputiesSpider
from crawler.spiders.questions import QuestionsSpider
from tracker.clock import Clock
from tracker.errors import TrackerError
from tracker.ports import CrawlReport, DeputyIntake, Intake, RunOutcome, SourceMemory

REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"

_SPIDERS: dict[type[Job], type[Spider]] = {QuestionsJob: QuestionsSpider, DeputiesJob: DeputiesSpider}

_STARTING_SECONDS = 0.02

_log = logging.getLogger(__name__)


def crawl_questions(
    *,
    legislature: int,
    intake: Intake,
    memory: SourceMemory,
    options: CrawlOptions,
    clock: Clock,
    follower: Follower | None = None,
) -> CrawlReport:
    """Read what changed of a legislature. Once per process. Raises UsageError before the 15th."""
    job = QuestionsJob(
        legislature, intake=intake, memory=memory, options=options, clock=clock, follower=follower
    )
    return run_jobs([job])[0]


def crawl_deputies(
    *,
    intake: DeputyIntake,
    memory: SourceMemory,
    options: CrawlOptions,
    clock: Clock,
    follower: Follower | None = None,
) -> CrawlReport:
    """Read the deputies we lack. Once per process."""
    job = DeputiesJob(intake=intake, memory=memory, options=options, clock=clock, follower=follower)
    return run_jobs([job])[0]


def run_jobs(jobs: Sequence[Job]) -> list[CrawlReport]:
    """Run jobs in order, each when the one before has been committed; a report for each, in that order.

    Once per process. SIGINT and SIGTERM end the job under way as failed, and those after it. What a
    follower raises is raised here.
    """
    install_reactor(REACTOR)
    verify_installed_reactor(REACTOR)
    from twisted.internet import reactor as installed  # noqa: PLC0415  # earlier, this would install another

    reactor: Any = installed  # Twisted's own types of it are those of an interface

    loop = asyncio.get_event_loop()
    runs = _Runs(jobs)
    task = loop.create_task(runs.one_after_another())

    def stop() -> Deferred[None]:
        runs.stopped = True
        return Deferred.fromFuture(loop.create_task(runs.wind_up(task)))

    reactor.addSystemEventTrigger("before", "shutdown", stop)
    task.add_done_callback(lambda _: None if runs.stopped else reactor.stop())
    gc.freeze()  # what was imported stays: the collector need not go through it again and again
    reactor.run()
    task.result()
    return runs.reports


class _Runs:
    def __init__(self, jobs: Sequence[Job]) -> None:
        self.reports: list[CrawlReport] = []
        self.stopped = False
        self._jobs = jobs
        self._crawler: Crawler | None = None  # of the run under way

    async def one_after_another(self) -> None:
        for job in self._jobs:
            report = await self._run(job)
            self.reports.append(report)
            job.follower.run_finished(report)

    async def wind_up(self, task: asyncio.Task[None]) -> None:
        """Have the crawl under way close, and wait until its report is written.

        One that is about to start is let start: Scrapy drops a stop that comes before, then never ends.
        """
        while (crawler := self._crawler) is not None and not (crawler.crawling and crawler.engine.running):
            await asyncio.sleep(_STARTING_SECONDS)
        if crawler is not None:
            await crawler.stop_async()
        await asyncio.wait([task])

    async def _run(self, job: Job) -> CrawlReport:
        try:
            if job.begin() and not self.stopped:
                runner = AsyncCrawlerRunner(scrapy_settings(job.options))
                crawler = runner.create_crawler(_SPIDERS[type(job)])

                def failed(failure: Failure) -> None:
                    job.fail_unexpectedly(failure.value or RuntimeError("unknown"))

                crawler.signals.connect(failed, signals.spider_error)
                self._crawler = crawler
                try:
                    await runner.crawl(crawler, job=job)
                finally:
                    self._crawler = None
            return job.conclude()
        except TrackerError as error:  # foreseen, and told: the disk is full, the base is held by another
            job.fail(str(error))
            return job.report(RunOutcome.FAILED, job.failure)
        except Exception as error:  # noqa: BLE001  # a run ends with a report, whatever happened
            _log.exception("The run of %s failed", job.source)
            job.fail_unexpectedly(error)
            return job.report(RunOutcome.FAILED, job.failure)
