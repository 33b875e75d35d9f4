"""Who publishes, and what a feed says of itself in every format.

Enters: the public address, the tag authority, a `FeedDocument`. Leaves: tag URIs, absolute addresses,
titles, subtitles and the feed's `updated`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from feeds import wording
from feeds.content import SOURCE
from feeds.documents import FeedDocument
from feeds.sanitise import clean_characters
from feeds.typography import month, typeset

RIGHTS = typeset(f"Source : {SOURCE}. Service indépendant de l'Assemblée nationale et de l'État.")
GENERATOR = "asalee-tracker"
SERVICE_NAME = "Suivi des questions écrites"


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes: the public address without a final slash, the tag authority and its date.

    `name` signs the feeds; `demo` says in each title that the content is a demonstration.
    """

    public_url: str
    authority: str
    since: str
    name: str = SERVICE_NAME
    demo: bool = False

    def tag(self, suffix: str) -> str:
        """A tag URI (RFC 4151): stable, never an address of a page."""
        return f"tag:{self.authority},{self.since}:{suffix}"

    def url(self, href: str) -> str:
        """An absolute address: paths are this service's."""
        return f"{self.public_url}{href}" if href.startswith("/") else href

    @property
    def epoch(self) -> datetime:
        """The `updated` of a feed that has no entry yet: the date of the tag authority."""
        return datetime.combine(date.fromisoformat(f"{self.since}-01-01"[:10]), time(), UTC)


def title_of(document: FeedDocument, publisher: Publisher) -> str:
    """The feed's title; an archive names its month, a demonstration says that it is one."""
    title = document.feed.title
    if document.month:
        title = f"{title} ({month(date.fromisoformat(f'{document.month}-01'))})"
    return clean_characters(typeset("Démonstration : ") + title if publisher.demo else title)


def subtitle_of(document: FeedDocument) -> str:
    """What the feed is; for the live feed also the day of the last good check, once a day at most."""
    text = document.feed.description
    if document.month is None:
        text = f"{text} {wording.checked_on(document.checked_at)}."
    return clean_characters(text)


def updated_of(document: FeedDocument, publisher: Publisher) -> datetime:
    """The instant of the latest entry, which a check of the source never moves."""
    return document.updated or publisher.epoch
