"""The pages of alerts, put into the application.

Enters: the application, the desk (None where alerts are not set up). Leaves: its routes, and the pages for a
link that opens nothing and for too many requests.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse

from feeds.alerts.links import HOME
from feeds.web.alerts.desk import AlertDesk, LostLinkError, TooOftenError
from feeds.web.alerts.from_mail import MailLinkPages
from feeds.web.alerts.manage import ManagePages
from feeds.web.alerts.subscribe import ACCESS, SubscribePages
from feeds.web.alerts.webhooks import WebhookPages
from feeds.web.site import Site
from feeds.web.templating import Pages

_RETRY_AFTER = "3600"


def install_alerts(app: FastAPI, site: Site, pages: Pages, desk: AlertDesk | None) -> None:
    """Give the application its pages of alerts."""
    if desk is None:
        app.add_api_route(HOME, _no_alerts(pages), methods=["GET", "HEAD"], include_in_schema=False)
        return
    for part in (SubscribePages, MailLinkPages, ManagePages):
        app.include_router(part(site, pages, desk).router())
    if desk.webhooks:
        app.include_router(WebhookPages(site, pages, desk).router())

    async def lost(request: Request, _error: Exception) -> HTMLResponse:
        context = {"mark": desk.seal.mark(), "access": ACCESS}
        return await run_in_threadpool(
            pages.response, request, "alertes-lien.html", context, status=HTTPStatus.NOT_FOUND
        )

    async def too_often(request: Request, _error: Exception) -> HTMLResponse:
        page = await run_in_threadpool(
            pages.response, request, "alertes-trop.html", {}, status=HTTPStatus.TOO_MANY_REQUESTS
        )
        page.headers["Retry-After"] = _RETRY_AFTER
        return page

    app.add_exception_handler(LostLinkError, lost)
    app.add_exception_handler(TooOftenError, too_often)


def _no_alerts(pages: Pages) -> Callable[[Request], HTMLResponse]:
    def no_alerts(request: Request) -> HTMLResponse:
        """Alerts are not set up on this service."""
        return pages.response(request, "alertes-sans.html", {}, status=HTTPStatus.NOT_FOUND)

    return no_alerts
