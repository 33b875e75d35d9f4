"""Single values of the source."""

from __future__ import annotations

from datetime import date

import pytest

from crawler.parsers.fields import Notes, date_of, is_nothing, reference_of, shortened, text_of, uid_in
from crawler.parsers.mending import looks_double_encoded, undo_double_encoding


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2025-03-25", date(2025, 3, 25)),
        (" 2025-03-25\n", date(2025, 3, 25)),
        ("2025-03-25+01:00", date(2025, 3, 25)),
        ("2025-03-25-11:00", date(2025, 3, 25)),
        ("2025-03-25Z", date(2025, 3, 25)),
        ("25/03/2025", date(2025, 3, 25)),
        ({"#text": "25/03/2025", "@xsi:type": "Date_type"}, date(2025, 3, 25)),
        ("29/02/2024", date(2024, 2, 29)),
    ],
)
def test_dates_in_the_documented_forms_are_read(written: object, day: date):
    """ISO, ISO with a zone (the day as written) and DD/MM/YYYY."""
    notes = Notes("QANR5L17QE1")
    assert date_of(written, notes, "dateJO") == day
    assert notes.issues == ()


@pytest.mark.parametrize(
    "written",
    [
        "29/02/2025",
        "2025-13-01",
        "3/25/2025",
        "25/03/25",
        "20250325",
        "2025-W12-2",
        "2025-03-25T00:00:00",
        "mars 2025",
        "0000-00-00",
        "0001-01-01",
        "9999-12-31",
        "٢٠٢٥-03-25",
        "20 25-03-25",
        True,
        20250325,
        ["2025"],
    ],
)
def test_dates_in_other_forms_are_not_guessed(written: object):
    """Anything else is nothing, and is told; a date out of all time would break arithmetic later."""
    notes = Notes("QANR5L17QE1")
    assert date_of(written, notes, "dateJO") is None
    assert notes.issues


@pytest.mark.parametrize(
    "written", [None, "", " \u00a0\n", {}, [], {"@xsi:nil": "true"}, {"#text": " "}, {"#text": None}]
)
def test_nothing_has_many_forms(written: object):
    """All of them read as nothing, without a word."""
    notes = Notes("QANR5L17QE1")
    assert is_nothing(written)
    assert text_of(written, notes, "abrege") is None
    assert date_of(written, notes, "dateJO") is None
    assert reference_of(written, "PA", notes, "acteurRef") is None
    assert notes.issues == ()


@pytest.mark.parametrize("written", [0, False, "0", {"a": None}, [None], {"@autre": ""}])
def test_something_is_not_nothing(written: object):
    """What may mean something is never taken for nothing."""
    assert not is_nothing(written)


@pytest.mark.parametrize("written", ["PA", "PA1a", "PM1", "pa1", "PA-1", "PA1/../PO1", "PA١"])
def test_references_in_other_forms_are_not_kept(written: str):
    """A reference becomes part of addresses and file names: only its own form passes."""
    notes = Notes("QANR5L17QE1")
    assert reference_of(written, "PA", notes, "acteurRef") is None
    assert [issue.code for issue in notes.issues] == ["unknown-reference"]


@pytest.mark.parametrize(
    ("name", "uid"),
    [
        ("json/QANR5L17QE13983.json", "QANR5L17QE13983"),
        ("QANR5L16QOSD591", "QANR5L16QOSD591"),
        ("Questions_ecrites_XIV.json", None),
        ("", None),
    ],
)
def test_names_hold_a_uid_or_none(name: str, uid: str | None):
    """Any kind of question is recognised in a name."""
    assert uid_in(name) == uid


def test_raw_values_are_shortened_for_people():
    """An issue holds at most 200 characters, as the source wrote them."""
    assert shortened("é" * 200) == "é" * 200
    assert shortened("é" * 201) == "é" * 199 + "…"
    assert shortened({"clé": [None, "é"]}) == '{"clé":[null,"é"]}'
    assert shortened(b"\xff\x00abc") == "\ufffdabc"


@pytest.mark.parametrize(
    "text", ["santé", "l’œuvre d’Évry", "À Noël : 5 € « ici » — Œuf", "Ça coûte 1\u00a0000 €…"]
)
def test_double_encoding_is_undone_when_every_character_agrees(text: str):
    """UTF-8 read as windows-1252 comes back whole."""
    damaged = "".join(
        bytes([byte]).decode("cp1252") if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D} else chr(byte)
        for byte in text.encode()
    )
    assert looks_double_encoded(damaged)
    assert undo_double_encoding(damaged) == text


@pytest.mark.parametrize("text", ["santé", "SÃO PAULO", "Âge", "pâte à pain", "râ", "Ã ", "50 € â"])
def test_sound_texts_are_not_taken_for_damaged_ones(text: str):
    """Accents that French and its neighbours use are left alone."""
    assert not looks_double_encoded(text)
