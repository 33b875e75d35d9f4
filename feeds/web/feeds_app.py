"""The feeds over HTTP: a plain ASGI application, so that an unchanged feed costs next to nothing.

Enters: GET and HEAD under `/flux/`. Leaves: Atom, RSS, JSON Feed and OPML with their caching headers,
304 for who holds them already, 404 for what is no feed; never a redirect. Rendering is done in a thread,
one at a time (see `feeds.syndication`), and kept as long as the reader's version stands.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time

from anyio import Lock, to_thread
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from feeds import selected
from feeds.catalogue import MEDIA_TYPES, FeedAddress, all_feeds, find, split_path
from feeds.conditional import Representation, answer, represent
from feeds.documents import FeedDocument, archive_document, live_document
from feeds.opml import opml
from feeds.publisher import updated_of
from feeds.shelf import Shelf
from feeds.syndication import render
from feeds.web.asked import selection_of
from feeds.web.pulse import Pulse
from feeds.web.site import Site
from tracker.addresses import to_query
from tracker.clock import PARIS, paris_day
from tracker.selection import Selection

OPML = "opml"
_OPML_TYPE = "text/x-opml"
_METHODS = {"GET", "HEAD"}
_NO_FEED = "Il n’y a pas de flux à cette adresse."


class FeedsApp:
    """Serves what `/flux/{path}` names."""

    def __init__(self, site: Site, pulse: Pulse) -> None:
        self._site = site
        self._pulse = pulse
        self._shelf = Shelf()
        self._rendering = Lock()

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] not in _METHODS:
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        representation = await self._representation(scope["path_params"]["path"], scope["query_string"])
        status, headers, body = answer(representation, scope["method"], scope["headers"])
        await send({"type": "http.response.start", "status": status, "headers": [*headers]})
        await send({"type": "http.response.body", "body": body})

    async def _representation(self, path: str, query: bytes) -> Representation:
        stamp = await self._pulse.stamp()
        kept = self._shelf.get(path, stamp)
        if kept is not None:
            return kept
        key, make = self._maker(path, query)
        async with self._rendering:
            kept = self._shelf.get(key, stamp)
            if kept is not None:
                return kept
            made = await to_thread.run_sync(make)
            if made is None:
                raise HTTPException(404, detail=_NO_FEED)
            self._shelf.put(key, stamp, made)
        return made

    def _maker(self, path: str, query: bytes) -> tuple[str, Callable[[], Representation | None]]:
        """Under what a document is kept, and what renders it, in a thread; None from it: nothing to render.

        Only feeds of a selection read the query; others keep what feed readers may add to an address.
        Raises UsageError when a selection is not one.
        """
        if path == OPML:
            return path, self._make_opml
        address = split_path(path)
        if address is None:
            raise HTTPException(404, detail=_NO_FEED)
        if address.path != selected.PATH:
            return path, lambda: self._make_feed(address, None)
        selection = selection_of(query.decode("latin-1"))
        return f"{path}?{to_query(selection)}", lambda: self._make_feed(address, selection)

    def _make_feed(self, address: FeedAddress, selection: Selection | None) -> Representation | None:
        document = self._document(address, selection)
        if document is None:
            return None
        body = render(document, address.format, self._site.publisher)
        return represent(body, MEDIA_TYPES[address.format], self._modified(document))

    def _document(self, address: FeedAddress, selection: Selection | None) -> FeedDocument | None:
        site = self._site
        if selection is None:
            feed = find(address.path, site.topics, site.facets.of)
        else:
            feed = selected.selected_feed(selection, site.labels())
        if feed is None:
            return None
        if address.month is None:
            return live_document(site.reader, feed, site.today())
        return archive_document(site.reader, feed, address.month, site.today())

    def _modified(self, document: FeedDocument) -> datetime:
        """When the bytes last changed: the latest entry, or the day that the subtitle names."""
        updated = updated_of(document, self._site.publisher)
        if document.checked_at is None:
            return updated
        return max(updated, datetime.combine(paris_day(document.checked_at), time(), PARIS))

    def _make_opml(self) -> Representation:
        site = self._site
        feeds = ((topic, all_feeds(topic, site.facets.of(topic.slug))) for topic in site.topics)
        last = site.reader.events(Selection(), limit=1)
        modified = last[0].recorded.listed_at if last else site.publisher.epoch
        return represent(opml(feeds, site.publisher), _OPML_TYPE, modified)
