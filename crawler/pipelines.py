"""What spiders hand over goes to the job of the run.

Enters: portions of what was read. Leaves: `job.take(portion)`. A failure there ends the run: see
`crawler.run`.
"""

from __future__ import annotations

from typing import Any

from scrapy.crawler import Crawler

from crawler.spiders.source import Portion, SourceSpider


class HandOverPipeline:
    """Gives each portion to the spider's job, in the order it was read."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HandOverPipeline:
        """For Scrapy."""
        return cls(crawler)

    def process_item(self, item: Portion[Any]) -> Portion[Any]:
        """Hand one portion over."""
        spider = self._crawler.spider
        if not isinstance(spider, SourceSpider):
            raise TypeError(f"{spider!r} has no job")
        spider.job.take(item)
        return item
