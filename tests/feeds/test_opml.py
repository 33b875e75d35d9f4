"""All feeds as one file."""

from __future__ import annotations

from lxml import etree

from feeds.catalogue import Topic, all_feeds
from feeds.opml import opml
from feeds.publisher import Publisher
from tracker.ports import Facet, Facets

ASALEE = Topic("asalee", "Asalée")
PUBLISHER = Publisher("https://suivi.exemple.fr", "suivi.exemple.fr", "2026-11-01")
FACETS = Facets(groups=(Facet("gdr", "GDR & alliés\x00", 1),), questions=(Facet("QANR5L17QE1", "n° 1", 1),))


def document():
    """The OPML of one topic with a group and a question."""
    return etree.fromstring(opml([(ASALEE, all_feeds(ASALEE, FACETS))], PUBLISHER))


def test_every_feed_is_an_outline_with_its_address():
    """Six feeds, each with type, title and both addresses."""
    found = document().findall(".//outline[@xmlUrl]")
    base = "https://suivi.exemple.fr/flux/asalee"
    assert [one.get("xmlUrl") for one in found] == [
        f"{base}.atom",
        f"{base}/nouvelles-questions.atom",
        f"{base}/reponses.atom",
        f"{base}/echeances-depassees.atom",
        f"{base}/groupe/gdr.atom",
        f"{base}/question/QANR5L17QE1.atom",
    ]
    assert {one.get("type") for one in found} == {"rss"}
    assert found[4].get("text") == found[4].get("title") == "Asalée\u00a0: groupe GDR & alliés"
    assert found[5].get("htmlUrl") == "https://suivi.exemple.fr/questions/QANR5L17QE1"


def test_folders_carry_only_their_text():
    """As OPML 2.0 readers expect; no `version` on outlines."""
    root = document()
    assert root.get("version") == "2.0"
    folders = [one for one in root.iter("outline") if one.get("xmlUrl") is None]
    assert [dict(one.attrib) for one in folders] == [
        {"text": "Asalée"},
        {"text": "Par événement"},
        {"text": "Par groupe politique"},
        {"text": "Par question"},
    ]
