"""What commands write: aligned lines for people, JSON for scripts.

Enters: facts already in French, or plain data. Leaves: lines on stdout; messages on stderr. Only
`main` decides what an error looks like.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from tracker.errors import UsageError


def settle_streams() -> None:
    """What a pipe or a file gets is UTF-8, whatever the locale; a terminal gets what it can show.

    A stream that was closed before we began is a place where nothing is kept.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            stream = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # for as long as the process
            setattr(sys, name, stream)
        if stream.isatty():
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8")


def write_file(file: Path, text: str) -> None:
    """A result in a file of its own. Raises UsageError when it cannot be written."""
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{file} ne peut pas être écrit : {error.strerror}.") from error


def say(line: str = "") -> None:
    """One line for a person or a pipe."""
    sys.stdout.write(f"{line}\n")


def note(line: str) -> None:
    """One line beside the result: progress, a word of advice."""
    sys.stderr.write(f"{line}\n")


def say_json(data: object) -> None:
    """Data for a script: UTF-8, indented, keys in our order, dates in ISO 8601."""
    say(json.dumps(data, ensure_ascii=False, indent=2, default=_plain))


def say_pairs(pairs: Sequence[tuple[str, str]]) -> None:
    """Labels and values, the values in one column; empty values are left out."""
    kept = [(label, value) for label, value in pairs if value]
    width = max((len(label) for label, _ in kept), default=0)
    for label, value in kept:
        say(f"  {label:<{width}}  {value}")


def say_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as they must be; the last one runs free."""
    lines = [headings, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(headings))]
    for line in lines:
        cells = [f"{cell:<{width}}" for cell, width in zip(line, widths, strict=True)]
        say("  ".join(cells).rstrip())


def _plain(value: object) -> object:
    if isinstance(value, datetime | date):
        return value.isoformat()
    raise TypeError(f"not for JSON: {type(value).__name__}")
