"""What holds for this place: its public version, its tag authority, the imports it has completed.

Enters: a connection. Leaves: values of the `place` table, and the only statements that write it.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import BigInteger, Connection, String, cast, select

from db.bulk import insert
from db.tables import PLACE
from tracker.errors import IntegrityError

_VERSION = "version"
_AUTHORITY = "tag-authority"
_AUTHORITY_DATE = "tag-authority-date"
_IMPORTED = "imported/"
_SETTLED = "first-import"


def version(connection: Connection) -> str:
    """The counter that every change of something public moves."""
    return _value(connection, _VERSION) or "0"


def bump_version(connection: Connection) -> None:
    """Say that something public may have changed, in the transaction that changes it."""
    moved = connection.execute(
        PLACE.update()
        .where(PLACE.c.key == _VERSION)
        .values(value=cast(cast(PLACE.c.value, BigInteger) + 1, String))
    )
    if moved.rowcount == 0:
        insert(connection, PLACE, [{"key": _VERSION, "value": "1"}])


def tag_authority(connection: Connection) -> tuple[str, str]:
    """Authority and date of the tag URIs. Raises IntegrityError when they were never settled."""
    authority, on = _value(connection, _AUTHORITY), _value(connection, _AUTHORITY_DATE)
    if authority is None or on is None:
        raise IntegrityError(
            "L'autorité des identifiants de flux n'est pas fixée dans cette base : "
            "lancez une fois asalee-tracker migrate."
        )
    return authority, on


def settle_tag_authority(connection: Connection, authority: str, on: date) -> tuple[str, str]:
    """Set them if they never were; what is kept is returned and never changed."""
    if _value(connection, _AUTHORITY) is None:
        insert(
            connection,
            PLACE,
            [{"key": _AUTHORITY, "value": authority}, {"key": _AUTHORITY_DATE, "value": on.isoformat()}],
        )
        bump_version(connection)
    return tag_authority(connection)


def imports(connection: Connection) -> frozenset[int]:
    """The legislatures whose first import is complete."""
    keys = connection.scalars(select(PLACE.c.key).where(PLACE.c.key.startswith(_IMPORTED)))
    return frozenset(int(key.removeprefix(_IMPORTED)) for key in keys)


def mark_imported(connection: Connection, legislature: int, at: datetime) -> None:
    """Note a first import; a later call changes nothing."""
    if legislature not in imports(connection):
        insert(connection, PLACE, [{"key": f"{_IMPORTED}{legislature}", "value": at.isoformat()}])


def first_import_settled(connection: Connection) -> bool:
    """Whether every legislature of the first import is complete."""
    return _value(connection, _SETTLED) is not None


def settle_first_import(connection: Connection, at: datetime) -> None:
    """Note it; a later call changes nothing."""
    if not first_import_settled(connection):
        insert(connection, PLACE, [{"key": _SETTLED, "value": at.isoformat()}])


def secret(connection: Connection, name: str) -> bytes:
    """A random key of this place, made at its first use; every process on it has the same."""
    kept = _value(connection, f"{name}-key")
    if kept is None:
        kept = secrets.token_hex(32)
        insert(connection, PLACE, [{"key": f"{name}-key", "value": kept}])
    return bytes.fromhex(kept)


def _value(connection: Connection, key: str) -> str | None:
    return connection.scalar(select(PLACE.c.value).where(PLACE.c.key == key))
