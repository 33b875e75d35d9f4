"""The working half of the service: the scheduler's jobs, on one place.

Enters: a place, its alerts. Leaves: crawls, each in a child process of its own with a time limit, the
daily deadline job, the operator's watch, and alerts sent; `stop` ends all of it, children included.
"""

from __future__ import annotations

import sys
import threading
from datetime import timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from tracker.alerting import Alerting
from tracker.children import Child, Ended
from tracker.deciding import record_due_deadlines
from tracker.dispatching import DispatchThread
from tracker.errors import BusyError
from tracker.logs import get_logger
from tracker.scheduler import make_scheduler
from tracker.settings import child_environment
from tracker.watching import Watch
from tracker.wiring import Place

CRAWL_COMMAND = (sys.executable, "-m", "tracker", "crawl")
FRESH = timedelta(hours=1)  # a source read since then is not asked again at start

_DEADLINE_WAIT_SECONDS = 1800.0


class Worker:
    """Runs the jobs of one place from `start` to `stop`."""

    def __init__(self, place: Place, alerting: Alerting | None = None) -> None:
        self._place = place
        alerting = alerting or Alerting(place)
        self._watch = Watch(place, alerting)
        self._dispatch = DispatchThread(alerting)
        self._log = get_logger(__name__)
        self._crawling = threading.Lock()
        self._child = Child(
            CRAWL_COMMAND, child_environment(place.settings), float(place.settings.crawl_timeout)
        )
        self._scheduler: BackgroundScheduler | None = None

    def start(self) -> None:
        """Start the scheduler; a source that was not read lately is read at once."""
        last = self._place.reader.last_good_check()
        stale = last is None or self._place.clock() - last > FRESH
        self._scheduler = make_scheduler(
            self.crawl_job,
            self.deadline_job,
            crawl_now=stale,
            watch=self._watch.look,
            clean=self._watch.clean,
        )
        self._scheduler.start()
        self.send_alerts()

    def send_alerts(self) -> None:
        """Start sending what is owed, until `stop`."""
        self._dispatch.start()

    def stop(self) -> None:
        """Start nothing more, end a crawl under way, and wait for the jobs to be over."""
        if self._scheduler is not None:
            self._scheduler.pause()
        self._child.stop()
        self._dispatch.stop()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)

    def crawl(self) -> Ended | None:
        """One crawl in a child process; None when one is under way already."""
        if not self._crawling.acquire(blocking=False):
            return None
        try:
            ended = self._child.run()
            if ended.timed_out:
                seconds = self._place.settings.crawl_timeout
                self._place.store.interrupt_runs(
                    self._place.clock(),
                    f"Passage arrêté après {seconds} secondes (réglage TRACKER_CRAWL_TIMEOUT).",
                )
            return ended
        finally:
            self._crawling.release()

    def crawl_job(self) -> None:
        """What the scheduler calls: one crawl, and a log line when it did not go well."""
        ended = self.crawl()
        if ended is None:
            self._log.info("crawl skipped: one is under way")
        elif ended.timed_out:
            self._log.error("crawl killed after its time limit", seconds=self._place.settings.crawl_timeout)
        elif ended.exit_code == BusyError.exit_code:
            self._log.info("crawl skipped: another process is at it")
        elif ended.exit_code and not ended.stopped:
            self._log.error("crawl failed", exit_code=ended.exit_code)

    def deadline_job(self) -> None:
        """What the scheduler calls: the due dates that have passed and were not told yet."""
        try:
            told = record_due_deadlines(self._place, wait_seconds=_DEADLINE_WAIT_SECONDS)
        except BusyError:
            self._log.warning("deadline job put off: another process holds the database's claim")
            return
        self._log.info("deadline job done", events=told)
