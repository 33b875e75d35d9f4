"""One event as an alert tells it, before any form.

Enters: an `EventView`. Leaves: a `Told`, the question as it stood when the event happened: the same at
each attempt to send, whatever is read in between. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from feeds import content, wording
from feeds.as_of import as_of, status_as_of
from feeds.content import Passage
from feeds.entries import event_anchor, question_path
from feeds.sanitise import one_line, plain_text
from feeds.typography import day, typeset
from tracker.deadlines import due_on
from tracker.events import Event, EventKind
from tracker.ports import EventView
from tracker.questions import QuestionRecord

LONGEST_TITLE = 200  # of a subject: what a list of mails can show several times over
_LONGEST_TEXT = 60_000  # characters of HTML; a mail of more than 100 kB is cut by some readers
_SHORTENED = 6_000

_REMOVED = re.compile(r"<del>(.*?)</del>", re.DOTALL)
_ADDED = re.compile(r"<ins>(.*?)</ins>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Told:
    """An event in words. `changes` and the passages' `html` are safe HTML, all else is plain text.

    `headline` says all by itself (a subject, a lock screen), `said` goes on from it: what `happened` and, of
    an answer, the `delay` that is this question's own (else empty). `citation` is ready to be quoted.
    `path` is this service's page of the event, `official_url` the Assemblée's.
    """

    event: Event
    record: QuestionRecord
    headline: str
    said: str
    happened: str
    delay: str
    asker: str
    facts: tuple[tuple[str, str], ...]
    citation: str
    changes: str
    passages: tuple[Passage, ...]
    path: str
    official_url: str

    @property
    def number(self) -> str:
        """« n° 13983 »."""
        return wording.question_number(self.record.id)

    @property
    def title(self) -> str:
        """The question's title."""
        return one_line(wording.question_title(self.record), LONGEST_TITLE)

    @property
    def changes_text(self) -> str:
        """What changed, for a reader without markup."""
        marked = _REMOVED.sub(typeset(r" [supprimé : \1] "), self.changes)
        return plain_text(_ADDED.sub(typeset(r" [ajouté : \1] "), marked))


def told_of(view: EventView) -> Told:
    """The event of a view, told."""
    event = view.recorded.event
    record = as_of(view.record, event)
    status = status_as_of(record, event)
    answer = wording.answer_citation(record, view.author) if event.kind is EventKind.ANSWERED else None
    happened, delay = wording.happened(event), _delay(event, record)
    return Told(
        event=event,
        record=record,
        headline=one_line(wording.headline(event.kind, record), LONGEST_TITLE),
        said=one_line(_said(event, record, happened, delay)),
        happened=one_line(happened),
        delay=delay,
        asker=one_line(wording.asker(view.author, record.author.group)),
        facts=tuple(
            (label, one_line(value))
            for label, value in content.fact_pairs(record, view.author, status, event.occurred_on)
        ),
        citation=one_line(answer or wording.question_citation(record, view.author)),
        changes=content.changes(event),
        passages=tuple(_bounded(passage) for passage in content.passages(record)),
        path=f"{question_path(event.uid)}#{event_anchor(event)}",
        official_url=record.id.official_url,
    )


def _said(event: Event, record: QuestionRecord, happened: str, delay: str) -> str:
    """What happened, with what one asks next: how long it took, or until when an answer is due."""
    due = due_on(record)
    if delay:
        return f"{happened}, {delay}"
    if event.kind is EventKind.PUBLISHED and due is not None:
        return happened + typeset(" ; réponse attendue au plus tard le ") + day(due)
    return happened


def _delay(event: Event, record: QuestionRecord) -> str:
    published = record.published_on
    if event.kind is not EventKind.ANSWERED or published is None or event.occurred_on < published:
        return ""
    return wording.delay(published, event.occurred_on, due_on(record))


def _bounded(passage: Passage) -> Passage:
    """A text that a mail can hold: an absurdly long one is shortened, the page has it whole."""
    if len(passage.html) <= _LONGEST_TEXT:
        return passage
    beginning = content.sentence(one_line(plain_text(passage.html), _SHORTENED).rstrip("…") + " […]")
    more = typeset("Texte abrégé ici : il est entier sur la page de la question.")
    return Passage(passage.heading, f"<p>{beginning}</p><p>{more}</p>", passage.erratum, passage.reference)
