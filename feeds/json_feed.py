"""JSON Feed 1.1 (jsonfeed.org/version/1.1).

Enters: a `FeedDocument` and the `Publisher`. Leaves: UTF-8 bytes, keys in one order, with the ids, texts
and dates of the other formats; `next_url` leads to the archive before, as `prev-archive` does there.
"""

from __future__ import annotations

import json

from feeds.catalogue import Format, address
from feeds.documents import FeedDocument
from feeds.entries import Entry
from feeds.publisher import Publisher, subtitle_of, title_of
from feeds.sanitise import clean_characters


def json_feed(document: FeedDocument, publisher: Publisher) -> bytes:
    """The document as JSON Feed."""
    feed = document.feed
    content: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title_of(document, publisher),
        "home_page_url": publisher.url(feed.page),
        "feed_url": publisher.url(address(feed, Format.JSON, document.month)),
        "description": subtitle_of(document),
        "language": "fr",
        "authors": [{"name": publisher.name, "url": f"{publisher.public_url}/"}],
    }
    if document.previous:
        content["next_url"] = publisher.url(address(feed, Format.JSON, document.previous))
    content["items"] = [_item(entry, publisher) for entry in document.entries]
    return json.dumps(content, ensure_ascii=False, indent=1).encode()


def _item(entry: Entry, publisher: Publisher) -> dict[str, object]:
    official = next((link.href for link in entry.links if link.rel == "via"), None)
    page = next(link.href for link in entry.links if link.rel == "alternate")
    return {
        "id": publisher.tag(entry.id),
        "url": publisher.url(page),
        **({"external_url": official} if official else {}),
        "title": clean_characters(entry.title),
        "summary": clean_characters(entry.summary),
        "content_html": clean_characters(entry.html),
        "date_published": entry.published.isoformat(),
        "date_modified": entry.updated.isoformat(),
        "authors": [{"name": clean_characters(entry.author)}],
        "tags": [clean_characters(category.label) for category in entry.categories],
        "language": "fr",
    }
