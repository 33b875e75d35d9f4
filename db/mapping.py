"""Rows to the domain's dataclasses and back: the only place that knows both.

Enters: a record or a row. Leaves: JSON text of a `QuestionRecord` (written and read by pydantic, so
that enums, dates and nested tuples come back as they were), and dataclasses built from rows.
"""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Row as SqlRow

from db.bulk import Row
from tracker.events import Event, EventKind, Origin, RecordedEvent
from tracker.ports import CrawlReport, LedgerMark, LedgerRow, Match, MatchState, PlannedEvent, RunOutcome
from tracker.questions import Constituency, Deputy, Mandate, QuestionId, QuestionRecord, SourceIssue

_RECORD = TypeAdapter(QuestionRecord)


def record_json(record: QuestionRecord) -> str:
    """The JSON kept for a revision."""
    return _RECORD.dump_json(record).decode()


def record_of(json: str) -> QuestionRecord:
    """The record of a revision."""
    return _RECORD.validate_json(json)


def event_row(planned: PlannedEvent, revision: int) -> Row:
    """An event to insert; the database gives it its sequence."""
    event = planned.event
    return {
        "id": event.id,
        "uid": event.uid,
        "kind": event.kind.value,
        "occurred_on": event.occurred_on,
        "observed_at": event.observed_at,
        "rank": event.rank,
        "detail": dict(event.detail),
        "listed_at": planned.listed_at,
        "origin": planned.origin.value,
        "revision": revision,
    }


def recorded_event_of(row: SqlRow[Any]) -> RecordedEvent:
    """An event as kept, from a whole row of `events`."""
    event = Event(row.uid, EventKind(row.kind), row.occurred_on, row.observed_at, row.rank, row.detail)
    return RecordedEvent(event, row.sequence, row.listed_at, Origin(row.origin), row.revision)


def match_row(uid: str, position: int, match: Match) -> Row:
    """A match at its place among those of its question."""
    return {
        "uid": uid,
        "position": position,
        "topic": match.topic,
        "form": match.form,
        "place": match.place,
        "topic_version": match.topic_version,
        "state": match.state.value,
        "origin": match.origin.value,
    }


def match_of(row: SqlRow[Any]) -> Match:
    """A match, from a whole row of `matches`."""
    return Match(row.topic, row.form, row.place, row.topic_version, MatchState(row.state), Origin(row.origin))


def mark_row(uid: str, mark: LedgerMark) -> Row:
    """What the ledger keeps of a file, without what it says."""
    return {
        "uid": uid,
        "legislature": QuestionId.from_uid(uid).legislature,
        "crc": mark.crc,
        "size": mark.size,
        "reader": mark.reader,
    }


def ledger_row(row: LedgerRow) -> Row:
    """A row of the ledger; an absent closure and one with nothing in it are the same there."""
    closure = row.closure
    return {
        **mark_row(row.uid, row.mark),
        "published_on": row.published_on,
        "answered_on": row.answered_on,
        "closure_code": closure and closure.code,
        "closure_label": closure and closure.label,
        "closed_on": closure and closure.on,
        "ministry": row.ministry,
        "group_label": row.group,
        "actor_ref": row.actor_ref,
        "rubric": row.rubric,
    }


def mandate_row(actor_ref: str, mandate: Mandate) -> Row:
    """A mandate of a deputy."""
    return {
        "ref": mandate.ref,
        "actor_ref": actor_ref,
        "legislature": mandate.legislature,
        "department": mandate.constituency.department,
        "department_code": mandate.constituency.department_code,
        "constituency": mandate.constituency.number,
        "begins_on": mandate.begins_on,
        "ends_on": mandate.ends_on,
    }


def mandate_of(row: SqlRow[Any]) -> Mandate:
    """A mandate, from a whole row of `mandates`."""
    place = Constituency(row.department, row.department_code, row.constituency)
    return Mandate(row.ref, row.legislature, place, row.begins_on, row.ends_on)


def deputy_of(row: SqlRow[Any], mandates: tuple[Mandate, ...]) -> Deputy:
    """A deputy, from a whole row of `deputies` and the mandates read beside it."""
    return Deputy(row.actor_ref, row.civility, row.first_name, row.last_name, mandates)


def run_row(report: CrawlReport) -> Row:
    """A run, without the number that the database gives it."""
    return {
        "source": report.source,
        "outcome": report.outcome.value,
        "started_at": report.started_at,
        "finished_at": report.finished_at,
        "requests": report.requests,
        "bytes_received": report.bytes_received,
        "entries": report.entries,
        "changed": report.changed,
        "unreadable": report.unreadable,
        "events": report.events,
        "reason": report.reason,
    }


def run_of(row: SqlRow[Any]) -> CrawlReport:
    """A run, from a whole row of `crawl_runs`."""
    return CrawlReport(
        source=row.source,
        outcome=RunOutcome(row.outcome),
        started_at=row.started_at,
        finished_at=row.finished_at,
        requests=row.requests,
        bytes_received=row.bytes_received,
        entries=row.entries,
        changed=row.changed,
        unreadable=row.unreadable,
        events=row.events,
        reason=row.reason,
    )


def issue_of(row: SqlRow[Any]) -> SourceIssue:
    """An issue of the source, from a whole row of `source_issues`."""
    return SourceIssue(row.uid, row.code, row.path, row.raw)
