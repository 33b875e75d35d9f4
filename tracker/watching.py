"""What the operator is to be told of: the source, its runs, the outbox, addresses.

Enters: how things stand. Leaves: what is wrong now, by kind, as French sentences without any address.
`NoticeBoard.show` tells each kind once until it is over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tracker.alert_ports import OutboxFigures
from tracker.alerts import DisabledReason, NoticeKind
from tracker.ports import CrawlReport, RunOutcome

OUTBOX_PATIENCE = timedelta(hours=1)  # a message that waits longer is worth a word
_LATELY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Situation:
    """How things stand; `runs` are the last ones, newest first."""

    last_good_check: datetime | None
    runs: Sequence[CrawlReport]
    open_issues: int
    under_review: int
    outbox: OutboxFigures


def problems(situation: Situation, *, at: datetime, stale_after: timedelta) -> dict[NoticeKind, str]:
    """What is wrong at an instant."""
    found = {
        NoticeKind.SOURCE_STALE: _stale(situation, at, stale_after),
        NoticeKind.RUN_FAILED: _failed(situation.runs),
        NoticeKind.SOURCE_ISSUES: _issues(situation.open_issues),
        NoticeKind.REVIEW: _review(situation.under_review),
        NoticeKind.OUTBOX_GROWING: _growing(situation.outbox, at),
        NoticeKind.BOUNCES: _lately(
            situation.outbox,
            (DisabledReason.BOUNCES,),
            at,
            "Des adresses électroniques refusent les messages et ont été suspendues",
        ),
        NoticeKind.WEBHOOK_DISABLED: _lately(
            situation.outbox,
            (DisabledReason.FAILURES, DisabledReason.GONE),
            at,
            "Des webhooks ou salons ne répondent plus et ont été désactivés",
        ),
    }
    return {kind: text for kind, text in found.items() if text}


def _stale(situation: Situation, at: datetime, stale_after: timedelta) -> str:
    """A place where no run has begun yet is new, not stale."""
    since = situation.last_good_check or min((run.started_at for run in situation.runs), default=at)
    if at - since <= stale_after:
        return ""
    hours = stale_after // timedelta(hours=1)
    if situation.last_good_check is None:
        return "La source n'a encore jamais été lue avec succès. Voir : asalee-tracker runs"
    return f"La source n'a pas été lue avec succès depuis plus de {hours} h. Voir : asalee-tracker runs"


def _failed(runs: Iterable[CrawlReport]) -> str:
    """The sources whose last finished run failed."""
    last: dict[str, CrawlReport] = {}
    for run in runs:
        if run.outcome not in {RunOutcome.RUNNING, RunOutcome.KILLED}:
            last.setdefault(run.source, run)
    failed = [run for run in last.values() if run.outcome is RunOutcome.FAILED]
    reasons = " ; ".join(f"{run.source} : {run.reason or 'raison inconnue'}" for run in failed)
    return (
        f"La dernière lecture de la source a échoué, rien de public n'a changé. {reasons}" if failed else ""
    )


def _issues(number: int) -> str:
    if not number:
        return ""
    said = "Un élément de la source n'a" if number == 1 else f"{number} éléments de la source n'ont"
    return f"{said} pas été compris. Voir : asalee-tracker issues"


def _review(number: int) -> str:
    if not number:
        return ""
    said = "Une question attend" if number == 1 else f"{number} questions attendent"
    return (
        f"{said} qu'on décide si le sujet est bien le bon ; d'ici là, rien n'en est publié ni envoyé. "
        "Voir : asalee-tracker topics review"
    )


def _growing(figures: OutboxFigures, at: datetime) -> str:
    if figures.oldest_waiting is None or at - figures.oldest_waiting <= OUTBOX_PATIENCE:
        return ""
    waiting = ", ".join(f"{channel} : {count}" for channel, count in sorted(figures.waiting.items()))
    return f"Des messages attendent depuis plus d'une heure d'être acceptés ({waiting})."


def _lately(figures: OutboxFigures, reasons: Iterable[DisabledReason], at: datetime, text: str) -> str:
    last = [figures.last_disabled[reason] for reason in reasons if reason in figures.last_disabled]
    if not last or at - max(last) > _LATELY:
        return ""
    return f"{text}. Voir : asalee-tracker subscribers"
