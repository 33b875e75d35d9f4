"""Files of deputies as the source might send them, case by case."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.parsers.deputies import parse_deputy
from crawler.simulator.question_json import actor_json
from tests.crawler.parsers.cases import Case, cases, check_expected
from tests.crawler.parsers.mutations import JSON, mutated

CASES = cases("deputies")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.folder.name)
def test_each_case_gives_what_is_expected(case: Case):
    """Each fixture gives its deputy and its issues, word for word."""
    check_expected(case, parse_deputy(case.data, name=case.entry))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.folder.name)
def test_personal_data_stay_in_the_file(case: Case):
    """Birth, profession and address are neither kept nor quoted in an issue."""
    assert b"a-ne-pas-garder" not in orjson.dumps(repr(parse_deputy(case.data, name=case.entry)))


@given(mutated(st.builds(actor_json, st.just("PA000001"))))
@settings(max_examples=150, deadline=None)
def test_no_change_of_a_file_raises(source: object):
    """Whatever the source changes, the answer is a deputy, or an issue that says why not."""
    parsed = parse_deputy(orjson.dumps(source), name="json/acteur/PA000001.json")
    assert parsed.deputy is not None or parsed.issues


@given(JSON.map(orjson.dumps) | st.binary())
@settings(max_examples=100, deadline=None)
def test_no_bytes_raise(data: bytes):
    """Anything at all under the name of an actor is an issue."""
    parsed = parse_deputy(data, name="json/acteur/PA000001.json")
    assert parsed.deputy is None
    assert parsed.issues
