"""The parameters of the API: what they mean, and how they are read.

Enters: the raw query of a request. Leaves: a `Selection` and other values, or a `UsageError` in French that
names the parameter; and the same parameters as OpenAPI describes them. A program that is mistaken is told:
an unknown, repeated, blank or padded parameter is refused, where a page would be lenient.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from feeds.catalogue import Section
from feeds.web.asked import Pairs, pairs_of
from feeds.web.list_address import DEFAULT, ORDERS
from tracker.addresses import KIND_WORDS, STATUS_WORDS, from_query
from tracker.errors import UsageError
from tracker.selection import Selection

MOST_QUESTIONS = 200
MOST_EVENTS = 500
USUAL = 50
LAST_SEQUENCE = 2**63 - 1
EXAMPLE = "QANR5L17QE13983"
UID = "^QANR5L[0-9]{1,3}QE[0-9]{1,7}$"

_SLUG = "^[a-z0-9]+(-[a-z0-9]+)*$"
_FREE_TEXT = frozenset({"q"})
_SECTIONS = [section.value for section in Section if section is not Section.SELECTED]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the query: its meaning in French, its schema, an example."""

    name: str
    meaning: str
    schema: Mapping[str, Any]
    example: str

    @property
    def several(self) -> bool:
        """Whether it may be repeated; then any of its values will do."""
        return "items" in self.schema

    def described(self) -> dict[str, Any]:
        """As an OpenAPI parameter object."""
        example: str | int | list[str] = self.example
        if self.several:
            example = [self.example]
        elif self.schema["type"] == "integer":
            example = int(self.example)
        return {
            "name": self.name,
            "in": "query",
            "required": False,
            "description": self.meaning,
            "schema": dict(self.schema),
            "example": example,
        }


def _slug(name: str, meaning: str, example: str) -> Parameter:
    return Parameter(name, meaning, {"type": "string", "pattern": _SLUG, "maxLength": 200}, example)


def _shaped(name: str, meaning: str, pattern: str, example: str) -> Parameter:
    return Parameter(name, meaning, {"type": "string", "pattern": pattern}, example)


def _words(name: str, meaning: str, words: Iterable[str], example: str) -> Parameter:
    known = list(words)
    items = {"type": "string", "enum": known}
    return Parameter(name, meaning, {"type": "array", "items": items, "maxItems": len(known)}, example)


def _day(name: str, meaning: str, example: str) -> Parameter:
    return Parameter(name, meaning, {"type": "string", "format": "date"}, example)


def _number(name: str, meaning: str, least: int, most: int, example: str, **more: int) -> Parameter:
    schema = {"type": "integer", "minimum": least, "maximum": most, **more}
    return Parameter(name, meaning, schema, example)


FILTER = (
    _slug("sujet", "Sujet suivi.", "asalee"),
    _words(
        "statut",
        "Statut au jour de la demande ; répété, l'un ou l'autre.",
        STATUS_WORDS.values(),
        "echeance-depassee",
    ),
    _slug("groupe", "Groupe politique tel que la question l'indique.", "gdr"),
    _slug("ministere", "Ministère interrogé, ou chargé un jour de répondre.", "sante"),
    _shaped("depute", "Auteur : sa référence à l'Assemblée nationale.", "^PA[0-9]{1,9}$", "PA721764"),
    _shaped("departement", "Code du département d'élection de l'auteur.", "^([0-9]{2,3}|2[AB])$", "76"),
    _slug("rubrique", "Rubrique donnée par l'Assemblée nationale.", "professions-de-sante"),
    _number("legislature", "Législature.", 0, 99, "17"),
    _shaped("question", "Une seule question, par son identifiant.", UID, EXAMPLE),
    Parameter(
        "signalee",
        "Signalée au moins une fois, ou jamais.",
        {"type": "string", "enum": ["oui", "non"]},
        "oui",
    ),
    _day("du", "Publiée ce jour-là ou après.", "2026-01-01"),
    _day("au", "Publiée ce jour-là ou avant.", "2026-12-31"),
    Parameter(
        "q",
        "Mots cherchés dans le titre, le texte, la réponse, le numéro et l'auteur, tous présents ; ni les "
        "accents, ni les majuscules, ni le pluriel ne comptent.",
        {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "\\S"},
        "infirmières",
    ),
    _words(
        "evenement",
        "Sans effet sur une liste de questions ; accepté pour que la même adresse serve partout.",
        KIND_WORDS.values(),
        "reponse",
    ),
)
"""The one filter, as `tracker.addresses` reads it."""

SORT = Parameter(
    "tri", "Ordre de la liste.", {"type": "string", "enum": [*ORDERS], "default": DEFAULT}, DEFAULT
)
CURSOR = _shaped(
    "curseur",
    "Suite d'une liste, telle que `suivant` la donne ; son contenu n'est pas à interpréter.",
    "^[A-Za-z0-9_-]{8,80}$",
    "cHVibGljYXRpb24uNzM5ODk1LjE3LjEzOTgz",
)
QUESTIONS_LIMIT = _number(
    "limite", "Nombre de questions au plus.", 1, MOST_QUESTIONS, str(USUAL), default=USUAL
)
AFTER = _number(
    "apres",
    "Dernière séquence déjà reçue ; 0 pour tout reprendre depuis le début.",
    0,
    LAST_SEQUENCE,
    "0",
    default=0,
)
LAST_ID = _shaped(
    "dernier",
    "Identifiant de l'événement de la séquence `apres`, tel que `suite` le donne : il prouve que la base n'a "
    "pas été refaite depuis ; sinon la réponse est 409.",
    "^[A-Z0-9]{1,40}/[a-z-]{1,40}/[0-9]{4}-[0-9]{2}-[0-9]{2}/[1-9][0-9]{0,5}$",
    f"{EXAMPLE}/answered/2026-11-17/1",
)
EVENTS_LIMIT = _number("limite", "Nombre d'événements au plus.", 1, MOST_EVENTS, str(USUAL), default=USUAL)
TOPIC = FILTER[0]
SECTION = Parameter(
    "section",
    "Une seule famille de flux ; sans elle, toutes sauf « questions », qui compte un flux par question.",
    {"type": "string", "enum": _SECTIONS},
    "groupes",
)


def described(parameters: Iterable[Parameter]) -> dict[str, Any]:
    """What FastAPI's `openapi_extra` wants."""
    return {"parameters": [parameter.described() for parameter in parameters]}


def read(query: str, parameters: Iterable[Parameter]) -> Pairs:
    """The pairs of a query string, each of them one of `parameters` and given no more than it may be."""
    known = {parameter.name: parameter for parameter in parameters}
    pairs = pairs_of(query)
    counts: dict[str, int] = {}
    for name, value in pairs:
        if name not in known:
            raise UsageError(_unknown(name, known))
        if not value.strip() or (value != value.strip() and name not in _FREE_TEXT):
            raise UsageError(f"Le paramètre « {name} » est vide, ou entouré d'espaces.")
        longest = known[name].schema.get("maxLength")
        if longest is not None and len(value) > longest:
            raise UsageError(f"Le paramètre « {name} » compte plus de {longest} caractères.")
        counts[name] = counts.get(name, 0) + 1
        most = known[name].schema.get("maxItems", 1)
        if counts[name] > most:
            raise UsageError(f"Le paramètre « {name} » est donné plus de {most} fois.")
    return pairs


def selection_of(pairs: Pairs) -> Selection:
    """The filter among some pairs that were read."""
    names = {parameter.name for parameter in FILTER}
    return from_query(pair for pair in pairs if pair[0] in names)


def shaped_of(pairs: Pairs, parameter: Parameter) -> str | None:
    """The value of a parameter that has a form, if given."""
    value = dict(pairs).get(parameter.name)
    if value is not None and not re.fullmatch(parameter.schema["pattern"], value):
        raise UsageError(f"« {value[:40]} » n'est pas une valeur de « {parameter.name} ».")
    return value


def word_of(pairs: Pairs, parameter: Parameter) -> str | None:
    """The value of a parameter that is one of a closed list, else its default."""
    value = dict(pairs).get(parameter.name)
    known: list[str] = parameter.schema["enum"]
    if value is not None and value not in known:
        raise UsageError(
            f"« {value[:40]} » n'est pas une valeur de « {parameter.name} ». Valeurs : {', '.join(known)}."
        )
    return parameter.schema.get("default") if value is None else value


def number_of(pairs: Pairs, parameter: Parameter) -> int:
    """The value of a whole number, else its default."""
    value = dict(pairs).get(parameter.name)
    least, most = parameter.schema["minimum"], parameter.schema["maximum"]
    if value is None:
        return int(parameter.schema["default"])
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", value) or not least <= int(value) <= most:
        raise UsageError(
            f"« {value[:40]} » n'est pas une valeur de « {parameter.name} », qui est un nombre entier "
            f"de {least} à {most}."
        )
    return int(value)


def _unknown(name: str, known: Mapping[str, Parameter]) -> str:
    if not known:
        return f"Paramètre inconnu : « {name[:40]} ». Cette adresse n'en prend aucun."
    return f"Paramètre inconnu : « {name[:40]} ». Paramètres possibles : {', '.join(known)}."
