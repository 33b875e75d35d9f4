"""The operator's watch and the daily cleaning, as jobs.

Enters: a place, its alerts. Leaves: notices opened, told once and closed; requests never confirmed, expired
links and old counts deleted. Each job is claimed, so that two workers do not do it together.
"""

from __future__ import annotations

from datetime import timedelta

from tracker.alerting import Alerting, operators_of
from tracker.errors import BusyError
from tracker.locks import job_lock
from tracker.logs import get_logger
from tracker.troubles import Snapshot, troubles
from tracker.wiring import Place

_RUNS = 40


class Watch:
    """Looks after one place."""

    def __init__(self, place: Place, alerting: Alerting) -> None:
        self._place = place
        self._alerting = alerting
        self._log = get_logger(__name__)

    def look(self) -> None:
        """Open, tell and close notices; skipped while another worker does it."""
        try:
            with job_lock(self._place.store, "watch", self._place.clock):
                self._look()
        except BusyError:
            self._log.debug("watch skipped: another process is at it")

    def clean(self) -> None:
        """Delete what need not be kept; skipped while another worker does it."""
        try:
            with job_lock(self._place.store, "cleaning", self._place.clock):
                deleted = self._alerting.subscriptions.purge(at=self._place.clock())
        except BusyError:
            self._log.debug("cleaning skipped: another process is at it")
            return
        self._log.info("cleaning done", addresses=deleted)

    def _look(self) -> None:
        now, notices = self._place.clock(), self._alerting.notices
        found = troubles(snapshot_of(self._place, self._alerting))
        notices.tell(operators_of(self._place.settings), at=now)
        if new := notices.show(found, at=now):
            self._log.warning("something is wrong", new=new, kinds=sorted(kind.value for kind in found))


def snapshot_of(place: Place, alerting: Alerting) -> Snapshot:
    """How a place stands now."""
    return Snapshot(
        at=place.clock(),
        stale_after=timedelta(hours=place.settings.stale_after_hours),
        last_good_check=place.reader.last_good_check(),
        runs=place.reader.runs(limit=_RUNS),
        issues=len(place.reader.open_issues()),
        reviews=len(place.store.under_review()),
        outbox=alerting.outbox.figures(),
    )
