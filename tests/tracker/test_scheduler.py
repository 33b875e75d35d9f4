"""The week's rhythm, in Paris time, and how jobs are run."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tracker.clock import PARIS
from tracker.scheduler import (
    CRAWL_JOB,
    DEADLINE_JOB,
    FIRST_CRAWL_JOB,
    FIRST_DEADLINE_JOB,
    crawl_trigger,
    deadline_trigger,
    make_scheduler,
)


def _fires(trigger, day: date) -> list[datetime]:
    """When a trigger fires on a day in Paris."""
    now = datetime(day.year, day.month, day.day, tzinfo=PARIS)
    end = now + timedelta(days=1)
    found, before = [], None
    while True:
        before = trigger.get_next_fire_time(before, now)
        if before is None or before >= end:
            return found
        found.append(before)
        now = before + timedelta(seconds=1)


def test_the_source_is_asked_often_on_tuesday_mornings():
    """On the day of the Journal officiel: every half hour in the morning, some times in the afternoon."""
    fires = _fires(crawl_trigger(), date(2026, 11, 17))

    morning = [at for at in fires if at.hour <= 12]
    assert len(morning) >= 10
    assert morning[0].hour == 7
    assert len(fires) - len(morning) >= 3


@pytest.mark.parametrize("day", [date(2026, 11, 16), *(date(2026, 11, d) for d in range(18, 23))])
def test_the_source_is_asked_a_few_times_on_other_days(day):
    """A daily archive is worth a few looks, no more."""
    assert 2 <= len(_fires(crawl_trigger(), day)) <= 4


def test_not_every_installation_asks_at_the_same_second():
    """Times are spread by some minutes."""
    fires = {_fires(crawl_trigger(), date(2026, 11, 18))[0] for _ in range(20)}

    assert len(fires) > 1


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25), date(2026, 11, 21)])
def test_s18_the_deadline_job_comes_after_midnight_in_paris(day):
    """Also on the days when the clocks change."""
    first = _fires(deadline_trigger(), day)[0]

    assert first.astimezone(PARIS).date() == day
    assert first.astimezone(PARIS).hour == 0


def test_jobs_never_overlap_and_missed_ones_are_made_up_once():
    """One instance of a job at a time; runs missed while the machine slept become one."""
    scheduler = make_scheduler(lambda: None, lambda: None, crawl_now=True)
    scheduler.start(paused=True)
    try:
        jobs = {job.id: job for job in scheduler.get_jobs()}
    finally:
        scheduler.shutdown()

    assert set(jobs) == {CRAWL_JOB, DEADLINE_JOB, FIRST_CRAWL_JOB, FIRST_DEADLINE_JOB}
    assert all(job.max_instances == 1 and job.coalesce for job in jobs.values())
    assert all(job.misfire_grace_time >= 3600 for job in jobs.values())


def test_a_source_read_lately_is_not_read_again_at_start():
    """A restart is no reason to ask the source; the due dates are looked at all the same."""
    scheduler = make_scheduler(lambda: None, lambda: None, crawl_now=False)
    scheduler.start(paused=True)
    try:
        ids = {job.id for job in scheduler.get_jobs()}
    finally:
        scheduler.shutdown()

    assert FIRST_CRAWL_JOB not in ids
    assert FIRST_DEADLINE_JOB in ids


def test_times_are_those_of_paris_whatever_the_machine_says():
    """At 7:00 in Paris it is 6:00 UTC in winter and 5:00 UTC in summer."""
    winter = _fires(crawl_trigger(), date(2026, 11, 17))[0].astimezone(UTC)
    summer = _fires(crawl_trigger(), date(2026, 6, 16))[0].astimezone(UTC)

    assert (winter.hour, summer.hour) == (6, 5)
