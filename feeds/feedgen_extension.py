"""What feedgen does not write by itself, through its own extension interface.

Enters: attributes set on `feed.tracker` and `entry.tracker`. Leaves: lxml elements in the document:
entry links with all their attributes (feedgen 1.0 keeps `href` alone, its issue 135), the thread of an
event's entry (RFC 4685), the archive mark and links (RFC 5005) in RSS too.
"""

from __future__ import annotations

from collections.abc import Sequence

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

THREAD = "http://purl.org/syndication/thread/1.0"
HISTORY = "http://purl.org/syndication/history/1.0"
ATOM = "http://www.w3.org/2005/Atom"

Attributes = dict[str, str]


class TrackerExtension(BaseExtension):  # type: ignore[misc]  # feedgen ships no types
    """Feed level: `archive` marks an archive; `rss_links` are atom:link elements of the RSS channel."""

    def __init__(self) -> None:
        self.archive = False
        self.rss_links: Sequence[Attributes] = ()

    def extend_ns(self) -> dict[str, str]:
        """Prefixes declared once, on the root."""
        return {"thr": THREAD, "fh": HISTORY}

    def extend_atom(self, feed: etree._Element) -> etree._Element:
        """Mark an archive."""
        self._mark(feed)
        return feed

    def extend_rss(self, feed: etree._Element) -> etree._Element:
        """Mark an archive, and give the channel the links that RSS has no words for."""
        channel = feed[0]
        self._mark(channel)
        for attributes in self.rss_links:
            etree.SubElement(channel, f"{{{ATOM}}}link", attributes)
        return feed

    def _mark(self, parent: etree._Element) -> None:
        if self.archive:
            etree.SubElement(parent, f"{{{HISTORY}}}archive")


class TrackerEntryExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen ships no types
    """Entry level: `links` replace feedgen's; `reply_to` holds `ref`, `href` and `type` of the thread."""

    def __init__(self) -> None:
        self.links: Sequence[Attributes] = ()
        self.reply_to: Attributes | None = None

    def extend_atom(self, entry: etree._Element) -> etree._Element:
        """Rewrite the links, then add what the entry replies to."""
        for bare in entry.findall("link"):
            entry.remove(bare)
        for attributes in self.links:
            etree.SubElement(entry, "link", attributes)
        if self.reply_to is not None:
            etree.SubElement(entry, f"{{{THREAD}}}in-reply-to", self.reply_to)
        return entry
