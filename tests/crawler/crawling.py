"""Crawls for tests: the real spiders, over real HTTP, each in a child process of its own.

Scrapy's reactor starts once in a process. The children are forked from a server that has imported
everything already, so that one costs hundredths of a second.
"""

from __future__ import annotations

import multiprocessing
import traceback
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from typing import TypeVar

from crawler.addresses import questions_archive
from crawler.deputies_job import DeputiesJob
from crawler.job import Job, Nobody
from crawler.questions_job import QuestionsJob
from crawler.run import run_jobs
from crawler.settings import CrawlOptions
from crawler.simulator.archives import BUILT_AT, questions_zip
from crawler.simulator.question_json import question_json
from crawler.simulator.server import SourceServer
from tracker.ports import ArchiveRead, CrawlReport, LedgerMark, Reading, SourceState
from tracker.questions import Deputy

NOW = datetime(2026, 10, 10, 6, 0, tzinfo=UTC)
T = TypeVar("T")
PATIENCE = 30  # seconds until a crawl that does not end is killed, and its test fails

_context = multiprocessing.get_context("forkserver")
_context.set_forkserver_preload(
    [
        "tests.crawler.crawling",
        "crawler.robots",
        "db.store",
        "tracker.recorder",
        "tracker.topics",
        "scrapy.core.downloader.handlers.http11",  # with what follows: what Scrapy imports when it starts
        "scrapy.core.downloader.contextfactory",
        "scrapy.downloadermiddlewares.cookies",
        "scrapy.downloadermiddlewares.httpcache",
        "scrapy.downloadermiddlewares.httpcompression",
        "scrapy.spidermiddlewares.httperror",
        "scrapy.spidermiddlewares.metacopy",
    ]
)


@dataclass
class Memory:
    """What is remembered of the source."""

    states: dict[str, SourceState] = field(default_factory=dict)

    def source_state(self, source: str) -> SourceState:
        return self.states.get(source, SourceState())

    def save_source_state(self, source: str, state: SourceState) -> None:
        self.states[source] = state


@dataclass
class Recording:
    """An intake that keeps what it is given; after a commit its ledger knows it."""

    reader: str = "reader 1"
    ledger: dict[str, LedgerMark] = field(default_factory=dict)
    taken: list[Reading] = field(default_factory=list)
    committed: list[tuple[list[str], bool]] = field(default_factory=list)
    memory: Memory = field(default_factory=Memory)
    fails_to_take: bool = False
    fails_to_commit: bool = False

    def marks(self, legislature: int) -> Mapping[str, LedgerMark]:
        return {uid: mark for uid, mark in self.ledger.items() if uid.startswith(f"QANR5L{legislature}QE")}

    def take(self, reading: Reading) -> None:
        if self.fails_to_take:
            raise RuntimeError("no room left (example)")
        self.taken.append(reading)

    def commit(self, *, present: Iterable[str], complete: bool, read: ArchiveRead) -> int:
        if self.fails_to_commit:
            raise RuntimeError("database is locked (example)")
        self.committed.append((sorted(present), complete))
        self.memory.save_source_state(read.address, read.state)
        self.ledger.update((one.uid, LedgerMark(one.crc, one.size, self.reader)) for one in self.taken)
        return sum(one.record is not None for one in self.taken)


@dataclass
class DeputyRecording:
    """The same for deputies."""

    wanted: list[str] = field(default_factory=list)
    found: list[Deputy] = field(default_factory=list)
    not_found: list[str] = field(default_factory=list)
    saves: int = 0

    def missing_actors(self) -> Sequence[str]:
        return self.wanted

    def save_deputies(self, found: Iterable[Deputy], not_found: Iterable[str], at: datetime) -> None:
        self.saves += 1
        self.found += found
        self.not_found += not_found


@dataclass
class Place:
    """All that outlives a crawl. Crawls leave their results here, as if they had run in this process."""

    intake: Recording = field(default_factory=Recording)
    deputies: DeputyRecording = field(default_factory=DeputyRecording)
    reports: list[CrawlReport] = field(default_factory=list)
    progress: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def memory(self) -> Memory:
        """The one that the intake writes when it commits."""
        return self.intake.memory

    def crawl(
        self, source: SourceServer, *, legislature: int = 17, at: datetime = NOW, **options: object
    ) -> CrawlReport:
        """One crawl of the questions."""
        return self.run(source, ("questions", legislature), at=at, **options)[0]

    def crawl_deputies(self, source: SourceServer, *, at: datetime = NOW, **options: object) -> CrawlReport:
        """One crawl of the deputies."""
        return self.run(source, ("deputies", 0), at=at, **options)[0]

    def run(
        self, source: SourceServer, *parts: tuple[str, int], at: datetime = NOW, **options: object
    ) -> list[CrawlReport]:
        """Several in one process. What the intake was given by an earlier crawl is forgotten first."""
        self.intake.taken.clear()
        chosen = {
            "root": source.root, "contact": "tests@example.org", "download_delay": 0.0,
            "retry_delay": 0.01, "timeout": 5.0, **options,
        }  # fmt: skip
        place: Place = in_child(run_in_child, self, CrawlOptions(**chosen), parts, at)
        self.__dict__.update(place.__dict__)
        return self.reports


class Watch(Nobody):
    """Notes how far runs go."""

    def __init__(self, place: Place) -> None:
        self._place = place

    def run_progressed(self, source: str, done: int, total: int) -> None:
        self._place.progress.append((source, done, total))


def run_in_child(
    place: Place, options: CrawlOptions, parts: Sequence[tuple[str, int]], at: datetime
) -> Place:
    """What a child process does: the runs, into `place`, which it returns."""
    common = {"memory": place.memory, "options": options, "clock": lambda: at, "follower": Watch(place)}
    jobs: list[Job] = [
        DeputiesJob(intake=place.deputies, **common)
        if kind == "deputies"
        else QuestionsJob(legislature, intake=place.intake, **common)
        for kind, legislature in parts
    ]
    place.progress = []
    place.reports = run_jobs(jobs)
    return place


def in_child(function: Callable[..., T], *arguments: object) -> T:
    """Call a function in a child process; what it raises is raised here."""
    receiving, sending = _context.Pipe(duplex=False)
    child = _context.Process(target=_report, args=(sending, function, arguments))
    child.start()
    sending.close()
    try:
        if not receiving.poll(PATIENCE):
            raise TimeoutError("the crawl did not end")
        kind, value = receiving.recv()
    finally:
        if child.is_alive() and not receiving.closed:
            child.join(1)
        child.kill()
        child.join()
        child.close()
        receiving.close()
    if kind == "raised":
        raise AssertionError(value)
    return value


def _report(sending: Connection, function: Callable[..., object], arguments: tuple[object, ...]) -> None:
    warnings.simplefilter("error")
    try:
        sending.send(("returned", function(*arguments)))
    except BaseException:  # noqa: BLE001  # told to the test, which fails
        sending.send(("raised", traceback.format_exc()))
    finally:
        sending.close()


# --- what the source holds ---------------------------------------------------------------------------


def uid(number: int, legislature: int = 17) -> str:
    """The uid of a question."""
    return f"QANR5L{legislature}QE{number}"


def some_questions(numbers: Iterable[int], legislature: int = 17, **said: object) -> dict[str, object]:
    """Invented questions, each a little different."""
    return {
        uid(number, legislature): question_json(
            uid(number, legislature), text=f"Texte d’exemple n° {number}.", **said
        )
        for number in numbers
    }


def serve(
    source: SourceServer, questions: Mapping[str, object], legislature: int = 17, at: datetime = BUILT_AT
) -> str:
    """Serve an archive of these; its address."""
    address = questions_archive(source.root, legislature)
    source.put(address, questions_zip(questions, at=at), modified=at)
    return address
