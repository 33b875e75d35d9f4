"""Which schema the database has, and bringing it to this version's.

Enters: an engine. Leaves: the answer, or a `SchemaError` in French that says what to do. The
migrations are Alembic's, read from the package itself: no `alembic.ini` is needed when running.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from db.engine import reading, writing
from db.refresh import refresh
from tracker.errors import SchemaError

_MIGRATIONS = Path(__file__).parent / "migrations"
_NOT_OURS = (
    "Cette base contient des tables, mais aucune version de schéma d'asalee-tracker : "
    "vérifiez TRACKER_DATABASE_URL, ou indiquez une base vide."
)


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration made by hand: the scripts of this package, on this connection."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def is_empty(engine: Engine) -> bool:
    """True when the database has no table at all."""
    with reading(engine) as connection:
        return not inspect(connection).get_table_names()


def migrate(engine: Engine) -> None:
    """Create the schema, or bring an older one to this version, and make again what is derived.

    All in one transaction. Raises SchemaError, and changes nothing, on a schema this version does
    not know.
    """
    with writing(engine) as connection:
        _refuse_unknown(connection)
        command.upgrade(alembic_config(connection), "head")
        refresh(connection)


def check_schema(engine: Engine) -> None:
    """Raise SchemaError unless the schema is exactly the one this version knows."""
    with reading(engine) as connection:
        current = _refuse_unknown(connection)
    if current is None:
        raise SchemaError("La base est vide. Créez-la avec : asalee-tracker migrate")
    if current != _head():
        raise SchemaError(
            f"Le schéma de la base (version {current}) est plus ancien que ce programme. "
            "Faites une copie (asalee-tracker backup FICHIER), puis : asalee-tracker migrate"
        )


def _head() -> str | None:
    """The schema version of this programme."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def _refuse_unknown(connection: Connection) -> str | None:
    """The current version, None for an empty database; raises SchemaError on any other kind."""
    current = MigrationContext.configure(connection).get_current_revision()
    if current is None:
        if inspect(connection).get_table_names():
            raise SchemaError(_NOT_OURS)
        return None
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if current not in known:
        raise SchemaError(
            f"Le schéma de la base (version {current}) n'est pas connu de ce programme : il vient sans doute "
            "d'une version plus récente. Installez cette version plus récente, ou revenez à une copie faite "
            "avant elle."
        )
    return current
