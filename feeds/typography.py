"""French typography, numbers and dates.

Enters: our own sentences, numbers, dates, instants. Leaves: plain French text: U+00A0 inside « » and
before a colon, U+202F before `;`, `!`, `?` and in numbers, « n° » held to its number, « 1er », the
typographic apostrophe. Dates keep plain spaces, so that they can be searched for. Nothing here reads
the clock.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from babel.dates import format_date
from babel.numbers import format_decimal

from tracker.clock import PARIS

NBSP = "\u00a0"
NARROW = "\u202f"

_SPACINGS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"« "), "«" + NBSP),
    (re.compile(r" »"), NBSP + "»"),
    (re.compile(r" :(?=\s|$)"), NBSP + ":"),
    (re.compile(r" ([;!?])"), NARROW + r"\1"),
    (re.compile(r"\bn° "), "n°" + NBSP),
    (re.compile(r"(?<=\w)'(?=\w)"), "’"),
)


def typeset(text: str) -> str:
    """Our own sentence with French spacing and apostrophes; not meant for a text of the source."""
    for pattern, replacement in _SPACINGS:
        text = pattern.sub(replacement, text)
    return text


def number(value: int) -> str:
    """`12345` as « 12 345 »."""
    return str(format_decimal(value, locale="fr"))


def count(value: int, singular: str, plural: str | None = None) -> str:
    """« 1 question », « 0 question », « 2 questions »: in French the plural begins at two."""
    word = singular if abs(value) < 2 else (plural or singular + "s")  # noqa: PLR2004  # grammar
    return f"{number(value)}{NBSP}{word}"


def listed(items: Sequence[str], most: int) -> str:
    """« a, b et c »; beyond `most`, « a, b et 9 autres »."""
    shown = list(items[:most])
    if len(items) > most:
        shown.append(count(len(items) - most, "autre"))
    return " et ".join(part for part in (", ".join(shown[:-1]), *shown[-1:]) if part)


def days(value: int) -> str:
    """A number of days: « 12 jours »."""
    return count(value, "jour")


def ordinal(value: int) -> str:
    """A feminine ordinal, as for circonscriptions and législatures: « 1re », « 2e »."""
    return "1re" if value == 1 else f"{value}e"


def legislature(value: int) -> str:
    """« 17e législature »."""
    return f"{ordinal(value)} législature"


def day(value: date) -> str:
    """« 21 novembre 2026 », « 1er novembre 2026 »."""
    text = str(format_date(value, "d MMMM y", locale="fr"))
    return "1er" + text.removeprefix("1") if value.day == 1 else text


def month(value: date) -> str:
    """The month of a date: « mars 2026 »."""
    return str(format_date(value, "MMMM y", locale="fr"))


def instant(value: datetime) -> str:
    """An aware instant in Paris time: « 21 novembre 2026 à 14 h 05 »."""
    local = value.astimezone(PARIS)
    return f"{day(local.date())} à {local.hour}{NBSP}h{NBSP}{local.minute:02d}"


def elapsed(earlier: datetime, later: datetime) -> str:
    """The time between two instants in its largest unit: « 12 minutes », « 3 heures », « 2 jours »."""
    minutes = max(0, int((later - earlier).total_seconds() // 60))
    if minutes < 2 * 60:
        return count(minutes, "minute")
    if minutes < 2 * 24 * 60:
        return count(minutes // 60, "heure")
    return days(minutes // (24 * 60))
