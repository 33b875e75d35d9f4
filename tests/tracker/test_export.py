"""What a spreadsheet and a program get."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date
from pathlib import Path

import pytest

from tests.builders import ASKED, HEALTH, LABOUR, NOW, answered, attribution, closure, record, text
from tests.db.writes import planned, question, write_all
from tracker.events import EventKind
from tracker.export import COLUMNS, export
from tracker.ports import Batch, CrawlReport, RunOutcome
from tracker.questions import Author, Constituency, Deputy, Group, Mandate
from tracker.selection import Selection

TODAY = date(2026, 12, 8)
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "export.md"

FULL = record(
    13,
    legislature=16,
    title="Titre (exemple)",
    attributions=[attribution(HEALTH, ASKED), attribution(LABOUR, "2026-11-03")],
    questions=[text("<p>Première forme.</p>"), text("<p>Forme <b>rectifiée</b>,<br>«&nbsp;ici&nbsp;».</p>")],
    answers=[text("Réponse.", "2026-12-01")],
    closed=closure("REP_PUB", "Réponse publiée", "2026-12-01"),
    signalled=["2026-11-09", "2026-11-23"],
)


def exported(reader, form, selection=Selection()):  # noqa: B008  # frozen
    """The text of an export."""
    stream = io.StringIO(newline="")
    export(reader, selection, stream, form=form, today=TODAY)
    return stream.getvalue()


def rows(reader):
    """The rows of a CSV export, by column."""
    return list(csv.DictReader(io.StringIO(exported(reader, "csv"), newline="")))


def test_a_row_says_all_of_a_question(store, reader):
    """Every column, for a question that has everything."""
    mandate = Mandate("PM900100", 16, Constituency("Eure", "27", 5), None, None)
    store.save_deputies([Deputy("PA900100", "Mme", "Camille", "Exemple", (mandate,))], [], NOW)
    write_all(store, FULL)
    assert rows(reader) == [
        {
            "identifiant": "QANR5L16QE13",
            "legislature": "16",
            "numero": "13",
            "titre": "Titre (exemple)",
            "rubrique": "professions de santé",
            "auteur_civilite": "Mme",
            "auteur": "Camille Exemple",
            "auteur_reference": "PA900100",
            "groupe": "EXEMPLE",
            "groupe_nom": "Groupe Exemple",
            "departement_code": "27",
            "departement": "Eure",
            "circonscription": "5",
            "ministere_interroge": "Santé",
            "ministere_attributaire": "Travail",
            "statut": "reponse-publiee",
            "date_publication": "2026-10-06",
            "date_echeance": "2026-12-06",
            "date_reponse": "2026-12-01",
            "jours_pour_repondre": "56",
            "date_cloture": "",
            "cloture": "Réponse publiée",
            "signalements": "2026-11-09 ; 2026-11-23",
            "renouvellements": "",
            "jo_numero": "",
            "jo_page": "",
            "sujets": "asalee",
            "adresse_officielle": "https://questions.assemblee-nationale.fr/q16/16-13QE.htm",
            "texte_question": "Forme rectifiée, « ici ».",
            "texte_reponse": "Réponse.",
        }
    ]


def test_a_bare_question_has_empty_cells(store, reader):
    """Nothing but its identity: no column is missing, none is made up."""
    nobody = Author(None, None, None)
    bare = record(1, asked=None, title=None, rubric=None, ministry=None, questions=[], author=nobody)
    write_all(store, record(2), bare)
    (row,) = [row for row in rows(reader) if row["numero"] == "1"]
    filled = {name: value for name, value in row.items() if value}
    assert filled == {
        "identifiant": "QANR5L17QE1",
        "legislature": "17",
        "numero": "1",
        "statut": "en-attente",
        "sujets": "asalee",
        "adresse_officielle": "https://questions.assemblee-nationale.fr/q17/17-1QE.htm",
    }


@pytest.mark.parametrize(
    "title",
    ["=1+1", "+33", "-2", "@SUM(A1)", "＝1", "＠SUM(A1)", '=HYPERLINK("http://exemple.fr","oui")'],
)
def test_no_cell_is_a_formula(store, reader, title):
    """An apostrophe goes before what a spreadsheet would compute, in any column of text."""
    hostile = Author("PA1", None, Group(None, title, title))
    write_all(store, record(1, title=title, rubric=title, author=hostile, html=title))
    (row,) = rows(reader)
    for name in ("titre", "rubrique", "groupe", "groupe_nom"):
        assert row[name] == f"'{title}"
    assert not row["texte_question"].startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        (" =1", "' =1"),
        ("\t=1", "\t'=1"),
        ("\r=1", "\n'=1"),
        ("a\n=1", "a\n'=1"),
        ("a;=cmd|' /C calc'!A0;b", "a;'=cmd|' /C calc'!A0;b"),
        ("a ; - b", "a ; '- b"),
        ("a - b = c", "a - b = c"),
    ],
)
def test_no_cell_hides_a_formula(store, reader, title, cell):
    """A French spreadsheet parts cells at semicolons and lines: what would come first there is a text too."""
    write_all(store, record(1, title=title))
    assert rows(reader)[0]["titre"] == cell


def test_characters_that_mislead_are_left_out(store, reader):
    """Bidi controls, NUL and other controls are in no cell and in no value."""
    write_all(store, record(1, title="a\x00b\u202ec\u2066d", rubric="x\x1by", html="e\u202ef&#x202E;g"))
    (row,) = rows(reader)
    (one,) = json.loads(exported(reader, "json"))["questions"]
    for found in (row, one):
        assert (found["titre"], found["rubrique"], found["texte_question"]) == ("abcd", "xy", "efg")


def test_cells_with_commas_quotes_and_lines_come_back_whole(store, reader):
    """RFC 4180 all along."""
    title = 'Une « liste », des "guillemets"\net deux lignes ; œ'
    write_all(store, record(1, title=title))
    assert rows(reader)[0]["titre"] == title
    assert exported(reader, "csv").endswith("\r\n")


def test_an_empty_selection_still_has_its_columns(reader):
    """A spreadsheet of nothing, with its header."""
    assert exported(reader, "csv") == ",".join(COLUMNS) + "\r\n"
    assert json.loads(exported(reader, "json"))["questions"] == []


def test_only_the_selected_are_written_oldest_first(store, reader):
    """The same filter as everywhere."""
    write_all(store, record(1, asked="2026-10-13"), record(2, asked="2026-10-06"), record(3, rubric="autre"))
    assert [row["numero"] for row in rows(reader)] == ["2", "3", "1"]
    chosen = json.loads(exported(reader, "json", Selection(rubric="autre")))["questions"]
    assert [one["numero"] for one in chosen] == [3]


def test_json_holds_values_and_history(store, reader):
    """Numbers as numbers, several values as arrays, nothing escaped, and the events in order."""
    changed = answered(record(1, title="=1"), "2026-12-01")
    events = planned(changed), planned(changed, EventKind.ANSWERED, date(2026, 12, 1))
    store.write(Batch(questions=(question(changed, *events),), at=NOW))
    run = CrawlReport("questions/17", RunOutcome.SUCCEEDED, NOW, NOW)
    store.finish_run(store.start_run(run), run)
    document = json.loads(exported(reader, "json"))
    assert document["source_lue_le"] == "2026-11-20T08:00:00+00:00"
    assert document["date"] == "2026-12-08"
    (one,) = document["questions"]
    assert (one["numero"], one["titre"], one["sujets"], one["date_cloture"]) == (1, "=1", ["asalee"], None)
    assert one["evenements"] == [
        {
            "identifiant": "QANR5L17QE1/published/2026-10-06/1",
            "type": "nouvelle-question",
            "date": "2026-10-06",
            "connu_le": "2026-11-20T08:00:00+00:00",
            "sequence": 1,
        },
        {
            "identifiant": "QANR5L17QE1/answered/2026-12-01/1",
            "type": "reponse",
            "date": "2026-12-01",
            "connu_le": "2026-11-20T08:00:00+00:00",
            "sequence": 2,
        },
    ]
    assert [*one] == [*COLUMNS, "evenements"]


def test_signalements_of_old_archives_are_not_zero(store, reader):
    """The 14th and 15th legislatures' archives hold none: null, not an empty list."""
    write_all(store, record(1, legislature=15, asked="2020-10-06"), record(1, legislature=17))
    old, new = json.loads(exported(reader, "json"))["questions"]
    assert (old["signalements"], new["signalements"]) == (None, [])


def test_the_page_lists_the_columns():
    """The documentation has each column, in order, and no other."""
    table = PAGE.read_text(encoding="utf-8").split("## CSV")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == COLUMNS
