"""Style sheets and pictures are asked for once."""

from __future__ import annotations

import pytest

from feeds.web.templating import STATIC
from tests.feeds.served import client_of, page_of

FOR_GOOD = "public, max-age=31536000, immutable"


async def test_a_file_asked_for_by_its_mark_is_kept_for_good(place):
    """As pages link to it; without the mark it is asked again, and answered 304 while it is the same."""
    async with client_of(place) as client:
        page = await page_of(client, "/")
        for address in page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href"):
            marked = await client.get(address)
            assert (marked.status_code, marked.headers["cache-control"]) == (200, FOR_GOOD)
            bare = await client.get(address.partition("?")[0])
            assert bare.headers["cache-control"] == "no-cache"
            held = {"if-none-match": bare.headers["etag"]}
            again = await client.get(address.partition("?")[0], headers=held)
            assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["nulle-part.css", "../app.py", "%2e%2e/app.py", ""])
async def test_what_is_no_file_is_not_there(place, name):
    """Nothing of the programme itself can be read, and nobody keeps that for good."""
    async with client_of(place) as client:
        response = await client.get(f"/static/{name}?v=1")
        assert response.status_code == 404
        assert response.headers.get("cache-control") != FOR_GOOD


def test_every_file_has_a_type_that_browsers_trust():
    """`nosniff` makes browsers refuse a style sheet under another type."""
    assert {file.suffix for file in STATIC.iterdir()} <= {".css", ".svg", ".png", ".ico", ".woff2", ".js"}
