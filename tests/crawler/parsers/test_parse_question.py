"""Files of questions as the source might send them, case by case."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest

from crawler.parsers.questions import parse_question
from crawler.simulator.question_json import question_json
from tests.crawler.parsers.cases import Case, cases, check_expected

CASES = cases("questions")
REFERENCE = Path(__file__).parents[3] / "docs" / "reference" / "source.md"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.folder.name)
def test_each_case_gives_what_is_expected(case: Case):
    """Each fixture gives its record and its issues, word for word."""
    check_expected(case, parse_question(case.data, name=case.entry))


def named_in(section: str) -> set[str]:
    """The names in the first column of the tables of a section of the reference page."""
    text = REFERENCE.read_text(encoding="utf-8").partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    first_cells = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return {name for cell in first_cells for name in re.findall(r"`([a-z-]+)`", cell)}


def test_every_quirk_of_the_reference_page_has_a_case():
    """The page lists the source's quirks by name; each is shown by a fixture, and no other is used."""
    assert named_in("Quirks") == {quirk for case in CASES + cases("deputies") for quirk in case.quirks}


def test_every_issue_of_the_reference_page_has_a_case():
    """The page lists the codes of issues; each is shown by a fixture, and no other is used."""
    shown = {
        issue["code"]
        for case in CASES + cases("deputies")
        for issue in orjson.loads((case.folder / "expected.json").read_bytes())["issues"]
    }
    assert named_in("Issues") == shown | {"too-many"}  # a flood of its own, below


def test_lists_of_one_read_like_objects():
    """A list of one child, and an empty item beside it, change nothing but the form."""
    case = next(case for case in CASES if case.folder.name == "lists_of_one")
    raw = orjson.loads(case.data)["question"]
    for parent, child in (
        ("minAttribs", "minAttrib"),
        ("textesQuestion", "texteQuestion"),
        ("textesReponse", "texteReponse"),
        ("renouvellements", "renouvellement"),
    ):
        raw[parent][child] = raw[parent][child][0]
    assert parse_question(orjson.dumps({"question": raw}), name=case.entry) == parse_question(
        case.data, name=case.entry
    )


def test_one_answer_given_to_several_questions_is_the_same_text():
    """The text is kept byte for byte, so that a shared answer can be recognised."""
    texts = {
        parse_question(case.data, name=case.entry).record.answer_text
        for case in CASES
        if case.folder.name in {"answered_once", "shared_answer"}
    }
    assert len(texts) == 1


def test_the_name_may_be_a_uid_or_say_nothing():
    """The uid is compared only with a name that holds one."""
    data = orjson.dumps(question_json("QANR5L17QE7"))
    for name in ("QANR5L17QE7", "json/QANR5L17QE7.json", "question.json", ""):
        assert parse_question(data, name=name).record is not None
    assert parse_question(data, name="QANR5L17QE70").record is None


def test_issues_bear_the_uid_of_the_file_when_its_name_holds_none():
    """An operator finds the question whatever the entry was called."""
    source = question_json("QANR5L17QE7")
    source["question"]["exemple"] = None
    (issue,) = parse_question(orjson.dumps(source), name="question.json").issues
    assert (issue.uid, issue.code, issue.path) == ("QANR5L17QE7", "unknown-key", "exemple")


def test_a_flood_of_issues_is_cut():
    """A file that is all unknown keys costs some fifty issues, each short, and one that says so."""
    source = question_json("QANR5L17QE7")
    source["question"] |= {f"clé-{'x' * 5000}-{number}": "y" * 5000 for number in range(1000)}
    issues = parse_question(orjson.dumps(source), name="QANR5L17QE7").issues
    assert issues[-1].code == "too-many"
    assert len(issues) == 51
    assert max(len(issue.raw) + len(issue.path) for issue in issues) <= 400


def test_what_is_nested_beyond_reason_is_an_issue():
    """A value as deep as JSON allows stops neither the walk for dates nor the writing of the issue."""
    deep: object = "2025-03-25"
    for _ in range(900):
        deep = {"renouvellement": [deep]} if isinstance(deep, str) else {"renouvellement": deep}
    source = question_json("QANR5L17QE7")
    source["question"]["renouvellements"] = deep
    source["question"]["exemple"] = deep
    data = b'{"question":' + _dumped(source["question"]) + b"}"
    parsed = parse_question(data, name="QANR5L17QE7")
    assert parsed.record is None
    assert [issue.code for issue in parsed.issues] == ["unknown-form", "unknown-key"]


def _dumped(value: object) -> bytes:
    """JSON of a value deeper than orjson writes."""
    if isinstance(value, dict):
        parts, closing = [], []
        while isinstance(value, dict) and len(value) == 1:
            ((key, value),) = value.items()
            parts.append(b'{"' + key.encode() + b'":')
            closing.append(b"}")
        if isinstance(value, dict):
            inner = b",".join(orjson.dumps(key) + b":" + _dumped(item) for key, item in value.items())
            return b"".join(parts) + b"{" + inner + b"}" + b"".join(closing)
        return b"".join(parts) + orjson.dumps(value) + b"".join(closing)
    return orjson.dumps(value)
