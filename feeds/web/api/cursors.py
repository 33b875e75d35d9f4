"""Where a list of questions goes on: a position written so that it can stand in an address.

Enters: an order (a key of `feeds.web.list_address.ORDERS`) and a position. Leaves: a cursor, opaque to
programs; and back, or a `CursorError`. A cursor holds the order it belongs to, and no secret.
"""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date

from feeds.web.api.problems import CursorError
from feeds.web.list_address import ORDERS
from tracker.paging import Position

_SEQUENCES = "changed"
_FORM = re.compile(r"([a-z-]{1,30})\.(-|[1-9]\d{0,14}|0)\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,6})", re.ASCII)


def cursor_of(sort: str, position: Position) -> str:
    """The cursor that leads on from a position."""
    value = position.value
    number = value.toordinal() if isinstance(value, date) else value
    text = f"{sort}.{'-' if number is None else number}.{position.legislature}.{position.number}"
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[str, Position]:
    """The order and the position of a cursor. Raises CursorError when it is none of ours."""
    refused = CursorError(
        "Ce curseur n'a pas été donné par ce service : reprenez l'adresse « suivant », ou la liste au début."
    )
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
    except (binascii.Error, ValueError) as error:
        raise refused from error
    found = _FORM.fullmatch(text)
    if found is None or found[1] not in ORDERS:
        raise refused
    sort, number = found[1], None if found[2] == "-" else int(found[2])
    order = ORDERS[sort].reader
    if order == "number" and number is not None:
        raise refused
    value: date | int | None = number
    if number is not None and order != _SEQUENCES:
        if not 1 <= number <= date.max.toordinal():
            raise refused
        value = date.fromordinal(number)
    return sort, Position(value, int(found[3]), int(found[4]))
