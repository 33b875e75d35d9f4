"""Who asks, as a page shows it: the deputies' archive first, else the name in the question's text.

Enters: the actor references of some records. Leaves: an `AuthorBook` that answers for each of them,
made with one query however many they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import Connection, select

from db.bulk import chunks
from db.mapping import deputy_of, mandate_of
from db.tables import DEPUTIES, MANDATES
from tracker.author_names import author_named_in
from tracker.ports import AuthorView
from tracker.questions import Constituency, Deputy, Mandate, QuestionRecord


@dataclass(frozen=True, slots=True)
class AuthorBook:
    """The deputies that some records refer to, by actor reference."""

    deputies: Mapping[str, Deputy]

    @classmethod
    def load(cls, connection: Connection, actor_refs: Iterable[str | None]) -> AuthorBook:
        """Read the deputies known under these references."""
        deputies: dict[str, Deputy] = {}
        for refs in chunks(sorted({ref for ref in actor_refs if ref})):
            query = (
                select(DEPUTIES, *(column for column in MANDATES.c if column.name != "actor_ref"))
                .outerjoin(MANDATES, MANDATES.c.actor_ref == DEPUTIES.c.actor_ref)
                .where(DEPUTIES.c.actor_ref.in_(refs))
                .order_by(DEPUTIES.c.actor_ref, MANDATES.c.ref)
            )
            for ref, rows in groupby(connection.execute(query), key=lambda row: row.actor_ref):
                together = list(rows)
                mandates = tuple(mandate_of(row) for row in together if row.ref is not None)
                deputies[ref] = deputy_of(together[0], mandates)
        return cls(deputies)

    def name(self, actor_ref: str) -> str | None:
        """First and last name of a deputy, None when not known."""
        deputy = self.deputies.get(actor_ref)
        if deputy is None:
            return None
        return " ".join(part for part in (deputy.first_name, deputy.last_name) if part) or None

    def view(self, record: QuestionRecord) -> AuthorView:
        """The author of a record."""
        ref = record.author.actor_ref
        deputy = self.deputies.get(ref) if ref else None
        constituency = constituency_of(record, deputy.mandates) if deputy else None
        if deputy and (name := self.name(deputy.actor_ref)):
            return AuthorView(ref, deputy.civility, name, "deputies", constituency)
        for text in record.question_texts:
            civility, named = author_named_in(text.html)
            if named:
                return AuthorView(ref, civility, named, "text", constituency)
        return AuthorView(ref, None, None, "nothing", constituency)


def constituency_of(record: QuestionRecord, mandates: Iterable[Mandate]) -> Constituency | None:
    """The constituency that the author was elected in when asking.

    That of the mandate the question names, else of the mandate of its legislature that covers its
    publication, the latest begun if two do (a mandate ends on the day the next begins).
    """
    mandates = tuple(mandates)
    for mandate in mandates:
        if mandate.ref == record.author.mandate_ref:
            return mandate.constituency
    on = record.published_on
    if on is None:
        return None
    covering = [
        mandate
        for mandate in mandates
        if mandate.legislature == record.id.legislature
        and (mandate.begins_on or date.min) <= on <= (mandate.ends_on or date.max)
    ]
    if not covering:
        return None
    return max(covering, key=lambda mandate: mandate.begins_on or date.min).constituency
