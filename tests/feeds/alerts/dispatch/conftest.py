"""A real place to send from: SQLite, its outbox and its subscriptions; only the way out is replaced."""

from __future__ import annotations

import pytest

from db.engine import open_engine
from db.outbox import SqlOutbox
from db.schema import migrate
from db.store import SqlStore
from db.subscriptions import SqlSubscriptions
from tests.builders import fixed_clock


@pytest.fixture
def engine(tmp_path):
    """A new place."""
    engine = open_engine(f"sqlite:///{tmp_path / 'base.sqlite3'}")
    migrate(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine):
    """Where events are written."""
    return SqlStore(engine, clock=fixed_clock())


@pytest.fixture
def outbox(engine):
    """Where messages wait."""
    return SqlOutbox(engine)


@pytest.fixture
def subscriptions(engine):
    """Who asked for what."""
    return SqlSubscriptions(engine)
