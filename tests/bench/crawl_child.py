"""One crawl as the service starts it, with its CPU told apart from that of starting Python.

Run as `python -m tests.bench.crawl_child`, with the service's own `TRACKER_…` settings. Everything
that the command imports is imported first; then comes the command itself, from opening the place to
closing it. Leaves one line of JSON: `before` and `crawl`, seconds of CPU.
"""

from __future__ import annotations

import importlib
import json
import sys
import time

from tracker.cli.main import run_command

# What `asalee-tracker crawl` imports on its way, so that no import is counted as crawling. Twisted's
# reactor is left out: it has to be installed before it is imported.
IMPORTED = (
    "ahocorasick_rs",
    "db.schema",
    "encodings.cp437",
    "encodings.idna",
    "protego",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.downloadermiddlewares.defaultheaders",
    "scrapy.downloadermiddlewares.downloadtimeout",
    "scrapy.downloadermiddlewares.httpproxy",
    "scrapy.downloadermiddlewares.useragent",
    "scrapy.dupefilters",
    "scrapy.logformatter",
    "scrapy.pqueues",
    "scrapy.spidermiddlewares.depth",
    "scrapy.spidermiddlewares.httperror",
    "scrapy.spidermiddlewares.metacopy",
    "scrapy.spidermiddlewares.referer",
    "scrapy.spidermiddlewares.start",
    "scrapy.spidermiddlewares.urllength",
    "scrapy.squeues",
    "scrapy.statscollectors",
    "crawler.robots",
    "tracker.cli.progress",
    "tracker.cli.service",
    "tracker.crawling",
    "tracker.logs",
    "tracker.topics",
    "tracker.wiring",
)


def main() -> int:
    """Crawl once; the command's exit code."""
    for name in IMPORTED:
        importlib.import_module(name)
    before = time.process_time()
    exit_code = run_command(["crawl"])
    crawled = time.process_time()
    print(json.dumps({"before": before, "crawl": crawled - before}))
    return exit_code


if __name__ == "__main__":
    sys.exit(main())
