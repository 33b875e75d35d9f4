"""`status`, `questions`, `feeds`, `export`: what MPs' staff and scripts ask."""

from __future__ import annotations

import csv
import io
import json

import pytest

from db.queries import SqlReader
from tests.builders import record
from tests.feeds.views import question_view


def test_status_says_what_staff_ask(filled, command):
    """Who, to whom, since when, due when, answered or not, signalled or not, link."""
    code, out, err = command("status", "13983")

    assert (code, err) == (0, "")
    for fact in (
        "Continuité du dispositif de soins Asalée",
        "Échéance dépassée",
        "Édouard Bénard",
        "GDR",
        "Seine-Maritime (3e circonscription)",
        "personnes handicapées",
        "31 mars 2026",
        "2650",
        "attend depuis 235",
        "31 mai 2026",
        "Réponse          aucune",
        "Signalée         non",
        "https://questions.assemblee-nationale.fr/q17/17-13983QE.htm",
        "lue le 21 novembre 2026 à 12",
    ):
        assert fact in out.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("number", "facts"),
    [
        ("9900001", ["En attente", "3 janvier 2027, dans"]),
        (
            "9900002",
            ["Échéance dépassée", "Signalée         oui, le 29 juin 2026", "le 2 juin 2026, le 25 août 2026"],
        ),
        ("9900004", ["Close sans réponse (Close pour un motif d’exemple)"]),
        ("9900011", ["Réponse publiée", "publiée le 17 novembre 2026, 49 jours après la question"]),
        ("9900015", ["oui, le 16 novembre 2026 ; réponse attendue au 26 novembre 2026"]),
        ("9900016", ["attribuée à Ministère de l’illustration (fictif) depuis le 17 novembre 2026", "Noa"]),
        ("9900018", ["Retirée", "Réponse          aucune"]),
        ("9900019", ["Caduque"]),
    ],
)
def test_status_of_every_state(filled, command, number, facts):
    """Each state of a question reads as the domain's words say."""
    code, out, _ = command("status", number)

    assert code == 0
    for fact in facts:
        assert fact in out.replace("\u00a0", " ").replace("\u202f", " ")
    assert "retard" not in out


def test_no_delay_is_shown_for_a_question_closed_without_answer(filled, command):
    """Nothing says how long a withdrawn question waited, nor when it was due."""
    _, out, _ = command("status", "9900018")

    assert "attend depuis" not in out
    assert "Échéance" not in out


def test_the_list_shows_no_due_date_of_a_question_closed_without_answer(filled, command):
    """As its sheet and its page."""
    assert "2026-12-20" not in command("questions", "statut=caduque")[1]
    assert "2026-05-31" in command("questions", "statut=echeance-depassee")[1]


def test_status_as_json_is_for_scripts(filled, command):
    """The same facts with the names and forms of the export."""
    code, out, _ = command("status", "13983", "--json")

    found = json.loads(out)
    assert code == 0
    assert found["identifiant"] == "QANR5L17QE13983"
    assert found["statut"] == "echeance-depassee"
    assert found["date_echeance"] == "2026-05-31"
    assert found["date_reponse"] is None


def test_a_question_not_followed_is_told_apart(filled, command):
    """A number that is not there says what that may mean, on stderr, with exit code 2."""
    code, out, err = command("status", "424242")

    assert (code, out) == (2, "")
    assert "424242" in err
    assert "Traceback" not in err


def test_a_doubtful_question_is_not_shown(filled, command):
    """What waits for review is not public, not even here."""
    assert command("status", "9900005")[0] == 2


def test_s11_the_same_number_in_two_legislatures_is_asked_about(filled, command, monkeypatch):
    """Two questions with one number: both legislatures are named, and `--legislature` chooses."""
    views = [question_view(record(12, legislature=number), ()) for number in (17, 16)]
    monkeypatch.setattr(SqlReader, "by_number", lambda _self, number: views if number == 12 else [])

    code, _, err = command("status", "12")
    assert code == 2
    assert "17, 16" in err
    assert "--legislature" in err

    assert command("status", "12", "--legislature", "16")[0] == 0


def test_questions_are_filtered_as_on_the_site(filled, command):
    """The filters' words are those of the addresses."""
    code, out, _ = command("questions", "statut=echeance-depassee", "groupe=gdr", "--json")

    assert code == 0
    assert [one["numero"] for one in json.loads(out)] == [13983]


def test_questions_as_lines(filled, command):
    """A line each, under headings; the doubtful one and those off topic are not there."""
    code, out, _ = command("questions")

    lines = out.splitlines()
    assert code == 0
    assert lines[0].startswith("N°")
    assert len(lines) == 1 + 16
    assert "ponts" not in out


def test_a_wrong_filter_is_refused(filled, command):
    """An unknown name, a word without `=`, an unknown value: one line each, exit code 2."""
    for words in (["sttaut=x"], ["gdr"], ["statut=perdue"]):
        code, out, err = command("questions", *words)
        assert (code, out) == (2, "")
        assert err.startswith("Erreur : ")
        assert len(err.splitlines()) == 1


def test_a_list_is_sorted_as_on_the_site(filled, command):
    """The words of the site's addresses, with the same end first; another word is told those there are."""

    def dates(name, *words):
        return [one[name] for one in json.loads(command("questions", *words, "--json")[1])]

    assert dates("date_publication") == sorted(dates("date_publication"), reverse=True)
    due = dates("date_echeance", "statut=en-attente", "--tri", "echeance")
    assert len(due) > 1
    assert due == sorted(due)
    assert dates("date_echeance", "statut=en-attente", "--tri", "echeance-inverse") == due[::-1]

    code, _, err = command("questions", "--tri", "due")
    assert code == 2
    assert "Tris possibles : publication, publication-inverse, echeance," in err


def test_nothing_found_is_said(filled, command):
    """An empty list is no error; a script gets an empty list."""
    code, out, _ = command("questions", "q=introuvable")
    assert (code, out) == (0, "Aucune question suivie ne correspond.\n")
    assert json.loads(command("questions", "q=introuvable", "--json")[1]) == []


def test_feeds_are_listed_with_their_addresses(filled, command, monkeypatch):
    """Every feed with an absolute address on the public service."""
    monkeypatch.setenv("TRACKER_PUBLIC_URL", "https://asalee.example.org")

    found = json.loads(command("feeds", "--json")[1])

    addresses = {feed["atom"] for feed in found}
    assert "https://asalee.example.org/flux/asalee.atom" in addresses
    assert "https://asalee.example.org/flux/asalee/reponses.atom" in addresses
    assert "https://asalee.example.org/flux/asalee/groupe/gdr.atom" in addresses
    assert "asalee.atom" in command("feeds")[1]


def test_feeds_of_an_unknown_topic_are_a_mistake(filled, command):
    """Not an empty list: the topics that there are."""
    code, _, err = command("feeds", "--sujet", "asalle")

    assert code == 2
    assert "Sujets suivis : asalee." in err


def test_export_writes_csv_and_json(filled, command, tmp_path):
    """CSV on stdout or in a file, JSON on demand; the same questions as the list."""
    rows = list(csv.DictReader(io.StringIO(command("export")[1])))
    assert len(rows) == 16

    target = tmp_path / "questions.json"
    code, out, err = command("export", "groupe=gdr", "--format", "json", "--sortie", str(target))
    assert (code, out) == (0, "")
    assert str(target) in err
    assert [one["numero"] for one in json.loads(target.read_text(encoding="utf-8"))["questions"]] == [13983]
