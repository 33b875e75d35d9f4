"""Which job when: the source's rhythm, and the days' change in Paris.

Enters: what a crawl and the other jobs are. Leaves: an APScheduler scheduler that does them. The
Journal officiel « Questions » comes out on Tuesdays and the archive is rebuilt at night, so the
source is asked often on Tuesday mornings and seldom on other days; one question costs one request.
"""

from __future__ import annotations

from collections.abc import Callable

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from tracker.clock import PARIS

CRAWL_JOB = "crawl"
DEADLINE_JOB = "deadlines"
FIRST_CRAWL_JOB = "first-crawl"
FIRST_DEADLINE_JOB = "first-deadlines"
WATCH_JOB = "watch"
FIRST_WATCH_JOB = "first-watch"
CLEANING_JOB = "cleaning"

_WATCH_MINUTES = 5
_JOBS_AT_A_TIME = 4
_JITTER_SECONDS = 240  # so that many installations do not ask at the same second
_MISFIRE_GRACE_SECONDS = 6 * 3600


def crawl_trigger() -> OrTrigger:
    """Every half hour on Tuesdays from 7:00 to 12:30 and at 14, 16, 18 and 21; else 6:30, 12:30, 19:30."""
    tuesday = CronTrigger(
        day_of_week="tue", hour="7-12", minute="0,30", timezone=PARIS, jitter=_JITTER_SECONDS
    )
    tuesday_later = CronTrigger(
        day_of_week="tue", hour="14,16,18,21", minute=0, timezone=PARIS, jitter=_JITTER_SECONDS
    )
    other_days = CronTrigger(
        day_of_week="wed-sun,mon", hour="6,12,19", minute=30, timezone=PARIS, jitter=_JITTER_SECONDS
    )
    return OrTrigger([tuesday, tuesday_later, other_days])


def deadline_trigger() -> CronTrigger:
    """Shortly after midnight in Paris, and twice more in case that one was missed."""
    return CronTrigger(hour="0,1,9", minute=7, timezone=PARIS)


def cleaning_trigger() -> CronTrigger:
    """Each night, when little else is done."""
    return CronTrigger(hour=3, minute=47, timezone=PARIS)


def make_scheduler(
    crawl: Callable[[], None],
    deadlines: Callable[[], None],
    *,
    crawl_now: bool,
    watch: Callable[[], None] | None = None,
    clean: Callable[[], None] | None = None,
) -> BackgroundScheduler:
    """A scheduler, not yet started; `crawl_now` adds a crawl at its start.

    Never two runs of one job at once; runs missed while asleep are made up by one.
    """
    scheduler = BackgroundScheduler(
        timezone=PARIS,
        executors={"default": ThreadPoolExecutor(_JOBS_AT_A_TIME)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": _MISFIRE_GRACE_SECONDS},
    )
    scheduler.add_job(crawl, crawl_trigger(), id=CRAWL_JOB)
    scheduler.add_job(deadlines, deadline_trigger(), id=DEADLINE_JOB)
    scheduler.add_job(deadlines, id=FIRST_DEADLINE_JOB)
    if watch is not None:
        scheduler.add_job(watch, IntervalTrigger(minutes=_WATCH_MINUTES, timezone=PARIS), id=WATCH_JOB)
        scheduler.add_job(watch, id=FIRST_WATCH_JOB)
    if clean is not None:
        scheduler.add_job(clean, cleaning_trigger(), id=CLEANING_JOB)
    if crawl_now:
        scheduler.add_job(crawl, id=FIRST_CRAWL_JOB)
    return scheduler
