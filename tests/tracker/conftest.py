"""A real store for the recorder's tests, and a source to crawl."""

from __future__ import annotations

import shutil

import pytest

from db.engine import open_engine
from db.queries import SqlReader
from db.store import SqlStore
from tests.builders import fixed_clock
from tests.db.conftest import migrated_file  # noqa: F401  # a fixture, one migration for both folders


@pytest.fixture
def fresh_place(migrated_file, tmp_path):  # noqa: F811  # the fixture imported above
    """Makes empty places: each call gives a store and a reader on a file of their own."""
    engines = []

    def make():
        file = tmp_path / f"base{len(engines)}.sqlite3"
        shutil.copyfile(migrated_file, file)
        engine = open_engine(f"sqlite:///{file}")
        engines.append(engine)
        return SqlStore(engine, clock=fixed_clock()), SqlReader(engine)

    yield make
    for engine in engines:
        engine.dispose()


@pytest.fixture
def place(fresh_place):
    """One empty place."""
    return fresh_place()


@pytest.fixture
def store(place):
    """Its write side."""
    return place[0]


@pytest.fixture
def reader(place):
    """Its read side."""
    return place[1]
