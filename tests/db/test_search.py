"""Searching in French, and that nothing typed can be anything but words."""

from __future__ import annotations

from datetime import date
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.builders import NOW, answered, record
from tests.db.writes import question, write_all
from tracker.ports import Batch
from tracker.questions import Deputy
from tracker.selection import Selection
from tracker.words import search_terms

TODAY = date(2026, 11, 20)

CARE = record(
    13983,
    title="Infirmières déléguées (exemple)",
    html="<p>Le suivi du c&oelig;ur par les <b>infirmi&egrave;res</b> d&#8217;Asalée, les maux, l’œdème, "
    "au bureau de l’hôpital, des travaux libéraux.</p>",
)
ANSWER = answered(
    record(5, title="Autre", html="Sans rapport."), "2026-11-03", "<p>Une réponse sur les rémunérations.</p>"
)


@pytest.fixture(params=["sqlite", "like"])
def found(request, store, engine, reader):
    """What words find, by the full-text index and by LIKE."""
    write_all(store, CARE, ANSWER)
    if request.param == "like":
        reader._dialect = "other"

    def numbers(words):
        selection = Selection(words=words)
        return {view.record.id.number for view in reader.questions(selection, today=TODAY)}

    return numbers


@pytest.mark.parametrize(
    "words",
    [
        "asalee",
        "ASALÉE",
        "cœur",
        "coeur",
        "CŒUR",
        "Œdème",
        "oedeme",
        "infirmière",
        "infirmieres",
        "infirmier",
        "l'oedème",
        "d’Asalée",
        "suivi coeur",
        "coeur suivi",
        "13983",
        "infirmières 13983",
        "déléguée",
        "coeu",
        "mau",
        "maux",
        "hôpital",
        "hôpitaux",
        "bureau",
        "BUREAUX",
        "libéral",
        "libéraux",
        "travail",
        "travaux libéral",
    ],
)
def test_words_are_found_however_they_are_typed(found, words):
    """Accents, œ, case, plurals, apostrophes, order, entities and tags make no difference."""
    assert found(words) == {13983}


@pytest.mark.parametrize("words", ["rémunération", "REMUNERATIONS", "réponse rémunération", "5"])
def test_answers_and_numbers_are_searched_too(found, words):
    """The answer's words, and the question's number as a whole."""
    assert found(words) == {5}


@pytest.mark.parametrize(
    "words",
    ["absent", "coeur rémunération", "1398", "139", "eur", "b", "oelig", "***", '"', "«»", "?!", "%", "_"],
)
def test_what_is_not_there_is_not_found(found, words):
    """Every word must be there; part of a number, the inside of a word and markup are no words."""
    assert found(words) == set()


def test_the_authors_name_is_searched(store, reader):
    """The name in the text at first, the deputy's once known."""
    selection = Selection(words="dupont-exemple")
    write_all(store, CARE)
    assert reader.count(selection, today=TODAY) == 0
    store.save_deputies([Deputy("PA900100", "Mme", "Zoé", "Dupont-Exemple", ())], [], NOW)
    assert reader.count(selection, today=TODAY) == 1
    assert reader.count(Selection(words="zoe"), today=TODAY) == 1


def test_a_revision_is_searched_in_place_of_the_last(store, reader):
    """Words that were taken out of the title are no longer found, new ones are."""
    write_all(store, record(1, title="Avant"))
    store.write(Batch(questions=(question(record(1, title="Ensuite"), revised=True),), at=NOW))
    assert reader.count(Selection(words="avant"), today=TODAY) == 0
    assert reader.count(Selection(words="ensuite"), today=TODAY) == 1


@pytest.mark.parametrize(
    "words",
    [
        'title:"asalee"',
        "asalee OR absent",
        "asalee NOT coeur",
        "NEAR(asalee coeur, 2)",
        "asalee*",
        '"asalee',
        "^asalee",
        "{title author}: asalee",
        "asalee' OR '1'='1",
        "asalee\x00",
        "'; DROP TABLE questions; --",
        "-asalee",
        "(asalee",
        "asalee + coeur",
    ],
)
def test_operators_are_words(found, words):
    """Each is read as the words it holds, and all of them must be there."""
    expected = {13983} if set(search_terms(words)) <= {"asalee", "coeur"} else set()
    assert found(words) == expected


@given(st.text(max_size=60))
@example('"')
@example("a" * 10_000)
@example(" ".join(str(number) for number in range(5_000)))
@example("\ud800")
@example("日本語 ² ½ ﷺ ̈")
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_nothing_typed_is_an_error(engine, reader, words):
    """Whatever is typed, on both ways of searching."""
    selection = Selection(words=words)
    assert reader.count(selection, today=TODAY) == 0
    with patch.object(reader, "_dialect", "other"):
        assert reader.count(selection, today=TODAY) == 0


@given(st.text(alphabet="aàœséx 12'%_-\"*", max_size=12))
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_both_ways_of_searching_agree(store, reader, words):
    """The index and LIKE find the same questions."""
    write_all(store, record(1, title="Aàa œsé sax 12 121 ès", html="é"), record(2, title="s x 2", html=""))
    selection = Selection(words=words)
    by_index = reader.count(selection, today=TODAY)
    with patch.object(reader, "_dialect", "other"):
        assert reader.count(selection, today=TODAY) == by_index
