"""`/questions` and `/questions/{uid}`.

Enters: the filter of the pages, an order, a cursor. Leaves: lists by pages that stay right while questions
come and go, and single questions with their texts and history.
"""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Path
from starlette.exceptions import HTTPException
from starlette.requests import Request

from feeds.typography import typeset
from feeds.web.api import models, parameters, shapes
from feeds.web.api.cursors import cursor_of, read_cursor
from feeds.web.api.described import refusals
from feeds.web.api.problems import CursorError
from feeds.web.api.sourced import dated
from feeds.web.asked import Pairs
from feeds.web.list_address import ORDERS
from feeds.web.site import Site
from tracker.addresses import to_query
from tracker.paging import Position
from tracker.selection import Selection

_PATH = f"{shapes.ROOT}/questions"
_LIST = (*parameters.FILTER, parameters.SORT, parameters.CURSOR, parameters.QUESTIONS_LIMIT)
_Uid = Annotated[
    str,
    Path(
        description=typeset("Identifiant de la question à la source."),
        pattern=parameters.UID,
        examples=["QANR5L17QE13983"],
    ),
]


def add_questions(router: APIRouter, site: Site) -> None:
    """Add both routes."""
    topics = {topic.slug: topic for topic in site.topics}

    @router.get(
        "/questions",
        tags=["questions"],
        summary="Une liste de questions",
        operation_id="questions",
        responses=refusals(409),
        openapi_extra=parameters.described(_LIST),
    )
    def questions(request: Request) -> models.QuestionPage:
        """Les questions d'un filtre, page par page : `suivant` mène à la suite."""
        pairs = parameters.read(request.url.query, _LIST)
        selection = parameters.selection_of(pairs)
        limit = parameters.number_of(pairs, parameters.QUESTIONS_LIMIT)
        sort, after = _place(pairs)
        today = site.today()
        page = site.reader.page(
            selection,
            today=today,
            order=ORDERS[sort].reader,
            descending=ORDERS[sort].descending,
            after=after,
            limit=limit,
        )
        following = _address(selection, limit, sort, page.end) if page.end else None
        return models.QuestionPage(
            **dated(site, today),
            total=site.reader.count(selection, today=today),
            questions=[shapes.question_of(view, today, site.publisher) for view in page.views],
            suivant=site.publisher.url(following) if following else None,
        )

    @router.get(
        "/questions/{uid}",
        tags=["questions"],
        summary="Une question",
        operation_id="question",
        responses=refusals(404),
    )
    def question(request: Request, uid: _Uid) -> models.WholeQuestion:
        """Une question avec ses textes, ses attributions et son histoire."""
        parameters.read(request.url.query, ())
        view = site.reader.question(uid)
        if view is None:
            raise HTTPException(404, detail="Cette question n'est pas suivie ici.")
        return shapes.whole_question_of(view, site.today(), site.publisher, topics)


def _place(pairs: Pairs) -> tuple[str, Position | None]:
    """The order of a list and where in it to go on; a cursor brings the order that it belongs to."""
    sort = parameters.word_of(pairs, parameters.SORT)
    cursor = parameters.shaped_of(pairs, parameters.CURSOR)
    if cursor is None:
        return str(sort), None
    sort_of_cursor, after = read_cursor(cursor)
    if parameters.SORT.name in dict(pairs) and sort != sort_of_cursor:
        raise CursorError(
            f"Ce curseur est celui d'une liste triée par « {sort_of_cursor} » : "
            "retirez « tri », ou « curseur »."
        )
    return sort_of_cursor, after


def _address(selection: Selection, limit: int, sort: str, end: Position) -> str:
    added = urlencode({"limite": limit, "curseur": cursor_of(sort, end)})
    return f"{_PATH}?" + "&".join(part for part in (to_query(selection), added) if part)
