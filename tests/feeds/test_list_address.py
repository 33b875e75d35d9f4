"""Addresses of lists."""

from __future__ import annotations

import pytest

from feeds.web.list_address import ORDERS, ListAddress, has_blanks, read_list_address
from tracker.errors import UsageError
from tracker.selection import Selection
from tracker.status import Status

OVERDUE = Selection(statuses=frozenset({Status.OVERDUE}), group="gdr")


@pytest.mark.parametrize(
    ("query", "listed", "path"),
    [
        ("", ListAddress(Selection()), "/questions"),
        ("tri=publication&page=1", ListAddress(Selection()), "/questions"),
        (
            "groupe=gdr&statut=echeance-depassee&tri=echeance&page=3",
            ListAddress(OVERDUE, "echeance", 3),
            "/questions?statut=echeance-depassee&groupe=gdr&tri=echeance&page=3",
        ),
        ("q=&statut=&tri=&page=", ListAddress(Selection()), "/questions"),
        ("utm_source=lettre&fbclid=abc", ListAddress(Selection()), "/questions"),
        ("q=soins%20%C3%A0%20domicile", ListAddress(Selection(words="soins à domicile")), None),
    ],
)
def test_an_address_is_read_and_written_in_one_form(query, listed, path):
    """What is usual is left out; what others stick to links is dropped."""
    assert read_list_address(query) == listed
    assert read_list_address(listed.query) == listed
    if path is not None:
        assert listed.path == path


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("tri=hasard", "n'est pas un tri"),
        ("tri=echeance&tri=numero", "plusieurs fois"),
        ("page=0", "n'est pas une page"),
        ("page=-1", "n'est pas une page"),
        ("page=99999", "n'est pas une page"),
        ("page=1e3", "n'est pas une page"),
        ("page=²", "n'est pas une page"),
        ("page=1&page=2", "plusieurs fois"),
        ("statut=fini", "n'est pas une valeur"),
        ("inconnu=1", "Paramètre inconnu"),
        ("q=" + "a" * 5_000, "trop longue"),
        ("q=" + "a" * 300, "raccourcissez"),
        ("&".join(["statut=en-attente"] * 61), "trop de paramètres"),
        ("du=2026-02-30", "n'est pas une date"),
    ],
)
def test_what_is_wrong_huge_or_repeated_is_refused(query, word):
    """In French, with what to do."""
    with pytest.raises(UsageError, match=word):
        read_list_address(query)


def test_sorting_by_a_column_twice_turns_it_round():
    """And leads back to the first page; the direction is the one that a table says."""
    listed = ListAddress(OVERDUE, "publication", 4)
    assert listed.direction("publication") == "descending"
    assert listed.direction("echeance") is None
    by_due = listed.sorted_by("echeance")
    assert (by_due.sort, by_due.page, by_due.direction("echeance")) == ("echeance", 1, "ascending")
    assert by_due.sorted_by("echeance").direction("echeance") == "descending"
    assert by_due.sorted_by("echeance").sorted_by("echeance") == by_due


def test_every_order_is_one_that_the_reader_knows():
    """Names of `db.queries.ORDERS`."""
    assert {order.reader for order in ORDERS.values()} <= {
        "published",
        "number",
        "due",
        "answered",
        "changed",
    }


def test_blank_fields_are_seen():
    """As a form sends them."""
    assert has_blanks("q=&statut=en-attente")
    assert not has_blanks("statut=en-attente")
