"""Folding, plain words and slugs."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tracker.text import _without_markup, fold, fold_any, plain, slug


@pytest.mark.parametrize(
    ("fragment", "folded"),
    [
        ("Dispositif ASALÉE", "dispositif asalee"),
        ("Asale\u0301e", "asalee"),
        ("asal&eacute;e, asal&#233;e", "asalee asalee"),
        ("l&#8217;association d’Asalée", "l association d asalee"),
        ("œuvre Œuvre &#339;uvre cæcum", "oeuvre oeuvre oeuvre caecum"),
        ("A.S.A.L.É.E.", "a s a l e e"),
        ("asalée-IPA", "asalee ipa"),
        ("2\u00a0000\u202finfirmières", "2 000 infirmieres"),
        ("Asa\u00adlée Asa&shy;lée Asa\u200blée", "asalee asalee asalee"),
        ("straße ½ n° 3", "strasse 1 2 n 3"),
        ("Asalée¹ en m²", "asalee 1 en m 2"),
        ("", ""),
        (" \n\t ", ""),
    ],
)
def test_characters_fold(fragment, folded):
    """Entities, accents, ligatures, case, apostrophes, spaces and soft hyphens make no difference."""
    assert fold(fragment) == folded


@pytest.mark.parametrize(
    ("fragment", "folded"),
    [
        ("A<b>salé</b>e", "asalee"),
        ("Asa<wbr>lée", "asalee"),
        ("santé<br>libérale<BR/>en</p><p align=CENTER>équipe</br>", "sante liberale en equipe"),
        ("<td>Asalée</td><td>Eure</td>", "asalee eure"),
        ("Asalée<sup>1</sup>", "asalee 1"),
        ("Asa<!-- DEBTAB\n-->lée", "asalee"),
        ('<a href="https://exemple.fr/asalee">lien</a>', "lien"),
        ('<th rowspan=2">Asalée', "asalee"),
        ("un prix < 5 euros > 3", "un prix 5 euros 3"),
        ("&lt;b&gt;Asalée&lt;/b&gt;", "b asalee b"),
        ("texte <!-- jamais fermé Asalée", "texte jamais ferme asalee"),
    ],
)
def test_markup_folds(fragment, folded):
    """Block tags part words, inline tags and comments do not; malformed markup hides no word."""
    assert fold(fragment) == folded


@given(st.text(st.characters(codec="utf-8"), max_size=60))
@example("’œŒ–\u202f…“”€")
@example("ßÆæþµ½ª\u0085\xad")
def test_both_paths_agree(text):
    """Bytes or characters, the fold is the same."""
    assert fold(text) == fold_any(_without_markup(text))


@given(st.text(max_size=60))
def test_a_fold_is_stable(text):
    """Folding a fold changes nothing, and spaces are single."""
    once = fold(text)
    assert fold_any(once) == once
    assert once == " ".join(once.split(" ")).strip()


def test_plain_ignores_how_a_text_is_written():
    """Markup, entities, spaces and apostrophes of the same words compare equal."""
    assert plain("<p>L'association &#171;&nbsp;Asalée&nbsp;&#187;</p>") == plain(
        "L’association<br> « Asale\u0301e »"
    )


@pytest.mark.parametrize("other", ["le dispositif asalée.", "Le dispositif Asalee.", "Le dispositif Asalée"])
def test_plain_keeps_what_a_person_would_correct(other):
    """Case, accents and punctuation are part of a text."""
    assert plain(other) != plain("Le dispositif Asalée.")


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Économie, finances et souveraineté", "economie-finances-et-souverainete"),
        ("LFI-NFP", "lfi-nfp"),
        ("  Santé  ", "sante"),
        ("Œuvres d’art", "oeuvres-d-art"),
        ("Ελλάδα", ""),
        ("", ""),
    ],
)
def test_slugs_are_ascii(label, expected):
    """Labels become stable names for addresses."""
    assert slug(label) == expected
