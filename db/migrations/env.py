"""What Alembic runs for each command: our tables against the connection it is handed.

Enters: the connection in `config.attributes` (see `db.migrating`). Leaves: migrations run on it, in the
caller's transaction.
"""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy import Connection

import db.alert_tables  # noqa: F401  # its tables are in METADATA once it is imported
from db.tables import METADATA, SEARCH_INDEX


def _include_name(
    name: str | None,
    type_: str,
    parents: object,  # noqa: ARG001  # Alembic's signature
) -> bool:
    """Leave out SQLite's full-text index and its shadow tables: no SQLModel table describes them."""
    return not (type_ == "table" and name is not None and name.startswith(SEARCH_INDEX))


def _run(connection: Connection) -> None:
    render_as_batch: Literal[True] = True  # SQLite alters a table by copying it
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        include_name=_include_name,
        render_as_batch=render_as_batch,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_run(context.config.attributes["connection"])
