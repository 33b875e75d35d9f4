"""Statuses, events, names and delays in French."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from feeds import wording
from feeds.typography import typeset
from tests.builders import GROUP, NOW, closure, jo, record
from tracker.events import Event, EventKind
from tracker.ports import AuthorView, RunOutcome
from tracker.questions import Constituency, Group, Ministry
from tracker.status import Status

NBSP = "\u00a0"
DUE_DATE_PASSED = (
    f"Échéance dépassée le 6 juillet 2026{NBSP}: une réponse était attendue au plus tard le 5 juillet 2026"
)


def event(kind, on=date(2026, 7, 6), **detail):
    """A fact of 6 July 2026."""
    return Event("QANR5L17QE1", kind, on, NOW, 1, detail)


def test_every_status_kind_and_outcome_has_its_word():
    """A value added to an enumeration must be given its French word."""
    for status in Status:
        assert wording.status(status)
    for kind in EventKind:
        assert wording.event(kind)
        assert wording.headline(kind, record(13983)).endswith(
            f"n°{NBSP}13983{NBSP}: Situation du dispositif Asalée (exemple)"
        )
        assert "6 juillet 2026" in wording.happened(event(kind))
    for outcome in RunOutcome:
        assert wording.outcome(outcome)


def test_nobody_is_said_to_be_late():
    """The words « retard » and « en retard » appear in nothing that people read."""
    folder = Path(wording.__file__).parent
    shown = [file for file in folder.rglob("*") if file.suffix in {".py", ".html"}]
    assert shown
    own_mention = "« retard » and « en retard »"
    assert not [file for file in shown if "retard" in file.read_text().replace(own_mention, "").lower()]


def test_an_answer_is_titled_as_one():
    """The title says what arrived, on which question."""
    assert (
        wording.headline(EventKind.ANSWERED, record(13983, title="Continuité du dispositif"))
        == f"Réponse à la question n°{NBSP}13983{NBSP}: Continuité du dispositif"
    )
    assert wording.headline(EventKind.PUBLISHED, record(1, title=None)).endswith(": professions de santé")


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (Constituency("Seine-Maritime", "76", 3), "Seine-Maritime (3e circonscription)"),
        (Constituency("Paris", "75", 1), "Paris (1re circonscription)"),
        (Constituency("Français établis hors de France", "099", 5), "Français établis hors de France (5e)"),
        (Constituency(None, "099", 1), "Français établis hors de France (1re)"),
        (Constituency("Mayotte", "976", None), "Mayotte"),
        (Constituency(None, None, None), ""),
    ],
)
def test_constituencies(place, expected):
    """Département and number, with the wording of those abroad."""
    assert wording.constituency(place) == expected


def test_authors_groups_and_ministries():
    """Names as a page shows them; a missing name says so instead of guessing."""
    named = AuthorView("PA1", "Mme", "Camille Exemple", "deputies", Constituency("Paris", "75", 1))
    assert wording.author(named) == f"Mme{NBSP}Camille Exemple"
    assert (
        wording.asker(named, GROUP)
        == f"Mme{NBSP}Camille Exemple, Groupe Exemple (EXEMPLE), Paris (1re circonscription)"
    )
    unnamed = AuthorView("PA1", None, None, "nothing", None)
    assert wording.author(unnamed) == "Auteur non nommé par la source (référence PA1)"
    assert wording.group(Group("PO1", "NI", "NI")) == "NI"
    assert wording.ministry(Ministry("PO1", "Santé", None)) == "Santé"


def test_the_page_of_an_answer_is_never_cited():
    """The source gives an answer its section's first page: the reference does without."""
    reference = jo("2026-06-02", page="4348")
    assert "4348" not in wording.jo_reference(reference, page=False)
    assert wording.jo_reference(reference, page=True).endswith(f"2 juin 2026, page{NBSP}4348")


def test_a_closure_of_its_own_kind_shows_the_source_s_label():
    """An unknown closure is not given a meaning."""
    closed = record(1, closed=closure("X", "Caractère inattendu"))
    assert wording.status_of_record(Status.CLOSED, closed) == "Close sans réponse (Caractère inattendu)"
    assert wording.status_of_record(Status.LAPSED, closed) == "Caduque"


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (event(EventKind.SIGNALLED), "Question signalée le 6 juillet 2026"),
        (
            event(EventKind.ANSWERED, undated="yes"),
            "Réponse publiée au Journal officiel, constaté le 6 juillet 2026",
        ),
        (
            event(EventKind.CORRECTED, part="answer"),
            f"Texte rectifié le 6 juillet 2026{NBSP}: texte de la réponse",
        ),
        (
            event(EventKind.REATTRIBUTED, old="Santé", new="Travail"),
            typeset("Changement d’attribution le 6 juillet 2026 : de « Santé » à « Travail »"),
        ),
        (
            event(EventKind.DEADLINE_PASSED, due_on="2026-07-05"),
            DUE_DATE_PASSED,
        ),
        (
            event(EventKind.LAPSED, label="Fin de mandat"),
            typeset("Question devenue caduque le 6 juillet 2026 (selon la source : « Fin de mandat »)"),
        ),
        (
            event(EventKind.REOPENED, what="answer", undated="yes"),
            f"Réouverture, constaté le 6 juillet 2026{NBSP}: réponse retirée par la source",
        ),
    ],
)
def test_what_happened_in_one_sentence(fact, expected):
    """Dated facts say their date, facts that the source does not date say when they were seen."""
    assert wording.happened(fact) == expected


def test_delays_are_told_with_the_due_date_and_no_reproach():
    """Before, on and after the due date."""
    asked, due = date(2026, 3, 31), date(2026, 5, 31)
    assert (
        wording.delay(asked, date(2026, 6, 2), due)
        == f"63{NBSP}jours après la question, après l’échéance du 31 mai 2026"
    )
    assert wording.delay(asked, due, due).endswith("le jour de l’échéance")
    assert wording.delay(asked, date(2026, 5, 5), due).endswith("avant l’échéance du 31 mai 2026")
    assert wording.delay(asked, date(2026, 5, 5), None) == f"35{NBSP}jours après la question"


def test_the_last_check_is_told_by_its_day_in_paris():
    """A check just before midnight UTC belongs to the next day in Paris."""
    assert wording.checked_on(NOW.replace(hour=23, minute=30)) == "Source vérifiée le 21 novembre 2026"
    assert wording.checked_on(None) == "Source pas encore lue"
