"""`/figures`: what can be counted of any filter, beside all written questions.

Enters: the filter of the pages. Leaves: figures by legislature, each with what it rests on; no rate from
fewer than five questions (`tracker.figures`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from fastapi import APIRouter
from starlette.requests import Request

from feeds.web.api import models, parameters, shapes
from feeds.web.api.described import refusals
from feeds.web.api.sourced import dated
from feeds.web.site import Site
from tracker.figures import Figures, figures_of
from tracker.ports import Facet, Facets


def add_figures(router: APIRouter, site: Site) -> None:
    """Add the route."""

    @router.get(
        "/figures",
        tags=["chiffres"],
        summary="Des chiffres, par législature",
        operation_id="figures",
        responses=refusals(),
        openapi_extra=parameters.described(parameters.FILTER),
    )
    def figures(request: Request) -> models.Figures:
        """Combien de questions, de réponses, en combien de temps ; à côté, toutes les questions écrites."""
        selection = parameters.selection_of(parameters.read(request.url.query, parameters.FILTER))
        today = site.today()
        of_all = site.figures.of_all(today)
        ministry = _of_label(site, today, lambda facets: facets.ministries, ministry=selection.ministry)
        group = _of_label(site, today, lambda facets: facets.groups, group=selection.group)
        return models.Figures(
            **dated(site, today),
            legislatures=[
                models.LegislatureFigures(
                    legislature=legislature,
                    selection=shapes.figures_of(figures_of(rows, today)),
                    meme_ministere=_shape(ministry, legislature),
                    meme_groupe=_shape(group, legislature),
                    toutes=_shape(of_all, legislature),
                )
                for legislature, rows in site.reader.rows(selection, today=today).items()
            ],
        )


def _of_label(
    site: Site,
    today: date,
    facets_of: Callable[[Facets], Sequence[Facet]],
    *,
    ministry: str | None = None,
    group: str | None = None,
) -> Mapping[int, Figures]:
    """Figures of all questions of a ministry or group, when the filter names one that exists."""
    wanted = ministry or group
    known = {facet.slug for topic in site.topics for facet in facets_of(site.facets.of(topic.slug))}
    return site.figures.of_all(today, ministry=ministry, group=group) if wanted in known else {}


def _shape(figures: Mapping[int, Figures], legislature: int) -> models.SetFigures | None:
    return shapes.figures_of(figures[legislature]) if legislature in figures else None
