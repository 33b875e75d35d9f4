"""Which feeds exist, and where."""

from __future__ import annotations

import pytest

from feeds.catalogue import (
    FeedAddress,
    Format,
    Section,
    Topic,
    address,
    all_feeds,
    find,
    question_feed,
    split_path,
    topic_feeds,
)
from tests.builders import record
from tracker.events import EventKind
from tracker.ports import Facet, Facets
from tracker.selection import Selection

ASALEE = Topic("asalee", "Asalée")
OTHER = Topic("infirmieres", "Infirmières")
UID = "QANR5L17QE13983"
FACETS = Facets(
    groups=(Facet("gdr", "GDR", 3),),
    ministries=(Facet("sante", "Santé {prévention}", 3),),
    deputies=(Facet("PA900100", "Camille Exemple", 1),),
    departments=(Facet("2A", "Corse-du-Sud", 0),),
    questions=(Facet(UID, "n°\u00a013983\u00a0: Titre (exemple)", 1),),
)


def resolve(path):
    """The feed of a path among two topics."""
    return find(path, [ASALEE, OTHER], {"asalee": FACETS, "infirmieres": Facets()}.__getitem__)


@pytest.mark.parametrize(
    ("path", "selection", "title"),
    [
        ("asalee", Selection(topic="asalee"), "Asalée : questions écrites"),
        (
            "asalee/nouvelles-questions",
            Selection(topic="asalee", kinds=frozenset({EventKind.PUBLISHED})),
            "Asalée : nouvelles questions",
        ),
        (
            "asalee/reponses",
            Selection(topic="asalee", kinds=frozenset({EventKind.ANSWERED})),
            "Asalée : réponses",
        ),
        (
            "asalee/echeances-depassees",
            Selection(topic="asalee", kinds=frozenset({EventKind.DEADLINE_PASSED})),
            "Asalée : échéances dépassées",
        ),
        ("asalee/groupe/gdr", Selection(topic="asalee", group="gdr"), "Asalée : groupe GDR"),
        (
            "asalee/ministere/sante",
            Selection(topic="asalee", ministry="sante"),
            "Asalée : ministère Santé {prévention}",
        ),
        (
            "asalee/depute/PA900100",
            Selection(topic="asalee", deputy="PA900100"),
            "Asalée : questions de Camille Exemple",
        ),
        (
            "asalee/departement/2A",
            Selection(topic="asalee", department="2A"),
            "Asalée : département Corse-du-Sud",
        ),
        (
            f"asalee/question/{UID}",
            Selection(topic="asalee", uid=UID),
            "Asalée : question n° 13983 : Titre (exemple)",
        ),
    ],
)
def test_each_address_is_one_selection(path, selection, title):
    """The catalogue is over the one filter of the service."""
    feed = resolve(path)
    assert feed.path == path
    assert feed.selection == selection
    assert feed.title.replace("\u00a0", " ") == title
    assert feed.with_questions is not bool(selection.kinds)


@pytest.mark.parametrize(
    "path",
    [
        "",
        "autre",
        "asalee/",
        "asalee/rien",
        "asalee/groupe",
        "asalee/groupe/lfi",
        "asalee/groupe/gdr/plus",
        "asalee/rien/gdr",
        "infirmieres/groupe/gdr",
        "asalee/archives/2026-13",
    ],
)
def test_what_does_not_exist_is_not_found(path):
    """A group that never asked has no feed, nor has another topic's group."""
    assert resolve(path) is None


def test_finding_a_topic_s_own_feeds_reads_no_facets():
    """They exist before any question does, and are the most asked for."""

    def refuse(topic):
        raise AssertionError(topic)

    assert [find(feed.path, [ASALEE], refuse) for feed in topic_feeds(ASALEE)] == topic_feeds(ASALEE)


def test_all_feeds_are_listed_once_and_found_again():
    """Section by section; each path leads back to the same feed."""
    feeds = list(all_feeds(ASALEE, FACETS))
    assert len({feed.path for feed in feeds}) == len(feeds) == 9
    assert [resolve(feed.path) for feed in feeds] == feeds
    assert [feed.section for feed in feeds[4:]] == [
        Section.GROUP,
        Section.MINISTRY,
        Section.DEPUTY,
        Section.DEPARTMENT,
        Section.QUESTION,
    ]


def test_s19_a_value_that_no_question_has_now_keeps_its_feed():
    """Facets count what is selected now; an address with a count of zero still works."""
    assert resolve("asalee/departement/2A") is not None


def test_the_feed_of_a_question_s_page_is_the_catalogue_s():
    """Built from the record alone, without reading all facets."""
    question = record(13983, title="Titre (exemple)")
    assert question_feed(ASALEE, question) == resolve(f"asalee/question/{UID}")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("asalee.atom", FeedAddress("asalee", Format.ATOM)),
        ("asalee/reponses.rss", FeedAddress("asalee/reponses", Format.RSS)),
        (f"asalee/question/{UID}.json", FeedAddress(f"asalee/question/{UID}", Format.JSON)),
        ("asalee/archives/2026-03.atom", FeedAddress("asalee", Format.ATOM, "2026-03")),
        ("asalee/groupe/gdr/archives/2026-12.rss", FeedAddress("asalee/groupe/gdr", Format.RSS, "2026-12")),
    ],
)
def test_addresses_are_taken_apart(path, expected):
    """Path, format, month of an archive; and put together again."""
    assert split_path(path) == expected
    feed = resolve(expected.path)
    assert address(feed, expected.format, expected.month) == f"/flux/{path}"


@pytest.mark.parametrize(
    "path",
    [
        "asalee",
        "asalee.xml",
        "asalee.atom/",
        "/asalee.atom",
        "asalée.atom",
        "a/b/c/d.atom",
        "asalee/archives/.atom",
        "asalee/groupe/gdr/archives/0000-01.atom",
        "asalee.atom\n",
        "../asalee.atom",
        "archives/2026-03.atom.atom",
    ],
)
def test_other_forms_are_no_address(path):
    """Nothing is guessed from a malformed address."""
    assert split_path(path) is None
