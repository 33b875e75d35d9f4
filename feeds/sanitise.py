"""The source's texts made harmless: characters, HTML, plain text.

Enters: strings as the source sent them, hostile or broken. Leaves: text that any XML feed and any page
can carry, and HTML of an allow-list. Nothing here raises on a string, whatever it holds.
"""

from __future__ import annotations

import html
import re

import nh3

from tracker.characters import clean_characters

__all__ = ["clean_characters", "one_line", "plain_text", "safe_html"]

_TAGS = frozenset(
    {"a", "b", "blockquote", "br", "caption", "dd", "dl", "dt", "em", "h3", "h4", "h5", "h6", "hr", "i", "li"}
    | {"ol", "p", "s", "small", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr"}
    | {"u", "ul"}
)
_ATTRIBUTES = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}
_SCHEMES = {"http", "https", "mailto"}
_UNREAD = {"script", "style", "template", "iframe", "noscript", "title", "svg", "math"}
_WIDEST_SPAN = 50
_MOST_TAGS = 10_000  # nested lists cost the parser a quadratic time: a text with more is shown without any

_BLOCKS = re.compile(
    r"<(?:br|/?(?:p|li|tr|table|ul|ol|dl|dt|dd|h[3-6]|blockquote|caption|hr))\b[^>]*>", re.IGNORECASE
)
_ANY_TAG = re.compile(r"<[^<>]*>")
_CELLS = re.compile(r"</t[dh]>", re.IGNORECASE)
_SPACES = re.compile(r"[^\S\n]+")
_ONE_LINE = re.compile(r"[ \t\n]+")
_LINES = re.compile(r" ?\n[ \n]*")


def safe_html(fragment: str) -> str:
    """An HTML fragment of the allow-list: well nested, no script, style, image, frame or relative link."""
    fragment = clean_characters(fragment)
    if fragment.count("<") > _MOST_TAGS:
        fragment = html.escape(_ANY_TAG.sub(" ", fragment))
    cleaned = nh3.clean(
        fragment,
        tags=set(_TAGS),
        clean_content_tags=_UNREAD,
        attributes=_ATTRIBUTES,
        attribute_filter=_attribute,
        url_schemes=_SCHEMES,
        url_relative="deny",
        link_rel="nofollow noopener noreferrer",
    )
    # Numeric entities become characters only when parsed, so they are looked at once more.
    return clean_characters(cleaned)


def plain_text(fragment: str) -> str:
    """What an HTML fragment says, one line per block; not HTML any more: escape it where it is shown."""
    safe = _CELLS.sub(" ", _BLOCKS.sub("\n", safe_html(fragment)))
    text = clean_characters(html.unescape(nh3.clean(safe, tags=set())))
    return _LINES.sub("\n", _SPACES.sub(_one_space, text)).strip()


def one_line(text: str, longest: int | None = None) -> str:
    """Plain text for a title: cleaned, on one line, cut at a word's end with « … » when too long."""
    line = _ONE_LINE.sub(" ", clean_characters(text)).strip()
    if longest is None or len(line) <= longest:
        return line
    cut = line[:longest]
    return (cut.rsplit(" ", 1)[0] if " " in cut[longest // 2 :] else cut).rstrip(" ,;:.") + "…"


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name in {"colspan", "rowspan"}:
        return value if value.isascii() and value.isdigit() and 1 <= int(value[:3]) <= _WIDEST_SPAN else None
    return value if tag == "a" else None


def _one_space(found: re.Match[str]) -> str:
    # A no-break space that stands alone keeps what it holds together.
    return found[0] if found[0] in {"\u00a0", "\u202f"} else " "
