"""What was not understood, in plain words: a sentence for each code, and nothing of the raw values."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from feeds.issue_words import CODES, not_understood
from tests.builders import NOW
from tracker.questions import SourceIssue

ROOT = Path(__file__).parents[2]
GIVEN = re.compile(r'(?:notes\.add|SourceIssue)\(\s*[^"]*?"([a-z]+(?:-[a-z]+)+|unreadable|unordered)"')


def issue(number=1, code="unknown-key", raw="<b>brut</b>"):
    """An issue of one question."""
    return SourceIssue(f"QANR5L17QE{number}", code, "question.x", raw)


def test_every_code_has_its_sentence():
    """Those of the reference page, and those that the programme gives."""
    page = (ROOT / "docs" / "reference" / "source.md").read_text(encoding="utf-8")
    listed = page[page.index("## Issues") :]
    documented = {code for line in listed.splitlines() for code in re.findall(r"^\| (`.*?) \|", line)}
    documented = {code for cell in documented for code in re.findall(r"`([a-z-]+)`", cell)}
    sources = [*(ROOT / "crawler").rglob("*.py"), *(ROOT / "tracker").glob("*.py")]
    given = {code for file in sources for code in GIVEN.findall(file.read_text(encoding="utf-8"))}
    assert len(documented) > 20
    assert len(given) > 20
    assert documented | given <= CODES


def test_issues_are_told_by_kind():
    """What touches most files first, with some of them, since when; each file once."""
    found = [
        (issue(1, "future-date"), NOW),
        (issue(1), NOW),
        *((issue(number), NOW - timedelta(days=number)) for number in range(1, 8)),
    ]
    first, second = not_understood(found)
    assert (first.code, first.times, first.in_files) == ("unknown-key", 8, 7)
    assert first.since == NOW - timedelta(days=7)
    assert first.files == tuple(f"QANR5L17QE{number}" for number in range(1, 6))
    assert second.what == "Date qui n’est pas encore venue."


def test_an_unnamed_code_is_told_all_the_same():
    """A code that has no sentence yet."""
    (one,) = not_understood([(issue(code="tout-neuf"), NOW)])
    assert one.what
    assert "tout-neuf" not in one.what


def test_nothing_raw_is_told():
    """Values of the source are the operator's to look at."""
    assert "brut" not in str(not_understood([(issue(), NOW)]))
