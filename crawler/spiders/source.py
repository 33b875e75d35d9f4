"""What the spiders share: one polite GET, and the entries of an archive.

Enters: addresses and headers. Leaves: answers, or a `SourceError` in French; portions of entries, read
from one build of the archive.
"""

from __future__ import annotations

import asyncio
import zipfile
from abc import abstractmethod
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Generic, Self, TypeVar

from scrapy import Request, Spider
from scrapy.crawler import Crawler
from scrapy.http.request import NO_CALLBACK

from crawler.answers import Answer, ArchiveChangedError, Build
from crawler.archive import EntryRead, RemoteArchive
from crawler.courtesy import NETWORK_ERRORS, wait_before
from crawler.job import Job
from crawler.remote_file import RemoteFile
from crawler.traffic import AT_MOST
from tracker.errors import SourceError

_USABLE = {
    HTTPStatus.OK,
    HTTPStatus.PARTIAL_CONTENT,
    HTTPStatus.NOT_MODIFIED,
    HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
}

JobT = TypeVar("JobT", bound=Job)
Choice = Callable[[Sequence[zipfile.ZipInfo], Build], list[zipfile.ZipInfo]]


class SourceSpider(Spider, Generic[JobT]):
    """Reads for one job. Subclasses say in `portions` what."""

    job: JobT

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:  # noqa: ANN401  # Scrapy's signature
        """As Scrapy's own; the job counts the traffic from here on."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.job.traffic.follow(crawler.signals)
        return spider

    @abstractmethod
    def portions(self) -> AsyncIterator[Sequence[Any]]:
        """What is read, a portion at a time."""

    async def start(self) -> AsyncIterator[Request]:
        """Read everything, and yield nothing: each portion goes straight to the job.

        So portions arrive in order, one is gone before the next is fetched, and what the job raises
        ends the spider. Items that `start` yields are processed by Scrapy beside it, unawaited.
        """
        try:
            async for portion in self.portions():
                self.job.take(portion)
        except SourceError as error:
            self.job.fail(str(error))
        else:
            self.job.is_complete = True
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def entries(
        self, address: str, choose: Choice, *, etag: str | None = None, last_modified: str | None = None
    ) -> AsyncIterator[list[EntryRead]]:
        """Entries that `choose` picks from the directory; none when the archive is the one named.

        When the archive is replaced meanwhile, the new build is chosen from and read, once. Raises
        SourceError.
        """
        for is_last_try in (False, True):
            options = self.job.options
            file = RemoteFile(address, self.fetch, pause=self.pause, directory=options.temporary_dir)
            archive = RemoteArchive(
                file, max_entry_bytes=options.max_entry_bytes, chunk_bytes=options.chunk_bytes
            )
            try:
                if await archive.open(etag=etag, last_modified=last_modified):
                    async for portion in archive.read(choose(archive.entries, file.build)):
                        yield portion
            except ArchiveChangedError:
                if is_last_try:
                    raise
                self.logger.warning("The archive was replaced while being read: once more")
            else:
                return
            finally:
                file.close()

    async def fetch(self, url: str, headers: Mapping[str, str], *, at_most: int | None = None) -> Answer:
        """One GET through all of Scrapy's middlewares: robots.txt, retries, redirects. See `Fetch`."""
        meta = {} if at_most is None else {AT_MOST: at_most}
        request = Request(url, headers=dict(headers), meta=meta, callback=NO_CALLBACK)
        try:
            response = await self.crawler.engine.download_async(request)
        except NETWORK_ERRORS as error:
            raise SourceError(f"La source ne répond pas ({type(error).__name__} : {error}).") from error
        if self.job.traffic.is_exhausted:
            limit = self.job.traffic.limit
            raise SourceError(f"Le passage a reçu plus de {limit} octets (TRACKER_MAX_RUN_BYTES) ; arrêté.")
        if response.status not in _USABLE:
            raise SourceError(f"La source a répondu {response.status} pour {url}.")
        return Answer(
            status=response.status,
            headers={
                name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
                for name, values in response.headers.items()
            },
            body=response.body,
            cut=bool({"dataloss", "download_stopped"} & set(response.flags)),
        )

    async def pause(self, attempt: int) -> None:
        """Wait before asking again for what was cut."""
        await asyncio.sleep(wait_before(attempt, self.job.options.retry_delay))
