"""The one place that says statuses, events, names and delays in French.

Enters: values of the domain. Leaves: plain French text, set as `feeds.typography` says. The words
« retard » and « en retard » are not used: a question is past its due date, nobody is late. Nothing
here reads the clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime

from feeds.typography import NBSP, count, day, days, ordinal, typeset
from tracker.clock import PARIS
from tracker.events import Event, EventKind
from tracker.ports import AuthorView, RunOutcome
from tracker.questions import Constituency, Group, JoReference, Ministry, QuestionId, QuestionRecord
from tracker.status import Status

STATUSES: Mapping[Status, str] = {
    Status.PENDING: "En attente",
    Status.OVERDUE: "Échéance dépassée",
    Status.ANSWERED: "Réponse publiée",
    Status.WITHDRAWN: "Retirée",
    Status.LAPSED: "Caduque",
    Status.CLOSED: "Close sans réponse",
}

EVENTS: Mapping[EventKind, str] = {
    EventKind.PUBLISHED: "Nouvelle question",
    EventKind.REATTRIBUTED: "Changement d’attribution",
    EventKind.SIGNALLED: "Question signalée",
    EventKind.RENEWED: "Question renouvelée",
    EventKind.ANSWERED: "Réponse publiée",
    EventKind.CORRECTED: "Texte rectifié",
    EventKind.WITHDRAWN: "Retirée",
    EventKind.LAPSED: "Caduque",
    EventKind.CLOSED: "Close sans réponse",
    EventKind.REOPENED: "Réponse retirée ou clôture annulée",
    EventKind.DEADLINE_PASSED: "Échéance dépassée",
    EventKind.DELISTED: "N’apparaît plus à la source",
}

_HEADLINES: Mapping[EventKind, str] = {
    EventKind.PUBLISHED: "Nouvelle question",
    EventKind.REATTRIBUTED: "Changement d’attribution de la question",
    EventKind.SIGNALLED: "Signalement de la question",
    EventKind.RENEWED: "Renouvellement de la question",
    EventKind.ANSWERED: "Réponse à la question",
    EventKind.CORRECTED: "Texte rectifié de la question",
    EventKind.WITHDRAWN: "Retrait de la question",
    EventKind.LAPSED: "Caducité de la question",
    EventKind.CLOSED: "Clôture sans réponse de la question",
    EventKind.REOPENED: "Réouverture de la question",
    EventKind.DEADLINE_PASSED: "Échéance dépassée pour la question",
    EventKind.DELISTED: "Question absente de la source",
}

_COUNTED: Mapping[EventKind, tuple[str, str | None]] = {
    EventKind.ANSWERED: ("réponse", None),
    EventKind.PUBLISHED: ("nouvelle question", "nouvelles questions"),
    EventKind.DEADLINE_PASSED: ("échéance dépassée", "échéances dépassées"),
    EventKind.SIGNALLED: ("signalement", None),
    EventKind.RENEWED: ("renouvellement", None),
    EventKind.REATTRIBUTED: ("changement d’attribution", "changements d’attribution"),
    EventKind.CORRECTED: ("rectification", None),
    EventKind.REOPENED: ("réouverture", None),
    EventKind.WITHDRAWN: ("retrait", None),
    EventKind.LAPSED: ("caducité", None),
    EventKind.CLOSED: ("clôture sans réponse", "clôtures sans réponse"),
    EventKind.DELISTED: ("absence de la source", "absences de la source"),
}  # the most awaited first

_PARTS = {"question": "texte de la question", "answer": "texte de la réponse", "title": "titre"}

_OUTCOMES: Mapping[RunOutcome, str] = {
    RunOutcome.RUNNING: "En cours",
    RunOutcome.UNCHANGED: "Source inchangée",
    RunOutcome.SUCCEEDED: "Réussi",
    RunOutcome.PARTIAL: "Réussi, sauf certains fichiers",
    RunOutcome.FAILED: "Échoué",
    RunOutcome.KILLED: "Interrompu",
}

_ABROAD = "Français établis hors de France"
_ABROAD_CODES = frozenset({"099", "99"})


# --- what is asked, and by whom ----------------------------------------------------------------------


def question_number(question: QuestionId) -> str:
    """« n° 13983 »; a question's number is a name, so it is not cut into thousands."""
    return f"n°{NBSP}{question.number}"


def question_title(record: QuestionRecord) -> str:
    """The source's title, else its heading or rubric; a question just published may have none yet."""
    return record.title or record.heading or record.rubric or "sans titre à la source"


def author(view: AuthorView) -> str:
    """« M. Édouard Bénard », or who the source refers to when nobody is named."""
    if view.name is None:
        reference = f" (référence {view.actor_ref})" if view.actor_ref else ""
        return f"Auteur non nommé par la source{reference}"
    return f"{view.civility.replace(' ', NBSP)}{NBSP}{view.name}" if view.civility else view.name


def constituency(place: Constituency) -> str:
    """« Seine-Maritime (3e circonscription) », « Français établis hors de France (5e) », or nothing."""
    if is_abroad(place.department_code) or place.department == _ABROAD:
        return _ABROAD if place.number is None else f"{_ABROAD} ({ordinal(place.number)})"
    name = place.department or place.department_code or ""
    if place.number is None:
        return name
    seat = f"{ordinal(place.number)} circonscription"
    return f"{name} ({seat})" if name else seat


def is_abroad(department_code: str | None) -> bool:
    """True of the code that stands for the French established abroad."""
    return department_code in _ABROAD_CODES


def group(stated: Group) -> str:
    """The group as stated on the question: « Gauche Démocrate et Républicaine (GDR) »."""
    if stated.name and stated.abbreviation and stated.name != stated.abbreviation:
        return f"{stated.name} ({stated.abbreviation})"
    return stated.name or stated.abbreviation or stated.ref or ""


def group_short(stated: Group) -> str:
    """The group in few letters, where it has some: « GDR »."""
    return stated.abbreviation or stated.name or stated.ref or ""


def ministry(stated: Ministry) -> str:
    """The long name of a ministry, else the short one."""
    return stated.name or stated.label


def asker(view: AuthorView, stated: Group | None) -> str:
    """Who asks, with group and constituency: « M. X, Groupe (G), Seine-Maritime (3e circonscription) »."""
    place = constituency(view.constituency) if view.constituency else ""
    return ", ".join(part for part in (author(view), group(stated) if stated else "", place) if part)


def jo_reference(jo: JoReference, *, page: bool) -> str:
    """A reference ready to be cited: « Journal officiel, Questions, du 31 mars 2026, page 2650 ».

    Pass `page=False` for an answer: the source's page is its section's first one, not the answer's.
    """
    parts = ["Journal officiel, Questions de l’Assemblée nationale"]
    if jo.on is not None:
        parts.append(f"{day(jo.on)}")
    if page and jo.page:
        parts.append(f"page{NBSP}{jo.page}")
    return ", ".join(parts)


def question_citation(record: QuestionRecord, view: AuthorView) -> str:
    """A question ready to be cited, with its author, its Journal officiel and its official address."""
    text = record.question_text
    where = f", {jo_reference(text.jo, page=True)}" if text else ""
    return f"{_cited(record, view)}{where}, {record.id.official_url}"


def answer_citation(record: QuestionRecord, view: AuthorView) -> str | None:
    """Its answer ready to be cited; None while there is none. Never with a page: the source has none."""
    text = record.answer_text
    if text is None:
        return None
    who = record.ministry_attributed
    by = f"{ministry(who)}, réponse" if who and ministry(who) else "Réponse"
    asked = _cited(record, view)
    where = jo_reference(text.jo, page=False)
    return f"{by} à la {asked[0].lower()}{asked[1:]}, {where}, {record.id.official_url}"


def _cited(record: QuestionRecord, view: AuthorView) -> str:
    """« Question écrite n° 13983 (17e législature) de M. Édouard Bénard, Groupe (G), Seine-Maritime… »."""
    number = f"Question écrite {question_number(record.id)} ({ordinal(record.id.legislature)} législature)"
    return f"{number} de {asker(view, record.author.group)}" if view.name else number


def delay(published_on: date, answered_on: date, due_on: date | None) -> str:
    """How long an answer took: « 63 jours après la question, après l’échéance du 31 mai 2026 »."""
    text = f"{days((answered_on - published_on).days)} après la question"
    if due_on is None:
        return text
    if answered_on > due_on:
        return f"{text}, après l’échéance du {day(due_on)}"
    return (
        f"{text}, avant l’échéance du {day(due_on)}"
        if answered_on < due_on
        else f"{text}, le jour de l’échéance"
    )


# --- status and events -------------------------------------------------------------------------------


def status(value: Status) -> str:
    """The French word of a status."""
    return STATUSES[value]


def status_of_record(value: Status, record: QuestionRecord) -> str:
    """The status, with the source's own label when it closes a question in a way of its own."""
    label = record.closure.label if record.closure else None
    if value is Status.CLOSED and label:
        return f"{STATUSES[value]} ({label})"
    return STATUSES[value]


def event(value: EventKind) -> str:
    """The French word of an event kind."""
    return EVENTS[value]


def events_counted(kinds: Iterable[EventKind]) -> str:
    """How many of each kind: « 1 réponse, 2 nouvelles questions »."""
    found = Counter(kinds)
    return ", ".join(count(found[kind], *_COUNTED[kind]) for kind in _COUNTED if found[kind])


def headline(kind: EventKind, record: QuestionRecord) -> str:
    """An event as a title: « Réponse à la question n° 13983 : Continuité du dispositif »."""
    return f"{_HEADLINES[kind]} {question_number(record.id)}{NBSP}: {question_title(record)}"


def question_headline(record: QuestionRecord, value: Status) -> str:
    """A question as a title, with its status: « Question n° 13983 (en attente) : … »."""
    state = STATUSES[value]
    opening = f"Question {question_number(record.id)} ({state[0].lower()}{state[1:]})"
    return f"{opening}{NBSP}: {question_title(record)}"


def part(value: str) -> str:
    """Which text a correction touches: « texte de la question »."""
    return _PARTS.get(value, value)


def told(fact: Event) -> str:
    """One event beside its date: « Question signalée », « N’apparaît plus à la source, constat… »."""
    observed = ", constat fait ce jour-là" if _is_observed(fact) else ""
    add = _ADDITIONS.get(fact.kind)
    return f"{_FACTS[fact.kind]}{observed}{add(fact.detail) if add else ''}"


def happened(fact: Event) -> str:
    """One event as a dated sentence without its question: « Question signalée le 6 juillet 2026 ».

    A fact that the source gives no date for says the day it was seen: « …, constaté le 6 juillet 2026 ».
    """
    when = ", constaté le" if _is_observed(fact) else " le"
    add = _ADDITIONS.get(fact.kind)
    return f"{_FACTS[fact.kind]}{when} {day(fact.occurred_on)}{add(fact.detail) if add else ''}"


_FACTS: Mapping[EventKind, str] = {
    EventKind.PUBLISHED: "Question publiée au Journal officiel",
    EventKind.REATTRIBUTED: "Changement d’attribution",
    EventKind.SIGNALLED: "Question signalée",
    EventKind.RENEWED: "Question renouvelée",
    EventKind.ANSWERED: "Réponse publiée au Journal officiel",
    EventKind.CORRECTED: "Texte rectifié",
    EventKind.WITHDRAWN: "Question retirée",
    EventKind.LAPSED: "Question devenue caduque",
    EventKind.CLOSED: "Question close sans réponse",
    EventKind.REOPENED: "Réouverture",
    EventKind.DEADLINE_PASSED: "Échéance dépassée",
    EventKind.DELISTED: "N’apparaît plus à la source",
}
_OBSERVED = frozenset({EventKind.REOPENED, EventKind.DELISTED})


def _is_observed(fact: Event) -> bool:
    """Whether the source gives the fact no date: its day is the one on which it was seen."""
    return bool(fact.detail.get("undated")) or fact.kind in _OBSERVED


def _moved(detail: Mapping[str, str]) -> str:
    old, new = detail.get("old"), detail.get("new")
    if old and new:
        return typeset(" : de « {} » à « {} »").format(old, new)
    return typeset(" : « {} »").format(new) if new else ""


def _corrected(detail: Mapping[str, str]) -> str:
    return typeset(" : {}").format(part(detail["part"])) if "part" in detail else ""


def _closed(detail: Mapping[str, str]) -> str:
    return typeset(" (selon la source : « {} »)").format(detail["label"]) if detail.get("label") else ""


def _reopened(detail: Mapping[str, str]) -> str:
    what = "clôture annulée" if detail.get("what") == "closure" else "réponse retirée"
    return typeset(" : {} par la source").format(what)


def _was_due(detail: Mapping[str, str]) -> str:
    if not detail.get("due_on"):
        return ""
    due = day(date.fromisoformat(detail["due_on"]))
    return typeset(" : une réponse était attendue au plus tard le {}").format(due)


_ADDITIONS: Mapping[EventKind, Callable[[Mapping[str, str]], str]] = {
    EventKind.REATTRIBUTED: _moved,
    EventKind.CORRECTED: _corrected,
    EventKind.WITHDRAWN: _closed,
    EventKind.LAPSED: _closed,
    EventKind.CLOSED: _closed,
    EventKind.REOPENED: _reopened,
    EventKind.DEADLINE_PASSED: _was_due,
}


# --- runs and the service ----------------------------------------------------------------------------


def outcome(value: RunOutcome) -> str:
    """How a run ended."""
    return _OUTCOMES[value]


def checked_on(value: datetime | None) -> str:
    """The day of the last good check, for feeds: « Source vérifiée le 21 novembre 2026 »."""
    if value is None:
        return "Source pas encore lue"
    return f"Source vérifiée le {day(value.astimezone(PARIS).date())}"
