"""The web application over a real store."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta

import feedparser
import httpx
import pytest
from lxml import html

from feeds.web.app import WebOptions, create_app
from feeds.web.facet_book import FacetBook
from tests.builders import HEALTH, NOW, answered, instant, record, replace
from tracker.ports import RunOutcome

TOPICS = [("asalee", "Asalée")]
PUBLIC = "https://suivi.exemple.fr"
QUESTION = record(13983, asked="2026-10-06", title="Continuité du dispositif (exemple)")


class Moving:
    """A clock that a test moves."""

    def __init__(self, at: datetime = NOW):
        self.at = at

    def __call__(self):
        return self.at


@pytest.fixture
def clock():
    """The instant of the builders, until moved."""
    return Moving()


@pytest.fixture
async def client(place, clock):
    """A client of the application; nothing is remembered between requests but what is still true."""
    place.read(QUESTION, at=instant("2026-10-06"))
    place.checked(NOW - timedelta(hours=1))
    async with client_of(place, clock) as client:
        yield client


def client_of(place, clock, **options):
    """A client of the application over a place."""
    options = {"public_url": PUBLIC, "recheck_seconds": 0, **options}
    app = create_app(place.reader, TOPICS, WebOptions(**options), clock)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=PUBLIC)


FEEDS = [
    "asalee",
    "asalee/nouvelles-questions",
    "asalee/reponses",
    "asalee/echeances-depassees",
    "asalee/groupe/exemple",
    "asalee/ministere/sante",
    "asalee/depute/PA900100",
    "asalee/question/QANR5L17QE13983",
    "asalee/archives/2026-10",
]


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("form", ["atom", "rss"])
async def test_every_kind_of_feed_is_served_and_valid(client, path, form):
    """Type, caching headers, a strict parser content, `self` the address itself."""
    response = await client.get(f"/flux/{path}.{form}")
    assert response.status_code == 200
    assert response.headers["content-type"] == f"application/{form}+xml; charset=utf-8"
    assert response.headers["cache-control"] == "public, max-age=900"
    feed = feedparser.parse(response.content)
    assert not feed.bozo
    assert f"{PUBLIC}/flux/{path}.{form}" in [link.href for link in feed.feed.links if link.rel == "self"]


@pytest.mark.parametrize("path", FEEDS)
async def test_every_feed_has_its_json(client, path):
    """JSON Feed 1.1 with its own type."""
    response = await client.get(f"/flux/{path}.json")
    assert response.headers["content-type"].startswith("application/feed+json")
    assert response.json()["feed_url"] == f"{PUBLIC}/flux/{path}.json"


async def test_an_unchanged_feed_costs_a_304(client):
    """By strong and weak tag and by date, compressed or not; HEAD says the same as GET."""
    first = await client.get("/flux/asalee.atom", headers={"accept-encoding": "identity"})
    tag = first.headers["etag"]
    for headers in (
        {"if-none-match": tag},
        {"if-none-match": f"W/{tag}"},
        {"if-none-match": f'"x", {tag}', "accept-encoding": "gzip"},
        {"if-modified-since": first.headers["last-modified"]},
    ):
        response = await client.get("/flux/asalee.atom", headers=headers)
        assert (response.status_code, response.content) == (304, b"")
    head = await client.head("/flux/asalee.atom", headers={"accept-encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == first.headers
    zipped = await client.get("/flux/asalee.atom", headers={"accept-encoding": "gzip"})
    assert zipped.headers["content-encoding"] == "gzip"
    assert zipped.content == first.content


async def test_s01_an_answer_reaches_the_feed_at_the_next_request(client, place):
    """The ETag that a reader holds no longer stands, and the new entry is there."""
    first = await client.get("/flux/asalee.atom")
    place.read(answered(QUESTION, "2026-11-17"), at=NOW - timedelta(minutes=1))
    second = await client.get("/flux/asalee.atom", headers={"if-none-match": first.headers["etag"]})
    assert second.status_code == 200
    new = {entry.id for entry in feedparser.parse(second.content).entries}
    new -= {entry.id for entry in feedparser.parse(first.content).entries}
    assert new == {"tag:suivi.exemple.fr,2026-11-01:evenement/QANR5L17QE13983/answered/2026-11-17/1"}


async def test_checks_of_one_day_break_no_etag_and_the_next_day_says_so(client, place, clock):
    """S6, « nothing new »: the feed says that it is alive once a day, `updated` does not move."""
    first = await client.get("/flux/asalee.atom")
    place.checked(NOW + timedelta(hours=2))
    clock.at = NOW + timedelta(hours=2)
    held = await client.get("/flux/asalee.atom", headers={"if-none-match": first.headers["etag"]})
    assert held.status_code == 304
    clock.at = NOW + timedelta(days=1)
    headers = {"if-none-match": first.headers["etag"]}
    assert (await client.get("/flux/asalee.atom", headers=headers)).status_code == 304
    place.checked(NOW + timedelta(days=1))
    next_day = await client.get("/flux/asalee.atom", headers=headers)
    assert next_day.status_code == 200
    assert "Source vérifiée le 21 novembre 2026" in next_day.text
    assert feedparser.parse(next_day.content).feed.updated == feedparser.parse(first.content).feed.updated
    by_date = {"if-modified-since": first.headers["last-modified"]}
    assert (await client.get("/flux/asalee.atom", headers=by_date)).status_code == 200


async def test_the_store_is_asked_at_most_once_in_a_while(place, clock):
    """Between two checks a kept feed is served without a single query; it is rendered once."""
    place.read(QUESTION, at=instant("2026-10-06"))
    asked = Counter()
    reader = _Counting(place.reader, asked)
    app = create_app(reader, TOPICS, WebOptions(public_url=PUBLIC, recheck_seconds=1), clock)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=PUBLIC) as client:
        first = await client.get("/flux/asalee.atom")
        before = asked.total()
        for _ in range(5):
            headers = {"if-none-match": first.headers["etag"]}
            assert (await client.get("/flux/asalee.atom", headers=headers)).status_code == 304
        assert asked.total() == before
        clock.at += timedelta(seconds=2)
        await client.get("/flux/asalee.atom")
        assert asked.total() - before == 1  # the version; nothing was rendered again
        clock.at -= timedelta(hours=1)
        assert (await client.get("/flux/asalee.atom")).status_code == 200


class _Counting:
    """A reader that counts what it is asked."""

    def __init__(self, reader, asked):
        self._reader = reader
        self._asked = asked

    def __getattr__(self, name):
        self._asked[name] += 1
        return getattr(self._reader, name)


def test_facets_are_read_once_per_version(place):
    """And again once something public has changed."""
    place.read(QUESTION, at=instant("2026-10-06"))
    asked = Counter()
    book = FacetBook(_Counting(place.reader, asked))
    assert book.of("asalee") is book.of("asalee")
    assert asked["facets"] == 1
    place.read(record(2), at=NOW)
    assert len(book.of("asalee").questions) == 2


@pytest.mark.parametrize(
    "path",
    [
        "/flux/asalee",
        "/flux/autre.atom",
        "/flux/asalee/groupe/lfi.atom",
        "/flux/asalee/archives/2026-11.atom",
        "/flux/asalee/archives/2020-01.atom",
        "/flux/asalee.atom/",
        "/flux/asalee/departement/76.atom",
        "/flux/%00.atom",
    ],
)
async def test_what_is_no_feed_gets_a_page_that_helps(client, path):
    """404 in French with the way to the list; never a redirect."""
    response = await client.get(path)
    assert response.status_code == 404
    assert response.headers["content-type"].startswith("text/html")
    assert "Il n’y a pas de flux à cette adresse." in response.text
    assert 'href="/flux"' in response.text


async def test_feeds_are_only_read(client):
    """405, with what is allowed."""
    response = await client.post("/flux/asalee.atom")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"
    assert "Requête refusée" in response.text


async def test_the_list_of_feeds_names_them_all(client, place):
    """Each feed of the OPML is linked, in three formats; the last good check is told."""
    page = await client.get("/flux")
    links = set(html.fromstring(page.text).xpath("//main//a/@href"))
    outlines = (await client.get("/flux/opml")).content
    addresses = re.findall(rb'xmlUrl="https://suivi\.exemple\.fr([^"]+)\.atom"', outlines)
    assert len(addresses) == 8
    for address in addresses:
        for form in ("atom", "rss", "json"):
            assert f"{address.decode()}.{form}" in links
            assert (await client.get(f"{address.decode()}.{form}")).status_code == 200
    assert "20 novembre 2026 à 8 h 00" in page.text.replace("\u00a0", " ")
    assert "/flux/opml" in links


async def test_opml_is_cached_like_a_feed(client):
    """Its own type and ETag."""
    response = await client.get("/flux/opml")
    assert response.headers["content-type"].startswith("text/x-opml")
    headers = {"if-none-match": response.headers["etag"]}
    assert (await client.get("/flux/opml", headers=headers)).status_code == 304


@pytest.mark.parametrize("path", ["/", "/flux", "/questions/QANR5L17QE13983", "/rien"])
async def test_every_page_holds_to_the_rules(client, path):
    """Language, one h1, landmarks, skip link, autodiscovery, no script or style inside, strict policy."""
    response = await client.get(path)
    page = html.fromstring(response.text)
    assert page.get("lang") == "fr"
    assert len(page.xpath("//h1")) == 1
    for landmark in ("header", "nav", "main", "footer"):
        assert len(page.xpath(f"//{landmark}")) == 1
    skip = page.xpath("//body/a[1]/@href")[0]
    assert page.xpath(f'//main[@id="{skip.removeprefix("#")}"]')
    assert not page.xpath("//script | //style | //@style | //*[starts-with(name(@*), 'on')]")
    discovered = page.xpath('//head/link[@rel="alternate"]')
    assert {"/flux/asalee.atom", "/flux/asalee.rss"} <= {link.get("href") for link in discovered}
    ids = page.xpath("//@id")
    assert len(set(ids)) == len(ids)
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in response.headers
    outside = [
        link
        for link in page.xpath("//link[not(@rel='canonical')]/@href | //img/@src")
        if not link.startswith("/")
    ]
    assert not outside
    for own in set(page.xpath("//link[@rel='stylesheet' or @rel='icon']/@href")):
        assert (await client.get(own)).status_code == 200
    assert (await client.head(path)).status_code == response.status_code


async def test_the_page_of_a_question_is_what_entries_lead_to(client, place):
    """Each entry's link finds its anchor there; texts, facts, official page, its own feed."""
    place.read(answered(QUESTION, "2026-11-17"), at=NOW)
    feed = feedparser.parse((await client.get("/flux/asalee.atom")).content)
    for entry in feed.entries:
        address, _, anchor = entry.link.removeprefix(PUBLIC).partition("#")
        page = html.fromstring((await client.get(address)).text)
        assert not anchor or page.xpath(f'//li[@id="{anchor}"]')
    text = page.text_content()
    assert "Le Gouvernement est attentif" in text
    assert "Continuité du dispositif (exemple)" in text
    links = page.xpath("//a/@href")
    assert "https://questions.assemblee-nationale.fr/q17/17-13983QE.htm" in links
    assert "/flux/asalee/question/QANR5L17QE13983.atom" in links


async def test_a_hostile_question_is_harmless_in_pages_and_feeds(client, place):
    """Script, style, handlers, unclosed tags, bidi controls, illegal characters."""
    nasty = record(
        9,
        title='"><script>alert(1)</script>\u202e\x00',
        html="</main><script>alert(1)</script><style>*{}</style><p onclick=x()>\u202eTexte<table><td>",
        ministry=replace(HEALTH, abbreviation="<script>x</script>", name="<script>x</script>"),
    )
    place.read(nasty, at=NOW)
    for path in ("/questions/QANR5L17QE9", "/", "/flux"):
        page = await client.get(path)
        assert "<script" not in page.text
        assert "onclick" not in page.text
        assert "\u202e" not in page.text
        assert len(html.fromstring(page.text).xpath("//main")) == 1
    for form in ("atom", "rss"):
        feed = feedparser.parse((await client.get(f"/flux/asalee.{form}")).content)
        assert not feed.bozo
        assert all("<script" not in entry.content[0].value for entry in feed.entries)


async def test_an_unknown_question_and_an_unknown_page(client):
    """Pages in French that lead back."""
    response = await client.get("/questions/QANR5L17QE99999")
    assert (response.status_code, "n’est pas suivie ici" in response.text) == (404, True)
    response = await client.get("/rien")
    assert (response.status_code, "Page introuvable" in response.text) == (404, True)
    assert "Not Found" not in response.text


async def test_a_failing_store_gets_a_page_and_no_detail(place, clock):
    """500 in French; what failed is for the logs."""
    async with client_of(place, clock) as client:
        place.reader.questions = _fail
        response = await client.get("/")
    assert response.status_code == 500
    assert "Une erreur est survenue" in response.text
    assert "secret" not in response.text
    assert "content-security-policy" in response.headers


def _fail(*_args, **_keywords):
    raise RuntimeError("secret")


async def test_an_empty_place_is_served(place, clock):
    """Before the first run: valid empty feeds, pages that say so."""
    async with client_of(place, clock) as client:
        feed = await client.get("/flux/asalee.atom")
        assert not feedparser.parse(feed.content).bozo
        assert "Source pas encore lue" in feed.text
        assert "n’a pas encore été lue" in (await client.get("/flux")).text
        assert (await client.get("/")).status_code == 200


async def test_health_is_constant_and_readiness_follows_the_source(place, clock):
    """Alive always; ready once the source was read, not ready when that is too long ago."""
    async with client_of(place, clock, stale_after_hours=26) as client:
        assert (await client.get("/healthz")).text == "ok\n"
        never = await client.get("/readyz")
        assert (never.status_code, never.json()["ready"]) == (503, False)
        assert never.json()["message"] == "La source n’a pas encore été lue."
        place.checked(NOW)
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["last_good_check"]) == (200, NOW.isoformat())
        clock.at = NOW + timedelta(hours=27)
        place.checked(clock.at, RunOutcome.FAILED, reason="Archive illisible.")
        stale = await client.get("/readyz")
        assert stale.status_code == 503
        assert "27\u00a0heures" in stale.json()["message"]
        assert stale.json()["last_run"]["reason"] == "Archive illisible."
        assert stale.headers["cache-control"] == "no-store"
        assert (await client.get("/healthz")).status_code == 200
        assert "Depuis 27\u00a0heures, la source n’a pas pu être lue" in (await client.get("/flux")).text


async def test_a_demonstration_says_so_on_every_page(place, clock):
    """And an ordinary service does not."""
    place.read(QUESTION, at=instant("2026-10-06"))
    for demo in (True, False):
        async with client_of(place, clock, demo=demo) as client:
            for path in ("/", "/flux", "/questions/QANR5L17QE13983", "/rien"):
                assert ("Démonstration" in (await client.get(path)).text) is demo


async def test_who_holds_the_service_is_told(place, clock):
    """Name and contact from the settings; the name signs the feeds."""
    options = {"operator_name": "Association Exemple", "operator_contact": "contact@exemple.fr"}
    async with client_of(place, clock, **options) as client:
        page = (await client.get("/")).text
        assert "Association Exemple" in page
        assert "contact@exemple.fr" in page
        feed = feedparser.parse((await client.get("/flux/asalee.atom")).content)
        assert feed.feed.author == "Association Exemple"


async def test_typography_of_templates_is_french(client):
    """No plain apostrophe in our sentences, no plain space before a colon."""
    for path in ("/", "/flux", "/rien"):
        text = html.fromstring((await client.get(path)).text).xpath("string(//main)")
        assert "'" not in text
        assert not re.search(r" [:;!?»]|« ", text)
