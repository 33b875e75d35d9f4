"""A real SQLite place for each test that needs one, and the web application over it."""

from __future__ import annotations

import shutil

import pytest

from db.engine import open_engine
from db.schema import migrate
from tests.feeds.place import FilledPlace


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory):
    """A database with the schema and nothing in it."""
    file = tmp_path_factory.mktemp("schema") / "base.sqlite3"
    engine = open_engine(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file


@pytest.fixture
def place(migrated_file, tmp_path):
    """An empty place, its tag authority settled."""
    file = tmp_path / "base.sqlite3"
    shutil.copyfile(migrated_file, file)
    engine = open_engine(f"sqlite:///{file}")
    yield FilledPlace(engine)
    engine.dispose()
