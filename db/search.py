"""Full-text search: the words of a question as indexed, and the words of a person as asked.

Enters: texts of a question, or what someone typed. Leaves: folded words to keep in
`search_documents`, or a condition on `questions.uid`. Both sides go through `search_terms`, so
accents, œ, case and plurals never matter, and nothing typed ever reaches FTS or LIKE syntax:
`tracker.text.fold` leaves only letters and digits.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, false, literal, literal_column, or_, select, text

from db.bulk import Row
from db.tables import QUESTIONS, SEARCH, SEARCH_INDEX
from tracker.questions import QuestionRecord
from tracker.words import asked_terms, forms_of, is_prefix, search_terms

_COLUMNS = ("number", "title", "author", "question", "answer")


def search_row(record: QuestionRecord, author: str | None) -> Row:
    """What is indexed of a question: number, title and heading, author's name, every text."""
    return {
        "uid": record.uid,
        "number": str(record.id.number),
        "title": _indexed(record.title, record.heading, record.rubric),
        "author": _indexed(author),
        "question": _indexed(*(part.html for part in record.question_texts)),
        "answer": _indexed(*(part.html for part in record.answer_texts)),
    }


def _indexed(*texts: str | None) -> str:
    return " ".join(term for one in texts if one for term in search_terms(one))


def has_words(words: str | None, dialect: str) -> ColumnElement[bool]:
    """The condition on `questions.uid` that a question has all these words, anywhere.

    A word of three letters or more also finds the longer words that begin with it; a number finds
    only itself. Words without any letter or digit find nothing.
    """
    terms = asked_terms(words or "")
    if not terms:
        return false()
    if dialect == "sqlite":
        query = " AND ".join(f"({' OR '.join(map(_in_fts, forms_of(term)))})" for term in terms)
        found: Select[tuple[int]] = (
            select(literal_column("rowid"))
            .select_from(text(SEARCH_INDEX))
            .where(literal_column(SEARCH_INDEX).op("MATCH")(query))
        )
        return QUESTIONS.c.uid.in_(select(SEARCH.c.uid).where(SEARCH.c.id.in_(found)))
    return QUESTIONS.c.uid.in_(select(SEARCH.c.uid).where(*like_words(terms)))


def _in_fts(term: str) -> str:
    return f'"{term}"*' if is_prefix(term) else f'"{term}"'


def like_words(terms: list[str]) -> list[ColumnElement[bool]]:
    """The same by `LIKE`, on any dialect: terms hold neither `%` nor `_`."""
    text_: ColumnElement[str] = literal(" ")
    for name in _COLUMNS:
        text_ = text_ + SEARCH.c[name] + " "
    return [
        or_(*(text_.like(f"% {form}%" if is_prefix(form) else f"% {form} %") for form in forms_of(term)))
        for term in terms
    ]
