"""The spider of the written questions: what changed in a legislature's archive, and only that.

Enters: a `QuestionsJob`. Leaves: portions of `Reading`s.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from crawler.questions_job import QuestionsJob
from crawler.spiders.source import SourceSpider
from tracker.ports import Reading, SourceState


class QuestionsSpider(SourceSpider[QuestionsJob]):
    """One archive, asked first whether it changed."""

    name = "questions"

    async def portions(self) -> AsyncIterator[list[Reading]]:
        """Readings of the entries that the ledger lacks."""
        job = self.job
        known = job.state if job.may_be_unchanged else SourceState()
        async for portion in self.entries(
            job.address,
            job.choose,
            etag=known.etag,
            last_modified=known.last_modified,
        ):
            yield job.readings(portion)
