"""Hypothesis strategies for files of the source and for what could become of them."""

from __future__ import annotations

import copy
from collections.abc import Iterator

from hypothesis import strategies as st

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**31), 2**31)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(
        ["QE", "QG", "PA1", "PM1", "PO1", "2025-03-25", "25/03/2025", "Ã©", "\x00", "REP_PUB", "17"]
    )
)
KEYS = st.text(max_size=8) | st.sampled_from(
    ["#text", "@xsi:nil", "@xmlns", "infoJO", "dateJO", "texte", "renouvellement", "signalement", "question"]
)
JSON = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
NOTHING = st.sampled_from(
    [
        None,
        "",
        " \n",
        {},
        [],
        {"@xsi:nil": "true"},
        {"@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance", "@xsi:nil": "true"},
    ]
)

Path = tuple[str | int, ...]


def paths(value: object, path: Path = ()) -> Iterator[Path]:
    """Every place in a JSON value, the root included."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        yield from paths(inner, (*path, key))


def at(value: object, path: Path) -> object:
    """The value in a place."""
    for key in path:
        value = value[key]
    return value


def replaced(value: object, path: Path, new: object) -> object:
    """A copy with another value in a place."""
    if not path:
        return new
    value = copy.deepcopy(value)
    at(value, path[:-1])[path[-1]] = new
    return value


@st.composite
def mutated(draw: st.DrawFn, valid: st.SearchStrategy) -> object:
    """A valid file with a few of its values replaced, wrapped, removed or given new keys."""
    value = draw(valid)
    for _ in range(draw(st.integers(1, 4))):
        path = draw(st.sampled_from(list(paths(value))))
        old = at(value, path)
        change = draw(st.sampled_from(["replace", "nothing", "wrap", "repeat", "text", "key"]))
        new: object
        if change == "replace":
            new = draw(JSON)
        elif change == "nothing":
            new = draw(NOTHING)
        elif change == "wrap":
            new = {draw(KEYS): old}
        elif change == "text":
            new = {"#text": old}
        elif change == "key" and isinstance(old, dict):
            new = {**old, draw(KEYS): draw(JSON)}
        else:
            new = [old, old]
        value = replaced(value, path, new)
    return value
