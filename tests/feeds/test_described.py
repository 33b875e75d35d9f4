"""Selections in French."""

from __future__ import annotations

from datetime import date

import pytest

from feeds.described import described, labels_of, parts, without
from feeds.selected import selected_feed
from tracker.addresses import from_query, to_query
from tracker.events import EventKind
from tracker.ports import Facet, Facets
from tracker.selection import Selection
from tracker.status import Status

FACETS = Facets(
    groups=(Facet("gdr", "GDR", 3),),
    ministries=(Facet("sante", "Santé", 3),),
    deputies=(Facet("PA900100", "Camille Exemple", 1),),
    departments=(Facet("2A", "Corse-du-Sud", 0),),
    rubrics=(Facet("sante", "professions de\nsanté", 2),),
)
LABELS = labels_of({"asalee": "Asalée"}, [FACETS])
WHOLE = Selection(
    topic="asalee",
    statuses=frozenset({Status.OVERDUE, Status.PENDING}),
    group="gdr",
    ministry="sante",
    deputy="PA900100",
    department="2A",
    rubric="sante",
    legislature=17,
    uid="QANR5L17QE13983",
    signalled=True,
    published_from=date(2026, 3, 1),
    published_to=date(2026, 4, 14),
    words="infirmières",
    kinds=frozenset({EventKind.ANSWERED}),
)


def plain(text):
    """A text with plain spaces."""
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("selection", "text"),
    [
        (Selection(), "Toutes les questions écrites sur Asalée"),
        (Selection(topic="asalee"), "Toutes les questions écrites sur Asalée"),
        (
            Selection(statuses=frozenset({Status.OVERDUE}), group="gdr"),
            "Questions écrites sur Asalée : échéance dépassée, groupe GDR",
        ),
        (Selection(group="lfi"), "Questions écrites sur Asalée : groupe lfi"),
        (Selection(signalled=False), "Questions écrites sur Asalée : non signalées"),
        (
            Selection(published_from=date(2026, 3, 1)),
            "Questions écrites sur Asalée : publiées à partir du 1er mars 2026",
        ),
        (
            Selection(published_to=date(2026, 3, 31)),
            "Questions écrites sur Asalée : publiées jusqu’au 31 mars 2026",
        ),
        (
            Selection(published_from=date(2026, 3, 31), published_to=date(2026, 3, 31)),
            "Questions écrites sur Asalée : publiées le 31 mars 2026",
        ),
        (
            WHOLE,
            (
                "Questions écrites sur Asalée : en attente ou échéance dépassée, groupe GDR, "
                "ministère Santé, auteur Camille Exemple, département Corse-du-Sud, "
                "rubrique professions de santé, 17e législature, "
                "question n° 13983 (17e législature), signalées, "
                "publiées à partir du 1er mars 2026 jusqu’au 14 avril 2026, contenant « infirmières », "
                "pour ces événements : Réponse publiée"
            ),
        ),
    ],
)
def test_a_selection_is_told_in_one_line(selection, text):
    """Each field that is set, in one order, with the labels that people know."""
    assert plain(described(selection, LABELS)) == text


def test_every_field_has_its_part_and_can_be_taken_away():
    """One by one, until nothing is asked any more."""
    selection = WHOLE
    for part in parts(WHOLE, LABELS):
        assert without(selection, part) != selection
        selection = without(selection, part)
    assert selection == Selection()


def test_hostile_words_are_one_clean_line():
    """Bidi and control characters of an address reach no title."""
    text = described(Selection(words="a\u202eb\nc\x00"), LABELS)
    assert plain(text).endswith("contenant « ab c »")


def test_the_feed_of_a_selection_has_its_one_address():
    """Equal selections have equal feeds, whatever the order of the parameters."""
    one = from_query([("groupe", "gdr"), ("statut", "en-attente"), ("statut", "echeance-depassee")])
    other = from_query([("statut", "echeance-depassee"), ("statut", "en-attente"), ("groupe", "gdr")])
    feed = selected_feed(one, LABELS)
    assert feed == selected_feed(other, LABELS)
    assert feed.key == f"questions?{to_query(one)}"
    assert feed.page == f"/questions?{to_query(one)}"
    assert selected_feed(Selection(), LABELS).key == "questions"


@pytest.mark.parametrize(
    ("selection", "archived"),
    [
        (Selection(), True),
        (Selection(group="gdr", ministry="sante"), True),
        (Selection(statuses=frozenset({Status.PENDING})), False),
        (Selection(words="asalée"), False),
        (Selection(signalled=False), False),
    ],
)
def test_only_what_does_not_move_is_archived(selection, archived):
    """A status, a mark or words may be true of a question today and not tomorrow."""
    assert selected_feed(selection, LABELS).archived is archived


def test_a_feed_of_some_events_leaves_out_the_questions_own_entries():
    """As the feed of answers does; its page is the list, which has no events."""
    feed = selected_feed(Selection(kinds=frozenset({EventKind.ANSWERED})), LABELS)
    assert (feed.with_questions, feed.page) == (False, "/questions")
