"""Finding the questions like one among the public ones."""

from __future__ import annotations

from tests.builders import answered, record
from tests.db.writes import match, write_all
from tracker.likeness import Alike
from tracker.ports import MatchState
from tracker.questions import Author

ELSE = Author(actor_ref="PA900999", mandate_ref=None, group=None)
TITLE = "Situation des infirmières Asalée (exemple)"


def uids(views):
    """The uids of question views, in order."""
    return [view.record.uid for view in views]


def test_questions_asked_again_come_oldest_first(store, reader):
    """Of every legislature, of the same author only, the question itself left out."""
    asked = record(7, asked="2026-10-06", title=TITLE)
    write_all(
        store,
        asked,
        record(900, legislature=16, asked="2024-03-19", title=TITLE),
        record(8, asked="2026-11-17", title=TITLE.upper(), html="Autre texte sur Asalée."),
        record(9, asked="2026-11-17", title=TITLE, author=ELSE),
        record(10, asked="2026-11-17", title="Autre titre", html="Autre texte encore."),
    )
    assert uids(reader.alike(asked).again) == ["QANR5L16QE900", "QANR5L17QE8"]


def test_questions_answered_together_are_found_whoever_asked(store, reader):
    """One answer, three authors; other answers of that day left out."""
    asked = answered(record(1, title="Un"), "2026-11-17", "<p>Réponse commune.</p>")
    write_all(
        store,
        asked,
        answered(record(3, title="Trois", author=ELSE), "2026-11-17", "<p>Réponse commune.</p>"),
        answered(record(2, title="Deux", html="Autre."), "2026-11-17", "<p>Réponse commune.</p>"),
        answered(record(4, title="Quatre", html="Autres."), "2026-11-17", "<p>Réponse propre.</p>"),
    )
    assert uids(reader.alike(asked).answered_together) == ["QANR5L17QE2", "QANR5L17QE3"]


def test_what_is_not_public_is_not_found(store, reader):
    """A question held for review is like nothing."""
    asked = answered(record(1, title=TITLE), "2026-11-17")
    write_all(store, asked)
    held = answered(record(2, title=TITLE), "2026-11-17")
    write_all(store, held, matches=[match(MatchState.REVIEW)])
    assert reader.alike(asked) == Alike()


def test_a_question_without_author_or_answer_is_like_none(store, reader):
    """No query is needed to say so."""
    asked = record(1, author=Author(None, None, None))
    write_all(store, asked, record(2, author=Author(None, None, None)))
    assert reader.alike(asked) == Alike()
