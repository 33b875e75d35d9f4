"""How the crawl behaves towards the source.

Enters: `CrawlOptions`, which the wiring fills from the service's settings. Leaves: Scrapy's settings:
one connection, a named User-Agent, robots.txt obeyed, bounded sizes and times, no cookies.
"""

from __future__ import annotations

import importlib.metadata
import ipaddress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.ranges import CHUNK_BYTES
from tracker.errors import SettingsError

ROBOT = "asalee-tracker"

# All that stands between a request and the network. Scrapy imports even the parts that are turned off,
# so its own list is not used: cookies alone would cost a tenth of a second of each poll.
_MIDDLEWARES = {
    "crawler.robots.RememberedRobotsMiddleware": 100,
    "scrapy.downloadermiddlewares.downloadtimeout.DownloadTimeoutMiddleware": 350,
    "scrapy.downloadermiddlewares.defaultheaders.DefaultHeadersMiddleware": 400,
    "scrapy.downloadermiddlewares.useragent.UserAgentMiddleware": 500,
    "crawler.courtesy.PatientRetryMiddleware": 550,
    "crawler.courtesy.SameHostRedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.httpproxy.HttpProxyMiddleware": 750,
}


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """What an operator may choose; sizes in bytes, times in seconds."""

    root: str
    contact: str = ""
    max_run_bytes: int = 300_000_000
    max_entry_bytes: int = 5_000_000
    download_delay: float = 0.5
    temporary_dir: Path | None = None
    timeout: float = 180.0  # for one answer
    retries: int = 4
    retry_delay: float = 2.0  # before the first retry; doubles each time
    accept_fewer: bool = False
    chunk_bytes: int = CHUNK_BYTES


def user_agent(contact: str) -> str:
    """`asalee-tracker/0.1.0 (+contact)`. Raises SettingsError when the contact cannot stand in a header."""
    if not (contact.isascii() and contact.isprintable()) or set(contact) & set("()"):
        raise SettingsError(
            "TRACKER_CONTACT ne doit contenir ni accent, ni parenthèse, ni retour à la ligne : "
            "une adresse de courriel ou de page."
        )
    name = f"{ROBOT}/{importlib.metadata.version('asalee-tracker')}"
    return f"{name} (+{contact})" if contact else name


def scrapy_settings(options: CrawlOptions) -> dict[str, Any]:
    """Scrapy's settings for these options."""
    return {
        "USER_AGENT": user_agent(options.contact),
        "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*", "Accept-Encoding": "identity"},
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": ROBOT,
        "CONCURRENT_REQUESTS": 1,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_DELAY": options.download_delay,
        "DOWNLOAD_TIMEOUT": options.timeout,
        "DOWNLOAD_MAXSIZE": 0,  # `Traffic` bounds the whole run
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_FAIL_ON_DATALOSS": False,  # a cut body is kept, and the rest asked for
        "DOWNLOAD_VERIFY_CERTIFICATES": True,  # not Scrapy's default
        "RETRY_TIMES": options.retries,
        "REDIRECT_MAX_TIMES": 5,
        "REFERRER_POLICY": "no-referrer",
        "HTTPPROXY_ENABLED": not _is_loopback(options.root),  # a demonstration never leaves the machine
        "PATIENT_RETRY_DELAY": options.retry_delay,
        "DOWNLOADER_MIDDLEWARES_BASE": {},
        "DOWNLOADER_MIDDLEWARES": _MIDDLEWARES,
        "DOWNLOAD_HANDLERS": dict.fromkeys(("data", "file", "ftp", "s3")),
        "EXTENSIONS_BASE": {},  # consoles, statistics on paper, exports: a tenth of a second to import
    }


def _is_loopback(root: str) -> bool:
    host = urlsplit(root).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
