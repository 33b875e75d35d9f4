"""The source, served on the loopback, for each test of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from crawler.simulator.server import SourceServer
from tests.crawler.crawling import Place


@pytest.fixture
def source() -> Iterator[SourceServer]:
    """A source that serves only a robots.txt yet."""
    with SourceServer() as server:
        yield server


@pytest.fixture
def place() -> Place:
    """An empty place."""
    return Place()
