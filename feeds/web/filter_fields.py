"""The fields of a form that makes a filter, with what an address asks for already chosen.

Enters: the site's facets, a `Selection`. Leaves: choices, whose names are those of `tracker.addresses`, for
the list of questions and for alerts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from feeds import wording
from feeds.sanitise import one_line
from feeds.typography import legislature
from feeds.web.site import Site
from tracker.addresses import STATUS_WORDS
from tracker.ports import Facet, Facets
from tracker.questions import QuestionId
from tracker.selection import Selection
from tracker.status import Status
from tracker.text import fold

_FACETS: Sequence[tuple[str, str, str, str]] = (  # parameter, label, field of Facets, field of Selection
    ("groupe", "Groupe politique", "groups", "group"),
    ("ministere", "Ministère", "ministries", "ministry"),
    ("depute", "Auteur", "deputies", "deputy"),
    ("departement", "Département", "departments", "department"),
    ("rubrique", "Rubrique", "rubrics", "rubric"),
)


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a form's field."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of the form with a closed list of values."""

    name: str
    label: str
    options: Sequence[Option]


def status_options(selection: Selection) -> list[Option]:
    """Every status, those that a selection asks for chosen."""
    return [
        Option(STATUS_WORDS[status], wording.status(status), status in selection.statuses)
        for status in Status
    ]


def choices_of(site: Site, selection: Selection) -> list[Choice]:
    """The fields of the form that have a closed list of values, those without any left out."""
    topics = [topic for topic in site.topics if selection.topic in {None, topic.slug}]
    facets = [site.facets.of(topic.slug) for topic in topics]
    choices = [
        _choice(name, label, _merged(facets, values), getattr(selection, field))
        for name, label, values, field in _FACETS
    ]
    if len(site.topics) > 1:
        named = [(topic.slug, topic.label) for topic in site.topics]
        choices.insert(0, _choice("sujet", "Sujet", named, selection.topic))
    legislatures = _legislatures(facets)
    if len(legislatures) > 1 or selection.legislature is not None:
        numbered = [(str(one), legislature(one)) for one in legislatures]
        asked = None if selection.legislature is None else str(selection.legislature)
        choices.append(_choice("legislature", "Législature", numbered, asked))
    signalled = None if selection.signalled is None else ("oui" if selection.signalled else "non")
    choices.append(
        _choice("signalee", "Signalement", [("oui", "Signalées"), ("non", "Jamais signalées")], signalled)
    )
    return [choice for choice in choices if choice.options]


def _choice(name: str, label: str, values: Iterable[tuple[str, str]], asked: str | None) -> Choice:
    """A field; what an address asks for stays in it even if no question ever had it."""
    known = dict(values)
    if asked is not None:
        known.setdefault(asked, asked)
    options = [Option(value, one_line(text), value == asked) for value, text in known.items()]
    return Choice(name, label, options)


def _merged(facets: Iterable[Facets], field: str) -> list[tuple[str, str]]:
    """The values of a facet over some topics, in alphabetical order."""
    found: dict[str, Facet] = {facet.slug: facet for one in facets for facet in getattr(one, field)}
    ordered = sorted(found.values(), key=lambda facet: (facet.sorted_as or fold(facet.label), facet.slug))
    return [(facet.slug, facet.label) for facet in ordered]


def _legislatures(facets: Iterable[Facets]) -> list[int]:
    """The legislatures that have questions, newest first."""
    return sorted(
        {QuestionId.from_uid(facet.slug).legislature for one in facets for facet in one.questions},
        reverse=True,
    )
