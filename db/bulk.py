"""Many rows at once, the portable way: upserts and long lists of keys.

Enters: rows as dicts that all have the same keys. Leaves: the statements that SQLite and PostgreSQL
both understand. This is the one place where a dialect is chosen for writing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

Row = dict[str, Any]
Item = TypeVar("Item")

_CHUNK = 5_000  # bound parameters in one statement; SQLite takes 32,766, PostgreSQL 65,535


def chunks(items: Iterable[Item], size: int = _CHUNK) -> Iterator[list[Item]]:
    """`items` in lists of at most `size`, so that an `IN (…)` never has too many parameters."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert rows, in order; nothing to do when there is none."""
    if rows:
        connection.execute(table.insert(), rows)


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Row],
    *,
    keep: Collection[str] = (),
    by: Collection[str] = (),
) -> None:
    """Insert rows, or update those whose key is already there.

    The key is the primary one unless `by` names a unique one; `keep` columns are never updated.
    """
    if not rows:
        return
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table)
    keys = list(by) or [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in rows[0] if name not in {*keys, *keep}}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=changed), rows)
