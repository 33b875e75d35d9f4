"""Opening the database, and the two kinds of transaction.

Enters: an SQLAlchemy address. Leaves: an `Engine` whose SQLite connections use WAL, foreign keys and
a busy timeout, and `reading`/`writing`, the only ways the room begins a transaction. Other dialects
are left as they are.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError, OperationalError

from tracker.errors import BusyError, SettingsError, TrackerError

BUSY_TIMEOUT_MS = 15_000
_IMMEDIATE = "tracker_begin_immediate"


def open_engine(url: str) -> Engine:
    """An engine for `url` (`sqlite:////var/lib/asalee/base.sqlite3`, `postgresql+psycopg://…`).

    The folder of a SQLite file is made if need be. Raises SettingsError on an address that cannot be
    understood or whose driver is not installed, and when that folder cannot be made.
    """
    try:
        engine = create_engine(url, hide_parameters=True)  # an error never shows a row: addresses are in some
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
        raise SettingsError(
            f"L'adresse de la base (TRACKER_DATABASE_URL) n'est pas utilisable : {error}"
        ) from error
    if engine.dialect.name == "sqlite":
        if engine.url.database not in {None, "", ":memory:"}:
            _make_folder(Path(str(engine.url.database)).parent)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(
            f"Le dossier {folder} ne peut pas être créé ({error.strerror}) : "
            "vérifiez TRACKER_DATA_DIR et TRACKER_DATABASE_URL."
        ) from error


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One read transaction: all its queries see the same instant.

    Raises SettingsError when the database cannot be opened.
    """
    with _connected(engine) as connection, connection.begin():
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction: all of it is kept, or nothing.

    On SQLite it claims the write lock when it begins: a transaction that reads first and writes
    later would be refused at once, without waiting, if another had written in between. Raises
    SettingsError when the database cannot be opened, BusyError when the lock cannot be had in time,
    TrackerError when what was to be kept cannot be: the disk is full, the server gone.
    """
    with _connected(engine.execution_options(**{_IMMEDIATE: True})) as connection:
        try:
            transaction = connection.begin()
        except OperationalError as error:
            raise BusyError(
                f"La base est occupée par une autre écriture depuis {BUSY_TIMEOUT_MS // 1000} s, "
                f"ou ne s'écrit pas ({error.orig}). Réessayez plus tard."
            ) from error
        try:
            with transaction:
                yield connection
        except OperationalError as error:
            raise TrackerError(
                f"La base n'a pas pu être écrite ({error.orig}) : rien de cette écriture n'a été gardé. "
                "Vérifiez la place sur le disque et les droits, puis recommencez."
            ) from error


def _connected(engine: Engine) -> Connection:
    try:
        return engine.connect()
    except (DatabaseError, sqlite3.DatabaseError) as error:
        raise SettingsError(
            f"La base {engine.url.render_as_string(hide_password=True)} ne s'ouvre pas : "
            f"{getattr(error, 'orig', error)}. Vérifiez TRACKER_DATABASE_URL et TRACKER_DATA_DIR ; si le "
            "fichier est abîmé, remettez une copie (backup) à sa place."
        ) from error


def _set_up_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    """Pragmas of a new connection; the driver must not begin transactions by itself."""
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {BUSY_TIMEOUT_MS}",  # first: the next ones may have to wait
        "journal_mode = WAL",
        "synchronous = NORMAL",  # in WAL mode a power cut may lose the last commits, never the file
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Begin in the driver's place (see `writing`)."""
    immediate = connection.get_execution_options().get(_IMMEDIATE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
