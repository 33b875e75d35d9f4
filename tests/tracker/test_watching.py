"""What the operator is told of, and what is no reason to write."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW
from tracker.alert_ports import OutboxFigures
from tracker.alerts import Channel, DisabledReason, NoticeKind
from tracker.ports import CrawlReport, RunOutcome
from tracker.watching import Situation, problems

HOUR = timedelta(hours=1)
STALE = timedelta(hours=26)


def situation(*, checked=NOW - HOUR, runs=(), issues=0, review=0, **figures):
    """A place that is well but for what is said."""
    return Situation(checked, runs, issues, review, OutboxFigures(owed=0, **figures))


def run(outcome, hours_ago=1, source="questions/17", reason=None):
    """A run that began so long ago."""
    return CrawlReport(source, outcome, NOW - hours_ago * HOUR, NOW - hours_ago * HOUR, reason=reason)


def wrong(stands):
    """What is wrong now."""
    return problems(stands, at=NOW, stale_after=STALE)


FAILED = run(RunOutcome.FAILED, reason="zip illisible")
WAITING = {"waiting": {Channel.EMAIL: 3}}


@pytest.mark.parametrize(
    ("stands", "kinds"),
    [
        (situation(), set()),
        (situation(checked=NOW - STALE), set()),
        (situation(checked=NOW - STALE - HOUR), {NoticeKind.SOURCE_STALE}),
        (situation(checked=None), set()),  # a new place
        (situation(checked=None, runs=(run(RunOutcome.RUNNING),)), set()),
        (
            situation(checked=None, runs=(FAILED, run(RunOutcome.FAILED, 40))),
            {NoticeKind.SOURCE_STALE, NoticeKind.RUN_FAILED},
        ),
        (situation(runs=(FAILED,)), {NoticeKind.RUN_FAILED}),
        (situation(runs=(run(RunOutcome.RUNNING, 0), FAILED)), {NoticeKind.RUN_FAILED}),
        (situation(runs=(run(RunOutcome.UNCHANGED), FAILED)), set()),
        (situation(runs=(run(RunOutcome.UNCHANGED, 1, "questions/16"), FAILED)), {NoticeKind.RUN_FAILED}),
        (situation(issues=1), {NoticeKind.SOURCE_ISSUES}),
        (situation(review=2), {NoticeKind.REVIEW}),
        (situation(**WAITING, oldest_waiting=NOW - HOUR), set()),
        (situation(**WAITING, oldest_waiting=NOW - 2 * HOUR), {NoticeKind.OUTBOX_GROWING}),
        (situation(last_disabled={DisabledReason.BOUNCES: NOW - HOUR}), {NoticeKind.BOUNCES}),
        (situation(last_disabled={DisabledReason.BOUNCES: NOW - 30 * HOUR}), set()),
        (situation(last_disabled={DisabledReason.GONE: NOW}), {NoticeKind.WEBHOOK_DISABLED}),
        (situation(last_disabled={DisabledReason.OPERATOR: NOW}), set()),
    ],
)
def test_each_thing_that_goes_wrong_has_its_kind(stands, kinds):
    """And nothing else is told."""
    assert set(wrong(stands)) == kinds


@pytest.mark.parametrize(
    ("stands", "words"),
    [
        (situation(runs=(FAILED,)), "questions/17 : zip illisible"),
        (situation(issues=1), "Un élément de la source n'a pas été compris"),
        (situation(issues=12), "12 éléments de la source n'ont pas été compris"),
        (situation(review=1), "Une question attend qu'on décide"),
        (situation(review=3), "3 questions attendent qu'on décide"),
        (situation(**WAITING, oldest_waiting=NOW - 2 * HOUR), "email : 3"),
        (situation(checked=NOW - 40 * HOUR), "depuis plus de 26 h"),
    ],
)
def test_it_is_said_in_french_with_what_to_do(stands, words):
    """Numbers agree, reasons are given."""
    (text,) = wrong(stands).values()
    assert words in text
