"""Texts whose characters were damaged before they reached us.

Enters: a text. Leaves: the same, mended only where one reading alone is possible. The Assemblée's
older texts sometimes hold UTF-8 that was read as windows-1252 (« Ã© » for « é »).
"""

from __future__ import annotations

import re

# windows-1252 keeps 27 characters of its own at 0x80–0x9F; the five bytes it leaves free are taken
# as the control characters of the same number, as browsers do.
_OWN = {
    bytes([byte]).decode("cp1252"): byte
    for byte in range(0x80, 0xA0)
    if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_TO_LATIN_1 = {ord(character): byte for character, byte in _OWN.items()}
_CONTINUATION = "[\u0080-\u00bf" + "".join(_OWN) + "]"
_DOUBLE = tuple(
    re.compile(pattern)  # one for each first character: a search then leaps from one to the next
    for pattern in (f"Ã{_CONTINUATION}", f"Â{_CONTINUATION}", f"â{_CONTINUATION}{_CONTINUATION}")
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")  # what XML 1.0 forbids


def looks_double_encoded(text: str) -> bool:
    """Whether a text holds a pair or triple of characters that UTF-8 misread would leave."""
    return any(pattern.search(text) for pattern in _DOUBLE)


def undo_double_encoding(text: str) -> str | None:
    """The text before it was misread; None unless every one of its characters agrees.

    One character rightly encoded (an « é » among the « Ã© ») makes the whole impossible to read
    back, and the text is then better left as it is.
    """
    try:
        return text.translate(_TO_LATIN_1).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None


def without_controls(text: str) -> str:
    """The text without the characters that XML, and so the source, cannot hold."""
    return _CONTROLS.sub("", text)
