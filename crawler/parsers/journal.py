"""References to the Journal officiel, which the source repeats at each of its facts.

Enters: an `infoJO` object. Leaves: a `JoReference`.
"""

from __future__ import annotations

from functools import lru_cache

from crawler.parsers.fields import Notes, date_of, object_of, text_of
from tracker.questions import JoReference

KNOWN_JO_KINDS = frozenset({"JO_QUESTION", "JO_LOI_DECRET", "JO_DEBAT"})
NO_JO = JoReference(None, None, None, None)

_KEYS = frozenset({"typeJO", "dateJO", "pageJO", "numJO", "urlLegifrance", "referenceNOR"})


def jo_reference(value: object, notes: Notes, path: str) -> JoReference:
    """Day, number, page and kind; `urlLegifrance` and `referenceNOR` are known and not kept."""
    info = object_of(value, notes, path)
    if not info:
        return NO_JO
    if info.keys() == _KEYS:
        try:
            known = _understood(info["typeJO"], info["dateJO"], info["numJO"], info["pageJO"])
        except TypeError:  # an object or a list in a scalar's place
            known = None
        if known is not None:
            return known
    return _read(info, notes, path)


@lru_cache(maxsize=4096)  # the questions and answers of an issue share theirs
def _understood(kind: object, day: object, number: object, page: object) -> JoReference | None:
    """A reference that leaves nothing to note; None when there is something, to be read with its path."""
    notes = Notes("", may_have_controls=True)
    info = {"typeJO": kind, "dateJO": day, "numJO": number, "pageJO": page}
    reference = _read(info, notes, "")
    return None if notes.issues else reference


def _read(info: dict[str, object], notes: Notes, path: str) -> JoReference:
    take = info.pop
    kind = text_of(take("typeJO", None), notes, path + ".typeJO")
    if kind is not None and kind not in KNOWN_JO_KINDS:
        notes.add("unknown-value", path + ".typeJO", kind)
    reference = JoReference(
        date_of(take("dateJO", None), notes, path + ".dateJO"),
        text_of(take("numJO", None), notes, path + ".numJO"),
        text_of(take("pageJO", None), notes, path + ".pageJO"),
        kind,
    )
    take("urlLegifrance", None)
    take("referenceNOR", None)
    if info:
        notes.left_over(info, path)
    return reference
