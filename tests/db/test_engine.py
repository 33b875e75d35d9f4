"""Opening a database: what each SQLite connection is set to, and what is refused."""

from __future__ import annotations

import pytest

from db.engine import open_engine, reading, writing
from tracker.errors import BusyError, SettingsError, TrackerError


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 15_000), ("synchronous", 1)],
)
def test_each_connection_is_set_up(engine, pragma, value):
    """WAL, foreign keys, patience, and a sync that suits WAL."""
    with reading(engine) as connection:
        assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_a_failed_write_leaves_nothing(engine):
    """An exception inside `writing` undoes all of it."""
    error = RuntimeError("coupure")
    with pytest.raises(RuntimeError, match="coupure"), writing(engine) as connection:  # noqa: PT012  # the block is the point
        connection.exec_driver_sql("INSERT INTO place VALUES ('a', 'b')")
        raise error
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM place").scalar() == 0


@pytest.mark.parametrize(
    "url", ["n'importe quoi", "oracle+inconnu://hote/base", "sqlite", "sqlite://hote:port/base"]
)
def test_an_address_that_cannot_be_used_is_explained(url):
    """The message names the setting."""
    with pytest.raises(SettingsError, match="TRACKER_DATABASE_URL"):
        open_engine(url)


def test_a_file_that_is_no_database_is_explained(tmp_path):
    """Reading and writing both say which address to check."""
    (tmp_path / "base.sqlite3").write_bytes(b"ceci est un texte " * 1000)
    engine = open_engine(f"sqlite:///{tmp_path / 'base.sqlite3'}")
    for transaction in (reading, writing):
        with pytest.raises(SettingsError, match="TRACKER_DATABASE_URL"), transaction(engine):
            pass
    engine.dispose()


def test_a_folder_in_place_of_the_file_is_explained(tmp_path):
    """SQLite cannot open it."""
    engine = open_engine(f"sqlite:///{tmp_path}")
    with pytest.raises(SettingsError, match="ne s'ouvre pas"), reading(engine):
        pass


def test_a_folder_that_cannot_be_made_is_explained(tmp_path):
    """Its parent is a file."""
    (tmp_path / "fichier").write_text("")
    with pytest.raises(SettingsError, match="ne peut pas être créé"):
        open_engine(f"sqlite:///{tmp_path}/fichier/dossier/base.sqlite3")


def test_a_full_disk_is_explained_and_nothing_is_kept(engine):
    """What SQLite says when a page more cannot be written."""
    with writing(engine) as connection:
        connection.exec_driver_sql("INSERT INTO place VALUES ('avant', 'x')")
    with reading(engine) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()

    with pytest.raises(TrackerError, match="place sur le disque"), writing(engine) as connection:  # noqa: PT012  # the block is the point
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        connection.exec_driver_sql("INSERT INTO place VALUES ('pendant', ?)", ("x" * 1_000_000,))

    with reading(engine) as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
        assert connection.exec_driver_sql("SELECT key FROM place WHERE value LIKE 'x%'").scalars().all() == [
            "avant"
        ]


def test_a_writer_that_waits_too_long_says_so(engine, monkeypatch):
    """The lock held by another for longer than the busy timeout."""
    monkeypatch.setattr("db.engine.BUSY_TIMEOUT_MS", 1)
    hurried = open_engine(str(engine.url))
    with writing(engine), pytest.raises(BusyError, match="occupée"), writing(hurried):
        pass
    hurried.dispose()


def test_a_reader_sees_one_instant(engine):
    """What another writes in between does not appear in the middle of a read."""
    with reading(engine) as connection:
        before = connection.exec_driver_sql("SELECT count(*) FROM place").scalar()
        with writing(engine) as other:
            other.exec_driver_sql("INSERT INTO place VALUES ('a', 'b')")
        assert connection.exec_driver_sql("SELECT count(*) FROM place").scalar() == before
    with reading(engine) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM place").scalar() == before + 1
