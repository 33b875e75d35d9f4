"""What OpenAPI says of the API in words, and the parts of it that FastAPI cannot know.

Enters: the API's application. Leaves: its OpenAPI document, and the descriptions that routes share.
"""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from feeds.typography import typeset
from feeds.web.api import problems

ABOUT = typeset(
    "Les questions écrites à l'Assemblée nationale que ce service suit, leurs réponses et tout ce qui leur "
    "arrive, pour des programmes. Lecture seule, sans clé ni compte. Service indépendant de l'Assemblée "
    "nationale et de l'État ; données sous Licence Ouverte, source à citer.\n\n"
    "Chaque réponse porte un `ETag` : redemandez avec `If-None-Match`, et rien n'est renvoyé (304) tant que "
    "rien n'a changé. Un paramètre inconnu, répété, vide ou mal formé est refusé (400), et l'erreur dit "
    "pourquoi."
)
TAGS = [
    {"name": "questions", "description": typeset("Les questions suivies, avec le filtre des pages.")},
    {"name": "événements", "description": typeset("Ce qui arrive, dans l'ordre où ce service l'apprend.")},
    {"name": "chiffres", "description": typeset("Des comptes, et toujours ce sur quoi ils reposent.")},
    {"name": "service", "description": typeset("Les flux et l'état du service.")},
]
_PROBLEM = {"schema": {"$ref": "#/components/schemas/Problem"}}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors that a route may answer, for FastAPI's `responses`; a malformed request is always one."""
    found: dict[int | str, dict[str, Any]] = {}
    for status in (400, *statuses):
        kind = problems.kind_of(status)
        found[status] = {
            "description": f"{typeset(kind.title)}. {typeset(kind.meaning)}",
            "content": {problems.MEDIA_TYPE: _PROBLEM},
        }
    found[304] = {"description": typeset("Rien n'a changé depuis l'ETag donné dans If-None-Match.")}
    return found


def openapi_of(api: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, complete, without what FastAPI supposes of errors."""
    document = api.openapi()
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas["Problem"] = problems.Problem.model_json_schema()
    for path in document["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation["responses"]["200"]["description"] = typeset("Ce qui est demandé.")
    return document
