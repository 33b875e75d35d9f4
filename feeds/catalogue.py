"""Which feeds exist: one catalogue over one filter type.

Enters: the topics, and the facets of a topic (every value ever seen among its public questions). Leaves:
`Feed`s, listed in order or found by their path, without rendering any. A path never changes and never
dies: facets are over all history. Formats (`.atom`, `.rss`, `.json`) and archives are not feeds of their
own, `split_path` reads them off an address.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from feeds import wording
from feeds.entries import question_path
from feeds.sanitise import one_line
from feeds.typography import typeset
from tracker.events import EventKind
from tracker.ports import Facet, Facets
from tracker.questions import QuestionRecord
from tracker.selection import Selection


@dataclass(frozen=True, slots=True)
class Topic:
    """A followed topic: its slug in addresses and its French name."""

    slug: str
    label: str


class Section(StrEnum):
    """Where a feed stands in lists; the values are anchors of the page `/flux`.

    Feeds of a selection (`feeds.selected`) are `SELECTED`: without number, so listed nowhere.
    """

    TOPIC = "sujets"
    GROUP = "groupes"
    MINISTRY = "ministeres"
    DEPUTY = "deputes"
    DEPARTMENT = "departements"
    QUESTION = "questions"
    SELECTED = "selections"


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed: its path (`asalee/groupe/gdr`), what it says of itself, and what it follows.

    `label` names it among its section, `page` is the path of the page it belongs to. `with_questions`
    says that the questions' own entries are in it, beside those of events. `query` is the query string of a
    feed that follows any selection; `archived` says that months which are over do not change any more.
    """

    path: str
    title: str
    label: str
    description: str
    selection: Selection
    section: Section
    page: str = "/flux"
    with_questions: bool = True
    query: str = ""
    archived: bool = True

    @property
    def key(self) -> str:
        """Path and query: what tells one feed from all others."""
        return f"{self.path}?{self.query}" if self.query else self.path


class Format(StrEnum):
    """The formats of every feed; the values are the endings of addresses."""

    ATOM = "atom"
    RSS = "rss"
    JSON = "json"


MEDIA_TYPES: Mapping[Format, str] = {
    Format.ATOM: "application/atom+xml",
    Format.RSS: "application/rss+xml",
    Format.JSON: "application/feed+json",
}


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """An address under `/flux/` taken apart; `month` is `2026-03` for an archive."""

    path: str
    format: Format
    month: str | None = None


@dataclass(frozen=True, slots=True)
class _Stream:
    """A feed of a topic that follows only some kinds of events."""

    segment: str
    label: str
    title: str
    description: str
    kinds: frozenset[EventKind]


_STREAMS = (
    _Stream(
        "nouvelles-questions",
        "Nouvelles questions",
        "nouvelles questions",
        "Chaque nouvelle question écrite sur {topic}, le jour où elle est connue.",
        frozenset({EventKind.PUBLISHED}),
    ),
    _Stream(
        "reponses",
        "Réponses",
        "réponses",
        "Chaque réponse à une question écrite sur {topic}, avec le texte de la question.",
        frozenset({EventKind.ANSWERED}),
    ),
    _Stream(
        "echeances-depassees",
        "Échéances dépassées",
        "échéances dépassées",
        "Chaque question écrite sur {topic} dont l'échéance de deux mois passe sans réponse.",
        frozenset({EventKind.DEADLINE_PASSED}),
    ),
)


@dataclass(frozen=True, slots=True)
class _Branch:
    """The feeds of a topic that follow one value of the filter: a group, a ministry, a question."""

    segment: str
    section: Section
    facets: Callable[[Facets], Sequence[Facet]]
    select: Callable[[str, str], Selection]  # topic and slug to selection
    title: str  # with {label}
    description: str
    page: Callable[[str], str]


_BRANCHES = (
    _Branch(
        "groupe",
        Section.GROUP,
        lambda facets: facets.groups,
        lambda topic, slug: Selection(topic=topic, group=slug),
        "groupe {label}",
        "Tout ce qui arrive aux questions écrites sur {topic} posées par des membres de ce groupe.",
        page=lambda slug: f"/groupes/{slug}",
    ),
    _Branch(
        "ministere",
        Section.MINISTRY,
        lambda facets: facets.ministries,
        lambda topic, slug: Selection(topic=topic, ministry=slug),
        "ministère {label}",
        "Tout ce qui arrive aux questions écrites sur {topic} posées ou attribuées un jour à ce ministère.",
        page=lambda slug: f"/ministeres/{slug}",
    ),
    _Branch(
        "depute",
        Section.DEPUTY,
        lambda facets: facets.deputies,
        lambda topic, slug: Selection(topic=topic, deputy=slug),
        "questions de {label}",
        "Tout ce qui arrive aux questions écrites sur {topic} posées par cet auteur.",
        page=lambda slug: f"/deputes/{slug}",
    ),
    _Branch(
        "departement",
        Section.DEPARTMENT,
        lambda facets: facets.departments,
        lambda topic, slug: Selection(topic=topic, department=slug),
        "département {label}",
        "Tout ce qui arrive aux questions écrites sur {topic} posées par des députés de ce département.",
        page=lambda slug: f"/departements/{slug}",
    ),
    _Branch(
        "question",
        Section.QUESTION,
        lambda facets: facets.questions,
        lambda topic, slug: Selection(topic=topic, uid=slug),
        "question {label}",
        "Tout ce qui arrive à cette question écrite sur {topic}.",
        page=question_path,
    ),
)

_ADDRESS = re.compile(
    r"(?P<path>[A-Za-z0-9-]+(?:/[A-Za-z0-9-]+){0,2}?)"
    r"(?:/archives/(?P<month>[12][0-9]{3}-(?:0[1-9]|1[0-2])))?\.(?P<format>atom|rss|json)",
    re.ASCII,
)


def split_path(path: str) -> FeedAddress | None:
    """Read `asalee/groupe/gdr.atom` or `asalee/archives/2026-03.rss`; None for another form."""
    found = _ADDRESS.fullmatch(path)
    if found is None:
        return None
    return FeedAddress(found["path"], Format(found["format"]), found["month"])


def address(feed: Feed, form: Format, month: str | None = None) -> str:
    """The path of a feed on this service: `/flux/asalee/archives/2026-03.atom`."""
    archive = f"/archives/{month}" if month else ""
    query = f"?{feed.query}" if feed.query else ""
    return f"/flux/{feed.path}{archive}.{form}{query}"


def find(path: str, topics: Sequence[Topic], facets_of: Callable[[str], Facets]) -> Feed | None:
    """The feed of a path without its ending, or None; `facets_of` is asked only when it matters."""
    segments = path.split("/")
    topic = next((topic for topic in topics if topic.slug == segments[0]), None)
    if topic is None:
        return None
    match segments[1:]:
        case []:
            return _whole(topic)
        case [segment]:
            return next((_stream(topic, kind) for kind in _STREAMS if kind.segment == segment), None)
        case [segment, slug]:
            branch = next((branch for branch in _BRANCHES if branch.segment == segment), None)
            return _found(topic, branch, slug, facets_of) if branch else None
        case _:
            return None


def topic_feeds(topic: Topic) -> list[Feed]:
    """The feeds of a topic that exist before any question does."""
    return [_whole(topic), *(_stream(topic, stream) for stream in _STREAMS)]


def all_feeds(topic: Topic, facets: Facets) -> Iterator[Feed]:
    """Every feed of a topic, section by section."""
    yield from topic_feeds(topic)
    for branch in _BRANCHES:
        for facet in branch.facets(facets):
            yield _branch(topic, branch, facet)


def question_feed(topic: Topic, record: QuestionRecord) -> Feed:
    """The feed of one question, for its page; the same as `find` gives for its path."""
    number = wording.question_number(record.id)
    label = typeset(f"{number} : ") + record.title if record.title else number
    branch = next(branch for branch in _BRANCHES if branch.section is Section.QUESTION)
    return _branch(topic, branch, Facet(record.uid, label, 1))


def _whole(topic: Topic) -> Feed:
    return Feed(
        path=topic.slug,
        title=typeset(f"{topic.label} : questions écrites"),
        label="Tout",
        description=typeset(
            f"Tout ce qui arrive aux questions écrites sur {topic.label} à l'Assemblée nationale."
        ),
        selection=Selection(topic=topic.slug),
        section=Section.TOPIC,
    )


def _stream(topic: Topic, stream: _Stream) -> Feed:
    return Feed(
        path=f"{topic.slug}/{stream.segment}",
        title=typeset(f"{topic.label} : {stream.title}"),
        label=stream.label,
        description=typeset(stream.description).replace("{topic}", topic.label),
        selection=Selection(topic=topic.slug, kinds=stream.kinds),
        section=Section.TOPIC,
        with_questions=False,
    )


def _found(topic: Topic, branch: _Branch, slug: str, facets_of: Callable[[str], Facets]) -> Feed | None:
    facets = branch.facets(facets_of(topic.slug))
    facet = next((facet for facet in facets if facet.slug == slug), None)
    return _branch(topic, branch, facet) if facet else None


def _branch(topic: Topic, branch: _Branch, facet: Facet) -> Feed:
    label = one_line(facet.label)
    return Feed(
        path=f"{topic.slug}/{branch.segment}/{facet.slug}",
        title=typeset(f"{topic.label} : {branch.title}").replace("{label}", label),
        label=label,
        description=typeset(branch.description).replace("{topic}", topic.label),
        selection=branch.select(topic.slug, facet.slug),
        section=branch.section,
        page=branch.page(facet.slug),
    )
