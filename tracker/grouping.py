"""What is owed, arranged in messages: nobody hears one thing twice, or too many things at once.

Enters: the events owed to one address and not yet in a message, and its messages that still wait.
Leaves: the messages to make, each with the rows it takes and the waiting messages it replaces. Pure:
`db.arranging` loads and keeps.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tracker.alerts import MessageKind, Owed, Rhythm
from tracker.events import EventKind, RecordedEvent
from tracker.questions import QuestionRecord
from tracker.status import is_blank
from tracker.text import fold


@dataclass(frozen=True, slots=True)
class Waiting:
    """An ALERT or DIGEST that was surely not accepted yet, and the events it holds."""

    number: int
    kind: MessageKind
    event_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class Planned:
    """A message to make: its kind, its events, the owed rows it takes, the messages it replaces."""

    kind: MessageKind
    event_ids: frozenset[str]
    rows: tuple[Owed, ...]
    replaces: tuple[int, ...] = ()


def derived_id(ref: str, *parts: str) -> str:
    """A message's id: 32 hexadecimal digits from the receiver's `ref` and what the message tells.

    The order of `parts` makes no difference: the same events give the same id.
    """
    return hashlib.sha256("\n".join([ref, *sorted(parts)]).encode()).hexdigest()[:32]


def story_of(recorded: RecordedEvent, record: QuestionRecord) -> str:
    """What an event tells: equal for events of one run that publish the same answer on the same day."""
    event, answer = recorded.event, record.answer_text
    if event.kind is not EventKind.ANSWERED or answer is None or is_blank(answer.html):
        return event.id
    words = hashlib.sha256(fold(answer.html).encode()).hexdigest()[:32]
    return f"answer/{event.occurred_on.isoformat()}/{event.observed_at.isoformat()}/{words}"


def plan(owed: Sequence[Owed], waiting: Sequence[Waiting], at_once_limit: int) -> list[Planned]:
    """The messages to make now for one address.

    An event that one subscription wants at once is told at once, in the name of all that follow it;
    stories go out one by one, unless more than `at_once_limit` would then wait: these, and what waits,
    become one digest. A digest takes the digests that still wait with it. What is not due stays.
    """
    at_once = {row.event_id for row in owed if row.frequency.rhythm is Rhythm.AT_ONCE}
    told = {row.event_id for row in owed if row.due}
    stories: dict[str, list[Owed]] = {}
    digest: list[Owed] = []
    for row in sorted(owed, key=lambda row: (row.sequence, row.subscription_id)):
        if row.event_id in at_once:
            stories.setdefault(row.story, []).append(row)
        elif row.event_id in told:
            digest.append(row)
    alerts = [message for message in waiting if message.kind is MessageKind.ALERT]
    digests = [message for message in waiting if message.kind is MessageKind.DIGEST]
    if stories and len(stories) + len(alerts) > at_once_limit:
        rows = [row for story in stories.values() for row in story] + digest
        return [_message(MessageKind.DIGEST, rows, waiting)]
    messages = [_message(MessageKind.ALERT, rows, ()) for rows in stories.values()]
    if digest:
        messages.append(_message(MessageKind.DIGEST, digest, digests))
    return messages


def _message(kind: MessageKind, rows: Sequence[Owed], replaced: Iterable[Waiting]) -> Planned:
    replaced = tuple(replaced)
    events = frozenset(row.event_id for row in rows).union(*(message.event_ids for message in replaced))
    return Planned(kind, events, tuple(rows), tuple(message.number for message in replaced))
