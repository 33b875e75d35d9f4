"""The web application over a real place, and its pages as a person or a machine sees them.

Enters: a `FilledPlace`, a clock. Leaves: an httpx client; pages parsed, their words with plain spaces.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

import httpx
from lxml import html

from feeds.web.app import WebOptions, create_app
from tests.builders import NOW

PUBLIC = "https://suivi.exemple.fr"
TOPICS = (("asalee", "Asalée"),)


class Moving:
    """A clock that a test moves."""

    def __init__(self, at: datetime = NOW):
        self.at = at

    def __call__(self):
        return self.at


def client_of(place, clock=None, *, topics=TOPICS, milestones: Mapping = MappingProxyType({}), **options):
    """A client of the application over a place; nothing is trusted without asking unless told."""
    options = {"public_url": PUBLIC, "recheck_seconds": 0, **options}
    app = create_app(place.reader, topics, WebOptions(**options), clock or Moving(), milestones)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=PUBLIC)


async def page_of(client, path, *, status=200):
    """A page, parsed."""
    response = await client.get(path)
    assert response.status_code == status, (path, response.status_code)
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return html.fromstring(response.content)


def words(element, path="."):
    """What is read in the elements of an XPath, spaces made plain."""
    return [" ".join(one.text_content().split()) for one in element.xpath(path)]


def said(page):
    """What the main part of a page says."""
    return words(page, "//main")[0]
