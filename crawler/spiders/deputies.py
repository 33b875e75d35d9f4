"""The spider of the deputies: the files of the actors we lack.

Enters: a `DeputiesJob`. Leaves: portions of `Deputy`s.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

from crawler.deputies_job import DeputiesJob
from crawler.spiders.source import SourceSpider
from tracker.errors import SourceError
from tracker.questions import Deputy


class DeputiesSpider(SourceSpider[DeputiesJob]):
    """One archive after the other, until nobody is missing."""

    name = "deputies"

    async def portions(self) -> AsyncIterator[list[Deputy]]:
        """Deputies among those who are missing."""
        for address in self.job.addresses:
            if not self.job.missing:
                return
            try:
                async for portion in self.entries(address, lambda entries, _: self.job.choose(entries)):
                    yield self.job.deputies(portion)
            except SourceError as error:
                self.job.archive_failed(address, str(error))
