"""What every page and feed of one installation shares.

Enters: the reader, the topics, the options, the clock, from `tracker.wiring`. Leaves: a `Site`, handed
to each router.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from feeds.catalogue import Topic
from feeds.described import Labels, labels_of
from feeds.publisher import SERVICE_NAME, Publisher
from feeds.typography import elapsed
from feeds.web.facet_book import FacetBook
from feeds.web.figure_book import FigureBook
from tracker.clock import Clock, paris_day
from tracker.figures_port import PublicReader
from tracker.milestones import Milestone


@dataclass(frozen=True, slots=True)
class WebOptions:
    """What an operator sets. `recheck_seconds` is how long a rendered feed is trusted unasked."""

    public_url: str = "http://127.0.0.1:8000"
    demo: bool = False
    stale_after_hours: int = 26
    operator_name: str = ""
    operator_contact: str = ""
    operator_address: str = ""
    publication_director: str = ""
    hosting: str = ""
    recheck_seconds: float = 1.0
    alerts: bool = False  # whether one can ask for alerts by mail

    @property
    def stale_after(self) -> timedelta:
        """How long the source may stay unread before the service says so."""
        return timedelta(hours=self.stale_after_hours)


@dataclass(frozen=True, slots=True)
class Site:
    """The parts that routers work with."""

    reader: PublicReader
    topics: Sequence[Topic]
    options: WebOptions
    publisher: Publisher
    facets: FacetBook
    figures: FigureBook
    clock: Clock

    def today(self) -> date:
        """The day it is in Paris."""
        return paris_day(self.clock())

    def labels(self) -> Labels:
        """The labels of every slug that a selection can name."""
        topics = {topic.slug: topic.label for topic in self.topics}
        return labels_of(topics, [self.facets.of(slug) for slug in topics])

    def silent_for(self) -> str | None:
        """How long the source has not been read well, in words; None while that is not too long."""
        return self.silence(self.reader.last_good_check())

    def silence(self, checked_at: datetime | None) -> str | None:
        """The same, when the last good check is already known."""
        now = self.clock()
        if checked_at is None or now - checked_at <= self.options.stale_after:
            return None
        return elapsed(checked_at, now)


def site_of(
    reader: PublicReader,
    topics: Sequence[tuple[str, str]],
    options: WebOptions,
    clock: Clock,
    milestones: Mapping[str, Sequence[Milestone]],
) -> Site:
    """Build a `Site`; `topics` are slugs and labels, `milestones` by slug.

    The tag authority must be settled by then.
    """
    authority, since = reader.tag_authority()
    publisher = Publisher(
        public_url=options.public_url.rstrip("/"),
        authority=authority,
        since=since,
        name=options.operator_name or SERVICE_NAME,
        demo=options.demo,
    )
    return Site(
        reader=reader,
        topics=tuple(Topic(slug, label) for slug, label in topics),
        options=options,
        publisher=publisher,
        facets=FacetBook(reader),
        figures=FigureBook(reader, milestones),
        clock=clock,
    )
