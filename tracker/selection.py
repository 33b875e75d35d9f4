"""The one filter of the service: what a feed follows, a page lists, an export writes, an alert watches.

Enters: values from an address or an option. Leaves: a frozen, hashable `Selection`; `db` turns it
into SQL, `feeds.catalogue` into feeds.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tracker.events import EventKind
from tracker.status import Status


@dataclass(frozen=True, slots=True)
class Selection:
    """Which questions, and for feeds and alerts which of their events. An empty field selects all.

    `group`, `ministry` and `rubric` are slugs (`tracker.text.slug`); `ministry` selects questions
    that were ever asked of or attributed to it, so a renamed or replaced ministry's feed keeps its
    history. `deputy` is the source's actor reference, `department` its code.
    """

    topic: str | None = None
    statuses: frozenset[Status] = frozenset()
    group: str | None = None
    ministry: str | None = None
    deputy: str | None = None
    department: str | None = None
    rubric: str | None = None
    legislature: int | None = None
    uid: str | None = None
    signalled: bool | None = None
    published_from: date | None = None
    published_to: date | None = None
    words: str | None = None
    kinds: frozenset[EventKind] = frozenset()
