"""All feeds as one OPML 2.0 file, for readers that import subscriptions.

Enters: topics with their feeds, the publisher. Leaves: bytes. Folders carry only `text`, feeds
`type="rss"` whatever their format, as the specification asks; no `version` on outlines. No date is
written, so the same feeds give the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from lxml import etree

from feeds.catalogue import Feed, Format, Section, Topic, address
from feeds.publisher import Publisher
from feeds.sanitise import clean_characters

SECTIONS = {
    Section.TOPIC: "Par événement",
    Section.GROUP: "Par groupe politique",
    Section.MINISTRY: "Par ministère",
    Section.DEPUTY: "Par auteur",
    Section.DEPARTMENT: "Par département",
    Section.QUESTION: "Par question",
}


def opml(feeds: Iterable[tuple[Topic, Iterable[Feed]]], publisher: Publisher) -> bytes:
    """An OPML document with a folder per topic and section; feeds are given section by section."""
    root = etree.Element("opml", version="2.0")
    head = etree.SubElement(root, "head")
    etree.SubElement(head, "title").text = publisher.name
    etree.SubElement(head, "ownerName").text = publisher.name
    etree.SubElement(head, "docs").text = "http://opml.org/spec2.opml"
    body = etree.SubElement(root, "body")
    for topic, found in feeds:
        topic_folder = etree.SubElement(body, "outline", text=topic.label)
        for section, members in groupby(found, key=lambda feed: feed.section):
            folder = etree.SubElement(topic_folder, "outline", text=SECTIONS[section])
            for feed in members:
                _outline(folder, feed, publisher)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _outline(folder: etree._Element, feed: Feed, publisher: Publisher) -> None:
    title = clean_characters(feed.title)
    etree.SubElement(
        folder,
        "outline",
        type="rss",
        text=title,
        title=title,
        description=clean_characters(feed.description),
        language="fr",
        htmlUrl=publisher.url(feed.page),
        xmlUrl=publisher.url(address(feed, Format.ATOM)),
    )
