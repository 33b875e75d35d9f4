"""Views of questions and events without a database, made by the real `diff`.

Enters: records of `tests.builders`. Leaves: `EventView`s and `QuestionView`s as a reader would give them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.builders import NOW
from tracker.diff import diff
from tracker.events import Event, Origin, RecordedEvent
from tracker.ports import AuthorView, EventView, QuestionView
from tracker.questions import Constituency, QuestionRecord

AUTHOR_VIEW = AuthorView(
    actor_ref="PA900100",
    civility="Mme",
    name="Camille Exemple",
    named_by="deputies",
    constituency=Constituency("Seine-Maritime", "76", 3),
)


def recorded(events: Sequence[Event], origin: Origin = Origin.LIVE, first: int = 1) -> list[RecordedEvent]:
    """Events with sequences from `first` on and instants a millisecond apart."""
    return [
        RecordedEvent(event, first + index, event.observed_at + timedelta(milliseconds=index), origin, 1)
        for index, event in enumerate(events)
    ]


def event_views(
    record: QuestionRecord,
    old: QuestionRecord | None = None,
    history: Sequence[Event] = (),
    *,
    at: datetime = NOW,
    author: AuthorView = AUTHOR_VIEW,
    origin: Origin = Origin.LIVE,
) -> list[EventView]:
    """What reading `record` at an instant adds to `history`, oldest first."""
    events = recorded(diff(old, history, record, at), origin, len(history) + 1)
    return [EventView(one, record, author, ("asalee",)) for one in events]


def question_view(
    record: QuestionRecord, events: Sequence[RecordedEvent], *, author: AuthorView = AUTHOR_VIEW
) -> QuestionView:
    """A question with its history."""
    return QuestionView(record, author, tuple(events), ("asalee",), NOW, NOW)
