"""A client of the API over a real place, filled once and copied for each test."""

from __future__ import annotations

import shutil
from datetime import timedelta

import pytest

from db.engine import open_engine
from tests.builders import ECONOMY, HEALTH, LABOUR, NOW, answered, attribution, instant, record, replace
from tests.feeds.place import FilledPlace
from tests.feeds.served import Moving, client_of

FIRST = record(13983, asked="2026-10-06", title="Continuité du dispositif (exemple)")
SECOND = record(14358, asked="2026-10-13", title="Infirmières (exemple)", ministry=LABOUR)
OLD = record(7, legislature=16, asked="2024-01-09", title="Ancienne (exemple)", ministry=ECONOMY)
LAST = 8  # sequence


@pytest.fixture(scope="session")
def filled_file(migrated_file, tmp_path_factory):
    """Three questions of two legislatures: one answered, one that changed hands and was signalled."""
    file = tmp_path_factory.mktemp("filled") / "base.sqlite3"
    shutil.copyfile(migrated_file, file)
    engine = open_engine(f"sqlite:///{file}")
    place = FilledPlace(engine)
    place.read(FIRST, OLD, at=instant("2026-10-06"))
    place.read(SECOND, at=instant("2026-10-13"))
    moved = replace(
        SECOND,
        attributions=(attribution(LABOUR, "2026-10-13"), attribution(HEALTH, "2026-10-20")),
        signalled_on=(instant("2026-11-09").date(),),
    )
    place.read(moved, answered(FIRST, "2026-11-17"), at=instant("2026-11-17"))
    place.checked(NOW - timedelta(hours=1))
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return file


@pytest.fixture
def place(filled_file, tmp_path):
    """A copy of that place."""
    file = tmp_path / "base.sqlite3"
    shutil.copyfile(filled_file, file)
    engine = open_engine(f"sqlite:///{file}")
    yield FilledPlace(engine)
    engine.dispose()


@pytest.fixture
def clock():
    """The instant of the builders, until moved."""
    return Moving()


@pytest.fixture
async def client(place, clock):
    """A client of the API."""
    async with client_of(place, clock) as client:
        client.base_url = "https://suivi.exemple.fr/api/v1/"
        yield client
