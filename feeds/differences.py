"""What changed between two versions of a text, word by word.

Enters: two plain texts. Leaves: escaped HTML with `<del>` and `<ins>`, long unchanged passages shortened
to « […] ». Meant to be read, so it is bounded: texts too far apart are shown whole, old then new.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_TOKEN = re.compile(r"\s+|[^\W_]+(?:['’-][^\W_]+)*|.", re.DOTALL)
_CONTEXT = 40  # tokens kept on each side of a change
_MOST_TOKENS = 6_000  # beyond, difflib's time (quadratic at worst) is not worth its result

Change = tuple[str, Sequence[str], Sequence[str]]


def word_differences(old: str, new: str) -> str:
    """HTML of `new` with what was taken from `old` in `<del>` and what was added in `<ins>`."""
    changes = list(_changes(_TOKEN.findall(old), _TOKEN.findall(new)))
    parts: list[str] = []
    for index, (kind, before, after) in enumerate(changes):
        if kind == "equal":
            parts.append(_context(after, first=index == 0, last=index == len(changes) - 1))
        else:
            parts += [_marked("del", before), _marked("ins", after)]
    return "".join(parts).replace("\n", "<br>")


def _changes(old: Sequence[str], new: Sequence[str]) -> Iterator[Change]:
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    middle_old, middle_new = old[head : len(old) - tail], new[head : len(new) - tail]
    if head:
        yield "equal", old[:head], new[:head]
    if max(len(middle_old), len(middle_new)) > _MOST_TOKENS:
        yield "replace", middle_old, middle_new
    else:
        matcher = SequenceMatcher(None, middle_old, middle_new)
        for kind, i1, i2, j1, j2 in matcher.get_opcodes():
            yield kind, middle_old[i1:i2], middle_new[j1:j2]
    if tail:
        yield "equal", old[len(old) - tail :], new[len(new) - tail :]


def _common(old: Sequence[str], new: Sequence[str]) -> int:
    length = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        length += 1
    return length


def _context(tokens: Sequence[str], *, first: bool, last: bool) -> str:
    keep_start, keep_end = (0 if first else _CONTEXT), (0 if last else _CONTEXT)
    if len(tokens) <= keep_start + keep_end + _CONTEXT:
        return html.escape("".join(tokens), quote=False)
    start = "".join(tokens[:keep_start])
    end = "".join(tokens[len(tokens) - keep_end :])
    between = " […] " if start and end else "[…] " if end else " […]"
    return html.escape(f"{start.rstrip(' ')}{between}{end.lstrip(' ')}", quote=False)


def _marked(tag: str, tokens: Sequence[str]) -> str:
    text = html.escape("".join(tokens), quote=False)
    return f"<{tag}>{text}</{tag}>" if text else ""
