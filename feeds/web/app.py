"""The web application, put together.

Enters: the reader, the topics, what the operator set, the clock. Leaves: a FastAPI application. Feeds are
a plain ASGI route; pages, health and, later, the API are routers that share one `Site`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from fastapi import FastAPI
from starlette.routing import Route

from feeds.publisher import SERVICE_NAME
from feeds.web.alerts.desk import AlertDesk
from feeds.web.alerts.routes import install_alerts
from feeds.web.api import shapes as api_shapes
from feeds.web.api.app import create_api
from feeds.web.api_page import api_page_router
from feeds.web.directories import directory_router
from feeds.web.errors import install_error_pages
from feeds.web.exports import export_router
from feeds.web.feed_list import feed_list_router
from feeds.web.feeds_app import FeedsApp
from feeds.web.headers import SecurityHeaders
from feeds.web.health import health_router
from feeds.web.home import home_router
from feeds.web.kept_pages import PageKeeper
from feeds.web.mailbox import mailbox_router
from feeds.web.metrics import Watched, metrics_router
from feeds.web.plain_query import PlainQuery
from feeds.web.pulse import Pulse
from feeds.web.question_list import question_list_router
from feeds.web.question_page import question_router
from feeds.web.service_pages import service_router
from feeds.web.site import WebOptions, site_of
from feeds.web.static_files import MarkedFiles
from feeds.web.templating import STATIC, Pages
from tracker.clock import Clock
from tracker.figures_port import PublicReader
from tracker.milestones import Milestone

__all__ = ["WebOptions", "create_app"]

_PAGES = (
    home_router,
    question_list_router,
    question_router,
    feed_list_router,
    directory_router,
    service_router,
    api_page_router,
)
_DOCUMENT_BYTES = 32 * 1024 * 1024  # of answers to programs kept in memory


def create_app(
    reader: PublicReader,
    topics: Sequence[tuple[str, str]],
    options: WebOptions,
    clock: Clock,
    milestones: Mapping[str, Sequence[Milestone]] = MappingProxyType({}),
    *,
    alerts: AlertDesk | None = None,
    watched: Watched | None = None,
    mailbox: Path | None = None,
) -> FastAPI:
    """The application that serves one place; `topics` are (slug, label), the first one leads.

    `milestones` are those of each topic, by slug. Without `alerts`, one cannot ask for any here.
    `watched` adds what the operator is told to health and metrics. `mailbox` is a demonstration's Maildir.

    Raises IntegrityError when the place has no tag authority yet.
    """
    options = replace(options, alerts=alerts is not None)
    site = site_of(reader, topics, options, clock, milestones)
    pages, pulse = Pages(site), Pulse(site)
    keeper = PageKeeper(pulse)
    app = FastAPI(
        title=SERVICE_NAME,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.add_middleware(SecurityHeaders)
    app.add_middleware(PlainQuery)
    documents = PageKeeper(pulse, _DOCUMENT_BYTES)  # of its own: no page waits while a long calendar is made
    app.include_router(export_router(site, pulse, documents))
    for make in _PAGES:
        app.include_router(make(site, pages, keeper))
    app.include_router(health_router(site, watched))
    app.include_router(metrics_router(site, watched))
    if mailbox is not None:
        app.include_router(mailbox_router(pages, mailbox))
    install_alerts(app, site, pages, alerts)
    app.router.routes.append(Route("/flux/{path:path}", FeedsApp(site, pulse)))
    app.mount(api_shapes.ROOT, create_api(site, documents))
    app.mount("/static", MarkedFiles(directory=STATIC), name="static")
    install_error_pages(app, pages)
    return app
