"""French typography, numbers and dates."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from feeds.typography import count, day, elapsed, instant, legislature, month, number, ordinal, typeset

NBSP, NARROW = "\u00a0", "\u202f"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Réponse : oui", f"Réponse{NBSP}: oui"),
        ("« Asalée »", f"«{NBSP}Asalée{NBSP}»"),
        ("Vraiment ? Oui ; non !", f"Vraiment{NARROW}? Oui{NARROW}; non{NARROW}!"),
        ("la question n° 13983", f"la question n°{NBSP}13983"),
        ("l'échéance d'aujourd'hui", "l’échéance d’aujourd’hui"),
        ("https://exemple.fr/a:b?c", "https://exemple.fr/a:b?c"),
    ],
)
def test_our_sentences_are_set_in_french(written, expected):
    """No-break and narrow spaces where French wants them, addresses left alone."""
    assert typeset(written) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 11, 21), "21 novembre 2026"),
        (date(2026, 11, 1), "1er novembre 2026"),
        (date(2026, 8, 11), "11 août 2026"),
    ],
)
def test_days_are_written_in_full(value, expected):
    """The first of a month is « 1er », whatever the library writes."""
    assert day(value) == expected


def test_an_instant_is_told_in_paris_time():
    """Midnight UTC in summer is two o'clock in Paris."""
    assert instant(datetime(2026, 7, 1, 0, 5, tzinfo=UTC)) == f"1er juillet 2026 à 2{NBSP}h{NBSP}05"


def test_numbers_months_and_ordinals():
    """Thousands take a narrow space, ordinals are feminine."""
    assert number(12345) == f"12{NARROW}345"
    assert month(date(2026, 3, 1)) == "mars 2026"
    assert [ordinal(1), ordinal(2)] == ["1re", "2e"]
    assert legislature(17) == "17e législature"


def test_the_plural_begins_at_two():
    """« 0 question », « 1 question », « 2 questions »."""
    assert [count(n, "question") for n in (0, 1, 2)] == [
        f"0{NBSP}question",
        f"1{NBSP}question",
        f"2{NBSP}questions",
    ]
    assert count(3, "cheval", "chevaux") == f"3{NBSP}chevaux"


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (timedelta(minutes=90), f"90{NBSP}minutes"),
        (timedelta(hours=5), f"5{NBSP}heures"),
        (timedelta(days=3), f"3{NBSP}jours"),
        (timedelta(seconds=-5), f"0{NBSP}minute"),
    ],
)
def test_elapsed_time_is_told_in_its_largest_unit(span, expected):
    """A clock that went back shows no negative time."""
    start = datetime(2026, 11, 1, tzinfo=UTC)
    assert elapsed(start, start + span) == expected
