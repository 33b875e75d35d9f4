"""`/alertes`: asking for an alert by mail, and for the link to one's own.

Enters: an address prefilled with a filter, posted forms. Leaves: HTML, and a letter in the outbox that asks
to confirm. What the page says does not depend on whether the address is known, nor on what is done.
"""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from feeds.alerts.links import HOME
from feeds.web.alerts.desk import AlertDesk
from feeds.web.alerts.drafts import Draft, draft_of_address, draft_of_form, preselected
from feeds.web.alerts.form import form_of
from feeds.web.alerts.posted import Posted
from feeds.web.asked import Pairs, pairs_of, single
from feeds.web.site import Site
from feeds.web.templating import Pages
from tracker.errors import UsageError
from tracker.mail_addresses import mail_address
from tracker.status import status_of

SENT = f"{HOME}/envoye"
ACCESS = f"{HOME}/acces"

_METHODS = ["GET", "HEAD"]
_TRAP = "site"  # a field that people do not see: who fills it is a program
_OLD = "Cette page est restée ouverte trop longtemps. Vérifiez ce qu'elle dit, puis envoyez-la de nouveau."


class SubscribePages:
    """The form, what follows it, and the way to one's own alerts."""

    def __init__(self, site: Site, pages: Pages, desk: AlertDesk) -> None:
        self._site = site
        self._pages = pages
        self._desk = desk

    def router(self) -> APIRouter:
        """Their routes."""
        router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
        router.add_api_route(HOME, self.asking, methods=_METHODS)
        router.add_api_route(HOME, self.asked, methods=["POST"])
        router.add_api_route(ACCESS, self.access_asked, methods=["POST"])
        router.add_api_route(SENT, self.sent, methods=_METHODS)
        return router

    def _show(self, request: Request, draft: Draft, error: str = "", access_error: str = "") -> HTMLResponse:
        context = {
            "form": form_of(self._site, draft, error),
            "access_error": access_error,
            "mark": self._desk.seal.mark(),
            "action": HOME,
            "access": ACCESS,
        }
        status = HTTPStatus.UNPROCESSABLE_ENTITY if error or access_error else HTTPStatus.OK
        return self._pages.response(request, "alertes.html", context, status=status)

    def asking(self, request: Request) -> HTMLResponse:
        """The form, with the filter of the address."""
        return self._show(request, _prefilled(self._site, pairs_of(request.url.query)))

    def asked(self, request: Request, posted: Posted) -> Response:
        """Owe a letter that asks to confirm."""
        draft = draft_of_form(posted)
        if not self._desk.seal.holds(single(posted, "marque") or ""):
            return self._show(request, draft, error=_OLD)
        try:
            address, wish = mail_address(draft.address), draft.wish()
        except UsageError as error:
            return self._show(request, draft, error=str(error))
        if self._desk.may_ask(request, address) and single(posted, _TRAP) is None:
            self._desk.subscriptions.ask(address, wish, at=self._desk.now())
        return RedirectResponse(SENT, HTTPStatus.SEE_OTHER)

    def access_asked(self, request: Request, posted: Posted) -> Response:
        """Owe a letter with the link to one's own alerts."""
        draft = Draft()
        if not self._desk.seal.holds(single(posted, "marque") or ""):
            return self._show(request, draft, access_error=_OLD)
        try:
            address = mail_address(single(posted, "adresse") or "")
        except UsageError as error:
            return self._show(request, draft, access_error=str(error))
        if self._desk.may_ask(request, address) and single(posted, _TRAP) is None:
            self._desk.subscriptions.ask_access(address, at=self._desk.now())
        return RedirectResponse(f"{SENT}?lien=oui", HTTPStatus.SEE_OTHER)

    def sent(self, request: Request) -> HTMLResponse:
        """The same for everyone: look into your mailbox."""
        wants_link = single(pairs_of(request.url.query), "lien") is not None
        return self._pages.response(request, "alertes-envoye.html", {"wants_link": wants_link})


def _prefilled(site: Site, pairs: Pairs) -> Draft:
    """The draft of an address; of one question, what is left to wait for is chosen."""
    draft = draft_of_address(pairs)
    view = site.reader.question(draft.selection.uid) if draft.selection.uid else None
    if view is None:
        return draft
    return draft_of_address(pairs, preselected(status_of(view.record, site.today())))
