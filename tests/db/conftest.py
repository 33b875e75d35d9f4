"""A real SQLite file for each test, copied from one that was migrated once."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import event

from db.engine import open_engine
from db.queries import SqlReader
from db.schema import migrate
from db.store import SqlStore
from tests.builders import fixed_clock


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """A database with the schema and nothing in it."""
    file = tmp_path_factory.mktemp("schema") / "base.sqlite3"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file


@pytest.fixture
def engine(migrated_file, tmp_path):
    """An engine on a fresh copy of it."""
    file = tmp_path / "base.sqlite3"
    shutil.copyfile(migrated_file, file)
    engine = open_engine(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.fixture
def store(engine):
    """The write side, at the instant of the builders."""
    return SqlStore(engine, clock=fixed_clock())


@pytest.fixture
def reader(engine):
    """The read side of the same place."""
    return SqlReader(engine)


@pytest.fixture
def queries(engine):
    """The statements sent since the test began, without those that begin and end transactions."""
    sent = []
    event.listen(engine, "before_cursor_execute", lambda _c, _cursor, statement, *_: sent.append(statement))
    return _Sent(sent)


class _Sent:
    def __init__(self, sent):
        self._sent = sent

    def clear(self):
        self._sent.clear()

    def __len__(self):
        return sum(not statement.startswith(("BEGIN", "PRAGMA")) for statement in self._sent)
