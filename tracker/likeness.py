"""Questions that are alike, said from facts alone.

Enters: records. Leaves: whether one is the other asked again by its author, or got the same answer; and
the shape in which a page is handed such questions. Nobody's intention is guessed: same words, same author,
same day. Implemented by `db.queries.SqlReader`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from tracker.ports import QuestionView
from tracker.questions import PublishedText, QuestionRecord
from tracker.status import answered_on
from tracker.text import fold


@dataclass(frozen=True, slots=True)
class Alike:
    """Public questions beside one: asked again by its author, and answered in the same words that day.

    Both oldest first, without the question itself.
    """

    again: tuple[QuestionView, ...] = ()
    answered_together: tuple[QuestionView, ...] = ()


class AlikeReader(Protocol):
    """Finds what is alike among the public questions."""

    def alike(self, record: QuestionRecord) -> Alike:
        """The questions like one that is public."""
        ...


def is_asked_again(one: QuestionRecord, other: QuestionRecord) -> bool:
    """Two questions of one known author under the same title, or in the same words."""
    author = one.author.actor_ref
    if one.uid == other.uid or author is None or author != other.author.actor_ref:
        return False
    same_title = _same(fold(one.title or ""), fold(other.title or ""))
    return same_title or _same(_words(one.question_text), _words(other.question_text))


def is_answered_together(one: QuestionRecord, other: QuestionRecord) -> bool:
    """Two questions whose answers were first published on one day and now say the same words."""
    if one.uid == other.uid or not _same(_words(one.answer_text), _words(other.answer_text)):
        return False
    day = answered_on(one)
    return day is not None and day == answered_on(other)


def _words(text: PublishedText | None) -> str:
    return "" if text is None else fold(text.html)


def _same(one: str, other: str) -> bool:
    """Two folded texts that say the same, and something."""
    return bool(one) and one == other
