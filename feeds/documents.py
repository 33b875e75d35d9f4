"""What one feed document holds, before any format: the live feed or the archive of a month.

Enters: a `Feed` and the `Reader`. Leaves: a `FeedDocument`. The live feed holds what is pushed: LIVE and
INITIAL events, the last hundred or the whole current month when it has more, so that nothing falls
between it and the archives (RFC 5005). Archives hold every event listed in a month that is over, later
backfills included, and do not change any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from feeds.catalogue import Feed
from feeds.entries import Entry, event_entry, question_entry
from tracker.clock import PARIS, paris_day
from tracker.events import Origin
from tracker.ports import EventView, Reader

PUSHED = frozenset({Origin.LIVE, Origin.INITIAL})
LIVE_EVENTS = 100


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """A document of a feed: entries newest first, all with distinct `updated`.

    `month` is `2026-03` for an archive and None for the live feed; `previous` is the month of the
    archive before this document, if any. `checked_at` is the last good check of the source, for the
    live feed only: an archive says nothing that moves.
    """

    feed: Feed
    entries: tuple[Entry, ...]
    month: str | None = None
    previous: str | None = None
    checked_at: datetime | None = None

    @property
    def updated(self) -> datetime | None:
        """The instant of the latest entry; None while there is none."""
        return max((entry.updated for entry in self.entries), default=None)


def live_document(reader: Reader, feed: Feed, today: date) -> FeedDocument:
    """The live document of a feed, as of a day in Paris."""
    month = today.replace(day=1)
    events = reader.events(feed.selection, origins=PUSHED, limit=LIVE_EVENTS, today=today)
    if len(events) == LIVE_EVENTS and events[-1].recorded.listed_at >= _start(month):
        events = reader.events(feed.selection, origins=PUSHED, listed_from=_start(month), today=today)
    entries = [event_entry(view) for view in events]
    if feed.with_questions:
        entries += _question_entries(reader, events)
    return FeedDocument(
        feed=feed,
        entries=_newest_first(entries),
        previous=_month_before(reader, feed, month),
        checked_at=reader.last_good_check(),
    )


def archive_document(reader: Reader, feed: Feed, month: str, today: date) -> FeedDocument | None:
    """The archive of a month, `2026-03`; None when it is not over, holds nothing or is not kept."""
    first = date.fromisoformat(f"{month}-01")
    after = _next_month(first)
    if after > today or not feed.archived:
        return None
    events = reader.events(feed.selection, listed_from=_start(first), listed_before=_start(after))
    if not events:
        return None
    return FeedDocument(
        feed=feed,
        entries=_newest_first([event_entry(view) for view in events]),
        month=month,
        previous=_month_before(reader, feed, first),
    )


def _question_entries(reader: Reader, events: list[EventView]) -> list[Entry]:
    uids = dict.fromkeys(view.recorded.event.uid for view in events)
    views = (reader.question(uid) for uid in uids)
    entries = (question_entry(view) for view in views if view is not None)
    return [entry for entry in entries if entry is not None]


def _newest_first(entries: list[Entry]) -> tuple[Entry, ...]:
    return tuple(sorted(entries, key=lambda entry: (entry.updated, entry.id), reverse=True))


def _month_before(reader: Reader, feed: Feed, month: date) -> str | None:
    """The latest month before one in which an archived feed has an event of any origin."""
    if not feed.archived:
        return None
    last = reader.events(feed.selection, listed_before=_start(month), limit=1)
    return paris_day(last[0].recorded.listed_at).strftime("%Y-%m") if last else None


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), PARIS)


def _next_month(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
