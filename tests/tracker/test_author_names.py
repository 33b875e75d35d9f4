"""The name that opens a question's text; all names here are invented."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.author_names import author_named_in

ASKS = "attire l'attention de Mme la ministre de l'exemple sur un exemple."


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (f"Mme Camille Exemple {ASKS}", ("Mme", "Camille Exemple")),
        (f"M. Jean Exemple {ASKS}", ("M.", "Jean Exemple")),
        (f"M.&#160;Jean-Noël&nbsp;Exemple-Modèle {ASKS}", ("M.", "Jean-Noël Exemple-Modèle")),
        (f'</p><p align="CENTER"><strong>Mme Zoé</strong> Exemple</p> {ASKS}', ("Mme", "Zoé Exemple")),
        (f"M. Émile d’Exemple de la Fiction {ASKS}", ("M.", "Émile d’Exemple de la Fiction")),
        (f"M. Charles de L'Exemple {ASKS}", ("M.", "Charles de L'Exemple")),
        (f"Mme Ève Le Exemple {ASKS}", ("Mme", "Ève Le Exemple")),
        (f"Mme Ève K/Exemple {ASKS}", ("Mme", "Ève K/Exemple")),
        (f"M. Jean EXEMPLE, député de l'Exemple, {ASKS}", ("M.", "Jean EXEMPLE")),
        (f"M. Jean Exemple, {ASKS}", ("M.", "Jean Exemple")),
        (f"Madame Camille Exemple {ASKS}", ("Mme", "Camille Exemple")),
        ("M. Jean Exemple interroge M. le Premier ministre sur l'exemple.", ("M.", "Jean Exemple")),
        ("Mme Camille Exemple s'inquiète auprès du Gouvernement.", ("Mme", "Camille Exemple")),
        ("M. Jean Exemple tient à alerter le garde des sceaux.", ("M.", "Jean Exemple")),
    ],
)
def test_the_name_before_the_asking_verb_is_the_author(text: str, named: tuple[str, str]):
    """Civility, then capitalised words and particles, then a verb of asking and a minister."""
    assert author_named_in(text) == named


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Camille Exemple attire l'attention de M. le ministre.",
        f"M. le député {ASKS}",
        f"Le groupe Exemple {ASKS}",
        "M. Jean Exemple a annoncé à la ministre de l'exemple une réforme.",
        "M. Jean Exemple rappelle que l'exemple est un exemple.",
        "M. Jean Exemple et Mme Camille Exemple attirent l'attention du ministre.",
        "MM. Jean et Paul Exemple attirent l'attention du ministre.",
        f"Depuis longtemps, M. Jean Exemple {ASKS}",
        f"M. {'Exemple ' * 12}{ASKS}",
        f"Mme Camille Exemple de {ASKS}",
        f"<!-- M. Jean Exemple {ASKS} -->",
        "Mme",
        "M. ",
    ],
)
def test_any_other_opening_names_nobody(text: str):
    """A name is never made up of what merely looks like one."""
    assert author_named_in(text) == (None, None)


@given(st.text(alphabet="MmeJ. <>&;,'’#!-dElaC\n", max_size=200))
@settings(max_examples=200, deadline=None)
def test_no_text_raises_and_both_or_neither_are_given(text: str):
    """Whatever the fragment, there is a civility with each name and no name without."""
    civility, name = author_named_in(text)
    assert (civility is None) == (name is None)
