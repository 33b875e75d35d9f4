"""What the public questions of a topic can be selected by.

Enters: a connection and a topic. Leaves: `Facets`: every value ever stated, so that the address of a
feed never dies; the count is of the questions that the value selects now and may be zero.
"""

from __future__ import annotations

from sqlalchemy import Connection, case, func, select

from db.authors import AuthorBook
from db.bulk import chunks
from db.mapping import record_of
from db.projection import LabelKind
from db.selecting import counts_now
from db.tables import LABELS, QUESTIONS, REVISIONS
from db.visible import is_public
from tracker.ports import Facet, Facets
from tracker.text import fold


def load(connection: Connection, topic: str) -> Facets:
    """Every facet of a topic; deputies by name, the others by address."""
    counted = func.count(case((counts_now(), LABELS.c.uid)).distinct())
    query = (
        select(LABELS.c.kind, LABELS.c.slug, func.max(LABELS.c.label), counted)
        .where(is_public(topic, of=LABELS))
        .group_by(LABELS.c.kind, LABELS.c.slug)
        .order_by(LABELS.c.kind, LABELS.c.slug)
    )
    found: dict[str, list[Facet]] = {kind.value: [] for kind in LabelKind}
    for kind, slug, label, questions in connection.execute(query):
        found[kind].append(Facet(slug, label, questions, fold(label)))
    return Facets(
        groups=tuple(found[LabelKind.GROUP]),
        ministries=tuple(found[LabelKind.MINISTRY]),
        deputies=_named(connection, found[LabelKind.DEPUTY]),
        departments=tuple(found[LabelKind.DEPARTMENT]),
        rubrics=tuple(found[LabelKind.RUBRIC]),
        questions=_questions(connection, topic),
    )


def _named(connection: Connection, deputies: list[Facet]) -> tuple[Facet, ...]:
    """Deputies under their names, else under the one in a text of theirs, else their reference."""
    names = _names(connection, [facet.slug for facet in deputies])
    named = (_facet(facet, *names.get(facet.slug, ("", facet.slug))) for facet in deputies)
    return tuple(sorted(named, key=lambda facet: (facet.sorted_as, facet.slug)))


def _facet(facet: Facet, first_names: str, last_name: str) -> Facet:
    label = " ".join(part for part in (first_names, last_name) if part)
    return Facet(facet.slug, label, facet.questions, fold(f"{last_name} {first_names}"))


def _names(connection: Connection, refs: list[str]) -> dict[str, tuple[str, str]]:
    """First and last names; a name that only texts give is parted after its first word."""
    book = AuthorBook.load(connection, refs)
    names = {
        ref: (deputy.first_name or "", deputy.last_name or "")
        for ref, deputy in book.deputies.items()
        if book.name(ref)
    }
    for part in chunks(ref for ref in refs if ref not in names):
        query = (
            select(QUESTIONS.c.actor_ref, REVISIONS.c.record)
            .join(
                REVISIONS, (REVISIONS.c.uid == QUESTIONS.c.uid) & (REVISIONS.c.number == QUESTIONS.c.revision)
            )
            .where(QUESTIONS.c.actor_ref.in_(part), is_public())
            .order_by(QUESTIONS.c.legislature.desc(), QUESTIONS.c.number.desc())
        )
        for ref, record in connection.execute(query):
            if ref not in names and (name := book.view(record_of(record)).name):
                first, _, last = name.partition(" ") if " " in name else ("", "", name)
                names[ref] = (first, last)
    return names


def _questions(connection: Connection, topic: str) -> tuple[Facet, ...]:
    query = (
        select(QUESTIONS.c.uid, QUESTIONS.c.number, QUESTIONS.c.title)
        .where(is_public(topic))
        .order_by(QUESTIONS.c.legislature.desc(), QUESTIONS.c.number.desc())
    )
    return tuple(Facet(uid, _label(number, title), 1) for uid, number, title in connection.execute(query))


def _label(number: int, title: str | None) -> str:
    short = f"n°\N{NO-BREAK SPACE}{number}"
    return f"{short}\N{NO-BREAK SPACE}: {title}" if title else short
