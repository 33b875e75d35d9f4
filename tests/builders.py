"""Small builders for the domain's records, so that a test says only what matters to it.

Enters: plain values; a date may be an ISO string. Leaves: frozen records of `tracker.questions`.
Names and texts are invented and say so (« Exemple »).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from tracker.clock import Clock
from tracker.questions import (
    Attribution,
    Author,
    Chamber,
    Closure,
    Group,
    JoReference,
    Ministry,
    PublishedText,
    QuestionId,
    QuestionKind,
    QuestionRecord,
)

NOW = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
"""The instant it is in tests unless they say otherwise: a Friday, nine o'clock in Paris."""

ASKED = date(2026, 10, 6)
"""The day a built question is published unless told: a Tuesday; due on 6 December 2026."""

QUESTION_HTML = "M. Exemple interroge Mme la ministre de la santé sur le dispositif Asalée."
ANSWER_HTML = "Le Gouvernement est attentif au dispositif Asalée. (Exemple)"

HEALTH = Ministry(ref="PO900001", abbreviation="Santé", name="Ministère de la santé (exemple)")
LABOUR = Ministry(ref="PO900002", abbreviation="Travail", name="Ministère du travail (exemple)")
ECONOMY = Ministry(ref="PO900003", abbreviation="Économie", name="Ministère de l’économie (exemple)")
GROUP = Group(ref="PO900010", abbreviation="EXEMPLE", name="Groupe Exemple")
AUTHOR = Author(actor_ref="PA900100", mandate_ref="PM900100", group=GROUP)

When = date | str


def fixed_clock(at: datetime = NOW) -> Clock:
    """A clock that always says `at`."""
    return lambda: at


def day(when: When) -> date:
    """A date from an ISO string, or itself."""
    return date.fromisoformat(when) if isinstance(when, str) else when


def _maybe_day(when: When | None) -> date | None:
    return None if when is None else day(when)


def instant(when: When, hour: int = 8) -> datetime:
    """That day at an hour UTC."""
    on = day(when)
    return datetime(on.year, on.month, on.day, hour, tzinfo=UTC)


def jo(on: When | None, *, page: str | None = None, number: str | None = None) -> JoReference:
    """A reference to an issue of the JO « Questions »."""
    return JoReference(on=_maybe_day(on), number=number, page=page, kind="JO_QUESTION")


def text(html: str, on: When | None = ASKED, *, erratum: str | None = None) -> PublishedText:
    """One publication of a text."""
    return PublishedText(html=html, jo=jo(on), erratum=erratum)


def attribution(ministry: Ministry, on: When | None) -> Attribution:
    """A ministry in charge from a day on."""
    return Attribution(ministry=ministry, on=_maybe_day(on))


def closure(code: str | None, label: str | None = None, on: When | None = None) -> Closure:
    """How a question ended."""
    return Closure(code=code, label=label, on=_maybe_day(on))


def record(
    number: int = 1,
    *,
    legislature: int = 17,
    asked: When | None = ASKED,
    html: str = QUESTION_HTML,
    title: str | None = "Situation du dispositif Asalée (exemple)",
    rubric: str | None = "professions de santé",
    author: Author = AUTHOR,
    ministry: Ministry | None = HEALTH,
    attributions: Iterable[Attribution] | None = None,
    questions: Iterable[PublishedText] | None = None,
    answers: Iterable[PublishedText] = (),
    closed: Closure | None = None,
    signalled: Iterable[When] = (),
    renewed: Iterable[When] = (),
) -> QuestionRecord:
    """A pending question of the 17th legislature, asked of the ministry of health, on the topic."""
    if attributions is None:
        attributions = () if ministry is None else (attribution(ministry, asked),)
    return QuestionRecord(
        id=QuestionId(Chamber.ASSEMBLY, legislature, QuestionKind.WRITTEN, number),
        rubric=rubric,
        heading=None,
        title=title,
        author=author,
        ministry_asked=ministry,
        attributions=tuple(attributions),
        question_texts=(text(html, asked),) if questions is None else tuple(questions),
        answer_texts=tuple(answers),
        closure=closed,
        signalled_on=tuple(day(on) for on in signalled),
        renewed_on=tuple(day(on) for on in renewed),
    )


def answered(question: QuestionRecord, on: When, html: str = ANSWER_HTML) -> QuestionRecord:
    """The same question once its answer is published, as the source then states it."""
    return replace(
        question,
        answer_texts=(text(html, on),),
        closure=closure("REP_PUB", "Réponse publiée", on),
    )
