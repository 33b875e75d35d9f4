"""What a run costs the source, counted as it happens.

Enters: Scrapy's signals. Leaves: the number of requests sent and of bytes received, and a stop when
a run has received more than it may.
"""

from __future__ import annotations

from scrapy import Request, signals
from scrapy.exceptions import StopDownload
from scrapy.http import Headers
from scrapy.signalmanager import SignalManager

from crawler.multipart import is_multipart

AT_MOST = "at_most"  # meta key: give up a whole file longer than this when ranges were asked for

_STATUS_LINE_BYTES = len(b"HTTP/1.1 206 Partial Content\r\n\r\n")


class Traffic:
    """Requests that left, and bytes that came: bodies and headers, retries, failures and robots.txt too."""

    def __init__(self, limit: int) -> None:
        self.requests = 0
        self.received = 0
        self.limit = limit
        self.is_exhausted = False  # the run has received, or was about to receive, more than it may

    def follow(self, manager: SignalManager) -> None:
        """Count what a crawler does from here on."""
        manager.connect(self._left, signals.request_reached_downloader)
        manager.connect(self._headers_came, signals.headers_received)
        manager.connect(self._bytes_came, signals.bytes_received)

    def _left(self) -> None:
        self.requests += 1

    def _headers_came(self, headers: Headers, body_length: object, request: Request) -> None:
        self.received += _STATUS_LINE_BYTES + sum(
            len(name) + len(value) + 4 for name, values in headers.items() for value in values
        )
        announced = body_length if isinstance(body_length, int) else 0
        if announced > request.meta.get(AT_MOST, announced) and not _is_partial(headers):
            raise StopDownload(fail=False)
        if self.received + announced > self.limit:
            self.is_exhausted = True
            raise StopDownload(fail=False)

    def _bytes_came(self, data: bytes) -> None:
        self.received += len(data)
        if self.received > self.limit:
            self.is_exhausted = True
            raise StopDownload(fail=False)


def _is_partial(headers: Headers) -> bool:
    kind = (headers.get("Content-Type") or b"").decode("latin-1")
    return is_multipart(kind) or b"Content-Range" in headers
