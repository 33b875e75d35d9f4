"""Characters of the source that no reader should be handed.

Enters: strings as the source sent them. Leaves: text that XML, JSON, spreadsheets and calendars can carry
and that shows as what it says. Nothing here raises on a string, whatever it holds.
"""

from __future__ import annotations

import re

# XML 1.0 §2.2 has no place for these; a single one makes a whole feed unreadable. The bidi controls
# are legal, but let a text show as something else than it says. U+FFFD says nothing.
_UNWANTED = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffd-\uffff"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
    + "".join(chr((plane << 16) | last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))
    + "]"
)
_C1 = re.compile("[\x80-\x9f]")


def clean_characters(text: str) -> str:
    """Text without what XML forbids, or bidi controls; C1 controls are read as cp1252, lines end in LF."""
    return _UNWANTED.sub("", _C1.sub(_from_cp1252, text.replace("\r\n", "\n").replace("\r", "\n")))


def _from_cp1252(found: re.Match[str]) -> str:
    return found[0].encode("latin-1").decode("cp1252", errors="ignore")
