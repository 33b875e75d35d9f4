"""The fields of a posted form.

Enters: a request. Leaves: its pairs, or an HTTP error when it is too large or no such form.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated
from urllib.parse import parse_qsl

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from feeds.web.asked import Pairs

_MOST_BYTES = 20_000
_MOST_FIELDS = 100
_TYPE = "application/x-www-form-urlencoded"


async def read_pairs(request: Request) -> Pairs:
    """The pairs of the body, in order."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _TYPE:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, detail="Ce formulaire n’a pas la bonne forme.")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, detail="Ce formulaire est trop long.")
    try:
        return parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise HTTPException(HTTPStatus.BAD_REQUEST, detail="Ce formulaire compte trop de champs.") from error


Posted = Annotated[Pairs, Depends(read_pairs)]
