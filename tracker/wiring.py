"""Where the rooms are put together: one place, its store and reader, its web.

Enters: settings and a clock. Leaves: a `Place`, and what is made of it for commands, the worker and
the demonstration. What is heavy is imported by the function that needs it: `status` must answer at
once. Crawls are wired in `tracker.crawling`.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from db.engine import open_engine
from db.queries import SqlReader
from db.store import SqlStore
from tracker.clock import Clock, paris_day, system_clock
from tracker.errors import SchemaError
from tracker.selection import Selection
from tracker.settings import Settings, load_settings

if TYPE_CHECKING:
    from fastapi import FastAPI
    from sqlalchemy import Engine

    from feeds.web.alerts.desk import AlertDesk
    from feeds.web.metrics import Watched
    from tracker.topics import TopicSet


@dataclass(frozen=True, slots=True)
class Place:
    """One installation: where it is kept, who reads and writes it, under which settings and clock."""

    settings: Settings
    engine: Engine
    store: SqlStore
    reader: SqlReader
    clock: Clock


@contextmanager
def open_place(
    settings: Settings, *, clock: Clock = system_clock, create: bool = False, any_schema: bool = False
) -> Iterator[Place]:
    """Open the place; `create` makes and migrates an empty one.

    Raises SchemaError on a schema this version does not know, or on an empty one without `create`;
    with `any_schema` (to copy a base before it is migrated) only when there is none at all.
    """
    from db.schema import check_schema, is_empty  # noqa: PLC0415  # see the module's docstring

    if not create and not settings.database_url and not settings.database_file.exists():
        raise SchemaError(
            f"Il n'y a pas encore de base dans {settings.database_file.parent} : lancez asalee-tracker run "
            "(ou crawl), ou donnez le bon dossier par TRACKER_DATA_DIR."
        )
    engine = open_engine(settings.store_url)
    try:
        if create and is_empty(engine):
            _create(engine, settings, clock)
        if not any_schema:
            check_schema(engine)
        yield Place(settings, engine, SqlStore(engine, clock=clock), SqlReader(engine), clock)
    finally:
        engine.dispose()


@contextmanager
def open_configured_place(*, any_schema: bool = False) -> Iterator[Place]:
    """The place that the environment's settings name, which must exist."""
    with open_place(load_settings(), clock=system_clock, any_schema=any_schema) as place:
        yield place


def migrate_place(settings: Settings, clock: Clock = system_clock) -> None:
    """Create the place or bring it to this version's schema."""
    engine = open_engine(settings.store_url)
    try:
        _create(engine, settings, clock)
    finally:
        engine.dispose()


def topics_of(settings: Settings) -> TopicSet:
    """The topics that are followed."""
    from tracker.topics import load_topics  # noqa: PLC0415  # the automaton is built when needed only

    return load_topics(settings.topics_dir)


# --- the public side ---------------------------------------------------------------------------------


def make_web(
    place: Place, alerts: AlertDesk | None = None, watched: Watched | None = None, mailbox: Path | None = None
) -> FastAPI:
    """The web application over a place; `mailbox` is a demonstration's, which anyone may look into."""
    from feeds.web.app import create_app  # noqa: PLC0415  # see the module's docstring
    from feeds.web.site import WebOptions  # noqa: PLC0415

    settings = place.settings
    options = WebOptions(
        public_url=settings.public_base,
        demo=settings.demo,
        stale_after_hours=settings.stale_after_hours,
        operator_name=settings.operator_name,
        operator_contact=settings.operator_contact,
        operator_address=settings.operator_address,
        publication_director=settings.publication_director,
        hosting=settings.hosting,
    )
    followed = topics_of(settings).topics
    topics = [(topic.slug, topic.name) for topic in followed]
    milestones = {topic.slug: topic.milestones for topic in followed}
    return create_app(
        place.reader,
        topics,
        options,
        place.clock,
        milestones,
        alerts=alerts,
        watched=watched,
        mailbox=mailbox,
    )


def list_feeds(place: Place) -> list[dict[str, str]]:
    """Every feed: its topic, title and addresses."""
    from feeds.catalogue import Format, Topic, address, all_feeds  # noqa: PLC0415

    base = place.settings.public_base
    return [
        {
            "topic": topic.slug,
            "title": feed.title,
            **{form.value: f"{base}{address(feed, form)}" for form in Format},
        }
        for topic in topics_of(place.settings).topics
        for feed in all_feeds(Topic(topic.slug, topic.name), place.reader.facets(topic.slug))
    ]


def export_questions(place: Place, selection: Selection, form: Literal["csv", "json"]) -> str:
    """Selected questions as one text."""
    from tracker.export import export  # noqa: PLC0415  # see the module's docstring

    stream = io.StringIO(newline="")
    export(place.reader, selection, stream, form=form, today=paris_day(place.clock()))
    return stream.getvalue()


# --- what is kept ---------------------------------------------------------------------------------------


def backup_place(place: Place, file: Path) -> int:
    """A consistent copy of the database; its size in bytes."""
    from db.backup import backup  # noqa: PLC0415

    return backup(place.engine, file)


def verify_place(place: Place) -> list[str]:
    """Where what is kept disagrees with itself, in words; empty when all agrees."""
    from db.verify import verify  # noqa: PLC0415

    return verify(place.engine)


def _create(engine: Engine, settings: Settings, clock: Clock) -> None:
    """Schema and tag authority; on a place that has both, the schema alone may move."""
    from db.schema import migrate  # noqa: PLC0415

    migrate(engine)
    authority = settings.tag_authority or urlsplit(settings.public_base).hostname or "localhost"
    SqlStore(engine, clock=clock).settle_tag_authority(authority, paris_day(clock()))
