"""Is the service alive, and does it still read the source.

Enters: nothing. Leaves: `/healthz`, constant while the process answers, and `/readyz`, JSON that says
since when the source has not been read well: 503 once that is too long, or if it never was. It carries what
the operator is told of, and how many messages wait.
"""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter
from starlette.responses import JSONResponse, PlainTextResponse

from feeds import wording
from feeds.typography import elapsed, instant, typeset
from feeds.web.metrics import Watched
from feeds.web.site import Site
from tracker.alert_ports import OutboxFigures
from tracker.ports import CrawlReport

_METHODS = ["GET", "HEAD"]
_NOT_KEPT = {"Cache-Control": "no-store"}


def health_router(site: Site, watched: Watched | None = None) -> APIRouter:
    """The two routes of health."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/healthz", methods=_METHODS)
    async def alive() -> PlainTextResponse:
        """The process answers."""
        return PlainTextResponse("ok\n", headers=_NOT_KEPT)

    @router.api_route("/readyz", methods=_METHODS)
    def ready() -> JSONResponse:
        """Since when the source has not been read well."""
        now = site.clock()
        checked_at = site.reader.last_good_check()
        last = next(iter(site.reader.runs(limit=1)), None)
        is_ready = checked_at is not None and now - checked_at <= site.options.stale_after
        body = {
            "ready": is_ready,
            "last_good_check": checked_at.isoformat() if checked_at else None,
            "stale_after_hours": site.options.stale_after_hours,
            "last_run": _run(last) if last else None,
            "message": _message(checked_at, now, is_ready=is_ready),
            "problems": _problems(watched) if watched else [],
            "alerts": _alerts(watched.outbox.figures()) if watched else None,
        }
        return JSONResponse(body, status_code=200 if is_ready else 503, headers=_NOT_KEPT)

    return router


def _problems(watched: Watched) -> list[dict[str, str]]:
    return [
        {"kind": kind.value, "text": text, "since": since.isoformat()}
        for kind, text, since in watched.notices.open_notices()
    ]


def _alerts(figures: OutboxFigures) -> dict[str, object]:
    oldest = figures.oldest_waiting
    return {
        "owed": figures.owed,
        "waiting": {channel.value: count for channel, count in figures.waiting.items()},
        "failed": {channel.value: count for channel, count in figures.failed.items()},
        "oldest_waiting": oldest.isoformat() if oldest else None,
    }


def _message(checked_at: datetime | None, now: datetime, *, is_ready: bool) -> str:
    if checked_at is None:
        return typeset("La source n'a pas encore été lue.")
    since = f"{elapsed(checked_at, now)} ({instant(checked_at)})"
    if is_ready:
        return typeset(f"Source lue il y a {since}.")
    return typeset(
        f"La source n'a pas été lue depuis {since}. Voir les derniers passages : asalee-tracker runs."
    )


def _run(report: CrawlReport) -> dict[str, str | None]:
    return {
        "outcome": wording.outcome(report.outcome),
        "started_at": report.started_at.isoformat(),
        "finished_at": report.finished_at.isoformat() if report.finished_at else None,
        "reason": report.reason,
    }
