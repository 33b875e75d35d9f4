"""Records to JSON and back, whatever is in them."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from db.mapping import record_json, record_of
from tests.builders import answered, record
from tracker.questions import (
    Attribution,
    Author,
    Chamber,
    Closure,
    Group,
    JoReference,
    Ministry,
    PublishedText,
    QuestionId,
    QuestionKind,
    QuestionRecord,
)

FIXTURES = Path(__file__).parent.parent / "fixtures" / "db"

WORDS = st.none() | st.text(max_size=20)
DAYS = st.none() | st.dates()
MINISTRIES = st.builds(Ministry, WORDS, WORDS, WORDS)
JOURNALS = st.builds(JoReference, DAYS, WORDS, WORDS, WORDS)
TEXTS = st.builds(PublishedText, st.text(max_size=50), JOURNALS, WORDS)
RECORDS = st.builds(
    QuestionRecord,
    st.builds(
        QuestionId,
        st.just(Chamber.ASSEMBLY),
        st.integers(1, 999),
        st.just(QuestionKind.WRITTEN),
        st.integers(0, 9_999_999),
    ),
    WORDS,
    WORDS,
    WORDS,
    st.builds(Author, WORDS, WORDS, st.none() | st.builds(Group, WORDS, WORDS, WORDS)),
    st.none() | MINISTRIES,
    st.lists(st.builds(Attribution, MINISTRIES, DAYS), max_size=2).map(tuple),
    st.lists(TEXTS, max_size=2).map(tuple),
    st.lists(TEXTS, max_size=2).map(tuple),
    st.none() | st.builds(Closure, WORDS, WORDS, DAYS),
    st.lists(st.dates(), max_size=2).map(tuple),
    st.lists(st.dates(), max_size=2).map(tuple),
)


@given(RECORDS)
@settings(max_examples=60)
def test_a_record_comes_back_as_it_was(any_record):
    """JSON of a record reads back equal, with its enums, dates and tuples."""
    assert record_of(record_json(any_record)) == any_record


def test_a_stored_record_does_not_change_its_form():
    """Revisions are kept for ever: what was written before is read, and written the same."""
    kept = (FIXTURES / "revision" / "kept.json").read_text(encoding="utf-8").rstrip("\n")
    assert record_of(kept) == answered(record(7), "2026-11-17")
    assert record_json(answered(record(7), "2026-11-17")) == kept
