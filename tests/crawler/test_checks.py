"""Checks on a run: what is refused, what is only said."""

from __future__ import annotations

import pytest

from crawler.checks import Tally, failures, remarks


def tally(**figures: object) -> Tally:
    """A good run over a thousand questions, but for what is said."""
    return Tally(
        **{"listed": 1000, "listed_before": 1000, "read": 100, "with_text": 100, "unreadable": (), **figures}
    )


def bad(count: int) -> tuple[str, ...]:
    """Names of unreadable files."""
    return tuple(f"QANR5L17QE{n}" for n in range(count))


@pytest.mark.parametrize(
    "good",
    [
        {},
        {"listed_before": None},
        {"listed": 950},
        {"read": 0, "with_text": 0},
        {"read": 19, "with_text": 0},  # a few questions without a text: rare, and known
        {"with_text": 1},
        {"unreadable": bad(4)},  # four of a hundred: an accident
        {"read": 1000, "unreadable": bad(20)},
        {"listed": 3, "listed_before": 2, "read": 1, "unreadable": bad(1), "with_text": 0},
    ],
)
def test_what_is_believed(good: dict[str, object]) -> None:
    """No reason to refuse."""
    assert failures(tally(**good)) == []


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"listed": 0}, "aucune question écrite"),
        ({"listed": 0, "listed_before": None, "read": 0, "with_text": 0}, "aucune question écrite"),
        ({"listed": 949}, "949 questions, contre 1000"),
        ({"read": 20, "with_text": 0}, "Aucune des 20 questions"),
        ({"read": 3, "with_text": 0, "everything": True}, "Aucune des 3 questions"),
        ({"unreadable": bad(5)}, "5 fichiers illisibles sur 100"),
        ({"read": 1000, "unreadable": bad(21)}, "21 fichiers illisibles sur 1000"),
    ],
)
def test_what_is_refused(wrong: dict[str, object], reason: str) -> None:
    """One reason, in French, with the figures."""
    (said,) = failures(tally(**wrong))
    assert reason in said


def test_an_operator_may_accept_fewer_but_not_nothing() -> None:
    """The word of an operator covers a fall, not an empty archive."""
    assert failures(tally(listed=10), accept_fewer=True) == []
    assert failures(tally(listed=0), accept_fewer=True)


def test_unreadable_files_are_named() -> None:
    """A few of them by name, all of them by number."""
    assert remarks(tally()) == []
    assert remarks(tally(unreadable=bad(1))) == ["1 fichier illisible : QANR5L17QE0."]
    (said,) = remarks(tally(unreadable=bad(6)))
    assert said.startswith("6 fichiers illisibles : QANR5L17QE0,")
    assert said.endswith("QANR5L17QE4….")
