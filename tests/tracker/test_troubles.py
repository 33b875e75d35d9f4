"""What the operator is told, from figures."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import NOW
from tracker.alert_ports import OutboxFigures
from tracker.alerts import Channel, DisabledReason, NoticeKind
from tracker.ports import CrawlReport, RunOutcome
from tracker.troubles import Snapshot, troubles

HOUR = timedelta(hours=1)
WELL = Snapshot(
    at=NOW,
    stale_after=26 * HOUR,
    last_good_check=NOW - HOUR,
    runs=[CrawlReport("questions/17", RunOutcome.SUCCEEDED, NOW - HOUR)],
    issues=0,
    reviews=0,
    outbox=OutboxFigures(owed=3),
)


def runs(*outcomes):
    """Runs of one source, newest first."""
    return [
        CrawlReport("questions/17", outcome, NOW - number * HOUR, reason="Archive tronquée.")
        for number, outcome in enumerate(outcomes)
    ]


def outbox(**figures):
    """An outbox with these figures."""
    return OutboxFigures(owed=0, **figures)


LONG = NOW - 2 * HOUR
CASES = {
    "stale": ({"last_good_check": NOW - 27 * HOUR}, {NoticeKind.SOURCE_STALE}),
    "just in time": ({"last_good_check": NOW - 26 * HOUR}, set()),
    "just made": ({"last_good_check": None, "runs": []}, set()),
    "never read": (
        {"last_good_check": None, "runs": [CrawlReport("q", RunOutcome.KILLED, NOW - 30 * HOUR)]},
        {NoticeKind.SOURCE_STALE},
    ),
    "failed": ({"runs": runs(RunOutcome.FAILED, RunOutcome.SUCCEEDED)}, {NoticeKind.RUN_FAILED}),
    "failed, now running": ({"runs": runs(RunOutcome.RUNNING, RunOutcome.FAILED)}, {NoticeKind.RUN_FAILED}),
    "failed, then well": ({"runs": runs(RunOutcome.UNCHANGED, RunOutcome.FAILED)}, set()),
    "killed by a restart": ({"runs": runs(RunOutcome.KILLED, RunOutcome.SUCCEEDED)}, set()),
    "not understood": ({"issues": 1}, {NoticeKind.SOURCE_ISSUES}),
    "to review": ({"reviews": 2}, {NoticeKind.REVIEW}),
    "many wait": (
        {"outbox": outbox(waiting={Channel.EMAIL: 20}, oldest_waiting=LONG)},
        {NoticeKind.OUTBOX_GROWING},
    ),
    "one webhook fails": ({"outbox": outbox(waiting={Channel.WEBHOOK: 1}, oldest_waiting=LONG)}, set()),
    "relay away": (
        {
            "outbox": outbox(
                waiting={Channel.EMAIL: 1}, oldest_waiting=LONG, paused={Channel.EMAIL: NOW + HOUR}
            )
        },
        {NoticeKind.OUTBOX_GROWING},
    ),
    "relay just away": (
        {
            "outbox": outbox(
                waiting={Channel.EMAIL: 99}, oldest_waiting=NOW, paused={Channel.EMAIL: NOW + HOUR}
            )
        },
        set(),
    ),
    "bounced": (
        {"outbox": outbox(disabled={DisabledReason.BOUNCES: 1}, last_disabled={DisabledReason.BOUNCES: NOW})},
        {NoticeKind.BOUNCES},
    ),
    "bounced long ago": (
        {
            "outbox": outbox(
                disabled={DisabledReason.BOUNCES: 1}, last_disabled={DisabledReason.BOUNCES: NOW - 200 * HOUR}
            )
        },
        set(),
    ),
    "webhook gone": (
        {"outbox": outbox(disabled={DisabledReason.GONE: 1}, last_disabled={DisabledReason.GONE: NOW})},
        {NoticeKind.WEBHOOK_DISABLED},
    ),
    "disabled by the operator, long after one that bounced": (
        {
            "outbox": outbox(
                disabled={DisabledReason.BOUNCES: 1, DisabledReason.OPERATOR: 1},
                last_disabled={DisabledReason.BOUNCES: NOW - 200 * HOUR, DisabledReason.OPERATOR: NOW},
            )
        },
        set(),
    ),
    "disabled by the operator": (
        {
            "outbox": outbox(
                disabled={DisabledReason.OPERATOR: 1}, last_disabled={DisabledReason.OPERATOR: NOW}
            )
        },
        set(),
    ),
}


@pytest.mark.parametrize(("changes", "told"), CASES.values(), ids=CASES)
def test_what_is_wrong(changes, told):
    """Each kind by its own figures, and nothing when all is well."""
    found = troubles(replace(WELL, **changes))
    assert set(found) == told
    assert all(text and "@" not in text for text in found.values())


def test_all_is_well():
    """Nothing is told."""
    assert troubles(WELL) == {}
