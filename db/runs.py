"""Crawl runs, what is remembered of the source, and the locks that keep a job from running twice.

Enters: a connection and plain data. Leaves: the tables `crawl_runs`, `source_state`, `job_locks`.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from db.bulk import upsert
from db.mapping import run_of, run_row
from db.place import bump_version
from db.tables import JOB_LOCKS, RUNS, SOURCE_STATE
from tracker.ports import GOOD_OUTCOMES, QUESTION_RUNS, CrawlReport, RunOutcome, SourceState

_KILLED = "Passage interrompu avant sa fin."


def start(connection: Connection, report: CrawlReport) -> int:
    """Note a run that begins, and as killed those of the same source that never ended."""
    connection.execute(
        RUNS.update()
        .where(RUNS.c.source == report.source, RUNS.c.outcome == RunOutcome.RUNNING.value)
        .values(outcome=RunOutcome.KILLED.value, finished_at=report.started_at, reason=_KILLED)
    )
    number = connection.execute(RUNS.insert().returning(RUNS.c.id), run_row(report)).scalar_one()
    bump_version(connection)
    return int(number)


def finish(connection: Connection, run_id: int, report: CrawlReport) -> None:
    """Note how a run ended; also public, since pages show the last good check."""
    connection.execute(RUNS.update().where(RUNS.c.id == run_id).values(run_row(report)))
    bump_version(connection)


def interrupt(connection: Connection, at: datetime, reason: str) -> None:
    """Note as killed every run that has not ended: who calls this knows that none is under way."""
    connection.execute(
        RUNS.update()
        .where(RUNS.c.outcome == RunOutcome.RUNNING.value)
        .values(outcome=RunOutcome.KILLED.value, finished_at=at, reason=reason)
    )
    bump_version(connection)


def last(connection: Connection, limit: int) -> list[CrawlReport]:
    """The last runs, newest first."""
    query = select(RUNS).order_by(RUNS.c.started_at.desc(), RUNS.c.id.desc()).limit(limit)
    return [run_of(row) for row in connection.execute(query)]


def last_good_end(connection: Connection) -> datetime | None:
    """When the questions of the newest legislature that was ever read well were last read well.

    A finished legislature's archive is frozen: finding it unchanged says nothing about the present
    one. Runs over deputies check nothing public.
    """
    good = [outcome.value for outcome in GOOD_OUTCOMES]
    ends = connection.execute(
        select(RUNS.c.source, func.max(RUNS.c.finished_at))
        .where(RUNS.c.outcome.in_(good), RUNS.c.source.startswith(QUESTION_RUNS))
        .group_by(RUNS.c.source)
    )
    by_legislature = {int(source.removeprefix(QUESTION_RUNS)): end for source, end in ends}
    return max(by_legislature.items(), default=(0, None))[1]


def source_state(connection: Connection, source: str) -> SourceState:
    """What is remembered of an address, empty when nothing is."""
    row = connection.execute(select(SOURCE_STATE).where(SOURCE_STATE.c.source == source)).one_or_none()
    if row is None:
        return SourceState()
    return SourceState(row.etag, row.last_modified, row.entries, row.robots, row.robots_read_at)


def save_source_state(connection: Connection, source: str, state: SourceState) -> None:
    """Remember it in place of what was."""
    upsert(
        connection,
        SOURCE_STATE,
        [
            {
                "source": source,
                "etag": state.etag,
                "last_modified": state.last_modified,
                "entries": state.entries,
                "robots": state.robots,
                "robots_read_at": state.robots_read_at,
            }
        ],
    )


def acquire_lock(connection: Connection, name: str, owner: str, until: datetime, now: datetime) -> bool:
    """One statement, so that two that claim at once cannot both win."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    claim = dialect.insert(JOB_LOCKS).values(name=name, owner=owner, until=until)
    claim = claim.on_conflict_do_update(
        index_elements=["name"],
        set_={"owner": claim.excluded.owner, "until": claim.excluded.until},
        where=(JOB_LOCKS.c.until <= now) | (JOB_LOCKS.c.owner == owner),
    )
    return connection.execute(claim).rowcount == 1


def lock_owner(connection: Connection, name: str) -> str | None:
    """Who holds a claim, even one that has expired and that nobody has taken over."""
    return connection.scalar(select(JOB_LOCKS.c.owner).where(JOB_LOCKS.c.name == name))


def release_lock(connection: Connection, name: str, owner: str) -> None:
    """Delete one's own claim only."""
    connection.execute(JOB_LOCKS.delete().where(JOB_LOCKS.c.name == name, JOB_LOCKS.c.owner == owner))
