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

    @property
    def is_exhausted(self) -> bool:
        """Whether the run has received all that it may."""
        return self.received >= self.limit

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
        at_most = request.meta.get(AT_MOST)
        if at_most is None or not isinstance(body_length, int) or body_length <= at_most:
            return
        kind = (headers.get("Content-Type") or b"").decode("latin-1")
        if not is_multipart(kind) and b"Content-Range" not in headers:
            raise StopDownload(fail=False)

    def _bytes_came(self, data: bytes) -> None:
        self.received += len(data)
        if self.is_exhausted:
            raise StopDownload(fail=False)
