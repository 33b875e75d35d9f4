"""Readers of single values of the source: texts, dates, references, one-or-many.

Enters: what `orjson.loads` made of a file, value by value, with the `Notes` of that file. Leaves:
plain values; what has another form than the ones known is noted and read as nothing. `unknown-form`
says that the shape itself is not understood, so that what was read as nothing may well be something.

The source is XML turned into JSON: attributes begin with `@`, text beside them is `#text`, a child
that repeats is a list and one that does not is an object, and scalars are strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

import orjson

from crawler.parsers.mending import looks_double_encoded, undo_double_encoding, without_controls
from tracker.questions import SourceIssue

RAW_LENGTH = 200  # characters of a value kept in an issue
MOST_ISSUES = 50  # for one file; what follows is counted as one

_UID_IN_NAME = re.compile(r"QANR5L\d{1,9}[A-Z]{1,9}\d{1,9}", re.ASCII)
_CONTROL_ESCAPE = re.compile(rb"\\(?:u00[01]|[bf])")  # how JSON must write most control characters
_ISO_WITH_ZONE = re.compile(r"(\d{4}-\d\d-\d\d)(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_SLASHED = re.compile(r"(\d\d)/(\d\d)/(\d{4})", re.ASCII)
_FIRST_YEAR, _LAST_YEAR = 1958, 2199  # a date outside is a slip of the keyboard: arithmetic is safe within
_LINE_BREAKS = re.compile(r"[ \t]*[\r\n\t]\s*")


class Notes:
    """What was not understood in one file. Keeps at most `MOST_ISSUES`, and says when there were more."""

    __slots__ = ("_found", "has_controls", "misshapen", "uid")

    def __init__(self, uid: str, data: bytes = b"", *, may_have_controls: bool = False) -> None:
        self.uid = uid
        self.misshapen = False
        self.has_controls = may_have_controls or (b"\\" in data and _CONTROL_ESCAPE.search(data) is not None)
        self._found: list[SourceIssue] = []

    def add(self, code: str, path: str, raw: object) -> None:
        """Note a value that has another form than those known."""
        self.misshapen = self.misshapen or code == "unknown-form"
        if len(self._found) < MOST_ISSUES:
            self._found.append(SourceIssue(self.uid, code, shortened(path), shortened(raw)))
        elif len(self._found) == MOST_ISSUES:
            self._found.append(SourceIssue(self.uid, "too-many", "", ""))

    def left_over(self, left: Mapping[str, object], path: str) -> None:
        """Note the keys that nobody took out of an object, except XML's own."""
        for key, value in left.items():
            if not _is_xml_own(key, value):
                self.add("unknown-key", f"{path}.{key}" if path else key, value)

    @property
    def issues(self) -> tuple[SourceIssue, ...]:
        """All that was noted, in the order of reading."""
        return tuple(self._found)


def shortened(raw: object) -> str:
    """A value as the source wrote it, cut to `RAW_LENGTH` characters, without control characters."""
    if isinstance(raw, str):
        text = raw[: RAW_LENGTH + 1]
    elif isinstance(raw, bytes):
        text = raw[: RAW_LENGTH + 1].decode("utf-8", "replace")
    else:
        try:
            text = orjson.dumps(raw).decode()
        except orjson.JSONEncodeError:  # nested deeper than orjson writes
            text = f"<{type(raw).__name__}>"
    return without_controls(text if len(text) <= RAW_LENGTH else text[: RAW_LENGTH - 1] + "…")


def uid_in(name: str) -> str | None:
    """The uid that the name of an archive's entry holds: `json/QANR5L17QE1.json` → `QANR5L17QE1`."""
    found = _UID_IN_NAME.search(name)
    return found[0] if found else None


def loaded(data: bytes, notes: Notes) -> object:
    """The JSON of a file, a BOM tolerated. None and an `unreadable` issue when it is not UTF-8 JSON."""
    try:
        value: object = orjson.loads(data.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        notes.add("unreadable", "", data)
        return None
    return value


def is_nothing(value: object) -> bool:
    """Every way the source says "no value": null, blank, empty, an element that is nil or bare."""
    if isinstance(value, str):
        return not value or value.isspace()
    if isinstance(value, dict):
        for key, inner in value.items():  # noqa: SIM110  # runs over every object: a generator costs more
            if not _is_xml_own(key, inner):
                return False
        return True
    return value is None or value == []


def has_content(left: Mapping[str, object]) -> bool:
    """Whether the keys that are left say anything, XML's own apart."""
    return any(not _is_xml_own(key, value) and not is_nothing(value) for key, value in left.items())


def object_of(value: object, notes: Notes, path: str) -> dict[str, object] | None:
    """An object, to take keys out of; None when there is nothing, or (noted) something else."""
    if isinstance(value, dict):
        return None if "@xsi:nil" in value and is_nothing(value) else value
    if not is_nothing(value):
        notes.add("unknown-form", path, value)
    return None


def children_of(value: object, child: str, notes: Notes, path: str) -> list[tuple[object, str]]:
    """The children of a parent that holds one or several of a kind, each with its path."""
    parent = object_of(value, notes, path)
    if parent is None:
        return []
    children = list(each(parent.pop(child, None), f"{path}.{child}"))
    if parent:
        notes.left_over(parent, path)
        if not children and has_content(parent):
            notes.add("unknown-form", path, parent)  # perhaps the child under another name
    return children


def each(value: object, path: str) -> Iterator[tuple[object, str]]:
    """One or many, alike: what is not nothing, each with its path."""
    if not isinstance(value, list):
        if not is_nothing(value):
            yield value, path
        return
    for index, item in enumerate(value):
        if not is_nothing(item):
            yield item, f"{path}[{index}]"


def text_of(value: object, notes: Notes, path: str) -> str | None:
    """A label: stripped, on one line; None when there is nothing."""
    if value is None:
        return None
    found = fragment_of(value, notes, path)
    if found is None:
        return None
    found = found.strip()
    return _LINE_BREAKS.sub(" ", found) if "\n" in found or "\t" in found or "\r" in found else found


def fragment_of(value: object, notes: Notes, path: str) -> str | None:
    """A text as the source wrote it, mended where its encoding is broken; None when it is blank."""
    if not isinstance(value, str):
        value = _wrapped_text(value, notes, path)
        if value is None:
            return None
    if not value or value.isspace():
        return None
    if notes.has_controls:
        value = _cleared(value, notes, path)
    if "Ã" in value or "Â" in value or "â" in value:
        return _mended(value, notes, path)
    return value


def date_of(value: object, notes: Notes, path: str) -> date | None:
    """A day: `2025-03-25`, `2025-03-25+01:00` (the day as written) or `25/03/2025`."""
    if value is None:
        return None
    if isinstance(value, str) and (day := _day(value)) is not None:
        return day
    text = text_of(value, notes, path)
    if text is None:
        return None
    day = _day(text)
    if day is None:
        notes.add("unknown-date", path, text)
    return day


def number_of(value: object, notes: Notes, path: str) -> int | None:
    """A whole number, which the source writes as a string."""
    text = text_of(value, notes, path)
    if text is None:
        return None
    if text.isascii() and text.isdigit() and len(text) <= len("9999999"):
        return int(text)
    notes.add("unknown-number", path, text)
    return None


def reference_of(value: object, prefix: str, notes: Notes, path: str) -> str | None:
    """A reference of the Assemblée: two letters that say of what (`PA`, `PM`, `PO`), and digits."""
    if isinstance(value, str) and value[:2] == prefix and value.isascii() and value[2:].isdigit():
        return value
    text = text_of(value, notes, path)
    if text is None:
        return None
    if text[:2] == prefix and text.isascii() and text[2:].isdigit():
        return text
    notes.add("unknown-reference", path, text)
    return None


@lru_cache(maxsize=4096)  # an archive holds some hundreds of distinct days
def _day(text: str) -> date | None:
    slashed, zoned = _SLASHED.fullmatch(text), _ISO_WITH_ZONE.fullmatch(text)
    if slashed:
        text = f"{slashed[3]}-{slashed[2]}-{slashed[1]}"
    elif zoned:
        text = zoned[1]
    if len(text) != len("2025-03-25") or text[4] != "-" or text[7] != "-":
        return None  # fromisoformat also reads weeks and compact dates, which nobody has documented here
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def _is_xml_own(key: str, value: object) -> bool:
    """Whether a key is XML's machinery and carries no content: namespaces, types, nil, blank text."""
    if key == "#text":
        return value is None or (isinstance(value, str) and (not value or value.isspace()))
    return key.startswith(("@xmlns", "@xsi:"))


def _wrapped_text(value: object, notes: Notes, path: str) -> str | None:
    """The text of an element that also has attributes; a number's digits, noted: none was ever seen."""
    if is_nothing(value):
        return None
    if isinstance(value, dict) and isinstance(value.get("#text"), str):
        text: str = value.pop("#text")
        notes.left_over(value, path)
        return text
    if isinstance(value, int) and not isinstance(value, bool):
        notes.add("bare-number", path, value)
        return str(value)
    notes.add("unknown-form", path, value)
    return None


def _cleared(text: str, notes: Notes, path: str) -> str:
    cleared = without_controls(text)
    if cleared != text:
        notes.add("control-characters", path, text)
    return cleared


def _mended(text: str, notes: Notes, path: str) -> str:
    if not looks_double_encoded(text):
        return text
    mended = undo_double_encoding(text)
    notes.add("double-encoded-left" if mended is None else "double-encoded-mended", path, text)
    return text if mended is None else mended
