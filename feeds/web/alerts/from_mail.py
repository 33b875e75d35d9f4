"""Where links of mails lead to confirm and to stop.

Enters: tokens. Leaves: pages that say what a button will do, and what it did. A GET changes nothing: mail
scanners follow every link. Stopping also takes the one click of mail programs (RFC 8058), whatever the form
of their POST.
"""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse

from feeds.alerts.frequencies import told_how_often
from feeds.alerts.links import confirm_path, manage_path, stop_path
from feeds.described import described
from feeds.web.alerts.desk import AlertDesk, LostLinkError
from feeds.web.site import Site
from feeds.web.templating import Pages
from tracker.alerts import Subscription, SubscriptionState, TokenPurpose

_METHODS = ["GET", "HEAD"]
_CONFIRM, _STOP = confirm_path("{token}"), stop_path("{token}")


class MailLinkPages:
    """Confirming and stopping."""

    def __init__(self, site: Site, pages: Pages, desk: AlertDesk) -> None:
        self._site = site
        self._pages = pages
        self._desk = desk

    def router(self) -> APIRouter:
        """Their routes."""
        router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
        router.add_api_route(_CONFIRM, self.confirm_page, methods=_METHODS)
        router.add_api_route(_CONFIRM, self.confirm, methods=["POST"])
        router.add_api_route(_STOP, self.stop_page, methods=_METHODS)
        router.add_api_route(_STOP, self.stop, methods=["POST"])
        return router

    def _confirming(self, request: Request, asked: Subscription, *, done: bool) -> HTMLResponse:
        context = {
            "about": described(asked.selection, self._site.labels()),
            "how_often": told_how_often(asked.frequency),
            "heartbeat": asked.heartbeat,
            "done": done,
            "action": request.url.path,
        }
        return self._pages.response(request, "alertes-confirmer.html", context)

    def confirm_page(self, request: Request, token: str) -> HTMLResponse:
        """What will be confirmed, and the button."""
        account = self._desk.subscriptions.look_at(token, TokenPurpose.CONFIRM, at=self._desk.now())
        if account is None or not account.subscriptions:
            raise LostLinkError
        asked = account.subscriptions[0]
        if asked.state is SubscriptionState.STOPPED:
            raise LostLinkError
        return self._confirming(request, asked, done=asked.state is not SubscriptionState.UNCONFIRMED)

    def confirm(self, request: Request, token: str) -> HTMLResponse:
        """Confirm; again, nothing more."""
        confirmed = self._desk.subscriptions.confirm(token, at=self._desk.now())
        if confirmed is None or confirmed.state is SubscriptionState.STOPPED:
            raise LostLinkError
        return self._confirming(request, confirmed, done=True)

    def stop_page(self, request: Request, token: str) -> HTMLResponse:
        """What will be stopped, and the button."""
        account = self._desk.held_by(token)
        context = {
            "count": len(account.subscriptions),
            "done": False,
            "action": request.url.path,
            "manage": manage_path(token),
            "webhooks": len(account.webhooks),
        }
        return self._pages.response(request, "alertes-arreter.html", context)

    def stop(self, request: Request, token: str) -> HTMLResponse:
        """Stop all mail; again, nothing more."""
        if not self._desk.subscriptions.stop_all(token, at=self._desk.now()):
            raise LostLinkError
        account = self._desk.held_by(token)
        context = {
            "count": 0,
            "done": True,
            "action": request.url.path,
            "manage": manage_path(token),
            "webhooks": len(account.webhooks),
        }
        return self._pages.response(request, "alertes-arreter.html", context, status=HTTPStatus.OK)
