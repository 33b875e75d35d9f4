"""A consistent copy of the database while everything runs.

Enters: an engine and the file to make. Leaves: one self-contained SQLite file, complete or absent.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from typing import cast

from sqlalchemy import Engine

from tracker.errors import IntegrityError, TrackerError, UsageError


def backup(engine: Engine, file: Path) -> int:
    """Copy the database to `file`, which must not exist yet; its size in bytes.

    Raises UsageError when the file is there, its folder is not, or the database is not SQLite's;
    TrackerError when the copy could not be written; IntegrityError when it is not sound.
    """
    if engine.dialect.name != "sqlite":
        raise UsageError(
            "La commande backup ne copie que les bases SQLite : pour PostgreSQL, utilisez pg_dump."
        )
    if file.exists():
        raise UsageError(f"{file} existe déjà : indiquez un autre nom, rien n'a été remplacé.")
    if not file.parent.is_dir():
        raise UsageError(f"Le dossier {file.parent} n'existe pas : créez-le, puis recommencez.")
    try:
        with tempfile.TemporaryDirectory(prefix=".copie-", dir=file.parent) as folder:
            part = Path(folder) / "base.sqlite3"
            _copy(engine, part)
            part.rename(file)
    except (OSError, sqlite3.Error) as error:
        raise TrackerError(f"La copie vers {file} n'a pas pu être écrite : {error}") from error
    return file.stat().st_size


def _copy(engine: Engine, part: Path) -> None:
    """Copy every page in one step: in WAL mode writers go on, and the copy is of one instant."""
    with closing(engine.raw_connection()) as pooled, closing(sqlite3.connect(part)) as target:
        cast("sqlite3.Connection", pooled.driver_connection).backup(target)
        target.execute("PRAGMA journal_mode = DELETE")  # nothing beside the file
        problem = target.execute("PRAGMA quick_check(1)").fetchone()[0]
    if problem != "ok":
        raise IntegrityError(
            f"La copie n'est pas saine ({problem}) et n'a pas été gardée : la base elle-même est sans doute "
            "abîmée. Lancez asalee-tracker verify."
        )
