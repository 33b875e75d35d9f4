"""Pages for what went wrong, in French, that say what to do next.

Enters: exceptions of routes. Leaves: HTML with the right status. An unforeseen error is still raised for
the logs after its page is sent; its page asks the database nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from feeds.typography import typeset
from feeds.web.headers import SECURITY_HEADERS
from feeds.web.templating import Pages
from tracker.errors import UsageError


@dataclass(frozen=True, slots=True)
class _Words:
    title: str
    help: str


_BROKEN = _Words(
    "Une erreur est survenue",
    "L’erreur est de notre côté et elle est notée dans le journal du service. Réessayez dans un moment.",
)
_MALFORMED = _Words(
    "Adresse mal formée",
    "Corrigez l’adresse, ou repartez de la liste des questions et de ses filtres.",
)
_WORDS = {
    400: _MALFORMED,
    404: _Words(
        "Page introuvable",
        "Vérifiez l’adresse, ou partez de la liste des flux ou de la page d’accueil.",
    ),
    405: _Words("Requête refusée", "Cette adresse se lit seulement (GET ou HEAD)."),
    422: _Words("Adresse incomplète ou mal formée", "Vérifiez l’adresse, ou partez de la page d’accueil."),
    500: _BROKEN,
}
_OTHER = _Words("Requête refusée", "Le service ne peut pas répondre à cette requête.")


def install_error_pages(app: FastAPI, pages: Pages) -> None:
    """Give the application its pages of errors."""

    async def refused(request: Request, error: Exception) -> HTMLResponse:
        found = cast("HTTPException", error)
        words = _WORDS.get(found.status_code, _OTHER)
        # Starlette's own detail is the English name of the status.
        said = "" if found.detail == HTTPStatus(found.status_code).phrase else found.detail
        context = {"title": words.title, "said": said, "help": words.help}
        page = await run_in_threadpool(
            pages.response, request, "error.html", context, status=found.status_code
        )
        page.headers.update(found.headers or {})
        return page

    async def misused(request: Request, error: Exception) -> HTMLResponse:
        context = {"title": _MALFORMED.title, "said": typeset(str(error)), "help": _MALFORMED.help}
        return await run_in_threadpool(pages.response, request, "error.html", context, status=400)

    async def malformed(_request: Request, _error: Exception) -> HTMLResponse:
        words = _WORDS[422]
        return pages.bare("error.html", {"title": words.title, "said": "", "help": words.help}, status=422)

    async def broken(_request: Request, _error: Exception) -> HTMLResponse:
        context = {"title": _BROKEN.title, "said": "", "help": _BROKEN.help}
        page = pages.bare("error.html", context, status=500)
        page.headers.update(SECURITY_HEADERS)  # sent from outside the middleware that adds them
        return page

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(UsageError, misused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(Exception, broken)
