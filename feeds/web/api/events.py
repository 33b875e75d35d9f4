"""`/events`: everything that happens, in our sequence, so that another service misses nothing.

Enters: the last sequence that a follower has, and the id of its event. Leaves: what comes after it, of
whatever origin, and the address to ask next. Sequences only grow and have gaps; ids of events stay when a
place is made anew or restored, sequences do not: where the id no longer goes with the sequence, the follower
is told.
"""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.requests import Request

from feeds.web.api import models, parameters, shapes
from feeds.web.api.described import refusals
from feeds.web.api.problems import CursorError
from feeds.web.api.sourced import sourced
from feeds.web.site import Site

_PARAMETERS = (parameters.AFTER, parameters.LAST_ID, parameters.EVENTS_LIMIT)


def add_events(router: APIRouter, site: Site) -> None:
    """Add the route."""

    @router.get(
        "/events",
        tags=["événements"],
        summary="Les événements après une séquence",
        operation_id="events",
        responses=refusals(409),
        openapi_extra=parameters.described(_PARAMETERS),
    )
    def events(request: Request) -> models.EventPage:
        """Tout ce qui est arrivé, du premier événement au dernier, sans rien manquer ni répéter.

        Commencez par `apres=0`, puis demandez l'adresse `suite` : tout de suite si `reste` est vrai, sinon
        plus tard. L'histoire trouvée au premier remplissage et les rattrapages y sont aussi (`origine`).
        """
        pairs = parameters.read(request.url.query, _PARAMETERS)
        after = parameters.number_of(pairs, parameters.AFTER)
        limit = parameters.number_of(pairs, parameters.EVENTS_LIMIT)
        last_id = parameters.shaped_of(pairs, parameters.LAST_ID)
        views = site.reader.events_after(after, limit=limit)
        last = site.reader.last_sequence()
        if after > last or (last_id is not None and last_id != _id_at(site, after)):
            raise CursorError(
                f"La base de ce service a été refaite : sa dernière séquence est {last}, et la séquence "
                f"{after} n'y est pas celle que vous aviez. Reprenez à 0 ; les identifiants des événements "
                "n'ont pas changé."
            )
        reached = views[-1].recorded.sequence if views else after
        reached_id = views[-1].recorded.event.id if views else last_id
        following = {"apres": reached, "dernier": reached_id, "limite": limit}
        query = urlencode({name: value for name, value in following.items() if value is not None}, safe="/")
        return models.EventPage(
            **sourced(site),
            evenements=[shapes.followed_event_of(view, site.publisher) for view in views],
            derniere_sequence=last,
            reste=reached < last,
            suite=site.publisher.url(f"{shapes.ROOT}/events?{query}"),
        )


def _id_at(site: Site, sequence: int) -> str | None:
    """The id of the event that has exactly that sequence."""
    found = site.reader.events_after(sequence - 1, limit=1)
    return found[0].recorded.event.id if found and found[0].recorded.sequence == sequence else None
