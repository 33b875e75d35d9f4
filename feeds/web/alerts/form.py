"""The form of an alert as a template shows it.

Enters: a `Draft`, the site. Leaves: a `Form`: the filter in words and as fields, the kinds of event, the
rhythms, and what was wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from feeds import wording
from feeds.alerts.frequencies import WEEKDAYS
from feeds.described import described
from feeds.typography import NBSP, typeset
from feeds.web.alerts.drafts import RHYTHMS, Draft
from feeds.web.filter_fields import Choice, Option, choices_of, status_options
from feeds.web.site import Site
from tracker.addresses import KIND_WORDS
from tracker.alerts import OFFERED_KINDS, PRESELECTED_KINDS, Rhythm
from tracker.events import EventKind
from tracker.ports import QuestionView

_RHYTHMS = {
    Rhythm.AT_ONCE: "Dès que cela est connu",
    Rhythm.DAILY: "Une fois par jour, en un seul message",
    Rhythm.WEEKLY: "Une fois par semaine, en un seul message",
}


@dataclass(frozen=True, slots=True)
class Form:
    """`question` is the one that the alert is about, when it is about one alone."""

    draft: Draft
    about: str
    question: QuestionView | None
    choices: Sequence[Choice]
    statuses: Sequence[Option]
    usual: Sequence[Option]
    beside: Sequence[Option]
    rhythms: Sequence[Option]
    hours: Sequence[Option]
    weekdays: Sequence[Option]
    error: str = ""


def form_of(site: Site, draft: Draft, error: str = "") -> Form:
    """A draft as a form."""
    uid = draft.selection.uid
    return Form(
        draft=draft,
        about=described(draft.selection, site.labels()),
        question=site.reader.question(uid) if uid else None,
        choices=() if uid else choices_of(site, draft.selection),
        statuses=status_options(draft.selection),
        usual=[_kind(kind, draft) for kind in EventKind if kind in PRESELECTED_KINDS],
        beside=[_kind(kind, draft) for kind in EventKind if kind in OFFERED_KINDS - PRESELECTED_KINDS],
        rhythms=[Option(word, _RHYTHMS[one], one is draft.rhythm) for word, one in RHYTHMS.items()],
        hours=[Option(str(hour), f"{hour}{NBSP}h", hour == draft.hour) for hour in range(24)],
        weekdays=[Option(str(day), name, day == draft.weekday) for day, name in enumerate(WEEKDAYS)],
        error=typeset(error),
    )


def _kind(kind: EventKind, draft: Draft) -> Option:
    return Option(KIND_WORDS[kind], wording.event(kind), kind in draft.kinds)
