"""`/feeds` and `/health`: which feeds there are, and whether the service still reads the source.

Enters: the catalogue, the runs. Leaves: addresses of feeds; the state of the service, never kept, since it
tells the time.
"""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Response
from starlette.requests import Request

from feeds.catalogue import Section, all_feeds
from feeds.typography import elapsed, typeset
from feeds.web.api import models, parameters, shapes
from feeds.web.api.described import refusals
from feeds.web.api.sourced import sourced
from feeds.web.site import Site

_FEEDS = (parameters.TOPIC, parameters.SECTION)


def add_feeds(router: APIRouter, site: Site) -> None:
    """Add the list of feeds."""

    @router.get(
        "/feeds",
        tags=["service"],
        summary="Les flux",
        operation_id="feeds",
        responses=refusals(),
        openapi_extra=parameters.described(_FEEDS),
    )
    def feeds(request: Request) -> models.FeedList:
        """Les adresses des flux ; tout autre filtre a le sien, à `/flux/questions.atom?…`."""
        pairs = parameters.read(request.url.query, _FEEDS)
        slug = parameters.selection_of(pairs).topic
        section = parameters.word_of(pairs, parameters.SECTION)
        return models.FeedList(
            **sourced(site),
            flux=[
                shapes.feed_of(topic, feed, site.publisher)
                for topic in site.topics
                if slug in {None, topic.slug}
                for feed in all_feeds(topic, site.facets.of(topic.slug))
                if feed.section == section or (section is None and feed.section is not Section.QUESTION)
            ],
            opml=site.publisher.url("/flux/opml"),
        )


def add_health(router: APIRouter, site: Site) -> None:
    """Add the state of the service."""

    @router.get(
        "/health",
        tags=["service"],
        summary="L'état du service",
        operation_id="health",
        responses={status: told for status, told in refusals().items() if status != 304},  # noqa: PLR2004  # HTTP
    )
    def health(request: Request, response: Response) -> models.Health:
        """Depuis quand la source a été lue.

        Répond toujours 200 ; `/readyz`, fait pour les sondes, répond 503 quand c'est trop vieux.
        """
        parameters.read(request.url.query, ())
        response.headers["Cache-Control"] = "no-store"
        checked_at = site.reader.last_good_check()
        last = next(iter(site.reader.runs(limit=1)), None)
        return models.Health(
            a_jour=checked_at is not None and site.silence(checked_at) is None,
            message=_message(site, checked_at),
            source_lue_le=checked_at,
            derniere_sequence=site.reader.last_sequence(),
            dernier_passage=shapes.run_of(last) if last else None,
        )


def _message(site: Site, checked_at: datetime | None) -> str:
    if checked_at is None:
        return typeset("La source n'a pas encore été lue.")
    since = elapsed(checked_at, site.clock())
    if site.silence(checked_at) is None:
        return typeset(f"Source lue il y a {since}.")
    return typeset(f"La source n'a pas été lue depuis {since} : ce qui a pu y changer n'est pas encore ici.")
