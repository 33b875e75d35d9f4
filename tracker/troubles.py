"""What the operator should know of, from what is kept: pure.

Enters: a `Snapshot`. Leaves: the kinds that are wrong now, each with a sentence or two in French that says
what to do. The texts are public (`/readyz`): they count, and name nobody.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.alert_ports import OutboxFigures
from tracker.alerts import DisabledReason, NoticeKind
from tracker.ports import CrawlReport, RunOutcome

WAITING_LONG = timedelta(hours=1)
WAITING_MANY = 20
RECENT = timedelta(days=7)

_UNDECIDED = frozenset(
    {RunOutcome.RUNNING, RunOutcome.KILLED}
)  # a restart kills; nothing is said of the source


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How things stand at an instant; `runs` come newest first."""

    at: datetime
    stale_after: timedelta
    last_good_check: datetime | None
    runs: Sequence[CrawlReport]
    issues: int
    reviews: int
    outbox: OutboxFigures


def troubles(seen: Snapshot) -> dict[NoticeKind, str]:
    """What is wrong."""
    found = {
        NoticeKind.SOURCE_STALE: _stale(seen),
        NoticeKind.RUN_FAILED: _failed(seen.runs),
        NoticeKind.SOURCE_ISSUES: _issues(seen.issues),
        NoticeKind.REVIEW: _reviews(seen.reviews),
        NoticeKind.OUTBOX_GROWING: _growing(seen),
        NoticeKind.BOUNCES: _disabled(
            seen,
            (DisabledReason.BOUNCES,),
            "adresse électronique ne reçoit plus rien : ses messages revenaient",
            "adresses électroniques ne reçoivent plus rien : leurs messages revenaient",
        ),
        NoticeKind.WEBHOOK_DISABLED: _disabled(
            seen,
            (DisabledReason.FAILURES, DisabledReason.GONE),
            "webhook ou salon ne reçoit plus rien : ses envois échouaient",
            "webhooks ou salons ne reçoivent plus rien : leurs envois échouaient",
        ),
    }
    return {kind: text for kind, text in found.items() if text}


def _stale(seen: Snapshot) -> str:
    if seen.last_good_check is None:
        # a place that was only just made reads its source first
        began = min((run.started_at for run in seen.runs), default=seen.at)
        if seen.at - began <= seen.stale_after:
            return ""
        return "La source n'a encore jamais été lue jusqu'au bout. Voir : asalee-tracker runs"
    if seen.at - seen.last_good_check <= seen.stale_after:
        return ""
    hours = int((seen.at - seen.last_good_check).total_seconds() // 3600)
    return f"La source n'a pas été lue jusqu'au bout depuis {hours} heures. Voir : asalee-tracker runs"


def _failed(runs: Iterable[CrawlReport]) -> str:
    last: dict[str, CrawlReport] = {}
    for run in runs:
        if run.outcome not in _UNDECIDED:
            last.setdefault(run.source, run)
    failed = [run for run in last.values() if run.outcome is RunOutcome.FAILED]
    if not failed:
        return ""
    reasons = " ".join(f"{run.source} : {run.reason}" for run in failed)
    return f"La dernière lecture a échoué ; ce qu'elle devait apporter n'est pas publié. {reasons}"


def _issues(count: int) -> str:
    if not count:
        return ""
    said = _several(
        count, "chose de la source n'est pas comprise", "choses de la source ne sont pas comprises"
    )
    return f"{said}. Voir : asalee-tracker issues"


def _reviews(count: int) -> str:
    if not count:
        return ""
    said = _several(
        count, "question douteuse attend une décision", "questions douteuses attendent une décision"
    )
    return f"{said} une décision ; rien n'en est publié avant. Voir : asalee-tracker topics review"


def _growing(seen: Snapshot) -> str:
    outbox = seen.outbox
    waiting = sum(outbox.waiting.values())
    if outbox.oldest_waiting is None or seen.at - outbox.oldest_waiting < WAITING_LONG:
        return ""
    if waiting < WAITING_MANY and not outbox.paused:
        return ""
    said = _several(waiting, "message attend", "messages attendent")
    return (
        f"{said}, depuis plus d'une heure pour le plus ancien. Rien n'est perdu ; "
        "voir : asalee-tracker alerts status"
    )


def _disabled(seen: Snapshot, reasons: Collection[DisabledReason], one: str, many: str) -> str:
    """Open while the last one is recent: another, later, is told again."""
    count = sum(seen.outbox.disabled.get(reason, 0) for reason in reasons)
    last = max((at for reason, at in seen.outbox.last_disabled.items() if reason in reasons), default=None)
    if not count or last is None or seen.at - last > RECENT:
        return ""
    return f"{_several(count, one, many)}. Voir : asalee-tracker subscribers list"


def _several(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
