"""Fixture cases: `input.json` as the source might send it, `case.toml` with why, `expected.json`.

A missing `expected.json` is written from what the parser gives now, and the test then fails once, so
that a person reads it before it is committed.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

import pytest

FIXTURES = Path(__file__).parents[2] / "fixtures"


@dataclass(frozen=True)
class Case:
    """One folder of fixtures."""

    folder: Path
    entry: str
    why: str
    quirks: tuple[str, ...]

    @property
    def data(self) -> bytes:
        return (self.folder / "input.json").read_bytes()


def cases(source: str) -> list[Case]:
    """The cases of a source, in the order of their names."""
    found = []
    for folder in sorted((FIXTURES / source).iterdir()):
        words = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
        found.append(Case(folder, words["entry"], words["why"], tuple(words["quirks"])))
    return found


def check_expected(case: Case, parsed: object) -> None:
    """Compare what a parser gave with `expected.json`, writing it when there is none."""
    path = case.folder / "expected.json"
    actual = json.loads(json.dumps(asdict(parsed), default=_plain, ensure_ascii=False))
    if not path.exists():
        path.write_text(json.dumps(actual, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        pytest.fail(f"{path} written: read it, then run again")
    assert actual == json.loads(path.read_text(encoding="utf-8"))


def _plain(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(value)
