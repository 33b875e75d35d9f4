"""Whether what was rendered still holds, asked of the reader at most once in a while.

Enters: the reader and the clock. Leaves: a `Stamp`, equal as long as every feed would come out the same:
it moves with the public version (checks of the source move it too) and with the day in Paris, which
ends months.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from anyio import Lock, to_thread

from feeds.web.site import Site
from tracker.clock import paris_day


@dataclass(frozen=True, slots=True)
class Stamp:
    """Under what a rendering holds.

    `silent_for` says how long the source has not been read well, once that is too long: pages say so.
    """

    version: str
    today: date
    silent_for: str | None = None


class Pulse:
    """Remembers the stamp for `recheck_seconds`; the database is asked in a thread."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._lock = Lock()
        self._stamp: Stamp | None = None
        self._checked_at: datetime | None = None
        self._asked_at: datetime | None = None

    async def stamp(self) -> Stamp:
        """The stamp now, at most `recheck_seconds` old."""
        stamp = self._fresh()
        if stamp is None:
            async with self._lock:
                stamp = self._fresh()
                if stamp is None:
                    stamp = await to_thread.run_sync(self._ask)
        return stamp

    def _fresh(self) -> Stamp | None:
        if self._asked_at is None:
            return None
        age = (self._site.clock() - self._asked_at).total_seconds()
        return self._stamp if 0 <= age < self._site.options.recheck_seconds else None

    def _ask(self) -> Stamp:
        now = self._site.clock()
        version = self._site.reader.version()
        if self._stamp is None or self._stamp.version != version:
            self._checked_at = self._site.reader.last_good_check()
        self._stamp = Stamp(version, paris_day(now), self._site.silence(self._checked_at))
        self._asked_at = now
        return self._stamp
