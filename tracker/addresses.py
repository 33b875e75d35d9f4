"""The filter as people see it in an address: `statut=echeance-depassee&groupe=gdr`.

Enters: pairs of a query string. Leaves: a `Selection`, or a `UsageError` in French that names the
parameter; and back, in one stable order, so that equal selections have equal addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import TypeVar
from urllib.parse import urlencode

from tracker.characters import clean_characters
from tracker.errors import UsageError
from tracker.events import EventKind
from tracker.questions import QuestionId
from tracker.selection import Selection
from tracker.status import Status

STATUS_WORDS = {
    Status.PENDING: "en-attente",
    Status.OVERDUE: "echeance-depassee",
    Status.ANSWERED: "reponse-publiee",
    Status.WITHDRAWN: "retiree",
    Status.LAPSED: "caduque",
    Status.CLOSED: "close-sans-reponse",
}
KIND_WORDS = {
    EventKind.PUBLISHED: "nouvelle-question",
    EventKind.REATTRIBUTED: "changement-attribution",
    EventKind.SIGNALLED: "signalement",
    EventKind.RENEWED: "renouvellement",
    EventKind.ANSWERED: "reponse",
    EventKind.CORRECTED: "rectification",
    EventKind.WITHDRAWN: "retrait",
    EventKind.LAPSED: "caducite",
    EventKind.CLOSED: "cloture",
    EventKind.REOPENED: "reouverture",
    EventKind.DEADLINE_PASSED: "echeance",
    EventKind.DELISTED: "absence",
}
_STATUSES = {word: status for status, word in STATUS_WORDS.items()}
_KINDS = {word: kind for kind, word in KIND_WORDS.items()}

Word = TypeVar("Word", Status, EventKind)

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ACTOR = re.compile(r"PA\d{1,9}", re.ASCII)
_DEPARTMENT = re.compile(r"[0-9]{2,3}|2[AB]", re.ASCII)
_MAX_WORDS = 200
_REPEATABLE = frozenset({"statut", "evenement"})
PARAMETERS = (
    "sujet",
    "statut",
    "groupe",
    "ministere",
    "depute",
    "departement",
    "rubrique",
    "legislature",
    "question",
    "signalee",
    "du",
    "au",
    "q",
    "evenement",
)


def to_query(selection: Selection) -> str:
    """The query string of a selection, without `?`; empty when it selects all."""
    single = {
        "sujet": selection.topic,
        "groupe": selection.group,
        "ministere": selection.ministry,
        "depute": selection.deputy,
        "departement": selection.department,
        "rubrique": selection.rubric,
        "legislature": selection.legislature,
        "question": selection.uid,
        "signalee": None if selection.signalled is None else ("oui" if selection.signalled else "non"),
        "du": selection.published_from,
        "au": selection.published_to,
        "q": selection.words,
    }
    several = {
        "statut": [word for status, word in STATUS_WORDS.items() if status in selection.statuses],
        "evenement": [word for kind, word in KIND_WORDS.items() if kind in selection.kinds],
    }
    pairs: list[tuple[str, str]] = []
    for name in PARAMETERS:
        if name in several:
            pairs += [(name, word) for word in several[name]]
        elif single[name] is not None:
            pairs.append((name, str(single[name])))
    return urlencode(pairs)


def from_query(pairs: Iterable[tuple[str, str]]) -> Selection:
    """The selection of a query string's pairs; blank values select all.

    Raises UsageError for an unknown parameter, a repeated one, or a value of the wrong form.
    """
    values: dict[str, list[str]] = {}
    for name, value in pairs:
        if name not in PARAMETERS:
            raise UsageError(
                f"Paramètre inconnu : « {name[:40]} ». Paramètres possibles : {', '.join(PARAMETERS)}."
            )
        if not value.strip():
            continue
        if name in values and name not in _REPEATABLE:
            raise UsageError(
                f"Le paramètre « {name} » est donné plusieurs fois ; une seule valeur est possible."
            )
        values.setdefault(name, []).append(value.strip())
    first = {name: found[0] for name, found in values.items()}
    return Selection(
        topic=_shaped(first, "sujet", _SLUG, "asalee"),
        statuses=frozenset(_word(_STATUSES, "statut", word) for word in values.get("statut", ())),
        group=_shaped(first, "groupe", _SLUG, "gdr"),
        ministry=_shaped(first, "ministere", _SLUG, "sante"),
        deputy=_shaped(first, "depute", _ACTOR, "PA721764"),
        department=_shaped(first, "departement", _DEPARTMENT, "76"),
        rubric=_shaped(first, "rubrique", _SLUG, "professions-de-sante"),
        legislature=_legislature(first.get("legislature")),
        uid=_uid(first.get("question")),
        signalled=_yes_or_no(first.get("signalee")),
        published_from=_day(first, "du"),
        published_to=_day(first, "au"),
        words=_words(first.get("q")),
        kinds=frozenset(_word(_KINDS, "evenement", word) for word in values.get("evenement", ())),
    )


def _shaped(first: dict[str, str], name: str, shape: re.Pattern[str], example: str) -> str | None:
    value = first.get(name)
    if value is not None and (len(value) > _MAX_WORDS or not shape.fullmatch(value)):
        raise UsageError(f"« {value[:40]} » n'est pas une valeur de « {name} ». Exemple : {name}={example}.")
    return value


def _word(known: dict[str, Word], name: str, word: str) -> Word:
    if word not in known:
        raise UsageError(f"« {word[:40]} » n'est pas une valeur de « {name} ». Valeurs : {', '.join(known)}.")
    return known[word]


def _legislature(value: str | None) -> int | None:
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{1,2}", value):
        raise UsageError(f"« {value[:40]} » n'est pas une législature. Exemple : legislature=17.")
    return int(value)


def _uid(value: str | None) -> str | None:
    if value is None:
        return None
    try:
        return QuestionId.from_uid(value).uid
    except ValueError as error:
        message = f"« {value[:40]} » n'est pas une question. Exemple : question=QANR5L17QE13983."
        raise UsageError(message) from error


def _yes_or_no(value: str | None) -> bool | None:
    if value not in {None, "oui", "non"}:
        raise UsageError(f"« signalee » vaut « oui » ou « non », pas « {str(value)[:40]} ».")
    return None if value is None else value == "oui"


def _day(first: dict[str, str], name: str) -> date | None:
    value = first.get(name)
    if value is None:
        return None
    message = f"« {value[:40]} » n'est pas une date. Forme attendue : {name}=2026-03-31."
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value, re.ASCII):
        raise UsageError(message)
    try:
        return date.fromisoformat(value)
    except ValueError as error:
        raise UsageError(message) from error


def _words(value: str | None) -> str | None:
    if value is not None and len(value) > _MAX_WORDS:
        raise UsageError(f"La recherche compte plus de {_MAX_WORDS} caractères ; raccourcissez-la.")
    # pasted words may come with characters that no page may hold, or that nobody sees
    return clean_characters(value or "").strip() or None
