"""Shorthands for what the recorder hands to the store, so that a test says only what matters."""

from __future__ import annotations

from datetime import timedelta

from tests.builders import ASKED, NOW
from tracker.events import Event, EventKind, Origin
from tracker.ports import Batch, Match, MatchState, PlannedEvent, QuestionWrite

TOPIC = "asalee"
RAW = b'{"question": {}}'


def match(state=MatchState.SURE, *, topic=TOPIC, form="asalee", place="question", version=1):
    """A match, public unless told otherwise."""
    return Match(topic, form, place, version, state, Origin.LIVE)


def planned(record, kind=EventKind.PUBLISHED, on=ASKED, *, listed_at=NOW, origin=Origin.LIVE, rank=1):
    """An event of a question, ready to be written."""
    return PlannedEvent(Event(record.uid, kind, on, NOW, rank), listed_at, origin)


def question(record, *events, matches=None, revised=False, raw=RAW, at=NOW):
    """A question to write: public, just read, with its PUBLISHED event unless others are given."""
    return QuestionWrite(
        record=record,
        raw=raw,
        revised=revised,
        matches=(match(),) if matches is None else tuple(matches),
        events=events,
        at=at,
    )


def published(record, *, listed_at=NOW, **others):
    """A question to write with its PUBLISHED event."""
    return question(record, planned(record, on=record.published_on or ASKED, listed_at=listed_at), **others)


def write_all(store, *records, **others):
    """Write records as published, in one batch, listed a second apart."""
    writes = tuple(
        published(record, listed_at=NOW + timedelta(seconds=number), **others)
        for number, record in enumerate(records)
    )
    return store.write(Batch(questions=writes, at=NOW))
