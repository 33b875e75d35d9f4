"""Questions asked again, and answered together: shown from facts or not said."""

from __future__ import annotations

import pytest

from tests.builders import answered, closure, record, replace, text
from tracker.likeness import is_answered_together, is_asked_again
from tracker.questions import Author

ONE = record(1, title="Situation des infirmières Asalée (exemple)", html="<p>Un texte.</p>")
ELSE = Author(actor_ref="PA900999", mandate_ref=None, group=None)
NOBODY = Author(actor_ref=None, mandate_ref=None, group=None)


@pytest.mark.parametrize(
    ("other", "again"),
    [
        (record(2, title="SITUATION des infirmieres « Asalée » (exemple)", html="<p>Autre.</p>"), True),
        (record(2, title="Autre titre", html="<div>Un  texte</div>"), True),
        (record(1, legislature=16, title="Autre", html="Un texte."), True),
        (record(2, title="Autre titre", html="<p>Autre.</p>"), False),
        (record(2, title=ONE.title, html="<p>Un texte.</p>", author=ELSE), False),
    ],
)
def test_a_question_asked_again_has_its_author_and_its_title_or_text(other, again):
    """Accents, case and markup make no difference; another author does."""
    assert is_asked_again(ONE, other) is again
    assert is_asked_again(other, ONE) is again


def test_nothing_is_said_of_what_is_not_known():
    """No author, no title, no text: no likeness; and no question is its own repetition."""
    nobody = [record(number, title="Même titre", author=NOBODY) for number in (1, 2)]
    assert not is_asked_again(*nobody)
    empty = [record(number, title=None, html="<p> </p>") for number in (1, 2)]
    assert not is_asked_again(*empty)
    assert not is_asked_again(ONE, ONE)


def test_questions_answered_together_share_words_and_day():
    """The same answer on another day, or another answer on that day, is not shared."""
    one = answered(record(1), "2026-11-17", "<p>Même réponse.</p>")
    assert is_answered_together(one, answered(record(2), "2026-11-17", "<div>Même réponse</div>"))
    assert not is_answered_together(one, answered(record(2), "2026-11-10", "<p>Même réponse.</p>"))
    assert not is_answered_together(one, answered(record(2), "2026-11-17", "<p>Autre réponse.</p>"))
    assert not is_answered_together(one, record(2))
    assert not is_answered_together(one, one)


def test_answers_without_text_or_day_are_not_said_to_be_the_same():
    """« Réponse publiée » without words, or without a date."""
    closed = [record(number, closed=closure("REP_PUB", "Réponse publiée")) for number in (1, 2)]
    assert not is_answered_together(*closed)
    undated = [replace(record(number), answer_texts=(text("Réponse.", None),)) for number in (1, 2)]
    assert not is_answered_together(*undated)
