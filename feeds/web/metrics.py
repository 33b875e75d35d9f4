"""`/metrics`, for Prometheus: how the service is, in figures.

Enters: the reader, the operator's notices, the outbox, all asked when scraped. Leaves: gauges in
Prometheus's text form; counts only, nothing of anyone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import Response

from feeds.web.site import Site
from tracker.alert_ports import NoticeBoard, Outbox
from tracker.alerts import Channel, DisabledReason, NoticeKind

_PREFIX = "asalee_tracker"


@dataclass(frozen=True, slots=True)
class Watched:
    """What the operator is told, and what waits to be sent."""

    notices: NoticeBoard
    outbox: Outbox


def metrics_router(site: Site, watched: Watched | None) -> APIRouter:
    """The route of the figures."""
    router = APIRouter(include_in_schema=False)
    registry = CollectorRegistry()
    registry.register(_Figures(site, watched))

    @router.api_route("/metrics", methods=["GET", "HEAD"])
    def metrics() -> Response:
        """All figures."""
        return Response(
            generate_latest(registry),
            headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"},
        )

    return router


class _Figures(Collector):
    """Asks when asked; `describe` keeps registration from asking."""

    def __init__(self, site: Site, watched: Watched | None) -> None:
        self._site = site
        self._watched = watched

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing is known before it is asked."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every figure."""
        checked_at = self._site.reader.last_good_check()
        yield _gauge(
            "last_good_check_timestamp_seconds",
            "When the source was last read well; 0 if never.",
            checked_at.timestamp() if checked_at else 0,
        )
        stale = checked_at is None or self._site.silence(checked_at) is not None
        yield _gauge("source_stale", "1 when the source was not read well for too long.", stale)
        if self._watched is not None:
            yield from _alerts(self._watched)


def _alerts(watched: Watched) -> Iterator[GaugeMetricFamily]:
    found = {kind for kind, _, _ in watched.notices.open_notices()}
    yield _labelled(
        "problem", "1 when the operator is being told of it.", "kind", {k: k in found for k in NoticeKind}
    )
    figures = watched.outbox.figures()
    yield _gauge("events_owed", "Events owed to subscriptions, not yet in a message.", figures.owed)
    oldest = figures.oldest_waiting
    yield _gauge(
        "oldest_waiting_timestamp_seconds",
        "When the oldest message that waits was made; 0 when none waits.",
        oldest.timestamp() if oldest else 0,
    )
    for name, help_, counts in (
        ("messages_waiting", "Messages that wait to be sent, or are being sent.", figures.waiting),
        ("messages_failed", "Messages given up.", figures.failed),
        ("messages_sent", "Messages accepted, as kept.", figures.sent),
    ):
        yield _labelled(name, help_, "channel", {channel: counts.get(channel, 0) for channel in Channel})
    yield _labelled(
        "channel_paused",
        "1 when a channel in trouble is being left alone.",
        "channel",
        {channel: channel in figures.paused for channel in Channel},
    )
    yield _labelled(
        "addresses_disabled",
        "Addresses to which nothing is sent any more.",
        "reason",
        {reason: figures.disabled.get(reason, 0) for reason in DisabledReason},
    )


def _gauge(name: str, help_: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{_PREFIX}_{name}", help_, value=float(value))


def _labelled(name: str, help_: str, label: str, values: Mapping[StrEnum, float]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(f"{_PREFIX}_{name}", help_, labels=[label])
    for value, number in values.items():
        gauge.add_metric([value.value], float(number))
    return gauge
