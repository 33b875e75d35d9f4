"""A copy of one instant, whole or not at all."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import create_mock_engine

from db import backup as backup_module
from db.backup import backup
from db.engine import open_engine
from db.queries import SqlReader
from db.schema import check_schema
from db.store import SqlStore
from tests.builders import record
from tests.db.writes import write_all
from tracker.errors import IntegrityError, TrackerError, UsageError
from tracker.ports import Batch
from tracker.selection import Selection


def test_the_copy_is_a_place_of_its_own(store, reader, engine, tmp_path):
    """It opens with the same schema and gives the same answers, and is one file."""
    write_all(store, record(1), record(2))
    folder = tmp_path / "copies"
    folder.mkdir()
    size = backup(engine, folder / "copie.sqlite3")
    assert [file.name for file in folder.iterdir()] == ["copie.sqlite3"]
    assert size == (folder / "copie.sqlite3").stat().st_size
    copy = open_engine(f"sqlite:///{folder / 'copie.sqlite3'}")
    check_schema(copy)
    assert SqlReader(copy).events(Selection()) == reader.events(Selection())
    assert SqlReader(copy).count(Selection(words="asalee"), today=record(1).published_on) == 2
    copy.dispose()


def test_a_file_that_is_there_is_not_replaced(engine, tmp_path):
    """Not even an empty one."""
    file = tmp_path / "copie.sqlite3"
    file.write_bytes(b"precieux")
    with pytest.raises(UsageError, match="existe déjà"):
        backup(engine, file)
    assert file.read_bytes() == b"precieux"


def test_a_folder_that_is_not_there_is_said(engine, tmp_path):
    """Rather than made: the disk meant for copies may not be mounted."""
    with pytest.raises(UsageError, match="n'existe pas"):
        backup(engine, tmp_path / "absent" / "copie.sqlite3")


def test_another_database_is_not_copied_this_way():
    """PostgreSQL has its own tool."""
    with pytest.raises(UsageError, match="pg_dump"):
        backup(create_mock_engine("postgresql://", lambda *_: None), "copie")


@pytest.mark.parametrize(
    ("failure", "expected"),
    [(OSError("disque plein"), TrackerError), (IntegrityError("abîmée"), IntegrityError)],
)
def test_a_copy_that_fails_leaves_nothing(engine, tmp_path, monkeypatch, failure, expected):
    """No file under the name asked for, no part of one beside it."""
    folder = tmp_path / "copies"
    folder.mkdir()

    def fail(_engine, part):
        part.write_bytes(b"debut")
        raise failure

    monkeypatch.setattr(backup_module, "_copy", fail)
    with pytest.raises(expected):
        backup(engine, folder / "copie.sqlite3")
    assert list(folder.iterdir()) == []


def test_a_copy_made_while_writing_is_of_one_instant(store, engine, tmp_path):
    """Each batch writes ten questions: the copy holds whole batches, and the writer goes on."""
    begun, stop = threading.Event(), threading.Event()
    written = []

    def keep_writing():
        while not stop.is_set() and len(written) < 500:
            start = 10 * len(written)
            write_all(store, *(record(number) for number in range(start + 1, start + 11)))
            written.append(start)
            begun.set()

    writer = threading.Thread(target=keep_writing)
    writer.start()
    begun.wait()
    counts = []
    for number in range(5):
        file = tmp_path / f"copie-{number}.sqlite3"
        backup(engine, file)
        copy = open_engine(f"sqlite:///{file}")
        counts.append(len(SqlStore(copy).followed_uids()))
        copy.dispose()
    stop.set()
    writer.join()
    assert all(count % 10 == 0 for count in counts)
    assert counts[0] > 0
    assert counts == sorted(counts)
    assert store.write(Batch()) == 0
