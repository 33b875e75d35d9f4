"""A run over the deputies' archives, for the names we lack.

Enters: the actor references on followed questions that have no name yet. Leaves: deputies for the
intake, and who was not found. When nobody is missing, the source is not asked at all.
"""

from __future__ import annotations

import logging
import re
import zipfile
from collections.abc import Sequence

from crawler.addresses import DEPUTIES, deputies_archives
from crawler.archive import EntryRead
from crawler.job import Follower, Job
from crawler.parsers.deputies import parse_deputy
from crawler.settings import CrawlOptions
from tracker.clock import Clock
from tracker.ports import CrawlReport, DeputyIntake, RunOutcome, SourceMemory
from tracker.questions import Deputy

_ACTOR = re.compile(
    r"(?:.*/)?acteur/(?P<ref>PA\d{1,9})\.json", re.ASCII
)  # some builds lack the leading `json/`

_log = logging.getLogger(__name__)


class DeputiesJob(Job):
    """AMO30 first, which has everybody; AMO10 for who is not there, or when AMO30 cannot be read."""

    def __init__(
        self,
        *,
        intake: DeputyIntake,
        memory: SourceMemory,
        options: CrawlOptions,
        clock: Clock,
        follower: Follower | None = None,
    ) -> None:
        self.addresses = deputies_archives(options.root)
        self._intake = intake
        self._asked: tuple[str, ...] = ()
        self._found: dict[str, Deputy] = {}
        self._unreadable: list[str] = []
        self._listed = 0
        self._problems: dict[str, str] = {}
        super().__init__(DEPUTIES, memory=memory, options=options, clock=clock, follower=follower)

    def prepare(self) -> bool:
        """Who is missing; False when nobody is."""
        self._asked = tuple(dict.fromkeys(self._intake.missing_actors()))
        self.is_complete = not self._asked
        return bool(self._asked)

    @property
    def missing(self) -> frozenset[str]:
        """Who has been asked for and not been found yet."""
        return frozenset(self._asked) - self._found.keys()

    def choose(self, entries: Sequence[zipfile.ZipInfo]) -> list[zipfile.ZipInfo]:
        """The entries of who is missing."""
        named = [(info, _ACTOR.fullmatch(info.filename)) for info in entries]
        actors = {found["ref"]: info for info, found in named if found is not None}
        self._listed = len(actors)
        return [actors[ref] for ref in sorted(self.missing & actors.keys())]

    def deputies(self, portion: Sequence[EntryRead]) -> list[Deputy]:
        """Parse a portion of entries; one that cannot be read is not found."""
        deputies = []
        for entry in portion:
            parsed = parse_deputy(entry.data or b"", name=entry.info.filename)
            for issue in parsed.issues:
                _log.warning("Deputy %s: %s at %s: %s", issue.uid, issue.code, issue.path, issue.raw)
            if parsed.deputy is None:
                self._unreadable.append(entry.info.filename)
            else:
                deputies.append(parsed.deputy)
        return deputies

    def take(self, portion: Sequence[Deputy]) -> None:
        """Hold who was found."""
        self._found.update((deputy.actor_ref, deputy) for deputy in portion)
        self.follower.run_progressed(self.source, len(self._found), len(self._asked))

    def archive_failed(self, address: str, reason: str) -> None:
        """One of the archives could not be read; the other one may do."""
        self._problems[address] = reason

    def settle(self) -> CrawlReport:
        """Keep who was found; note who was not, when the archive of everybody could be read."""
        if not self._asked:
            return self.report(RunOutcome.UNCHANGED)
        if len(self._problems) == len(self.addresses):
            return self.report(RunOutcome.FAILED, " ".join(self._problems.values()))
        everybody = self.addresses[0]
        not_found = [] if everybody in self._problems else sorted(self.missing)
        self._intake.save_deputies(self._found.values(), not_found, self.clock())
        reasons = list(self._problems.values())
        if self._unreadable:
            reasons.append(f"Fichiers illisibles : {', '.join(self._unreadable)}.")
        return self.report(RunOutcome.PARTIAL if reasons else RunOutcome.SUCCEEDED, " ".join(reasons) or None)

    def report(self, outcome: RunOutcome, reason: str | None = None) -> CrawlReport:
        """The report of this run; `changed` counts who was found."""
        return CrawlReport(
            source=self.source,
            outcome=outcome,
            started_at=self.started_at,
            finished_at=self.clock(),
            requests=self.traffic.requests,
            bytes_received=self.traffic.received,
            entries=self._listed,
            changed=len(self._found),
            unreadable=len(self._unreadable),
            reason=reason,
        )
