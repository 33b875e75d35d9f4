"""Questions by ministry, group, deputy and département: an index of each, and a page for each value.

Enters: addresses (`/ministeres`, `/groupes/gdr`…). Leaves: HTML. A value's page holds its questions, its
feeds, and its figures beside those of all written questions of the legislature. Nothing is ranked: what
has a name stands in alphabetical order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse

from feeds import wording
from feeds.catalogue import Feed, find
from feeds.figure_words import COUNTED, NAMES, Cell, cells, counts
from feeds.lines import lines
from feeds.sanitise import one_line
from feeds.typography import legislature
from feeds.web.kept_pages import PageKeeper
from feeds.web.site import Site
from feeds.web.templating import Pages
from tracker.addresses import to_query
from tracker.figures import Figures, figures_of
from tracker.figures_port import Label
from tracker.ports import Facet, Facets, QuestionView
from tracker.selection import Selection

MOST_LISTED = 50
_METHODS = ["GET", "HEAD"]


@dataclass(frozen=True, slots=True)
class _Directory:
    """One way to go through the questions; `template` names the words of its pages."""

    path: str  # first part of addresses
    segment: str  # in addresses of feeds
    label: Label
    facets: Callable[[Facets], Sequence[Facet]]
    select: Callable[[str], Selection]
    compares: bool  # whether the ledger can be read by the same label


DIRECTORIES = (
    _Directory(
        "ministeres",
        "ministere",
        "ministry",
        lambda facets: facets.ministries,
        lambda slug: Selection(ministry=slug),
        compares=True,
    ),
    _Directory(
        "groupes",
        "groupe",
        "group",
        lambda facets: facets.groups,
        lambda slug: Selection(group=slug),
        compares=True,
    ),
    _Directory(
        "deputes",
        "depute",
        "deputy",
        lambda facets: facets.deputies,
        lambda slug: Selection(deputy=slug),
        compares=False,
    ),
    _Directory(
        "departements",
        "departement",
        "department",
        lambda facets: facets.departments,
        lambda slug: Selection(department=slug),
        compares=False,
    ),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One set of questions in a table of figures."""

    title: str
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class FigureTable:
    """Figures of one legislature, sets of questions side by side."""

    legislature: str
    names: Sequence[str]
    columns: Sequence[Column]


def directory_router(site: Site, pages: Pages, keeper: PageKeeper) -> APIRouter:
    """The routes of all four directories."""
    router = APIRouter(
        include_in_schema=False, default_response_class=HTMLResponse, route_class=keeper.route()
    )
    for directory in DIRECTORIES:
        _add(router, site, pages, directory)
    return router


def _add(router: APIRouter, site: Site, pages: Pages, directory: _Directory) -> None:
    @router.api_route(f"/{directory.path}", methods=_METHODS, name=directory.path)
    def index(request: Request) -> HTMLResponse:
        """Every value ever seen, in alphabetical order, with its counts."""
        today = site.today()
        rows = site.reader.rows_by(directory.label, today=today)
        listed = [(facet, figures_of(rows.get(facet.slug, ()), today)) for facet in _values(site, directory)]
        context = {"listed": listed, "path_of_all": directory.path, "counted": directory.compares}
        return pages.response(request, f"{directory.path}.html", context)

    @router.api_route(f"/{directory.path}/{{slug}}", methods=_METHODS, name=directory.segment)
    def entry(request: Request, slug: str) -> HTMLResponse:
        """One value: its questions, its figures, its feeds."""
        facet = next((facet for facet in _values(site, directory) if facet.slug == slug), None)
        if facet is None:
            raise HTTPException(404, detail="Aucune question suivie ici ne correspond à cette adresse.")
        today, selection = site.today(), directory.select(slug)
        views = site.reader.questions(selection, today=today, limit=MOST_LISTED)
        own = list(_feeds(site, directory, slug))
        context = {
            "facet": facet,
            "tables": list(_tables(site, directory, selection)),
            "lines": lines(views, today),
            "total": site.reader.count(selection, today=today),
            "query": to_query(selection),
            "path_of_all": directory.path,
            "groups": _groups(views),
            "own_feeds": own,
        }
        return pages.response(request, f"{directory.segment}.html", context, feeds=own)


def _values(site: Site, directory: _Directory) -> list[Facet]:
    """The values of every topic, each once, in alphabetical order; départements by code, abroad last."""
    found: dict[str, Facet] = {}
    for topic in site.topics:
        for facet in directory.facets(site.facets.of(topic.slug)):
            found.setdefault(facet.slug, facet)
    if directory.label == "department":
        return sorted(found.values(), key=lambda facet: (wording.is_abroad(facet.slug), facet.slug))
    return sorted(found.values(), key=lambda facet: (facet.sorted_as, facet.slug))


def _feeds(site: Site, directory: _Directory, slug: str) -> Iterator[Feed]:
    """The feed of a value for each topic that has it."""
    for topic in site.topics:
        feed = find(f"{topic.slug}/{directory.segment}/{slug}", site.topics, site.facets.of)
        if feed is not None:
            yield feed


def _groups(views: Sequence[QuestionView]) -> list[str]:
    """The groups that questions state for their author, the latest first."""
    stated = (view.record.author.group for view in views)
    return list(dict.fromkeys(one_line(wording.group(group)) for group in stated if group))


def _tables(site: Site, directory: _Directory, selection: Selection) -> Iterator[FigureTable]:
    """One table for each legislature that the value has questions in, newest first."""
    today = site.today()
    everything = site.figures.of_all(today)
    alike = (
        site.figures.of_all(today, ministry=selection.ministry, group=selection.group)
        if directory.compares
        else {}
    )
    topics = ", ".join(topic.label for topic in site.topics)
    for number, rows in site.reader.rows(selection, today=today).items():
        listed = replace(selection, legislature=number)
        columns = [Column(f"Sur {topics}", _linked(figures_of(rows, today), listed))]
        if number in alike:
            columns.append(Column(_ALIKE[directory.label], cells(alike[number])))
        if number in everything:
            columns.append(Column("Toutes les questions écrites", cells(everything[number])))
        yield FigureTable(legislature(number), NAMES, columns)


_ALIKE = {"ministry": "Tous sujets, pour ce ministère", "group": "Tous sujets, pour ce groupe"}


def _linked(figures: Figures, selection: Selection) -> Sequence[Cell]:
    """A column whose counts lead to the list of the questions they count, where there are any."""
    column = list(cells(figures))
    for index, (number, statuses) in enumerate(zip(counts(figures), COUNTED, strict=True)):
        if number:
            query = to_query(replace(selection, statuses=statuses))
            column[index] = replace(column[index], href=f"/questions?{query}")
    return column
