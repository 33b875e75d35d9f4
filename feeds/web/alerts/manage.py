"""`/alertes/gerer/{token}`: one page to see, change, suspend and stop all that an address asked for.

Enters: the token of a link from a mail, posted forms. Leaves: HTML, and redirections back to the page after
what was done. Whoever holds the link holds these subscriptions: the address of each form carries it.
"""

from __future__ import annotations

import json
from http import HTTPStatus

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from feeds.alerts.links import HOME, manage_path
from feeds.web.alerts.desk import AlertDesk
from feeds.web.alerts.drafts import draft_of_address, draft_of_form, draft_of_subscription
from feeds.web.alerts.form import Form, form_of
from feeds.web.alerts.listing import listing
from feeds.web.alerts.numbers import NUMBER
from feeds.web.alerts.posted import Posted
from feeds.web.asked import pairs_of, single
from feeds.web.site import Site
from feeds.web.templating import Pages
from tracker.alert_ports import Account
from tracker.alerts import Channel, DisabledReason, Subscription, SubscriptionState
from tracker.errors import UsageError

_METHODS = ["GET", "HEAD"]
_BASE = manage_path("{token}")
_MOVES = {
    "suspendre": SubscriptionState.SUSPENDED,
    "reprendre": SubscriptionState.ACTIVE,
    "arreter": SubscriptionState.STOPPED,
}
DONE = {
    "ajoute": "L'alerte est ajoutée. Elle commence maintenant.",
    "change": "L'alerte est changée.",
    "suspendre": "L'alerte est suspendue : rien ne sera envoyé avant que vous la repreniez.",
    "reprendre": "L'alerte a repris. Ce qui est arrivé entre-temps n'est pas envoyé.",
    "arreter": "L'alerte est arrêtée.",
    "reactive": "L'adresse est réactivée.",
    "essai": "L'essai a été reçu par le webhook.",
    "webhook-arrete": "Les alertes de ce webhook sont arrêtées.",
    "webhook-reactive": "Le webhook est réactivé.",
}


class ManagePages:
    """The page of an address and its forms, those of webhooks apart."""

    def __init__(self, site: Site, pages: Pages, desk: AlertDesk) -> None:
        self._site = site
        self._pages = pages
        self._desk = desk

    def router(self) -> APIRouter:
        """Their routes."""
        router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
        router.add_api_route(_BASE, self.manage, methods=_METHODS)
        router.add_api_route(f"{_BASE}/ajouter", self.adding, methods=_METHODS)
        router.add_api_route(f"{_BASE}/ajouter", self.add, methods=["POST"])
        router.add_api_route(f"{_BASE}/donnees.json", self.data, methods=_METHODS)
        router.add_api_route(f"{_BASE}/effacer", self.erasing, methods=_METHODS)
        router.add_api_route(f"{_BASE}/effacer", self.erase, methods=["POST"])
        router.add_api_route(f"{_BASE}/reactiver", self.enable, methods=["POST"])
        router.add_api_route(f"{_BASE}/{NUMBER}", self.changing, methods=_METHODS)
        router.add_api_route(f"{_BASE}/{NUMBER}", self.change, methods=["POST"])
        router.add_api_route(f"{_BASE}/{NUMBER}/{{move}}", self.move, methods=["POST"])
        return router

    def _editing(self, request: Request, title: str, token: str, form: Form, *, new: bool) -> HTMLResponse:
        context = {
            "heading": title,
            "form": form,
            "action": request.url.path,
            "back": manage_path(token),
            "new": new,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if form.error else HTTPStatus.OK
        return self._pages.response(request, "alertes-modifier.html", context, status=status)

    def manage(self, request: Request, token: str) -> HTMLResponse:
        """All of an address."""
        done = single(pairs_of(request.url.query), "fait") or ""
        return listing(
            self._site, self._pages, request, self._desk.held_by(token), token, said=DONE.get(done, "")
        )

    def adding(self, request: Request, token: str) -> HTMLResponse:
        """The form of one more."""
        self._desk.held_by(token)
        form = form_of(self._site, draft_of_address(pairs_of(request.url.query)))
        return self._editing(request, "Ajouter une alerte", token, form, new=True)

    def add(self, request: Request, token: str, posted: Posted) -> Response:
        """One more, at once: the address is confirmed."""
        account, draft = self._desk.held_by(token), draft_of_form(posted)
        try:
            self._desk.subscriptions.add(
                Channel.EMAIL, account.subscriber.address, draft.wish(), at=self._desk.now()
            )
        except UsageError as error:
            return self._editing(
                request, "Ajouter une alerte", token, form_of(self._site, draft, str(error)), new=True
            )
        return back(token, "ajoute")

    def data(self, token: str) -> Response:
        """All that is kept about the address."""
        address = self._desk.held_by(token).subscriber.address
        body = json.dumps(self._desk.subscriptions.export(address), ensure_ascii=False, indent=2)
        named = {"Content-Disposition": 'attachment; filename="alertes-donnees.json"'}
        return Response(body, media_type="application/json", headers=named)

    def erasing(self, request: Request, token: str) -> HTMLResponse:
        """What will be erased, and the button."""
        self._desk.held_by(token)
        context = {"done": False, "action": request.url.path, "back": manage_path(token)}
        return self._pages.response(request, "alertes-effacer.html", context)

    def erase(self, request: Request, token: str) -> HTMLResponse:
        """Erase all that is kept about the address."""
        self._desk.subscriptions.erase(self._desk.held_by(token).subscriber.address)
        context = {"done": True, "action": "", "back": HOME}
        return self._pages.response(request, "alertes-effacer.html", context)

    def enable(self, token: str) -> Response:
        """Send again to an address that mail came back from."""
        subscriber = self._desk.held_by(token).subscriber
        if subscriber.disabled_reason is not DisabledReason.OPERATOR:
            self._desk.subscriptions.enable(subscriber.id, at=self._desk.now())
        return back(token, "reactive")

    def changing(self, request: Request, token: str, number: int) -> HTMLResponse:
        """The form of one, as it is."""
        asked = subscription_of(self._desk.held_by(token), number)
        form = form_of(self._site, draft_of_subscription(asked))
        return self._editing(request, "Changer une alerte", token, form, new=False)

    def change(self, request: Request, token: str, number: int, posted: Posted) -> Response:
        """Put another wish in its place."""
        account, draft = self._desk.held_by(token), draft_of_form(posted)
        subscription_of(account, number)
        try:
            self._desk.subscriptions.change(
                number, draft.wish(), at=self._desk.now(), subscriber_id=account.subscriber.id
            )
        except UsageError as error:
            return self._editing(
                request, "Changer une alerte", token, form_of(self._site, draft, str(error)), new=False
            )
        return back(token, "change")

    def move(self, token: str, number: int, move: str) -> Response:
        """Suspend, resume or stop one."""
        account = self._desk.held_by(token)
        if move not in _MOVES:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        subscription_of(account, number)
        self._desk.subscriptions.move(
            number, _MOVES[move], at=self._desk.now(), subscriber_id=account.subscriber.id
        )
        return back(token, move)


def back(token: str, done: str) -> RedirectResponse:
    """To the page, which says what was done."""
    return RedirectResponse(f"{manage_path(token)}?fait={done}", HTTPStatus.SEE_OTHER)


def subscription_of(account: Account, number: int) -> Subscription:
    """One of an address's own or of its webhooks'. Raises a 404."""
    everyone = (account, *account.webhooks)
    found = [one for each in everyone for one in each.subscriptions if one.id == number]
    if not found:
        raise HTTPException(
            HTTPStatus.NOT_FOUND, detail="Cette alerte n’est pas, ou n’est plus, parmi les vôtres."
        )
    return found[0]
