"""The filter in an address: there and back, and clear refusals."""

from datetime import date
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.addresses import KIND_WORDS, STATUS_WORDS, from_query, to_query
from tracker.characters import clean_characters
from tracker.errors import UsageError
from tracker.events import EventKind
from tracker.selection import Selection
from tracker.status import Status

slugs = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}", fullmatch=True)
selections = st.builds(
    Selection,
    topic=st.none() | slugs,
    statuses=st.frozensets(st.sampled_from(Status)),
    group=st.none() | slugs,
    ministry=st.none() | slugs,
    deputy=st.none() | st.from_regex(r"PA[0-9]{1,9}", fullmatch=True),
    department=st.none() | st.sampled_from(["76", "2A", "974", "099"]),
    rubric=st.none() | slugs,
    legislature=st.none() | st.integers(14, 99),
    uid=st.none() | st.integers(1, 9999999).map(lambda number: f"QANR5L17QE{number}"),
    signalled=st.none() | st.booleans(),
    published_from=st.none() | st.dates(date(1000, 1, 1)),
    published_to=st.none() | st.dates(date(1000, 1, 1)),
    words=st.none() | st.text(min_size=1, max_size=60).map(clean_characters).map(str.strip).filter(bool),
    kinds=st.frozensets(st.sampled_from(EventKind)),
)


@given(selections)
def test_address_there_and_back(selection):
    """Every selection has an address that reads back as the same selection."""
    assert from_query(parse_qsl(to_query(selection), keep_blank_values=True)) == selection


def test_address_is_readable():
    """The address uses French words in one order."""
    selection = Selection(group="gdr", statuses=frozenset({Status.OVERDUE}))
    assert to_query(selection) == "statut=echeance-depassee&groupe=gdr"


def test_every_status_and_kind_has_a_word():
    """No status or event kind is left without its word in addresses."""
    assert set(STATUS_WORDS) == set(Status)
    assert set(KIND_WORDS) == set(EventKind)


def test_blank_values_select_all():
    """A form sent with empty fields selects everything."""
    assert from_query([("statut", ""), ("groupe", " "), ("q", "")]) == Selection()


@pytest.mark.parametrize(("typed", "words"), [("\x00", None), ("\u202e", None), (" a\x00\u200eb ", "ab")])
def test_words_keep_no_character_that_a_page_may_not_hold(typed, words):
    """A heading says what is looked for, and that is what is looked for."""
    assert from_query([("q", typed)]) == Selection(words=words)


@pytest.mark.parametrize(
    ("pairs", "named"),
    [
        ([("couleur", "x")], "couleur"),
        ([("groupe", "GDR!")], "groupe"),
        ([("groupe", "a"), ("groupe", "b")], "plusieurs fois"),
        ([("statut", "en-retard")], "en-attente"),
        ([("evenement", "x")], "reponse"),
        ([("legislature", "x")], "législature"),
        ([("question", "13983")], "QANR5L17QE13983"),
        ([("signalee", "peut-être")], "signalee"),
        ([("du", "31/03/2026")], "2026-03-31"),
        ([("au", "2026-02-30")], "date"),
        ([("q", "a" * 201)], "200"),
        ([("depute", "PA")], "PA721764"),
        ([("departement", "1")], "departement"),
    ],
)
def test_wrong_parameters_are_refused_by_name(pairs, named):
    """A wrong parameter is refused with a sentence that says what is expected."""
    with pytest.raises(UsageError, match=named):
        from_query(pairs)
