"""Alembic, made by hand: the migrations are read from the package itself, without `alembic.ini`.

Enters: a connection. Leaves: its schema version, known to this programme, or a `SchemaError`; the
migrations run on it. Imported only by who migrates or refuses: Alembic takes a tenth of a second.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from tracker.errors import SchemaError

_MIGRATIONS = Path(__file__).parent / "migrations"
_NOT_OURS = (
    "Cette base contient des tables, mais aucune version de schéma d'asalee-tracker : "
    "vérifiez TRACKER_DATABASE_URL, ou indiquez une base vide."
)


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic's configuration: the scripts of this package, on this connection."""
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def head() -> str | None:
    """The version that the last migration makes."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def upgrade(connection: Connection) -> None:
    """Run the migrations that the schema lacks."""
    command.upgrade(alembic_config(connection), "head")


def known_version(connection: Connection) -> str | None:
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
