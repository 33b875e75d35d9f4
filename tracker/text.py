"""Text made comparable: folded words for matching, plain words for comparing, slugs for addresses.

Enters: labels, or HTML fragments of the source, malformed ones included. Leaves: strings without
markup. `fold` runs over every text of the archive, so it works on bytes where it can.
"""

from __future__ import annotations

import html
import re
import unicodedata

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|big|cite|code|dfn|em|font|i|ins|kbd|mark|q|s|samp|small|span|strike|strong|tt|u|var|wbr)"
    r"(?:[\s/][^>]*)?>",
    re.IGNORECASE,
)
_TAG = re.compile(r"</?[a-zA-Z!?][^>]*>")

_LETTERS = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "μ": "u"}
"""Letters that NFKD leaves whole and that a French keyboard writes without their ornament."""

_COMMON = (
    ("’", "'"),
    ("œ", "oe"),
    ("Œ", "oe"),
    ("–", "-"),
    ("\u202f", " "),
    ("…", " "),
    ("“", " "),
    ("”", " "),
    ("€", " "),
)
"""What French texts hold most often outside Latin-1, replaced so that they stay on the fast path."""


def fold(fragment: str) -> str:
    """Words of an HTML fragment or label: no markup, accents, case or punctuation, single spaces.

    Entities are decoded; block tags, breaks and footnote marks part words, inline tags and comments
    do not, nor do soft hyphens and zero-width characters.
    """
    text = _without_markup(fragment)
    for character, letters in _COMMON:
        text = text.replace(character, letters)
    try:
        encoded = text.encode("latin-1")
    except UnicodeEncodeError:
        return fold_any(text)
    folded = encoded.translate(_LATIN_1, _LATIN_1_DROPPED)
    for mark, longer in _LATIN_1_LONGER:
        folded = folded.replace(mark, longer)
    return b" ".join(folded.split()).decode("ascii")


def fold_any(text: str) -> str:
    """What `fold` does to a text without markup, character by character: slower, any script."""
    return " ".join(text.translate(_FOLDS).split())


def plain(fragment: str) -> str:
    """The words of a fragment as a person reads them: two fragments that read alike are equal.

    Markup, entities, spacing, soft hyphens and the form of apostrophes make no difference; accents,
    case and punctuation do.
    """
    text = unicodedata.normalize("NFC", _without_markup(fragment)).replace("’", "'")
    words = " ".join(text.split())
    if words.isprintable():  # nearly every text: nothing in it is ignorable
        return words
    return " ".join("".join(c for c in text if unicodedata.category(c) != "Cf").split())


def slug(label: str) -> str:
    """A stable ASCII name for addresses: `Économie et finances` → `economie-et-finances`.

    Empty when the label holds no Latin letter or digit.
    """
    words = fold(label).encode("ascii", "ignore").decode("ascii").split()
    return "-".join(words)


def _without_markup(fragment: str) -> str:
    text = fragment
    if "<" in text:
        text = _TAG.sub(" ", _INLINE_TAG.sub("", _COMMENT.sub("", text)))
    return html.unescape(text) if "&" in text else text


def _fold_character(character: str) -> str:
    """The fold of one character: letters and digits, a space, or nothing for marks and ignorables.

    A raised digit (`¹`) is a footnote mark, a fraction or a unit: it ends the word before it.
    """
    out = [" "] if unicodedata.category(character) == "No" else []
    for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold()):
        category = unicodedata.category(part)
        if category in {"Mn", "Me", "Cf"}:
            continue
        out.append(_LETTERS.get(part, part) if part.isalnum() else " ")
    return "".join(out)


class _Folds(dict[int, str]):
    """Folds of the characters met so far, for `str.translate`."""

    def __missing__(self, codepoint: int) -> str:
        folded = self[codepoint] = _fold_character(chr(codepoint))
        return folded


def _latin_1_tables() -> tuple[bytes, bytes, tuple[tuple[bytes, bytes], ...]]:
    """`_fold_character` of Latin-1 as a table, what it drops, and what folds to several letters.

    The latter pass through marks: bytes that the table itself never gives to a text.
    """
    table, dropped = bytearray(256), bytearray()
    longer: list[tuple[bytes, bytes]] = []
    for codepoint in range(256):
        folded = _fold_character(chr(codepoint)).encode("ascii")
        if not folded:
            dropped.append(codepoint)
        elif len(folded) == 1:
            table[codepoint] = folded[0]
        else:
            mark = bytes([0x80 + len(longer)])
            longer.append((mark, folded))
            table[codepoint] = mark[0]
    return bytes(table), bytes(dropped), tuple(longer)


_FOLDS = _Folds()
_LATIN_1, _LATIN_1_DROPPED, _LATIN_1_LONGER = _latin_1_tables()
