"""Patience and caution towards the source: waiting before a retry, staying on its host.

Enters: answers and failures, as Scrapy's downloader middlewares see them. Leaves: the retry, later;
the redirect, on the same host; or a `SourceError` that says why not.
"""

from __future__ import annotations

import asyncio
import random
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.settings import BaseSettings
from twisted.internet.error import ConnectError, ConnectionDone, ConnectionLost

from tracker.errors import SourceError

NETWORK_ERRORS = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
    DownloadCancelledError,
    ConnectError,
    ConnectionDone,
    ConnectionLost,
)
LONGEST_WAIT = 300.0  # seconds; asked for more, the run ends and the next one tries


def wait_before(attempt: int, first: float) -> float:
    """Seconds to wait before the `attempt`-th retry (from 1): doubled each time, give or take a quarter."""
    spread = random.uniform(0.75, 1.25)  # noqa: S311  # so that clients do not come back together
    return spread * min(first * 2.0 ** (attempt - 1), LONGEST_WAIT)


def retry_after(response: Response) -> float | None:
    """Seconds that an answer asks to wait, from its Retry-After (RFC 9110, 10.2.3); None when unsaid."""
    asked = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked)
    sent = (response.headers.get("Date") or b"").decode("latin-1")
    try:
        wait = parsedate_to_datetime(asked) - parsedate_to_datetime(sent)
    except (ValueError, TypeError):  # no date, or one of them without a zone
        return None
    return max(wait.total_seconds(), 0.0)


class PatientRetryMiddleware(RetryMiddleware):
    """Scrapy's retries, each after a wait: the source's own Retry-After, else longer every time."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self._first_wait = settings.getfloat("PATIENT_RETRY_DELAY")

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> PatientRetryMiddleware:
        """As Scrapy's own."""
        middleware = cls(crawler.settings)
        middleware.crawler = crawler
        return middleware

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]  # Scrapy awaits either form
        """Wait, then retry. Raises SourceError when the source asks for a longer wait than is sensible."""
        outcome = super().process_response(request, response)
        if isinstance(outcome, Request):
            await self._wait(outcome, retry_after(response))
        return outcome

    async def process_exception(self, request: Request, exception: Exception) -> Request | Response | None:  # type: ignore[override]  # Scrapy awaits either form
        """Wait, then retry."""
        outcome = super().process_exception(request, exception)
        if isinstance(outcome, Request):
            await self._wait(outcome, None)
        return outcome

    async def _wait(self, request: Request, asked: float | None) -> None:
        if asked is not None and asked > LONGEST_WAIT:
            raise SourceError(
                f"La source demande d'attendre {asked:.0f} secondes ; le prochain passage réessaiera."
            )
        await asyncio.sleep(max(asked or 0.0, wait_before(request.meta["retry_times"], self._first_wait)))


class SameHostRedirectMiddleware(RedirectMiddleware):
    """Scrapy's redirects, on the same host and never from https to http."""

    def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]  # without the deprecated argument
        """Raises SourceError on a redirect that leaves the host or its encryption, or that never ends."""
        try:
            outcome = super().process_response(request, response)
        except IgnoreRequest as error:
            raise SourceError("La source redirige sans fin d'une adresse à l'autre.") from error
        if isinstance(outcome, Request):
            here, there = urlsplit(request.url), urlsplit(outcome.url)
            if there.hostname != here.hostname:
                raise SourceError(f"La source redirige vers un autre hôte ({there.hostname}) ; refusé.")
            if here.scheme == "https" and there.scheme != "https":
                raise SourceError("La source redirige vers une adresse sans chiffrement (http) ; refusé.")
        return outcome
