"""Errors of the API, as RFC 9457 problem details in French.

Enters: what routes raise. Leaves: `application/problem+json` with stable members. `type` is an address on
the page `/api` that explains the error; nothing of the inside of the service is ever told.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse

from feeds.typography import typeset
from tracker.errors import UsageError

MEDIA_TYPE = "application/problem+json"
METHODS = "GET, HEAD, OPTIONS"


class Problem(BaseModel):
    """Une erreur, telle que la RFC 9457 la décrit."""

    model_config = ConfigDict(extra="forbid", title="Problem")

    type: str = Field(
        description="Adresse qui explique ce genre d'erreur ; elle ne change pas.",
        examples=["https://suivi.exemple.fr/api#erreur-parametre"],
    )
    title: str = Field(description="Le genre d'erreur, en peu de mots.", examples=["Paramètre refusé"])
    status: int = Field(description="Le code HTTP de la réponse.", examples=[400])
    detail: str = Field(
        description="Ce qui n'allait pas cette fois, et quoi faire.",
        examples=["« x » n'est pas une législature. Exemple : legislature=17."],
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of error: its status, the end of its address, its title, what it means."""

    status: int
    name: str
    title: str
    meaning: str


KINDS = (
    Kind(400, "parametre", "Paramètre refusé", "Un paramètre est inconnu, répété, trop grand ou mal formé."),
    Kind(
        404,
        "introuvable",
        "Introuvable",
        "Cette adresse ne mène à rien, ou la question n'est pas suivie ici.",
    ),
    Kind(405, "methode", "Méthode refusée", "L'API se lit seulement : GET, HEAD ou OPTIONS."),
    Kind(
        409,
        "curseur",
        "Curseur refusé",
        "Le curseur ou la séquence n'est pas de ce service, ou ne va pas avec le tri demandé : reprenez au "
        "début ; les identifiants des questions et des événements ne changent pas.",
    ),
    Kind(
        500,
        "service",
        "Une erreur est survenue",
        "L'erreur est de notre côté et elle est notée dans le journal du service ; réessayez dans un moment.",
    ),
)
_BY_STATUS = {kind.status: kind for kind in KINDS}


class CursorError(UsageError):
    """A cursor or a sequence that this service never gave, or that goes with another order."""


def kind_of(status: int) -> Kind:
    """The kind of error that a status stands for."""
    return _BY_STATUS.get(status, _BY_STATUS[400 if status < 500 else 500])  # noqa: PLR2004  # HTTP


def install_problems(app: FastAPI, public_url: str) -> None:
    """Give the API its error bodies."""

    def problem(
        status: int, detail: str | None = None, headers: dict[str, str] | None = None
    ) -> JSONResponse:
        kind = kind_of(status)
        body = Problem(
            type=f"{public_url}/api#erreur-{kind.name}",
            title=typeset(kind.title),
            status=status,
            detail=typeset(detail or kind.meaning),
        )
        told = {"Cache-Control": "no-store", "Content-Language": "fr", **(headers or {})}
        return JSONResponse(body.model_dump(), status_code=status, media_type=MEDIA_TYPE, headers=told)

    async def refused(_request: Request, error: Exception) -> JSONResponse:
        return problem(400, str(error))

    async def malformed(_request: Request, _error: Exception) -> JSONResponse:
        return problem(404, "L'identifiant d'une question a la forme QANR5L17QE13983.")

    async def astray(_request: Request, error: Exception) -> JSONResponse:
        return problem(409, str(error))

    async def http_error(_request: Request, error: Exception) -> JSONResponse:
        found = cast("HTTPException", error)
        # Starlette's own detail is the English name of the status.
        own = None if found.detail == HTTPStatus(found.status_code).phrase else found.detail
        headers = dict(found.headers or {})
        if "Allow" in headers:
            headers["Allow"] = METHODS
        return problem(found.status_code, own, headers)

    async def broken(_request: Request, _error: Exception) -> JSONResponse:
        return problem(500)

    app.add_exception_handler(UsageError, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    app.add_exception_handler(CursorError, astray)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(Exception, broken)
