"""A source on the loopback and a folder of data, for real processes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.simulator.archives import publish
from crawler.simulator.demo_states import demo_states
from crawler.simulator.server import SourceServer
from tests.e2e.processes import settings
from tracker.clock import paris_day, system_clock


@pytest.fixture
def states():
    """The demonstration's archive: what it holds first, and then. Processes have the real clock."""
    return demo_states(paris_day(system_clock()))


@pytest.fixture
def source(states):
    """A source that serves the first state."""
    with SourceServer() as server:
        show(server, states[0])
        yield server


@pytest.fixture
def environment(tmp_path, source):
    """Settings of a place in an empty folder, on that source."""
    return settings(tmp_path / "data", source.root)


def show(server, state, *, at=datetime(2026, 10, 10, 1, 11, tzinfo=UTC)):
    """Have the source serve a state of the archive."""
    publish(server, questions=state.questions, actors=state.actors, at=at)
