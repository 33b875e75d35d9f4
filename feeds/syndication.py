"""Feeds as bytes: Atom and RSS through feedgen, JSON Feed beside them.

Enters: a `FeedDocument` and the `Publisher` that makes its ids and addresses whole. Leaves: bytes, the
same for the same content on any day. feedgen is held to that: every `updated` is given, entries are
appended, each format has its own generator. RSS dates call `setlocale`, which is process-wide: render in
one thread at a time and never set a locale elsewhere.
"""

from __future__ import annotations

import re

from feedgen.feed import FeedGenerator

from feeds.catalogue import MEDIA_TYPES, Format, address
from feeds.content import LICENCE_URL
from feeds.documents import FeedDocument
from feeds.entries import Entry, Link, question_path
from feeds.feedgen_extension import Attributes, TrackerEntryExtension, TrackerExtension
from feeds.json_feed import json_feed
from feeds.publisher import GENERATOR, RIGHTS, Publisher, subtitle_of, title_of, updated_of
from feeds.sanitise import clean_characters

# RSS does not say whether a title is text or HTML: readers agree on `&` and `<` only when they are written
# as hexadecimal references (RSS Advisory Board, best practices). lxml writes `&amp;`; it is the same XML.
_RSS_TITLE = re.compile(rb"<title>[^<]*</title>")
_SPELLINGS = ((b"&amp;", b"&#x26;"), (b"&lt;", b"&#x3C;"), (b"&gt;", b"&#x3E;"))


def render(document: FeedDocument, form: Format, publisher: Publisher) -> bytes:
    """The document in one of the formats."""
    if form is Format.JSON:
        return json_feed(document, publisher)
    feed = _generator(document, form, publisher)
    for entry in document.entries:
        _add(feed, entry, publisher)
    if form is Format.ATOM:
        atom: bytes = feed.atom_str()
        return atom
    return _RSS_TITLE.sub(_spell_out, feed.rss_str())


def _generator(document: FeedDocument, form: Format, publisher: Publisher) -> FeedGenerator:
    feed = FeedGenerator()
    feed.register_extension("tracker", TrackerExtension, TrackerEntryExtension)
    feed.load_extension("dc", atom=False)
    feed.id(publisher.tag(f"flux/{document.feed.key}"))
    feed.title(title_of(document, publisher))
    feed.subtitle(subtitle_of(document))
    feed.updated(updated_of(document, publisher))
    feed.author(name=publisher.name, uri=f"{publisher.public_url}/")
    feed.language("fr")
    feed.rights(RIGHTS)
    feed.generator(GENERATOR)
    links = _feed_links(document, form)
    if form is Format.ATOM:
        feed.link([_attributes(link, publisher) for link in links])
    else:
        # feedgen writes `self` and, as the channel's address, the last link it was given.
        own, *others = links
        feed.link([_attributes(own, publisher), _attributes(others.pop(), publisher)])
        feed.tracker.rss_links = [_attributes(link, publisher) for link in others]
    feed.tracker.archive = document.month is not None
    return feed


def _feed_links(document: FeedDocument, form: Format) -> list[Link]:
    """`self` first, the feed's page last."""
    kind = MEDIA_TYPES[form]
    links = [Link("self", address(document.feed, form, document.month), kind)]
    if document.month:
        links.append(Link("current", address(document.feed, form), kind))
    if document.previous:
        links.append(Link("prev-archive", address(document.feed, form, document.previous), kind))
    return [*links, Link("license", LICENCE_URL), Link("alternate", document.feed.page)]


def _add(feed: FeedGenerator, entry: Entry, publisher: Publisher) -> None:
    item = feed.add_entry(order="append")
    item.id(publisher.tag(entry.id))
    item.title(clean_characters(entry.title))
    item.updated(entry.updated)
    item.published(entry.published)
    item.author(name=clean_characters(entry.author))
    item.summary(clean_characters(entry.summary))
    item.content(clean_characters(entry.html), type="html")
    item.link([_attributes(link, publisher) for link in entry.links])
    item.tracker.links = [_attributes(link, publisher) for link in entry.links]
    item.category(
        [
            {
                "term": category.term,
                "scheme": f"{publisher.public_url}/flux#{category.vocabulary}",
                "label": clean_characters(category.label),
            }
            for category in entry.categories
        ]
    )
    if entry.replies_to:
        uid = entry.replies_to.rpartition("/")[2]
        item.tracker.reply_to = {
            "ref": publisher.tag(entry.replies_to),
            "href": publisher.url(question_path(uid)),
            "type": "text/html",
        }
    item.dc.dc_creator(clean_characters(entry.author))


def _spell_out(title: re.Match[bytes]) -> bytes:
    text = title[0]
    for entity, reference in _SPELLINGS:
        text = text.replace(entity, reference)
    return text


def _attributes(link: Link, publisher: Publisher) -> Attributes:
    attributes = {"rel": link.rel, "href": publisher.url(link.href), "type": link.type, "title": link.title}
    return {name: value for name, value in attributes.items() if value}
