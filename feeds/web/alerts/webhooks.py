"""The webhooks of who has a confirmed address: added, tried, given another secret, stopped.

Enters: the token of a link from a mail, posted forms. Leaves: HTML. A secret is shown by the answer that
makes it, and never again.
"""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from feeds.alerts.addresses import webhook_address
from feeds.alerts.links import manage_path
from feeds.alerts.signing import new_secret
from feeds.web.alerts.desk import WEBHOOKS_OF_AN_OWNER, AlertDesk
from feeds.web.alerts.drafts import Draft, draft_of_address, draft_of_form
from feeds.web.alerts.form import form_of
from feeds.web.alerts.listing import listing
from feeds.web.alerts.manage import back
from feeds.web.alerts.numbers import NUMBER
from feeds.web.alerts.posted import Posted
from feeds.web.asked import pairs_of
from feeds.web.site import Site
from feeds.web.templating import Pages
from tracker.alert_ports import Account
from tracker.alerts import Channel, DisabledReason, Outcome, Subscriber, SubscriptionState
from tracker.errors import UsageError

_METHODS = ["GET", "HEAD"]
_BASE = f"{manage_path('{token}')}/webhook"


class WebhookPages:
    """The forms of webhooks."""

    def __init__(self, site: Site, pages: Pages, desk: AlertDesk) -> None:
        self._site = site
        self._pages = pages
        self._desk = desk

    def router(self) -> APIRouter:
        """Their routes."""
        router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
        router.add_api_route(_BASE, self.adding, methods=_METHODS)
        router.add_api_route(_BASE, self.add, methods=["POST"])
        router.add_api_route(f"{_BASE}/{NUMBER}/essai", self.try_out, methods=["POST"])
        router.add_api_route(f"{_BASE}/{NUMBER}/secret", self.renew, methods=["POST"])
        router.add_api_route(f"{_BASE}/{NUMBER}/reactiver", self.enable, methods=["POST"])
        router.add_api_route(f"{_BASE}/{NUMBER}/arreter", self.stop, methods=["POST"])
        return router

    def _editing(self, request: Request, token: str, draft: Draft, error: str = "") -> HTMLResponse:
        context = {
            "form": form_of(self._site, draft, error),
            "action": request.url.path,
            "back": manage_path(token),
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if error else HTTPStatus.OK
        return self._pages.response(request, "alertes-webhook.html", context, status=status)

    def _showing(self, request: Request, token: str, webhook: Subscriber, secret: str | None) -> HTMLResponse:
        context = {
            "address": webhook.address,
            "secret": secret,
            "trial": f"{manage_path(token)}/webhook/{webhook.id}/essai",
            "back": manage_path(token),
        }
        return self._pages.response(request, "alertes-secret.html", context)

    def adding(self, request: Request, token: str) -> HTMLResponse:
        """The form of a webhook."""
        self._desk.held_by(token)
        return self._editing(request, token, draft_of_address(pairs_of(request.url.query)))

    def add(self, request: Request, token: str, posted: Posted) -> Response:
        """One webhook more, or one more alert of a webhook that is there."""
        owner, draft = self._desk.held_by(token), draft_of_form(posted)
        try:
            address = webhook_address(draft.address, allow_private=self._desk.allow_private)
            known, wish = _knows(owner, address), draft.wish()
            secret = new_secret()
            asked = self._desk.subscriptions.add(
                Channel.WEBHOOK,
                address,
                wish,
                at=self._desk.now(),
                secret=secret,
                owner_id=owner.subscriber.id,
            )
        except UsageError as error:
            return self._editing(request, token, draft, str(error))
        if known:
            return back(token, "ajoute")
        webhook = webhook_of(self._desk.held_by(token), asked.subscriber_id)
        return self._showing(request, token, webhook, secret)

    def try_out(self, request: Request, token: str, number: int) -> Response:
        """Send a test and say what the webhook answered."""
        account = self._desk.held_by(token)
        webhook = webhook_of(account, number)
        if not self._desk.may_try(account.subscriber):
            failed = "Trop d'essais en une heure : attendez un peu avant le prochain."
        else:
            result = self._desk.try_out(webhook)
            if result.outcome is Outcome.ACCEPTED:
                return back(token, "essai")
            failed = f"L'essai n'a pas été reçu : {result.reason}."
        return listing(self._site, self._pages, request, account, token, failed=failed)

    def renew(self, request: Request, token: str, number: int) -> HTMLResponse:
        """Another secret in place of the one there was."""
        webhook, secret = webhook_of(self._desk.held_by(token), number), new_secret()
        self._desk.subscriptions.set_secret(webhook.id, secret)
        return self._showing(request, token, webhook, secret)

    def enable(self, token: str, number: int) -> Response:
        """Send to it again, from now."""
        webhook = webhook_of(self._desk.held_by(token), number)
        if webhook.disabled_reason is not DisabledReason.OPERATOR:
            self._desk.subscriptions.enable(webhook.id, at=self._desk.now())
        return back(token, "webhook-reactive")

    def stop(self, token: str, number: int) -> Response:
        """Stop all of its alerts."""
        account = self._desk.held_by(token)
        webhook_of(account, number)
        for one in next(each for each in account.webhooks if each.subscriber.id == number).subscriptions:
            self._desk.subscriptions.move(
                one.id, SubscriptionState.STOPPED, at=self._desk.now(), subscriber_id=account.subscriber.id
            )
        return back(token, "webhook-arrete")


def _knows(owner: Account, address: str) -> bool:
    """Whether an owner has that webhook already. Raises UsageError when there are too many for another."""
    known = any(one.subscriber.address == address for one in owner.webhooks)
    if not known and len(owner.webhooks) >= WEBHOOKS_OF_AN_OWNER:
        raise UsageError(f"Vous avez déjà {WEBHOOKS_OF_AN_OWNER} webhooks : arrêtez-en un.")
    return known


def webhook_of(account: Account, number: int) -> Subscriber:
    """One of an owner's webhooks. Raises a 404."""
    found = [one.subscriber for one in account.webhooks if one.subscriber.id == number]
    if not found:
        raise HTTPException(
            HTTPStatus.NOT_FOUND, detail="Ce webhook n’est pas, ou n’est plus, parmi les vôtres."
        )
    return found[0]
