"""The one form of an e-mail address, and what is refused."""

from __future__ import annotations

import pytest

from tracker.errors import UsageError
from tracker.mail_addresses import mail_address


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("nom@exemple.fr", "nom@exemple.fr"),
        ("  Prénom.Nom@Exemple.FR ".replace("é", "e"), "prenom.nom@exemple.fr"),
        ("a+b@sous.exemple.fr", "a+b@sous.exemple.fr"),
        ("nom@éxemple.fr", "nom@xn--xemple-9ua.fr"),
    ],
)
def test_an_address_has_one_form(typed, kept):
    """Lower case, no spaces around, the domain in ASCII."""
    assert mail_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "nom",
        "@exemple.fr",
        "nom@",
        "nom@exemple",
        "nom@@exemple.fr",
        "nom@exemple..fr",
        "n om@exemple.fr",
        "nom@exemple.fr\nBcc: autre@exemple.fr",
        "nom@exemple.fr\r\n.",
        "nom@[127.0.0.1]",
        "élu@exemple.fr",
        ".nom@exemple.fr",
        "a" * 65 + "@exemple.fr",
        "nom@" + "a." * 130 + "fr",
        '"a b"@exemple.fr',
        "nom@exemple.fr,autre@exemple.fr",
        "nom@-exemple.fr",
    ],
)
def test_what_mail_cannot_be_sent_to_is_refused(typed):
    """With a sentence that gives an example and does not repeat what was typed."""
    with pytest.raises(UsageError) as refused:
        mail_address(typed)
    assert str(refused.value) == (
        "Cette adresse électronique n'a pas la bonne forme. Exemple : nom@exemple.fr."
    )
