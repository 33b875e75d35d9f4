"""The ledger: one small row for every question of a legislature, on a topic or not.

Enters: rows as read. Leaves: the `ledger` table, and the marks that tell what has changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, select

from db.bulk import upsert
from db.mapping import ledger_row, mark_row
from db.tables import LEDGER
from tracker.ports import LedgerMark, LedgerRow


def marks(connection: Connection, legislature: int) -> dict[str, LedgerMark]:
    """Uid to mark for a legislature."""
    query = select(LEDGER.c.uid, LEDGER.c.crc, LEDGER.c.size, LEDGER.c.reader).where(
        LEDGER.c.legislature == legislature
    )
    rows = connection.execute(query).all()
    return {uid: LedgerMark(crc, size, reader) for uid, crc, size, reader in rows}


def write(connection: Connection, rows: Iterable[LedgerRow], unread: Mapping[str, LedgerMark]) -> None:
    """Put rows in place of those with the same uid; of unreadable files only the mark moves."""
    upsert(connection, LEDGER, [ledger_row(row) for row in rows])
    upsert(connection, LEDGER, [mark_row(uid, mark) for uid, mark in unread.items()])


def move_marks(connection: Connection, unread: Mapping[str, LedgerMark]) -> None:
    """Note what was read of files that had nothing readable; what was known of their questions stays."""
    rows = [ledger_row(LedgerRow(uid, mark)) for uid, mark in unread.items()]
    facts = set(LEDGER.c.keys()) - {"uid", "legislature", "crc", "size", "reader"}
    upsert(connection, LEDGER, rows, keep=facts)
