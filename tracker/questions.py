"""What the source states about a question, in the field's own words.

Enters: nothing (plain data). Leaves: frozen records that parsers build, `tracker.diff` compares,
`db` keeps and `feeds` shows. Keys of the source that each field comes from are in
`docs/reference/source.md`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

_UID = re.compile(r"QANR5L(\d{1,3})QE(\d{1,7})", re.ASCII)


class Chamber(StrEnum):
    """A chamber of the Parliament; with legislature, kind and number it identifies a question."""

    ASSEMBLY = "AN"


class QuestionKind(StrEnum):
    """The kinds of question the service reads; `WRITTEN` is the « question écrite »."""

    WRITTEN = "QE"


@dataclass(frozen=True, slots=True, order=True)
class QuestionId:
    """Identity of a question. A number alone is none: numbers restart at each legislature."""

    chamber: Chamber
    legislature: int
    kind: QuestionKind
    number: int

    @classmethod
    def from_uid(cls, uid: str) -> QuestionId:
        """Read the source's uid, e.g. `QANR5L17QE13983`. Raises ValueError on any other form."""
        found = _UID.fullmatch(uid)
        if found is None:
            raise ValueError(f"not the uid of a written question: {uid!r}")
        legislature, number = found.groups()
        return cls(Chamber.ASSEMBLY, int(legislature), QuestionKind.WRITTEN, int(number))

    @property
    def uid(self) -> str:
        """The source's own form, which holds all four parts."""
        return f"QANR5L{self.legislature}{self.kind}{self.number}"

    @property
    def official_url(self) -> str:
        """The stable public page of the question on the Assemblée's site."""
        return (
            f"https://questions.assemblee-nationale.fr/q{self.legislature}/"
            f"{self.legislature}-{self.number}{self.kind}.htm"
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Political group as stated on the question (`auteur.groupe`)."""

    ref: str | None
    abbreviation: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Ministry:
    """A ministry as stated on the question; `ref` is absent before the 17th legislature."""

    ref: str | None
    abbreviation: str | None
    name: str | None

    @property
    def label(self) -> str:
        """The short name if there is one, else the long one, else the reference."""
        return self.abbreviation or self.name or self.ref or ""


@dataclass(frozen=True, slots=True)
class Author:
    """Who asks: references only, the source's question files carry no name."""

    actor_ref: str | None
    mandate_ref: str | None
    group: Group | None


@dataclass(frozen=True, slots=True)
class JoReference:
    """Where in the Journal officiel. `page` of an answer is its section's first page: never cite it."""

    on: date | None
    number: str | None
    page: str | None
    kind: str | None


@dataclass(frozen=True, slots=True)
class PublishedText:
    """One publication of a text; `html` is the source's fragment, not to be trusted as it is."""

    html: str
    jo: JoReference
    erratum: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """The ministry in charge from a date on (`minAttribs.minAttrib`), oldest first on a question."""

    ministry: Ministry
    on: date | None


@dataclass(frozen=True, slots=True)
class Closure:
    """How the source says a question ended (`cloture`); an unknown code is kept as it is."""

    code: str | None
    label: str | None
    on: date | None


@dataclass(frozen=True, slots=True)
class QuestionRecord:
    """All that the source states about one question at one reading."""

    id: QuestionId
    rubric: str | None
    heading: str | None
    title: str | None
    author: Author
    ministry_asked: Ministry | None
    attributions: tuple[Attribution, ...]
    question_texts: tuple[PublishedText, ...]
    answer_texts: tuple[PublishedText, ...]
    closure: Closure | None
    signalled_on: tuple[date, ...]
    renewed_on: tuple[date, ...]

    @property
    def uid(self) -> str:
        """The source's uid."""
        return self.id.uid

    @property
    def published_on(self) -> date | None:
        """Date of the first publication, else of the first attribution."""
        dates = [text.jo.on for text in self.question_texts] + [a.on for a in self.attributions[:1]]
        return next((on for on in dates if on is not None), None)

    @property
    def question_text(self) -> PublishedText | None:
        """The question as last published."""
        return self.question_texts[-1] if self.question_texts else None

    @property
    def answer_text(self) -> PublishedText | None:
        """The answer as last published, if one has a text."""
        return self.answer_texts[-1] if self.answer_texts else None

    @property
    def ministry_attributed(self) -> Ministry | None:
        """The ministry now in charge: the last attribution, else the one asked."""
        return self.attributions[-1].ministry if self.attributions else self.ministry_asked


@dataclass(frozen=True, slots=True)
class Constituency:
    """A constituency: département (name and code, `099` abroad) and number."""

    department: str | None
    department_code: str | None
    number: int | None


@dataclass(frozen=True, slots=True)
class Mandate:
    """One mandate at the Assemblée: where a deputy was elected, for which legislature, since when."""

    ref: str
    legislature: int | None
    constituency: Constituency
    begins_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Deputy:
    """What a page shows of a deputy, and nothing else of what the source publishes."""

    actor_ref: str
    civility: str | None
    first_name: str | None
    last_name: str | None
    mandates: tuple[Mandate, ...]


@dataclass(frozen=True, slots=True)
class SourceIssue:
    """Something of the source that was not understood: told to the operator, harms no other question.

    `uid` is the question or actor (or the archive entry's name when unreadable), `code` a stable
    machine word (`unknown-key`, `unknown-date`, `unknown-closure`, `unreadable`, …), `path` where in
    the file, `raw` the value as it came, shortened.
    """

    uid: str
    code: str
    path: str
    raw: str
