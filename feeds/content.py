"""What an entry says, as HTML that can be read in a feed reader.

Enters: a record (as of an event, or now), its author, its status. Leaves: safe HTML fragments: the
facts as a list, the texts, the differences, the source. Everything that comes from the source is
escaped or sanitised here; no address but absolute ones of the source.
"""

from __future__ import annotations

import html
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from feeds import wording
from feeds.differences import word_differences
from feeds.sanitise import one_line, plain_text, safe_html
from feeds.typography import day, typeset
from tracker.deadlines import due_on, signalled_due_on
from tracker.events import Event, EventKind
from tracker.ports import AuthorView
from tracker.questions import PublishedText, QuestionRecord
from tracker.status import Status, answered_on, closed_on, closure_status, has_answer_text, is_blank

LICENCE_URL = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"
_AND = typeset(" ; ")
SOURCE = typeset("Assemblée nationale, données ouvertes (data.assemblee-nationale.fr), Licence Ouverte")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text with its heading (plain), its words (safe HTML), and its references (plain)."""

    heading: str
    html: str
    erratum: str | None = None
    reference: str | None = None


def facts(record: QuestionRecord, author: AuthorView, status: Status, status_on: date | None) -> str:
    """Who asks whom, since when, status, due date: an HTML list. `status_on` None says « now »."""
    items = fact_pairs(record, author, status, status_on)
    return "<ul>{}</ul>".format(
        "".join(f"<li>{typeset(f'{label} :')} {_text(value)}</li>" for label, value in items)
    )


def fact_pairs(
    record: QuestionRecord, author: AuthorView, status: Status, status_on: date | None
) -> list[tuple[str, str]]:
    """The same, as labels and values of plain text."""
    items = [
        ("Auteur", wording.asker(author, record.author.group)),
        *_ministries(record),
        ("Rubrique", record.rubric or ""),
        ("Publiée", f"le {day(record.published_on)}" if record.published_on else "date inconnue"),
        (
            f"Statut au {day(status_on)}" if status_on else "Statut",
            wording.status_of_record(status, record),
        ),
        *_delays(record, status),
    ]
    return [(label, value) for label, value in items if value]


def texts(record: QuestionRecord, *, level: int = 3) -> str:
    """The answer if there is one, then the question, each with its reference, under headings."""
    return "".join(_shown(passage, level) for passage in passages(record))


def passages(record: QuestionRecord) -> list[Passage]:
    """The same, one by one."""
    found = []
    if has_answer_text(record):
        ministry = record.ministry_attributed
        heading = f"Réponse ({wording.ministry(ministry)})" if ministry else "Réponse"
        found.append(_passage(heading, record.answer_text, page=False))
    elif record.closure and closure_status(record.closure) is Status.ANSWERED:
        sentence = typeset("Réponse publiée selon la source ; elle n'en donne pas le texte.")
        found.append(Passage("Réponse", f"<p>{sentence}</p>"))
    if record.question_text is None or is_blank(record.question_text.html):
        sentence = typeset("Le texte de la question n’est pas disponible à la source.")
        found.append(Passage("Question", f"<p>{sentence}</p>"))
    else:
        found.append(_passage("Question", record.question_text, page=True))
    return found


def sentence(value: str) -> str:
    """One of our sentences, escaped, with its full stop."""
    return f"{_text(value)}."


def history(events: Iterable[Event]) -> str:
    """What happened, oldest first, as a list of dated facts."""
    items = "".join(f"<li>{_text(wording.happened(event))}</li>" for event in events)
    return f"{_heading('Historique')}<ol>{items}</ol>"


def changes(event: Event) -> str:
    """What a correction or a reopening took away or added; empty for every other event."""
    old, new = event.detail.get("old", ""), event.detail.get("new", "")
    if event.kind is EventKind.CORRECTED:
        parts = [_heading(f"Ce qui a changé ({wording.part(event.detail.get('part', 'question'))})")]
        if old or new:
            parts.append(f"<p>{word_differences(plain_text(old), plain_text(new))}</p>")
        if event.detail.get("erratum"):
            parts.append(f"<p>{typeset('Erratum :')} {_text(plain_text(event.detail['erratum']))}</p>")
        return "".join(parts)
    if event.kind is EventKind.REOPENED and event.detail.get("what") == "answer" and old:
        return f"{_heading('Réponse retirée par la source')}<div>{safe_html(old)}</div>"
    return ""


def footer(record: QuestionRecord, observed_on: date | None) -> str:
    """Official page, source, licence, and the day we learned the fact."""
    page = html.escape(record.id.official_url)
    observed = f" {typeset(f'Fait relevé le {day(observed_on)}.')}" if observed_on else ""
    return (
        f'<p><a href="{page}">Page officielle de la question</a>. '
        f'{typeset("Source :")} {SOURCE} (<a href="{LICENCE_URL}">texte de la licence</a>).{observed}</p>'
    )


def _ministries(record: QuestionRecord) -> Iterable[tuple[str, str]]:
    asked, now = record.ministry_asked, record.ministry_attributed
    if asked:
        yield "Ministère interrogé", wording.ministry(asked)
    if now and now != asked:
        since = record.attributions[-1].on
        yield "Ministère en charge", wording.ministry(now) + (f" (depuis le {day(since)})" if since else "")


def _delays(record: QuestionRecord, status: Status) -> Iterable[tuple[str, str]]:
    due, answered = due_on(record), answered_on(record)
    if status in {Status.PENDING, Status.OVERDUE} and due:
        yield "Réponse attendue au plus tard", f"le {day(due)}"
    if record.signalled_on:
        yield "Signalée", _AND.join(f"le {day(on)}" for on in record.signalled_on)
        signalled_due = signalled_due_on(record)
        if signalled_due and status in {Status.PENDING, Status.OVERDUE}:
            yield "Réponse attendue après signalement", f"le {day(signalled_due)}"
    if record.renewed_on:
        yield "Renouvelée", _AND.join(f"le {day(on)}" for on in record.renewed_on)
    if status is Status.ANSWERED and answered:
        published = record.published_on
        spent = f" ({wording.delay(published, answered, due)})" if published and answered >= published else ""
        yield "Réponse publiée", f"le {day(answered)}{spent}"
    closed = closed_on(record, date.max)
    if status in {Status.WITHDRAWN, Status.LAPSED, Status.CLOSED} and closed:
        yield "Close", f"le {day(closed)}"


def _passage(heading: str, text: PublishedText | None, *, page: bool) -> Passage:
    if text is None:
        return Passage(heading, "")
    return Passage(
        heading,
        f"<div>{safe_html(text.html)}</div>",
        plain_text(text.erratum) if text.erratum else None,
        one_line(wording.jo_reference(text.jo, page=page)),
    )


def _shown(passage: Passage, level: int) -> str:
    parts = [_heading(passage.heading, level), passage.html]
    if passage.erratum is not None:
        parts.append(f"<p>{typeset('Erratum :')} {_text(passage.erratum)}</p>")
    if passage.reference is not None:
        parts.append(f"<p><em>{_text(passage.reference)}</em></p>")
    return "".join(parts)


def _heading(text: str, level: int = 3) -> str:
    return f"<h{level}>{_text(text)}</h{level}>"


def _text(value: str) -> str:
    return html.escape(one_line(value), quote=False)
