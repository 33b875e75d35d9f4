"""From what the reader gives to what the API answers.

Enters: views, events, figures, feeds. Leaves: models of `feeds.web.api.models`. Every text of the source
leaves here without control or bidi characters, and its HTML reduced to what is harmless.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from feeds import wording
from feeds.catalogue import Feed, Format, Topic, address, question_feed
from feeds.entries import question_path
from feeds.publisher import Publisher
from feeds.sanitise import one_line, plain_text, safe_html
from feeds.web.api import models
from tracker.addresses import KIND_WORDS
from tracker.characters import clean_characters
from tracker.deadlines import signalled_due_on
from tracker.events import Event, EventKind, Origin, RecordedEvent
from tracker.export import values_of
from tracker.figures import Figures
from tracker.ports import CrawlReport, EventView, QuestionView
from tracker.questions import PublishedText
from tracker.status import days_waiting, status_of

ROOT = "/api/v1"

ORIGINS = {Origin.LIVE: "direct", Origin.INITIAL: "initial", Origin.BACKFILL: "rattrapage"}
DETAILS = {
    "part": "partie",
    "old": "avant",
    "new": "apres",
    "erratum": "erratum",
    "old_ref": "avant_reference",
    "new_ref": "apres_reference",
    "code": "code",
    "label": "libelle",
    "what": "objet",
    "due_on": "echeance",
    "undated": "sans_date",
}
"""Keys of `tracker.events.Event.detail`, and their names here."""

_WORDS = {
    "partie": {"question": "question", "answer": "reponse", "title": "titre"},
    "objet": {"answer": "reponse", "closure": "cloture"},
    "sans_date": {"yes": "oui"},
}
_TEXTS = ("texte_question", "texte_reponse")


def question_of(view: QuestionView, today: date, publisher: Publisher) -> models.Question:
    """A question of a list."""
    return models.Question(**_facts(view, today, publisher))


def whole_question_of(
    view: QuestionView, today: date, publisher: Publisher, topics: Mapping[str, Topic]
) -> models.WholeQuestion:
    """A question by itself; `topics` are those that are followed, by slug."""
    record = view.record
    own = [question_feed(topics[slug], record) for slug in view.topics if slug in topics]
    return models.WholeQuestion(
        **_facts(view, today, publisher),
        attributions=[
            models.Attribution(ministere=one_line(one.ministry.label), depuis=one.on)
            for one in record.attributions
        ],
        textes_question=[_text(one) for one in record.question_texts],
        textes_reponse=[_text(one) for one in record.answer_texts],
        evenements=[models.Event(**_event(recorded)) for recorded in view.events],
        flux=[publisher.url(address(feed, Format.ATOM)) for feed in own],
        calendrier=publisher.url(f"{question_path(record.uid)}.ics"),
        lue_le=view.read_at,
    )


def followed_event_of(view: EventView, publisher: Publisher) -> models.FollowedEvent:
    """An event with the question that it happened to, as that was then."""
    record = view.record
    return models.FollowedEvent(
        **_event(view.recorded),
        question=models.QuestionNamed(
            identifiant=record.uid,
            legislature=record.id.legislature,
            numero=record.id.number,
            titre=_line(record.title),
            sujets=list(view.topics),
            **_addresses(record.uid, publisher),
        ),
    )


def figures_of(figures: Figures) -> models.SetFigures:
    """What can be said of a set of questions."""
    in_time, delay = figures.answered_in_time, figures.delay
    return models.SetFigures(
        questions=figures.questions,
        reponses=figures.answered,
        en_attente=figures.waiting,
        echeance_depassee=figures.overdue,
        closes=figures.closed,
        reponse_dans_les_delais=models.Rate(nombre=in_time.part, base=in_time.base, part=in_time.share),
        delai_median=models.Median(jours=delay.days, base=delay.base),
    )


def feed_of(topic: Topic, feed: Feed, publisher: Publisher) -> models.Feed:
    """A feed of the catalogue."""
    atom, rss, json_feed = (
        publisher.url(address(feed, form)) for form in (Format.ATOM, Format.RSS, Format.JSON)
    )
    return models.Feed(
        sujet=topic.slug,
        section=feed.section,
        titre=one_line(feed.title),
        description=feed.description,
        atom=atom,
        rss=rss,
        json_feed=json_feed,
    )


def run_of(report: CrawlReport) -> models.Run:
    """A reading of the source."""
    return models.Run(
        debut=report.started_at,
        fin=report.finished_at,
        issue=wording.outcome(report.outcome),
        raison=_line(report.reason),
    )


def _facts(view: QuestionView, today: date, publisher: Publisher) -> dict[str, Any]:
    record = view.record
    status = status_of(record, today)
    values = {name: value for name, value in values_of(view, today).items() if name not in _TEXTS}
    return {
        **values,
        "statut_libelle": one_line(wording.status_of_record(status, record)),
        "jours_d_attente": days_waiting(record, today),
        "date_echeance_signalement": signalled_due_on(record),
        "derniere_sequence": max((recorded.sequence for recorded in view.events), default=None),
        **_addresses(record.uid, publisher),
    }


def _addresses(uid: str, publisher: Publisher) -> dict[str, str]:
    path = question_path(uid)
    return {"adresse": publisher.url(path), "adresse_api": publisher.url(f"{ROOT}{path}")}


def _event(recorded: RecordedEvent) -> dict[str, Any]:
    event = recorded.event
    return {
        "sequence": recorded.sequence,
        "identifiant": event.id,
        "type": KIND_WORDS[event.kind],
        "libelle": one_line(wording.happened(event)),
        "date": event.occurred_on,
        "rang": event.rank,
        "connu_le": event.observed_at,
        "origine": ORIGINS[recorded.origin],
        "detail": _detail(event),
    }


def _detail(event: Event) -> dict[str, str]:
    """What an event says besides, as text: old and new forms of texts are HTML at the source."""
    is_html = event.kind is EventKind.REOPENED or event.detail.get("part") in {"question", "answer"}
    found: dict[str, str] = {}
    for key, name in DETAILS.items():
        if key in event.detail:
            value = event.detail[key]
            html = key == "erratum" or (is_html and key in {"old", "new"})
            text = plain_text(value) if html else clean_characters(value)
            found[name] = _WORDS.get(name, {}).get(text, text)
    return found


def _text(text: PublishedText) -> models.Text:
    return models.Text(
        texte=plain_text(text.html),
        html=safe_html(text.html),
        publie_le=text.jo.on,
        erratum=plain_text(text.erratum) if text.erratum else None,
    )


def _line(text: str | None) -> str | None:
    return None if text is None else one_line(text)
