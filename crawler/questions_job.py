"""A run over the written questions of one legislature.

Enters: the directory of the archive, then the entries that the ledger lacks. Leaves: readings for the
intake; at the end, when the checks agree, the commit, and only then what we remember of the archive.
"""

from __future__ import annotations

import logging
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace

from crawler.addresses import questions_archive, questions_run
from crawler.answers import Build
from crawler.archive import EntryRead
from crawler.checks import Tally, failures, remarks
from crawler.job import Follower, Job
from crawler.parsers.questions import parse_question
from crawler.settings import CrawlOptions
from tracker.clock import Clock
from tracker.ports import (
    ArchiveRead,
    CrawlReport,
    Intake,
    LedgerMark,
    Reading,
    RunOutcome,
    SourceMemory,
    SourceState,
)
from tracker.questions import SourceIssue

NOT_READ = (
    -1
)  # the size in the mark of a file whose bytes came damaged: no directory says it, so it is read again

_QUESTION = re.compile(r"(?:.*/)?(?P<uid>QANR5L(?P<legislature>\d{1,3})QE\d{1,7})\.json", re.ASCII)

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Read:
    """What is remembered of a file until the end of the run."""

    crc: int
    is_readable: bool
    has_text: bool


class QuestionsJob(Job):
    """Raises UsageError at once for a legislature whose archive is not read."""

    def __init__(
        self,
        legislature: int,
        *,
        intake: Intake,
        memory: SourceMemory,
        options: CrawlOptions,
        clock: Clock,
        follower: Follower | None = None,
    ) -> None:
        self.legislature = legislature
        self.address = questions_archive(options.root, legislature)
        self.state = SourceState()
        self._intake = intake
        self._marks: dict[str, LedgerMark] = {}
        self._build: Build | None = None  # None while the archive is not known to have changed
        self._present: dict[str, zipfile.ZipInfo] = {}
        self._wanted = 0
        self._read: dict[str, _Read] = {}
        self._events = 0
        super().__init__(
            questions_run(legislature), memory=memory, options=options, clock=clock, follower=follower
        )

    def prepare(self) -> bool:
        """What the ledger has; a question may always have changed, so the source is always asked."""
        self.state = self.memory.source_state(self.address)
        self._marks = dict(self._intake.marks(self.legislature))
        return True

    @property
    def may_be_unchanged(self) -> bool:
        """Whether « unchanged since » is a question to ask: all was read before, with today's reader."""
        reader = self._intake.reader
        return bool(self._marks) and all(mark.reader == reader for mark in self._marks.values())

    def choose(self, entries: Sequence[zipfile.ZipInfo], build: Build) -> list[zipfile.ZipInfo]:
        """The entries to read of this build of the archive: new, changed, or last read by another reader."""
        self._build = build
        self._present = {}
        for info in entries:
            named = _QUESTION.fullmatch(info.filename)
            if named is not None and int(named["legislature"]) == self.legislature:
                self._present[named["uid"]] = info
            elif not info.is_dir():
                _log.warning("Not a written question of legislature %d: %r", self.legislature, info.filename)
        reader = self._intake.reader
        wanted = [
            info
            for uid, info in self._present.items()
            if self._marks.get(uid) != (info.CRC, info.file_size, reader)
        ]
        self._wanted = len(wanted)
        self._read = {uid: read for uid, read in self._read.items() if self._is_current(uid, read)}
        return [info for info in wanted if _uid_of(info) not in self._read]

    def readings(self, portion: Sequence[EntryRead]) -> list[Reading]:
        """Parse a portion of entries."""
        return [_reading(entry) for entry in portion]

    def take(self, portion: Sequence[Reading]) -> None:
        """Hand readings to the intake."""
        for reading in portion:
            record = reading.record
            has_text = record is not None and record.question_text is not None
            self._read[reading.uid] = _Read(reading.crc, record is not None, has_text)
            self._intake.take(reading)
        self.follower.run_progressed(self.source, len(self._read), self._wanted)

    def settle(self) -> CrawlReport:
        """Commit, then remember the archive; or change nothing."""
        if self._build is None:
            return self.report(RunOutcome.UNCHANGED)
        tally = self._tally()
        reasons = failures(tally, accept_fewer=self.options.accept_fewer)
        if reasons:
            return self.report(RunOutcome.FAILED, " ".join(reasons))
        state = replace(
            self.state,
            etag=self._build.etag,
            last_modified=self._build.last_modified,
            entries=len(self._present),
        )
        self._events = self._intake.commit(
            present=self._present.keys(), complete=True, read=ArchiveRead(self.address, state)
        )
        noted = remarks(tally)
        return self.report(RunOutcome.PARTIAL if noted else RunOutcome.SUCCEEDED, " ".join(noted) or None)

    def report(self, outcome: RunOutcome, reason: str | None = None) -> CrawlReport:
        """The report of this run."""
        return CrawlReport(
            source=self.source,
            outcome=outcome,
            started_at=self.started_at,
            finished_at=self.clock(),
            requests=self.traffic.requests,
            bytes_received=self.traffic.received,
            entries=len(self._present),
            changed=self._wanted,
            unreadable=sum(not read.is_readable for read in self._read.values()),
            events=self._events,
            reason=reason,
        )

    def _tally(self) -> Tally:
        return Tally(
            listed=len(self._present),
            listed_before=self.state.entries or len(self._marks) or None,
            read=len(self._read),
            with_text=sum(read.has_text for read in self._read.values()),
            unreadable=tuple(uid for uid, read in self._read.items() if not read.is_readable),
            everything=len(self._read) == len(self._present),
        )

    def _is_current(self, uid: str, read: _Read) -> bool:
        """Whether what was read of an earlier build still stands in this one."""
        info = self._present.get(uid)
        return info is not None and read.crc == info.CRC


def _uid_of(info: zipfile.ZipInfo) -> str:
    named = _QUESTION.fullmatch(info.filename)
    return named["uid"] if named else info.filename


def _reading(entry: EntryRead) -> Reading:
    info, uid = entry.info, _uid_of(entry.info)
    if entry.data is None:
        issue = SourceIssue(
            uid, "refused-entry" if entry.is_refused else "damaged-entry", info.filename, entry.problem
        )
        return Reading(uid, info.CRC, info.file_size if entry.is_refused else NOT_READ, b"", None, (issue,))
    parsed = parse_question(entry.data, name=info.filename)
    return Reading(uid, info.CRC, info.file_size, entry.data, parsed.record, parsed.issues)
