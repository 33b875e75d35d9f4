"""Selected questions as a file: CSV for spreadsheets, JSON for programs.

Enters: question views, the day in Paris. Leaves: text with the stable columns of
`docs/reference/export.md`, in parts, so that a long list is never held whole. Whoever writes them to a
file opens it in UTF-8 and, for CSV, with `newline=""`.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any, Literal, TextIO

from tracker.addresses import KIND_WORDS, STATUS_WORDS
from tracker.characters import clean_characters
from tracker.deadlines import due_on, signalements_available
from tracker.ports import QuestionView, Reader
from tracker.questions import Closure, Constituency, Group, JoReference
from tracker.selection import Selection
from tracker.status import answered_on, closed_on, days_to_answer, status_of
from tracker.text import plain

Form = Literal["csv", "json"]
Value = str | int | list[str] | None

SOURCE = "Assemblée nationale, données ouvertes"
LICENCE = "Licence Ouverte / Open Licence (Etalab)"

# What begins a formula (OWASP, « CSV injection »), the wide forms included: at the start of a cell, or of
# what becomes one where a spreadsheet parts cells at semicolons, as French ones do by default.
_FORMULA = re.compile(r"\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_FORMULA_WITHIN = re.compile(r"([;\t\n]\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")

COLUMNS = (
    "identifiant",
    "legislature",
    "numero",
    "titre",
    "rubrique",
    "auteur_civilite",
    "auteur",
    "auteur_reference",
    "groupe",
    "groupe_nom",
    "departement_code",
    "departement",
    "circonscription",
    "ministere_interroge",
    "ministere_attributaire",
    "statut",
    "date_publication",
    "date_echeance",
    "date_reponse",
    "jours_pour_repondre",
    "date_cloture",
    "cloture",
    "signalements",
    "renouvellements",
    "jo_numero",
    "jo_page",
    "sujets",
    "adresse_officielle",
    "texte_question",
    "texte_reponse",
)
"""Names are only ever added, at the end."""


def export(reader: Reader, selection: Selection, stream: TextIO, *, form: Form, today: date) -> int:
    """Write the questions of a selection to `stream`, oldest publication first; how many there were."""
    views = reader.questions(selection, today=today, order="published", descending=False)
    parts = (
        csv_parts(views, today)
        if form == "csv"
        else json_parts(views, today, read_at=reader.last_good_check())
    )
    stream.writelines(parts)
    return len(views)


def csv_parts(views: Iterable[QuestionView], today: date) -> Iterator[str]:
    """RFC 4180, a row at a time: commas, quotes where needed, CRLF; ` ; ` parts several values of a cell."""
    yield _row(COLUMNS)
    for view in views:
        yield _row([_cell(value) for value in values_of(view, today).values()])


def json_parts(views: Iterable[QuestionView], today: date, *, read_at: datetime | None) -> Iterator[str]:
    """One object, a question at a time: source, licence, dates, and the questions with their events.

    Each question stands on a line of its own and has the names of `COLUMNS`.
    """
    head = {
        "source": SOURCE,
        "licence": LICENCE,
        "date": today.isoformat(),
        "source_lue_le": None if read_at is None else read_at.isoformat(),
    }
    yield json.dumps(head, ensure_ascii=False, indent=2).removesuffix("\n}") + ',\n  "questions": ['
    between = "\n    "
    for view in views:
        one = {**values_of(view, today), "evenements": events_of(view)}
        yield between + json.dumps(one, ensure_ascii=False)
        between = ",\n    "
    yield "\n  ]\n}\n"


def values_of(view: QuestionView, today: date) -> dict[str, Value]:
    """What the columns hold for one question, in their order; dates are ISO 8601, None is an empty cell.

    No text has control characters in it, nor any that turns the direction of what follows.
    """
    return {name: _clean(value) for name, value in _stated(view, today).items()}


def _stated(view: QuestionView, today: date) -> dict[str, Value]:
    record, author = view.record, view.author
    group = record.author.group or Group(None, None, None)
    place = author.constituency or Constituency(None, None, None)
    asked, now = record.ministry_asked, record.ministry_attributed
    closure = record.closure or Closure(None, None, None)
    jo = record.question_texts[0].jo if record.question_texts else JoReference(None, None, None, None)
    question, answer = record.question_text, record.answer_text
    return {
        "identifiant": record.uid,
        "legislature": record.id.legislature,
        "numero": record.id.number,
        "titre": record.title,
        "rubrique": record.rubric,
        "auteur_civilite": author.civility,
        "auteur": author.name,
        "auteur_reference": author.actor_ref,
        "groupe": group.abbreviation,
        "groupe_nom": group.name,
        "departement_code": place.department_code,
        "departement": place.department,
        "circonscription": place.number,
        "ministere_interroge": asked.label if asked else None,
        "ministere_attributaire": now.label if now else None,
        "statut": STATUS_WORDS[status_of(record, today)],
        "date_publication": _day(record.published_on),
        "date_echeance": _day(due_on(record)),
        "date_reponse": _day(answered_on(record)),
        "jours_pour_repondre": days_to_answer(record),
        "date_cloture": _day(closed_on(record, today)),
        "cloture": closure.label or closure.code,
        "signalements": _days(record.signalled_on) if signalements_available(record) else None,
        "renouvellements": _days(record.renewed_on),
        "jo_numero": jo.number,
        "jo_page": jo.page,
        "sujets": list(view.topics),
        "adresse_officielle": record.id.official_url,
        "texte_question": plain(question.html) if question else None,
        "texte_reponse": plain(answer.html) if answer else None,
    }


def events_of(view: QuestionView) -> list[dict[str, Any]]:
    """A question's history in the order in which it was learned."""
    return [
        {
            "identifiant": recorded.event.id,
            "type": KIND_WORDS[recorded.event.kind],
            "date": recorded.event.occurred_on.isoformat(),
            "connu_le": recorded.event.observed_at.isoformat(),
            "sequence": recorded.sequence,
        }
        for recorded in view.events
    ]


def _clean(value: Value) -> Value:
    return clean_characters(value) if isinstance(value, str) else value


def _row(cells: Iterable[str]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(cells)
    return line.getvalue()


def _cell(value: Value) -> str:
    """A cell in which no spreadsheet finds a formula: an apostrophe goes before it."""
    if isinstance(value, list):
        value = " ; ".join(value)
    text = _FORMULA_WITHIN.sub(r"\1'", "" if value is None else str(value))
    return f"'{text}" if _FORMULA.match(text) else text


def _day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()


def _days(dates: Iterable[date]) -> list[str]:
    return [on.isoformat() for on in dates]
