"""The dates of what may happen several times to a question: signalements and renewals.

Enters: the value of `signalement` or `renouvellements`. Leaves: their dates, in order. Nobody has
shown us the inside of a filled `renouvellements`, so the walk accepts any wrapping; what is not as
expected is noted even when its date could be read.
"""

from __future__ import annotations

from datetime import date

from crawler.parsers.fields import Notes, date_of, each, is_nothing, shortened
from crawler.parsers.journal import jo_reference

_OWN_DATES = ("dateDepotSignal", "dateRenouvellement")
_WRAPPERS = frozenset({"signalement", "renouvellement"})
_DEEPEST = 5


def dates_within(value: object, path: str, notes: Notes) -> tuple[date, ...]:
    """Each date found, ascending; the fact's own date, else that of the Journal officiel it is in."""
    if is_nothing(value):
        return ()
    return tuple(sorted(_walk(value, path, notes, _DEEPEST)))


def _walk(value: object, path: str, notes: Notes, depth: int) -> list[date]:
    if depth == 0:
        notes.add("unknown-form", path, value)
        return []
    found: list[date] = []
    for item, at in each(value, path):
        if isinstance(item, dict):
            found += _dates_of(item, at, notes, depth)
        elif isinstance(item, list):
            found += _walk(item, at, notes, depth - 1)
        else:
            day = date_of(item, notes, at)
            found += [] if day is None else [day]
    return found


def _dates_of(item: dict[str, object], path: str, notes: Notes, depth: int) -> list[date]:
    """The dates of one object: a fact with its date, or a wrapper around several."""
    if not any(key in item for key in (*_OWN_DATES, "infoJO", "dateJO")):
        return _dates_wrapped(item, path, notes, depth)
    raw = shortened(item)
    own = [
        date_of(one, notes, at)
        for key in _OWN_DATES
        for one, at in each(item.pop(key, None), f"{path}.{key}")
    ]
    jo_on = jo_reference(item.pop("infoJO", None), notes, f"{path}.infoJO").on
    if "dateJO" in item:
        jo_on = jo_reference(dict(item), notes, path).on or jo_on
        item.clear()
    notes.left_over(item, path)
    found = [on for on in own if on is not None] or ([] if jo_on is None else [jo_on])
    if not found:
        notes.add("missing-date", path, raw)
    return found


def _dates_wrapped(item: dict[str, object], path: str, notes: Notes, depth: int) -> list[date]:
    found: list[date] = []
    for key, inner in item.items():
        if key not in _WRAPPERS:
            notes.left_over({key: inner}, path)
        if key in _WRAPPERS or isinstance(inner, dict | list):
            found += _walk(inner, f"{path}.{key}", notes, depth - 1)
    return found
