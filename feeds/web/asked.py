"""The query string of an address, taken apart.

Enters: the raw query of a request. Leaves: its pairs, without those that other services stick to links so
as to track who follows them, and the `Selection` they make. Raises UsageError, which is shown as a page.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl

from tracker.addresses import from_query
from tracker.errors import UsageError
from tracker.selection import Selection

Pairs = list[tuple[str, str]]

_MOST_FIELDS = 60
_LONGEST = 4_000
_STUCK_ON = frozenset({"fbclid", "gclid", "mc_cid", "mc_eid", "msclkid", "igshid"})


def pairs_of(query: str) -> Pairs:
    """The pairs of a query string, in order, blank values included."""
    if len(query) > _LONGEST:
        raise UsageError(f"L'adresse est trop longue : {_LONGEST} caractères au plus après « ? ».")
    try:
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise UsageError(f"L'adresse compte trop de paramètres : {_MOST_FIELDS} au plus.") from error
    return [(name, value) for name, value in pairs if not (name in _STUCK_ON or name.startswith("utm_"))]


def selection_of(query: str) -> Selection:
    """The selection of a query string."""
    return from_query(pairs_of(query))


def single(pairs: Iterable[tuple[str, str]], name: str) -> str | None:
    """The value of a parameter that may be given once; None when absent or blank."""
    values = [value.strip() for key, value in pairs if key == name and value.strip()]
    if len(values) > 1:
        raise UsageError(f"Le paramètre « {name} » est donné plusieurs fois ; une seule valeur est possible.")
    return values[0] if values else None
