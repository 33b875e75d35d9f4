"""A question as lines of text: the sheet of `status`, a line of `questions`.

Enters: a question as the public side sees it, the day in Paris. Leaves: French words; the statuses'
and names' wording is that of `feeds.wording`.
"""

from __future__ import annotations

from datetime import date, datetime

from feeds import wording
from feeds.typography import day, days, instant, legislature, ordinal
from tracker.deadlines import due_on, signalements_available, signalled_due_on
from tracker.ports import QuestionView
from tracker.status import (
    Status,
    answered_on,
    days_overdue,
    days_to_answer,
    days_waiting,
    status_of,
)

HEADINGS = ("N°", "LÉG.", "PUBLIÉE", "ÉCHÉANCE", "STATUT", "AUTEUR", "TITRE")


def sheet(view: QuestionView, today: date, checked: datetime | None) -> list[tuple[str, str]]:
    """Labels and values: who, to whom, since when, due when, answered or not, signalled or not, link."""
    record = view.record
    number = f"Question écrite {wording.question_number(record.id)} ({legislature(record.id.legislature)})"
    return [
        ("", f"{number} : {wording.question_title(record)}"),
        ("Statut", wording.status_of_record(status_of(record, today), record)),
        ("De", wording.asker(view.author, record.author.group)),
        ("À", _ministries(view)),
        ("Publiée", _published(view, today)),
        ("Échéance", _due(view, today)),
        ("Réponse", _answer(view)),
        ("Signalée", _signalled(view)),
        ("Renouvelée", _dates(record.renewed_on) or "non"),
        ("Page officielle", record.id.official_url),
        ("Source", f"lue le {instant(checked)}" if checked else "jamais lue jusqu'au bout"),
    ]


def line(view: QuestionView, today: date) -> tuple[str, ...]:
    """One line of the list, under `HEADINGS`."""
    record = view.record
    due = due_on(record) if _due(view, today) else None
    return (
        str(record.id.number),
        str(record.id.legislature),
        str(record.published_on or ""),
        str(due or ""),
        wording.status(status_of(record, today)),
        wording.author(view.author),
        wording.question_title(record),
    )


def _ministries(view: QuestionView) -> str:
    asked, now = view.record.ministry_asked, view.record.ministry_attributed
    name = wording.ministry(asked) if asked else ""
    if now is None or now == asked:
        return name
    since = view.record.attributions[-1].on
    return f"{name} ; attribuée à {wording.ministry(now)}" + (f" depuis le {day(since)}" if since else "")


def _published(view: QuestionView, today: date) -> str:
    published = view.record.published_on
    if published is None:
        return "date inconnue"
    text = f"le {day(published)}"
    if view.record.question_text and view.record.question_text.jo.page:
        text += f" (Journal officiel, page {view.record.question_text.jo.page})"
    waiting = days_waiting(view.record, today)
    return f"{text}, attend depuis {days(waiting)}" if waiting is not None else text


def _due(view: QuestionView, today: date) -> str:
    due = due_on(view.record)
    if due is None:
        return "inconnue"
    status = status_of(view.record, today)
    if status is Status.OVERDUE:
        return f"{day(due)}, dépassée depuis {days(days_overdue(view.record, today) or 0)}"
    if status is Status.PENDING:
        return f"{day(due)}, dans {days((due - today).days)}"
    return day(due) if status is Status.ANSWERED else ""


def _answer(view: QuestionView) -> str:
    if view.record.answer_text is None and status_of(view.record, date.max) is not Status.ANSWERED:
        return "aucune"
    on, taken = answered_on(view.record), days_to_answer(view.record)
    if on is None:
        return "publiée selon la source, texte non disponible"
    return f"publiée le {day(on)}" + (f", {days(taken)} après la question" if taken is not None else "")


def _signalled(view: QuestionView) -> str:
    if not signalements_available(view.record):
        return f"non disponible pour la {ordinal(view.record.id.legislature)} législature"
    if not view.record.signalled_on:
        return "non"
    due = signalled_due_on(view.record)
    return f"oui, {_dates(view.record.signalled_on)}" + (
        f" ; réponse attendue au {day(due)}" if due and view.record.answer_text is None else ""
    )


def _dates(dates: tuple[date, ...]) -> str:
    return "le " + ", le ".join(day(on) for on in dates) if dates else ""
