"""robots.txt, obeyed (RFC 9309) and remembered for a day.

Enters: the robots.txt of the host of a request, from memory or from the source. Leaves: nothing, or a
`SourceError` when the address is not ours to read.
"""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import RobotParser
from scrapy.utils.misc import build_from_crawler

from crawler.courtesy import NETWORK_ERRORS
from crawler.spiders.source import SourceSpider
from tracker.errors import SourceError
from tracker.ports import SourceMemory, SourceState

REMEMBERED_FOR = timedelta(days=1)
LONGEST = 512_000  # RFC 9309, 2.5: at least 500 kibibytes have to be read


class RememberedRobotsMiddleware(RobotsTxtMiddleware):
    """Scrapy's middleware, with a memory that outlives the process, and the RFC's word on failures.

    A host that has none (4xx) allows everything; one that cannot say (5xx, no connection) is held to
    what it said last, and forbids everything when it never said anything.
    """

    async def robot_parser(self, request: Request) -> RobotParser | None:
        """The rules of the request's host, read once in a run."""
        parts = urlsplit(request.url)
        address = f"{parts.scheme}://{parts.netloc}/robots.txt"
        known = self._parsers.get(address)
        if isinstance(known, RobotParser):
            return known
        text = await self._text(address)
        parser: RobotParser = build_from_crawler(self._parserimpl, self.crawler, text.encode())
        self._parsers[address] = parser
        return parser

    def process_request_2(self, rp: RobotParser | None, request: Request) -> None:
        """Raises SourceError when the address is forbidden."""
        try:
            super().process_request_2(rp, request)
        except IgnoreRequest as refusal:
            raise SourceError(f"Le robots.txt de la source interdit de lire {request.url}.") from refusal

    async def _text(self, address: str) -> str:
        spider = self.crawler.spider
        if not isinstance(spider, SourceSpider):
            raise TypeError(f"{spider!r} has no memory of the source")
        memory: SourceMemory = spider.job.memory
        now = spider.job.clock()
        state = memory.source_state(address)
        remembered, read_at = state.robots, state.robots_read_at
        if remembered is not None and read_at is not None and now - read_at < REMEMBERED_FOR:
            return remembered
        text = await self._fetched(address)
        if text is not None:
            memory.save_source_state(address, SourceState(robots=text, robots_read_at=now))
            return text
        if remembered is not None:
            return remembered
        raise SourceError(f"Le robots.txt de la source ({address}) ne répond pas ; rien n'est lu sans lui.")

    async def _fetched(self, address: str) -> str | None:
        """What the host says, empty when it has no rules; None when it cannot say."""
        request = Request(address, meta={"dont_obey_robotstxt": True}, callback=NO_CALLBACK)
        try:
            response = await self.crawler.engine.download_async(request)
        except NETWORK_ERRORS:
            return None
        if response.status == HTTPStatus.OK:
            return response.body[:LONGEST].decode("utf-8", "replace")
        unavailable = HTTPStatus.BAD_REQUEST <= response.status < HTTPStatus.INTERNAL_SERVER_ERROR
        return "" if unavailable and response.status != HTTPStatus.TOO_MANY_REQUESTS else None
