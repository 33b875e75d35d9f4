"""A selection in French: what a list, a feed, a calendar or an alert holds, in one line.

Enters: a `Selection`, and the facets that give its slugs their labels. Leaves: plain text, one part for
each thing that the selection asks. A slug that no question ever had is shown as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from feeds import wording
from feeds.sanitise import one_line
from feeds.typography import day, legislature, typeset
from tracker.events import EventKind
from tracker.ports import Facet, Facets
from tracker.questions import QuestionId
from tracker.selection import Selection
from tracker.status import Status

_LIST = "questions écrites"


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels of slugs, for each field of `Selection` that holds one."""

    topics: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, str] = field(default_factory=dict)
    ministries: Mapping[str, str] = field(default_factory=dict)
    deputies: Mapping[str, str] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)
    rubrics: Mapping[str, str] = field(default_factory=dict)


def labels_of(topics: Mapping[str, str], facets: Collection[Facets]) -> Labels:
    """The labels of some topics (slug to name) and of their facets."""
    return Labels(
        topics=topics,
        groups=_labels(facet for one in facets for facet in one.groups),
        ministries=_labels(facet for one in facets for facet in one.ministries),
        deputies=_labels(facet for one in facets for facet in one.deputies),
        departments=_labels(facet for one in facets for facet in one.departments),
        rubrics=_labels(facet for one in facets for facet in one.rubrics),
    )


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that a selection asks, in words, and the fields of `Selection` that ask it."""

    text: str
    fields: tuple[str, ...]


def described(selection: Selection, labels: Labels) -> str:
    """« Questions écrites sur Asalée : échéance dépassée, groupe GDR », or that it is all of them."""
    asked = [part.text for part in parts(selection, labels) if part.fields != ("topic",)]
    topics = [selection.topic] if selection.topic else list(labels.topics)
    about = one_line(", ".join(labels.topics.get(slug, slug) for slug in topics))
    listed = f"{_LIST} sur {about}" if about else _LIST
    if not asked:
        return f"Toutes les {listed}"
    return f"{listed[0].upper()}{listed[1:]}{typeset(' : ')}{', '.join(asked)}"


def parts(selection: Selection, labels: Labels) -> list[Part]:
    """What a selection asks, in the order in which it is told."""
    slugs = (
        ("topic", "sujet", selection.topic, labels.topics),
        ("group", "groupe", selection.group, labels.groups),
        ("ministry", "ministère", selection.ministry, labels.ministries),
        ("deputy", "auteur", selection.deputy, labels.deputies),
        ("department", "département", selection.department, labels.departments),
        ("rubric", "rubrique", selection.rubric, labels.rubrics),
    )
    found = [
        Part(_statuses(selection.statuses), ("statuses",)),
        *(
            Part(f"{name} {one_line(known.get(slug, slug))}", (asked,))
            for asked, name, slug, known in slugs
            if slug is not None
        ),
        Part(
            legislature(selection.legislature) if selection.legislature is not None else "", ("legislature",)
        ),
        Part(_question(selection.uid), ("uid",)),
        Part(_signalled(selection.signalled), ("signalled",)),
        Part(
            _published(selection.published_from, selection.published_to), ("published_from", "published_to")
        ),
        Part(_words(selection.words), ("words",)),
        Part(_kinds(selection.kinds), ("kinds",)),
    ]
    return [part for part in found if part.text]


def without(selection: Selection, part: Part) -> Selection:
    """The selection without what a part asks."""
    anything = Selection()
    return replace(selection, **{name: getattr(anything, name) for name in part.fields})


def _labels(facets: Iterable[Facet]) -> dict[str, str]:
    return {facet.slug: facet.label for facet in facets}


def _statuses(statuses: frozenset[Status]) -> str:
    words = [wording.status(status) for status in Status if status in statuses]
    return " ou ".join(word[0].lower() + word[1:] for word in words)


def _question(uid: str | None) -> str:
    if uid is None:
        return ""
    question = QuestionId.from_uid(uid)
    return f"question {wording.question_number(question)} ({legislature(question.legislature)})"


def _signalled(value: bool | None) -> str:  # noqa: FBT001  # a field of Selection
    return "" if value is None else "signalées" if value else "non signalées"


def _published(first: date | None, last: date | None) -> str:
    if first is not None and first == last:
        return f"publiées le {day(first)}"
    since = f"à partir du {day(first)}" if first else ""
    until = f"jusqu’au {day(last)}" if last else ""
    return " ".join(part for part in ("publiées" if first or last else "", since, until) if part)


def _words(words: str | None) -> str:
    text = one_line(words or "")
    return typeset("contenant « {} »").format(text) if text else ""


def _kinds(kinds: frozenset[EventKind]) -> str:
    names = [wording.event(kind) for kind in EventKind if kind in kinds]
    return f"pour ces événements{typeset(' : ')}{', '.join(names)}" if names else ""
