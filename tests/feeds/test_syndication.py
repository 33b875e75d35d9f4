"""Atom, RSS and JSON Feed bytes."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import timedelta

import feedparser
import pytest
from lxml import etree

from feeds.catalogue import Format, Topic, find
from feeds.documents import FeedDocument
from feeds.entries import event_entry, question_entry
from feeds.publisher import Publisher
from feeds.syndication import render
from tests.builders import NOW, answered, record
from tests.feeds.views import event_views, question_view
from tracker.ports import Facets

ATOM = "{http://www.w3.org/2005/Atom}"
THREAD = "{http://purl.org/syndication/thread/1.0}"
HISTORY = "{http://purl.org/syndication/history/1.0}"

PUBLISHER = Publisher("https://suivi.exemple.fr", "suivi.exemple.fr", "2026-11-01")
FEED = find("asalee", [Topic("asalee", "Asalée")], lambda _topic: Facets())


def sample(**others):
    """Three entries: a question, its answer, the question's own."""
    question = answered(
        record(13983, title="R&D <soins> (exemple)", html="<p>Texte\x00 & suite</p>"), "2026-11-17"
    )
    views = event_views(question)
    entries = [event_entry(view) for view in views]
    entries.append(question_entry(question_view(question, [view.recorded for view in views])))
    entries.sort(key=lambda entry: entry.updated, reverse=True)
    return FeedDocument(FEED, tuple(entries), **others)


LIVE = sample(previous="2026-10", checked_at=NOW)
ARCHIVE = sample(month="2026-10", previous="2026-09")
EMPTY = FeedDocument(FEED, ())


def links(element):
    """Relation to (address, type) of an element's Atom links."""
    return {link.get("rel"): (link.get("href"), link.get("type")) for link in element.findall(f"{ATOM}link")}


@pytest.mark.parametrize("document", [LIVE, ARCHIVE, EMPTY], ids=["live", "archive", "empty"])
@pytest.mark.parametrize("form", [Format.ATOM, Format.RSS])
def test_a_strict_parser_finds_nothing_wrong(document, form):
    """Feedparser reads it without its recovery mode, ids are distinct, every entry has a link."""
    read = feedparser.parse(render(document, form, PUBLISHER))
    assert not read.bozo
    ids = [entry.id for entry in read.entries]
    assert len(set(ids)) == len(ids) == len(document.entries)
    assert all(entry.link.startswith("https://suivi.exemple.fr/questions/") for entry in read.entries)
    assert read.feed.language == "fr"


def test_ids_are_the_same_tag_uris_in_every_format():
    """ASCII, never an address of a page."""
    atom = feedparser.parse(render(LIVE, Format.ATOM, PUBLISHER))
    rss = feedparser.parse(render(LIVE, Format.RSS, PUBLISHER))
    items = json.loads(render(LIVE, Format.JSON, PUBLISHER))["items"]
    expected = [
        "tag:suivi.exemple.fr,2026-11-01:evenement/QANR5L17QE13983/answered/2026-11-17/1",
        "tag:suivi.exemple.fr,2026-11-01:question/QANR5L17QE13983",
        "tag:suivi.exemple.fr,2026-11-01:evenement/QANR5L17QE13983/published/2026-10-06/1",
    ]
    assert [entry.id for entry in atom.entries] == expected
    assert [entry.id for entry in rss.entries] == expected
    assert [item["id"] for item in items] == expected
    assert atom.feed.id == "tag:suivi.exemple.fr,2026-11-01:flux/asalee"


def test_atom_entries_keep_their_links_whole():
    """Feedgen alone drops `rel` and `type` and leaves two alternates."""
    feed = etree.fromstring(render(LIVE, Format.ATOM, PUBLISHER))
    answer, own, _question = feed.findall(f"{ATOM}entry")
    page = "https://suivi.exemple.fr/questions/QANR5L17QE13983"
    assert links(answer) == {
        "alternate": (f"{page}#reponse-2026-11-17-1", "text/html"),
        "via": ("https://questions.assemblee-nationale.fr/q17/17-13983QE.htm", "text/html"),
    }
    assert links(own)["alternate"] == (page, "text/html")
    reply = answer.find(f"{THREAD}in-reply-to")
    assert reply.get("ref") == own.findtext(f"{ATOM}id")
    assert reply.get("href") == page
    assert own.find(f"{THREAD}in-reply-to") is None


def test_the_live_feed_leads_to_its_archives():
    """RFC 5005: `self` and `prev-archive`; the feed's own page."""
    feed = etree.fromstring(render(LIVE, Format.ATOM, PUBLISHER))
    base = "https://suivi.exemple.fr/flux"
    assert links(feed)["self"] == (f"{base}/asalee.atom", "application/atom+xml")
    assert links(feed)["prev-archive"] == (f"{base}/asalee/archives/2026-10.atom", "application/atom+xml")
    assert links(feed)["alternate"] == (base, "text/html")
    assert feed.find(f"{HISTORY}archive") is None


@pytest.mark.parametrize("form", [Format.ATOM, Format.RSS])
def test_an_archive_says_that_it_is_one(form):
    """`fh:archive`, `current`, the archive before; no day of check, which would change it."""
    body = render(ARCHIVE, form, PUBLISHER)
    root = etree.fromstring(body)
    feed = root if form is Format.ATOM else root.find("channel")
    base = "https://suivi.exemple.fr/flux/asalee"
    assert feed.find(f"{HISTORY}archive") is not None
    assert links(feed)["self"][0] == f"{base}/archives/2026-10.{form}"
    assert links(feed)["current"][0] == f"{base}.{form}"
    assert links(feed)["prev-archive"][0] == f"{base}/archives/2026-09.{form}"
    assert "octobre 2026" in feedparser.parse(body).feed.title
    assert feedparser.parse(body).feed.subtitle == FEED.description


def test_rss_items_have_what_rss_readers_want():
    """A guid that is no address, the author by Dublin Core, the whole content, a lone self link."""
    body = render(LIVE, Format.RSS, PUBLISHER)
    channel = etree.fromstring(body).find("channel")
    answer = channel.find("item")
    assert answer.find("guid").get("isPermaLink") == "false"
    assert answer.findtext("{http://purl.org/dc/elements/1.1/}creator") == "Ministère de la santé (exemple)"
    assert "Le Gouvernement est attentif" in answer.findtext(
        "{http://purl.org/rss/1.0/modules/content/}encoded"
    )
    assert answer.findtext("pubDate") == "Tue, 17 Nov 2026 00:00:00 +0100"
    assert channel.findtext("link") == "https://suivi.exemple.fr/flux"
    assert [link.get("rel") for link in channel.findall(f"{ATOM}link")].count("self") == 1


def test_markup_in_an_rss_title_cannot_be_taken_for_markup():
    """Hexadecimal references, which the RSS Advisory Board recommends; the text stays itself."""
    body = render(LIVE, Format.RSS, PUBLISHER)
    assert b"R&#x26;D &#x3C;soins&#x3E; (exemple)</title>" in body
    titles = [item.findtext("title") for item in etree.fromstring(body).iter("item")]
    assert all(title.endswith("R&D <soins> (exemple)") for title in titles)


def test_the_feed_s_own_date_is_its_latest_entry_s():
    """A check of the source moves the subtitle once a day and never `updated`."""
    tomorrow = sample(previous="2026-10", checked_at=NOW + timedelta(days=1))
    one, other = (
        feedparser.parse(render(document, Format.ATOM, PUBLISHER)).feed for document in (LIVE, tomorrow)
    )
    assert one.updated == other.updated == LIVE.entries[0].updated.isoformat()
    assert one.subtitle.endswith("Source vérifiée le 20 novembre 2026.")
    assert other.subtitle.endswith("Source vérifiée le 21 novembre 2026.")
    later_that_day = sample(previous="2026-10", checked_at=NOW + timedelta(hours=3))
    assert render(later_that_day, Format.ATOM, PUBLISHER) == render(LIVE, Format.ATOM, PUBLISHER)


def test_an_empty_feed_is_dated_of_the_tag_authority():
    """Some date is needed; today's would change the bytes each time."""
    assert feedparser.parse(render(EMPTY, Format.ATOM, PUBLISHER)).feed.updated == "2026-11-01T00:00:00+00:00"
    year_only = Publisher("https://suivi.exemple.fr", "suivi.exemple.fr", "2026")
    assert feedparser.parse(render(EMPTY, Format.ATOM, year_only)).feed.updated == "2026-01-01T00:00:00+00:00"


def test_the_source_and_licence_are_named():
    """Licence Ouverte: in the feed's rights, in each entry, as a link."""
    feed = feedparser.parse(render(LIVE, Format.ATOM, PUBLISHER))
    assert "Licence Ouverte" in feed.feed.rights
    assert "Assemblée nationale" in feed.feed.rights
    assert all("Licence Ouverte" in entry.content[0].value for entry in feed.entries)


def test_a_demonstration_says_so_in_every_format():
    """Its feeds may be kept in a reader after the demonstration is over."""
    publisher = Publisher("https://suivi.exemple.fr", "suivi.exemple.fr", "2026", demo=True)
    for form in (Format.ATOM, Format.RSS):
        assert feedparser.parse(render(LIVE, form, publisher)).feed.title.startswith("Démonstration")
    assert json.loads(render(LIVE, Format.JSON, publisher))["title"].startswith("Démonstration")


def test_json_feed_says_the_same():
    """Version 1.1, with the archive before as the next page."""
    feed = json.loads(render(LIVE, Format.JSON, PUBLISHER))
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://suivi.exemple.fr/flux/asalee.json"
    assert feed["next_url"] == "https://suivi.exemple.fr/flux/asalee/archives/2026-10.json"
    answer = feed["items"][0]
    assert answer["external_url"] == "https://questions.assemblee-nationale.fr/q17/17-13983QE.htm"
    assert answer["date_modified"] == LIVE.entries[0].updated.isoformat()
    assert "\x00" not in answer["content_html"]
    assert "Réponse publiée" in answer["tags"]


@pytest.mark.parametrize("form", list(Format))
def test_the_same_content_gives_the_same_bytes(form):
    """Twice here, and in another process with another hash seed."""
    body = render(LIVE, form, PUBLISHER)
    assert render(sample(previous="2026-10", checked_at=NOW), form, PUBLISHER) == body
    code = (
        "import sys, hashlib; from tests.feeds.test_syndication import *;"
        f"print(hashlib.sha256(render(LIVE, Format('{form}'), PUBLISHER)).hexdigest())"
    )
    elsewhere = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONHASHSEED": "7"}, capture_output=True, text=True, check=True
    )
    assert elsewhere.stdout.strip() == hashlib.sha256(body).hexdigest()
