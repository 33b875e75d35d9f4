"""Selected questions as a file: CSV for spreadsheets, JSON for programs.

Enters: a reader, a selection, the day in Paris, a text stream. Leaves: text with the stable columns
of `docs/reference/export.md`. The caller opens the stream in UTF-8 and, for CSV, with `newline=""`.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal, TextIO

from tracker.addresses import KIND_WORDS, STATUS_WORDS
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

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")

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
    if form == "csv":
        write_csv(views, stream, today)
    else:
        write_json(views, stream, today, read_at=reader.last_good_check())
    return len(views)


def write_csv(views: Iterable[QuestionView], stream: TextIO, today: date) -> None:
    """RFC 4180: commas, quotes where needed, CRLF; several values in a cell are parted by ` ; `."""
    writer = csv.DictWriter(stream, COLUMNS)
    writer.writeheader()
    for view in views:
        writer.writerow({name: _cell(value) for name, value in values_of(view, today).items()})


def write_json(
    views: Iterable[QuestionView], stream: TextIO, today: date, *, read_at: datetime | None
) -> None:
    """One object: source, licence, dates, and the questions with the same names and their events."""
    document = {
        "source": SOURCE,
        "licence": LICENCE,
        "date": today.isoformat(),
        "source_lue_le": None if read_at is None else read_at.isoformat(),
        "questions": [{**values_of(view, today), "evenements": _events(view)} for view in views],
    }
    json.dump(document, stream, ensure_ascii=False, indent=2)
    stream.write("\n")


def values_of(view: QuestionView, today: date) -> dict[str, Value]:
    """What the columns hold for one question; dates are ISO 8601, None is an empty cell."""
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


def _events(view: QuestionView) -> list[dict[str, Any]]:
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


def _cell(value: Value) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, « CSV injection »)."""
    if isinstance(value, list):
        value = " ; ".join(value)
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()


def _days(dates: Iterable[date]) -> list[str]:
    return [on.isoformat() for on in dates]
