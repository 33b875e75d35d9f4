"""Pages kept for each public version and day."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from tests.builders import NOW, answered, instant, record
from tests.feeds.served import Moving, client_of

QUESTION = record(1, asked="2026-10-06", title="Continuité (exemple)")
PAGES = ("/", "/questions", "/questions?statut=en-attente", "/questions/QANR5L17QE1", "/flux")


class Counting:
    """A place whose reader counts what it is asked."""

    def __init__(self, place):
        self.asked = Counter()
        self._reader = place.reader
        self.reader = self

    def __getattr__(self, name):
        self.asked[name] += 1
        return getattr(self._reader, name)


@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_rendered_once_and_not_sent_again(place, path):
    """The second time no query but the version's; by its tag a 304; HEAD and gzip as for feeds."""
    place.read(QUESTION, at=instant("2026-10-06"))
    counting = Counting(place)
    async with client_of(counting) as client:
        first = await client.get(path, headers={"accept-encoding": "identity"})
        before = counting.asked.total()
        again = await client.get(path, headers={"if-none-match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert counting.asked.total() - before == 1
        assert first.headers["cache-control"] == "no-cache"
        assert "last-modified" not in first.headers
        head = await client.head(path, headers={"accept-encoding": "identity"})
        assert (head.content, head.headers["content-length"]) == (b"", str(len(first.content)))
        zipped = await client.get(path, headers={"accept-encoding": "gzip"})
        assert (zipped.headers["content-encoding"], zipped.content) == ("gzip", first.content)
        assert "content-security-policy" in again.headers


async def test_a_page_moves_with_what_is_public_and_with_the_day(place):
    """An answer shows at the next request; so does a due date that has passed."""
    clock = Moving()
    place.read(QUESTION, at=instant("2026-10-06"))
    async with client_of(place, clock) as client:
        path = "/questions/QANR5L17QE1"
        assert "En attente" in (await client.get(path)).text
        clock.at = NOW + timedelta(days=17)
        assert "Échéance dépassée" in (await client.get(path)).text
        place.read(answered(QUESTION, "2026-12-08"), at=instant("2026-12-08"))
        assert "Réponse publiée" in (await client.get(path)).text


async def test_a_query_makes_another_page_only_where_it_is_read(place):
    """What is added to other addresses renders nothing anew; a refusal is never kept."""
    place.read(QUESTION, at=instant("2026-10-06"))
    counting = Counting(place)
    async with client_of(counting) as client:
        await client.get("/")
        before = counting.asked.total()
        assert (await client.get("/?utm_source=x")).status_code == 200
        assert counting.asked.total() - before == 1
        one = await client.get("/questions?statut=en-attente")
        other = await client.get("/questions?statut=retiree")
        assert one.headers["etag"] != other.headers["etag"]
        for _ in range(2):
            assert (await client.get("/questions?statut=rien")).status_code == 400
            assert (await client.get("/questions/QANR5L17QE2")).status_code == 404
