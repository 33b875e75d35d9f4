"""The page `/questions` over a real store."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import feedparser
import pytest

from tests.builders import AUTHOR, NOW, answered, closure, instant, record, replace
from tests.feeds.served import PUBLIC, client_of, page_of, said, words
from tracker.questions import Group

GDR = replace(AUTHOR, actor_ref="PA900200", group=Group("PO1", "GDR", "Gauche (exemple)"))


@pytest.fixture
async def client(place):
    """Six questions: one answered, one past its due date of another group, one withdrawn…"""
    place.read(
        answered(record(1, asked="2026-06-02", title="Première (exemple)"), "2026-07-21"),
        record(2, asked="2026-06-09", title="Le cœur des équipes (exemple)", author=GDR),
        record(3, asked="2026-09-29", title="Les infirmières déléguées (exemple)"),
        record(4, asked="2026-10-06", closed=closure("AU", "Question retirée", "2026-10-20")),
        record(5, asked="2026-11-03", signalled=["2026-11-16"], renewed=["2026-11-10", "2026-11-17"]),
        record(6, legislature=16, asked="2024-03-19", title="D’avant (exemple)"),
        at=instant("2026-11-17"),
    )
    place.checked(NOW)
    async with client_of(place) as client:
        yield client


def numbers(page):
    """The numbers of the questions listed, in order."""
    return [int(text.split("n° ")[1].split()[0]) for text in words(page, "//table/tbody/tr/th/span")]


async def test_the_list_shows_what_a_desk_needs(client):
    """Status by word, days waiting, due date, marks; no delay for what was closed without answer."""
    page = await page_of(client, "/questions")
    rows = dict(zip(numbers(page), words(page, "//tbody/tr"), strict=True))
    assert list(rows) == [5, 4, 3, 2, 1, 6]
    assert "Échéance dépassée" in rows[2]
    assert "9 août 2026" in rows[2]
    assert "164 jours d’attente" in rows[2]
    assert "dépassée depuis 103 jours" in rows[2]
    assert "29 novembre 2026 dans 9 jours" in rows[3]
    assert "réponse en 49 jours" in rows[1]
    assert "Signalée" in rows[5]
    assert "Renouvelée 2 fois" in rows[5]
    assert "Retirée" in rows[4]
    assert "jours" not in rows[4]
    assert "(16e législature)" in rows[6]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("statut=echeance-depassee&groupe=gdr", [2]),
        ("statut=en-attente", [5, 3]),
        ("statut=en-attente&statut=retiree", [5, 4, 3]),
        ("q=COEUR equipe", [2]),
        ("q=infirmiere deleguee", [3]),
        ("q=3", [3]),
        ("signalee=oui", [5]),
        ("legislature=16", [6]),
        ("depute=PA900200", [2]),
        ("du=2026-09-01&au=2026-10-31", [4, 3]),
        ("tri=numero-inverse&legislature=17", [1, 2, 3, 4, 5]),
        ("tri=echeance&statut=en-attente", [3, 5]),
        ("groupe=inconnu", []),
    ],
)
async def test_filters_sorts_and_search_are_in_the_address(client, query, found):
    """Accents, œ and plurals make no difference; a value that nobody has is an empty list."""
    page = await page_of(client, f"/questions?{query}")
    assert numbers(page) == found
    assert words(page, "//p[@class='result']/strong") == [f"{len(found)} question{'s' * (len(found) > 1)}"]


async def test_the_form_says_what_is_asked_and_works_by_itself(client):
    """Fields are filled from the address, each has a label; an unknown group stays in its field."""
    page = await page_of(
        client, "/questions?q=%3Cb%3E&statut=retiree&groupe=inconnu&du=2026-01-01&tri=numero"
    )
    (form,) = page.xpath("//main//form")
    assert (form.get("action"), form.get("method")) == ("/questions", "get")
    assert form.xpath(".//input[@name='q']/@value") == ["<b>"]
    assert form.xpath(".//input[@checked]/@value") == ["retiree"]
    assert form.xpath(".//select[@name='groupe']/option[@selected]/@value") == ["inconnu"]
    assert form.xpath(".//select[@name='tri']/option[@selected]/@value") == ["numero"]
    assert form.xpath(".//input[@name='du']/@value") == ["2026-01-01"]
    assert form.xpath(".//details/@open")
    for field in form.xpath(".//input[not(@type='checkbox')] | .//select"):
        assert form.xpath(f".//label[@for='{field.get('id')}']")
    assert form.xpath(".//select[@name='legislature']/option/@value") == ["", "17", "16"]


async def test_what_a_form_sends_leads_to_the_short_address(client):
    """Blank fields go away; the values stay, in their one order."""
    response = await client.get("/questions?q=&groupe=gdr&statut=en-attente&du=&tri=publication&depute=")
    assert response.status_code == 302
    assert response.headers["location"] == "/questions?statut=en-attente&groupe=gdr"


async def test_the_same_list_is_linked_in_every_form(client):
    """Feeds and files, with the same filter; the feeds are announced to feed readers."""
    page = await page_of(client, "/questions?groupe=gdr&statut=echeance-depassee&tri=numero")
    query = "?statut=echeance-depassee&groupe=gdr"
    links = page.xpath("//p[@class='result']/a/@href")
    feeds = [f"/flux/questions.{form}{query}" for form in ("atom", "rss", "json")]
    assert links == feeds + [f"/questions.{form}{query}" for form in ("csv", "json", "ics")]
    assert set(feeds[:2]) <= set(page.xpath("//head/link[@rel='alternate']/@href"))
    for address in feeds:
        assert (await client.get(address)).status_code == 200
    assert page.xpath("//link[@rel='canonical']/@href") == [f"{PUBLIC}/questions{query}&tri=numero"]


async def test_each_filter_can_be_taken_away(client):
    """A link for each, and one for all."""
    page = await page_of(client, "/questions?groupe=gdr&statut=echeance-depassee&q=coeur")
    assert page.xpath("//p[@class='chips']/a/@href") == [
        "/questions?groupe=gdr&q=coeur",
        "/questions?statut=echeance-depassee&q=coeur",
        "/questions?statut=echeance-depassee&groupe=gdr",
        "/questions",
    ]


async def test_a_table_says_how_it_is_sorted(client):
    """`aria-sort` on one column, a link on each that can be sorted by, a caption."""
    page = await page_of(client, "/questions?tri=echeance&statut=en-attente")
    assert page.xpath("//th[@aria-sort]/@aria-sort") == ["ascending"]
    links = page.xpath("//thead//a/@href")
    assert "/questions?statut=en-attente&tri=echeance-inverse" in links
    assert all(cell.get("scope") in {"col", "row"} for cell in page.xpath("//table//th"))
    assert page.xpath("//table/caption")


async def test_pages_of_a_long_list(place):
    """Twenty-five to a page; filters and order are kept from one to the next."""
    place.read(*(record(number) for number in range(1, 61)), at=NOW)
    async with client_of(place) as client:
        first = await page_of(client, "/questions?groupe=exemple&tri=numero-inverse")
        assert numbers(first) == list(range(1, 26))
        assert not first.xpath("//a[@rel='prev']")
        (following,) = first.xpath("//a[@rel='next']/@href")
        assert parse_qs(urlsplit(following).query) == {
            "groupe": ["exemple"],
            "tri": ["numero-inverse"],
            "page": ["2"],
        }
        last = await page_of(client, "/questions?groupe=exemple&tri=numero-inverse&page=3")
        assert numbers(last) == list(range(51, 61))
        assert words(last, "//nav[@class='turns']//a[@aria-current='page']") == ["Page 3"]
        beyond = await page_of(client, "/questions?page=4", status=404)
        assert "3 page" in said(beyond)


@pytest.mark.parametrize(
    "query",
    ["tri=hasard", "page=0", "page=1&page=2", "groupe=a&groupe=b", "x=1", "q=" + "a" * 9_000, "du=hier"],
)
async def test_a_wrong_address_gets_a_page_that_says_why(client, query):
    """400, in French, with the way back; the same for the feed of a selection."""
    page = await page_of(client, f"/questions?{query}", status=400)
    assert words(page, "//h1") == ["Adresse mal formée"]
    assert words(page, "//p[@class='lead']")[0]
    assert "/questions" in page.xpath("//main//a/@href")
    assert (await client.get(f"/flux/questions.atom?{query}")).status_code == 400


async def test_the_feed_of_a_selection_follows_it(client, place):
    """What is in the list is in its feed, under its own id; it leaves when the status moves."""
    address = "/flux/questions.atom?groupe=gdr&statut=echeance-depassee"
    before = await client.get(address)
    feed = feedparser.parse(before.content)
    assert not feed.bozo
    assert {entry.id.rpartition("/")[2] for entry in feed.entries if "question/" in entry.id} == {
        "QANR5L17QE2"
    }
    assert feed.feed.id == (
        "tag:suivi.exemple.fr,2026-11-01:flux/questions?statut=echeance-depassee&groupe=gdr"
    )
    canonical = f"{PUBLIC}/flux/questions.atom?statut=echeance-depassee&groupe=gdr"
    assert [link.href for link in feed.feed.links if link.rel == "self"] == [canonical]
    assert "prev-archive" not in [link.rel for link in feed.feed.links]
    headers = {"if-none-match": before.headers["etag"]}
    assert (await client.get(address, headers=headers)).status_code == 304
    question = record(2, asked="2026-06-09", title="Le cœur des équipes (exemple)", author=GDR)
    place.read(answered(question, "2026-11-17"), at=NOW)
    after = feedparser.parse((await client.get(address, headers=headers)).content)
    assert not after.entries


async def test_the_feed_of_a_lasting_selection_has_archives(client):
    """A group and a ministry do not move: months that are over are there."""
    live = feedparser.parse((await client.get("/flux/questions.atom?groupe=gdr&ministere=sante")).content)
    assert live.entries
    archive = await client.get("/flux/questions/archives/2026-10.atom?groupe=gdr")
    assert archive.status_code == 404
    assert (await client.get("/flux/questions.rss")).status_code == 200


async def test_an_empty_place_has_an_empty_list(place):
    """Before the first run."""
    async with client_of(place) as client:
        assert "n’a pas encore été lue" in said(await page_of(client, "/questions"))
