"""What holds for every file of a question, whatever it says."""

from __future__ import annotations

from datetime import date

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.parsers.questions import ParsedQuestion, parse_question
from crawler.simulator.question_json import jo_of, question_json
from tests.crawler.parsers.mutations import JSON, NOTHING, at, mutated, paths, replaced
from tracker.questions import Attribution, Author, Closure, Group, Ministry, PublishedText, QuestionRecord

DATES = st.dates(date(2017, 6, 21), date(2030, 12, 31))
WORDS = st.text("abcdefghijkléàçœ’ ", min_size=1, max_size=20).map(str.strip).filter(bool)
LABELS = st.none() | WORDS
MINISTRIES = st.builds(Ministry, st.integers(1, 999999).map("PO{}".format), WORDS, LABELS)
GROUPS = st.none() | st.builds(Group, st.integers(1, 999999).map("PO{}".format), WORDS, LABELS)
TEXTS = st.lists(
    st.builds(PublishedText, WORDS, DATES.map(jo_of), LABELS), max_size=3, unique_by=lambda text: text.html
)


@st.composite
def stated(draw: st.DrawFn) -> dict[str, object]:
    """What a question of the 17th legislature may state: the arguments of `question_json`."""
    attributions = [Attribution(draw(MINISTRIES), on) for on in sorted(draw(st.lists(DATES, max_size=3)))]
    return {
        "uid": f"QANR5L17QE{draw(st.integers(1, 99999))}",
        "title": draw(LABELS),
        "rubric": draw(LABELS),
        "heading": draw(LABELS),
        "question_texts": draw(TEXTS.filter(bool)),
        "answer_texts": draw(TEXTS),
        "closure": draw(
            st.none() | st.builds(Closure, st.sampled_from(["REP_PUB", "FM", "AU"]), WORDS, DATES)
        ),
        "signalled_on": sorted(draw(st.lists(DATES, max_size=3))),
        "renewed_on": sorted(draw(st.lists(DATES, max_size=3))),
        "actor_ref": draw(st.integers(1, 999999).map("PA{}".format)),
        "mandate_ref": draw(st.none() | st.integers(1, 999999).map("PM{}".format)),
        "group": draw(GROUPS),
        "ministry": draw(st.none() | MINISTRIES),
        "attributions": attributions,
    }


def parsed(source: object) -> ParsedQuestion:
    """A file as read under a name that says nothing."""
    return parse_question(orjson.dumps(source), name="question.json")


FILES = stated().map(lambda said: question_json(**said))


@given(stated())
@settings(max_examples=150, deadline=None)
def test_what_is_stated_is_what_is_read(said: dict[str, object]):
    """Each field of the record is the one that was written, and nothing is left to report."""
    found = parsed(question_json(**said))
    record = found.record
    assert found.issues == ()
    assert isinstance(record, QuestionRecord)
    assert record.uid == said["uid"]
    assert (record.rubric, record.heading) == (said["rubric"], said["heading"])
    assert record.title == (said["title"] or said["heading"])
    assert record.author == Author(said["actor_ref"], said["mandate_ref"], said["group"])
    assert record.ministry_asked == said["ministry"]
    assert record.attributions == tuple(said["attributions"])
    assert record.question_texts == tuple(said["question_texts"])
    assert record.answer_texts == tuple(said["answer_texts"])
    assert record.signalled_on == tuple(said["signalled_on"])
    assert record.renewed_on == tuple(said["renewed_on"])
    if said["closure"] or not said["answer_texts"]:
        assert record.closure == said["closure"]


@given(mutated(FILES))
@settings(max_examples=300, deadline=None)
def test_no_change_of_a_file_raises(source: object):
    """Whatever the source changes, the answer is a record, or an issue that says why not."""
    found = parsed(source)
    assert found.record is not None or found.issues
    for issue in found.issues:
        assert len(issue.raw) <= 200
        assert "\x00" not in issue.raw + issue.path + issue.uid


@given(JSON.map(orjson.dumps) | st.binary())
@settings(max_examples=150, deadline=None)
def test_no_bytes_raise(data: bytes):
    """Anything at all under the name of a question is an issue."""
    found = parse_question(data, name="json/QANR5L17QE1.json")
    assert found.record is None
    assert [issue.uid for issue in found.issues] == ["QANR5L17QE1"] * len(found.issues)
    assert found.issues


@given(FILES, st.data())
@settings(max_examples=150, deadline=None)
def test_an_unknown_key_anywhere_is_an_issue_and_changes_nothing(
    source: dict[str, object], data: st.DataObject
):
    """A key that nobody knows, in any object, is reported with its place; the record is the same."""
    path = data.draw(st.sampled_from([path for path in paths(source) if _says_something(at(source, path))]))
    changed = replaced(
        source, path, {**at(source, path), "cléInconnue": data.draw(st.none() | st.text(max_size=5))}
    )
    found = parsed(changed)
    assert found.record == parsed(source).record
    (issue,) = found.issues
    assert issue.code == "unknown-key"
    assert issue.path.endswith("cléInconnue")


def _says_something(value: object) -> bool:
    """Whether a value is an object with content; an unknown key alone in one means a lost record."""
    return isinstance(value, dict) and any(inner is not None for inner in value.values())


REPEATABLE = {"minAttrib", "texteQuestion", "texteReponse", "analyse", "signalement", "renouvellement"}


@given(FILES)
@settings(max_examples=100, deadline=None)
def test_one_and_a_list_of_one_are_the_same(source: dict[str, object]):
    """Whatever may repeat reads the same as an object and as a list."""
    listed: object = source
    for path in list(paths(source)):
        if path and path[-1] in REPEATABLE and not isinstance(at(listed, path), list):
            listed = replaced(listed, path, [at(listed, path)])
    assert parsed(listed) == parsed(source)


@given(FILES, st.data())
@settings(max_examples=100, deadline=None)
def test_every_nothing_is_the_same(source: dict[str, object], data: st.DataObject):
    """A null, a blank, an empty or nil element and a missing key are one and the same."""
    changed: object = source
    for path in list(paths(source)):
        if at(source, path) is not None:
            continue
        if data.draw(st.booleans()):
            changed = replaced(changed, path, data.draw(NOTHING))
        else:
            parent = at(changed, path[:-1])
            changed = replaced(
                changed, path[:-1], {key: value for key, value in parent.items() if key != path[-1]}
            )
    assert parsed(changed) == parsed(source)
