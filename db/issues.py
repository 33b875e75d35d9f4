"""What of the source was not understood: open until a later reading of the same file lacks it.

Enters: for each file just read, all that was odd in it. Leaves: the `source_issues` table, in which a
resolved issue stays with the instant it was resolved.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, select

from db.bulk import chunks, insert
from db.mapping import issue_of
from db.tables import ISSUES
from tracker.questions import SourceIssue


def write(connection: Connection, now: Mapping[str, tuple[SourceIssue, ...]], at: datetime) -> None:
    """Open what is new, resolve what is gone, for the files that were read and no other."""
    standing: dict[SourceIssue, int] = {}
    for uids in chunks(now):
        query = select(ISSUES).where(ISSUES.c.resolved_at.is_(None), ISSUES.c.uid.in_(uids))
        standing.update((issue_of(row), row.id) for row in connection.execute(query))
    seen = {issue for found in now.values() for issue in found}
    gone = [number for issue, number in standing.items() if issue not in seen]
    for numbers in chunks(gone):
        connection.execute(ISSUES.update().where(ISSUES.c.id.in_(numbers)).values(resolved_at=at))
    fresh = dict.fromkeys(issue for found in now.values() for issue in found if issue not in standing)
    insert(
        connection,
        ISSUES,
        [
            {
                "uid": issue.uid,
                "code": issue.code,
                "path": issue.path,
                "raw": issue.raw,
                "first_seen_at": at,
                "resolved_at": None,
            }
            for issue in fresh
        ],
    )


def unresolved(connection: Connection) -> list[tuple[SourceIssue, datetime]]:
    """What is not understood now, with when it was first seen, oldest first."""
    query = select(ISSUES).where(ISSUES.c.resolved_at.is_(None)).order_by(ISSUES.c.first_seen_at, ISSUES.c.id)
    return [(issue_of(row), row.first_seen_at) for row in connection.execute(query)]
