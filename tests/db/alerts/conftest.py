"""The alerts' side of a place, on the real SQLite file of the parent's fixtures."""

from __future__ import annotations

import pytest

from db.limits import SqlLimits
from db.notices import SqlNotices
from db.outbox import SqlOutbox
from db.subscriptions import SqlSubscriptions


@pytest.fixture
def subscriptions(engine):
    """Who asked for what."""
    return SqlSubscriptions(engine)


@pytest.fixture
def outbox(engine):
    """What is owed and sent."""
    return SqlOutbox(engine)


@pytest.fixture
def notices(engine):
    """What the operator is told."""
    return SqlNotices(engine)


@pytest.fixture
def limits(engine):
    """How often something may be done."""
    return SqlLimits(engine)
