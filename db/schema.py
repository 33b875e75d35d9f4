"""Which schema the database has, and bringing it to this version's.

Enters: an engine. Leaves: the answer, or a `SchemaError` in French that says what to do. Every
command asks first, so the common answer costs one query and no Alembic (see `db.migrating`).
"""

from __future__ import annotations

from sqlalchemy import Connection, Engine, inspect, text

from db.engine import reading, writing
from db.refresh import refresh
from tracker.errors import SchemaError

SCHEMA_VERSION = "0002"  # of the last migration; a test compares


def is_empty(engine: Engine) -> bool:
    """True when the database has no table at all."""
    with reading(engine) as connection:
        return not inspect(connection).get_table_names()


def migrate(engine: Engine) -> None:
    """Create the schema, or bring an older one to this version, and make again what is derived.

    All in one transaction. Raises SchemaError, and changes nothing, on a schema this version does
    not know.
    """
    from db.migrating import known_version, upgrade  # noqa: PLC0415  # see the module's docstring

    with writing(engine) as connection:
        known_version(connection)
        upgrade(connection)
        refresh(connection)


def check_schema(engine: Engine) -> None:
    """Raise SchemaError unless the schema is exactly the one this version knows."""
    with reading(engine) as connection:
        if _stated_version(connection) == SCHEMA_VERSION:
            return
        from db.migrating import known_version  # noqa: PLC0415  # see the module's docstring

        current = known_version(connection)
    if current is None:
        raise SchemaError("La base est vide. Créez-la avec : asalee-tracker migrate")
    raise SchemaError(
        f"Le schéma de la base (version {current}) est plus ancien que ce programme. "
        "Faites une copie (asalee-tracker backup FICHIER), puis : asalee-tracker migrate"
    )


def _stated_version(connection: Connection) -> str | None:
    """What Alembic wrote down in this database, if it ever did."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version
