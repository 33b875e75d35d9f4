"""Pages by ministry, group, deputy and département, over a real store."""

from __future__ import annotations

from datetime import date, timedelta
from types import MappingProxyType

import httpx
import pytest
from lxml import html

from feeds.web.app import WebOptions, create_app
from tests.builders import (
    ASKED,
    AUTHOR,
    HEALTH,
    LABOUR,
    NOW,
    answered,
    attribution,
    fixed_clock,
    instant,
    record,
    replace,
)
from tests.db.writes import match, planned, question
from tracker.ports import Batch, LedgerMark, LedgerRow, MatchState
from tracker.questions import Author, Constituency, Deputy, Group, Mandate

PUBLIC = "https://suivi.exemple.fr"
TOPICS = [("asalee", "Asalée")]
EURE = Constituency("Eure", "27", 5)
DEPUTY = Deputy(
    "PA900100", "Mme", "Camille", "Exemple", (Mandate("PM900100", 17, EURE, date(2024, 7, 8), None),)
)
INDEXES = ("/ministeres", "/groupes", "/deputes", "/departements")
ENTRIES = ("/ministeres/sante", "/groupes/exemple", "/deputes/PA900100", "/departements/27")


@pytest.fixture
async def client(place):
    """A client of the application over a place with two deputies and three questions."""
    place.store.save_deputies([DEPUTY], [], NOW)
    other = Author("PA900200", None, Group(None, "AUTRE", None))
    place.read(
        answered(record(1, asked="2026-06-02"), "2026-07-21"),
        record(2, attributions=[attribution(HEALTH, ASKED), attribution(LABOUR, "2026-11-03")]),
        record(3, author=other, html="Mme Andréa Béta-Exemple interroge M. le ministre sur Asalée."),
        at=instant("2026-11-10"),
    )
    async with client_of(place) as client:
        yield client


def client_of(place, topics=TOPICS):
    """A client of the application over a place."""
    app = create_app(
        place.reader,
        topics,
        WebOptions(public_url=PUBLIC, recheck_seconds=0),
        fixed_clock(),
        MappingProxyType({}),
    )
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=PUBLIC)


async def page(client, path):
    """A page, parsed."""
    response = await client.get(path)
    assert response.status_code == 200, path
    return html.fromstring(response.content)


def table(tree, css="figures"):
    """The cells of the first table of a class, row by row, spaces made plain."""
    (found, *_) = tree.xpath(f"//table[contains(@class, '{css}')]")
    return [
        [" ".join(cell.text_content().split()) for cell in row.xpath("./th | ./td")]
        for row in found.xpath(".//tr")
    ]


def titles(tree):
    """The addresses of the questions that a page lists."""
    return [link.get("href") for link in tree.xpath("//main//a[starts-with(@href, '/questions/')]")]


def write_ledger(place, number, *, after, first=20_000, **others):
    """Questions of the ledger, each answered as many days after it was asked."""
    asked = date(2026, 1, 6)
    rows = tuple(
        LedgerRow(
            f"QANR5L17QE{first + one}",
            LedgerMark(1, 1, "x"),
            asked,
            None if after is None else asked + timedelta(days=after),
            **others,
        )
        for one in range(number)
    )
    place.store.write(Batch(ledger=rows, at=NOW))


async def test_an_index_lists_every_value_in_alphabetical_order(client):
    """With how many questions each has, and how they stand for ministries and groups."""
    ministries = table(await page(client, "/ministeres"), "directory")
    assert [row[:6] for row in ministries[1:]] == [
        ["Santé", "3", "1", "2", "0", "0"],
        ["Travail", "1", "0", "1", "0", "0"],
    ]
    assert [row[0] for row in table(await page(client, "/groupes"), "directory")[1:]] == ["AUTRE", "EXEMPLE"]


async def test_deputies_are_never_ranked(client):
    """By name, whatever the number of their questions; nothing but that number is shown."""
    rows = table(await page(client, "/deputes"), "directory")
    assert rows == [
        ["Député ou députée", "Questions"],
        ["Andréa Béta-Exemple", "1"],
        ["Camille Exemple", "2"],
    ]


async def test_departements_show_their_code(client):
    """Name and code."""
    assert table(await page(client, "/departements"), "directory")[1:] == [["Eure (27)", "2"]]


async def test_the_french_abroad_come_last(place):
    """Their code, 099, is no département's."""
    mandates = [
        ("PA1", "099", "Français établis hors de France"),
        ("PA2", "2A", "Corse-du-Sud"),
        ("PA3", "13", "B"),
    ]
    place.store.save_deputies(
        [
            Deputy(
                ref, None, "A", "Exemple", (Mandate(f"PM{ref}", 17, Constituency(name, code, 1), None, None),)
            )
            for ref, code, name in mandates
        ],
        [],
        NOW,
    )
    place.read(
        *(record(n, author=Author(f"PA{n}", f"PMPA{n}", None)) for n in (1, 2, 3)), at=instant("2026-11-10")
    )
    async with client_of(place) as client:
        rows = table(await page(client, "/departements"), "directory")
    assert [row[0] for row in rows[1:]] == [
        "B (13)",
        "Corse-du-Sud (2A)",
        "Français établis hors de France (099)",
    ]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/ministeres/sante", [2, 3, 1]),
        ("/ministeres/travail", [2]),
        ("/groupes/exemple", [2, 1]),
        ("/groupes/autre", [3]),
        ("/deputes/PA900100", [2, 1]),
        ("/departements/27", [2, 1]),
    ],
)
async def test_a_page_lists_its_questions(client, path, expected):
    """The latest first."""
    found = titles(await page(client, path))
    assert sorted(found) == sorted(f"/questions/QANR5L17QE{number}" for number in expected)


@pytest.mark.parametrize("path", ENTRIES)
async def test_a_page_has_its_feeds(client, path):
    """In sight, and announced to feed readers; each is served, and leads back to the page."""
    tree = await page(client, path)
    kind, slug = path.strip("/").split("/")
    address = f"/flux/asalee/{kind.rstrip('s')}/{slug}.atom"
    assert tree.xpath(f"//main//a[@href='{address}']")
    assert tree.xpath(f"//head/link[@rel='alternate'][@href='{address}']")
    feed = await client.get(address)
    assert f'href="{PUBLIC}{path}"' in feed.text


@pytest.mark.parametrize("path", ENTRIES)
async def test_figures_stand_beside_those_of_all_questions(client, place, path):
    """Of the legislature; for a ministry and a group also of all their own."""
    write_ledger(place, 40, after=30, ministry="Santé", group="EXEMPLE")
    write_ledger(place, 50, after=90, first=30_000)
    heads, *rows = table(await page(client, path))
    compared = [] if path.startswith(("/deputes", "/departements")) else [heads[2]]
    assert heads == ["", "Sur Asalée", *compared, "Toutes les questions écrites"]
    assert [row[-1] for row in rows if row[0] == "Questions"] == ["90"]
    (rate,) = (row for row in rows if row[0] == "Réponse dans les deux mois")
    assert rate[1].startswith("Non donné")
    assert rate[-1] == "44 % 40 sur 90 questions"


async def test_a_ministry_and_a_group_are_compared_with_themselves(client, place):
    """All the questions in their charge, on a topic or not."""
    write_ledger(place, 7, after=30, ministry="Santé", group="EXEMPLE")
    write_ledger(place, 5, after=30, ministry="Travail", group="AUTRE", first=30_000)
    for path, title in (("/ministeres/sante", "pour ce ministère"), ("/groupes/exemple", "pour ce groupe")):
        heads, questions, *_ = table(await page(client, path))
        assert heads[2] == f"Tous sujets, {title}"
        assert questions == ["Questions", questions[1], "7", "12"]


async def test_a_group_is_named_in_full(client):
    """Where its questions agree on the name."""
    tree = await page(client, "/groupes/exemple")
    assert "Groupe Exemple (EXEMPLE)" in tree.xpath("string(//h1)")
    assert "Groupe Exemple (EXEMPLE)" in tree.xpath("string(//title)")


async def test_counts_lead_to_the_questions_they_count(client):
    """The same number of questions, in a list that can be sorted and taken away."""
    tree = await page(client, "/groupes/exemple")
    links = {
        row.xpath("string(./th)"): (cell.text, cell.get("href"))
        for row in tree.xpath("//table[contains(@class, 'figures')]/tbody/tr")
        for cell in row.xpath("./td[1]/a")
    }
    assert links == {
        "Questions": ("2", "/questions?groupe=exemple&legislature=17"),
        "Réponse publiée": ("1", "/questions?statut=reponse-publiee&groupe=exemple&legislature=17"),
        "En attente": ("1", "/questions?statut=en-attente&groupe=exemple&legislature=17"),
    }
    for text, href in links.values():
        listed = await page(client, href)
        assert len(set(titles(listed))) == int(text)


async def test_each_legislature_has_its_table(place):
    """The newest first."""
    place.read(record(1, legislature=16, asked="2024-03-05"), record(2), at=instant("2026-11-10"))
    async with client_of(place) as client:
        tree = await page(client, "/groupes/exemple")
    captions = [caption.text_content() for caption in tree.xpath("//table/caption")]
    assert captions == ["17e législature", "16e législature"]


async def test_a_value_that_the_source_gave_up_keeps_its_page(place):
    """S19: the address lives, and says that the feeds keep what was before."""
    place.read(record(1), at=instant("2026-10-06"))
    place.read(
        record(1, author=replace(AUTHOR, group=Group(None, "NOUVEAU", None))), at=instant("2026-11-10")
    )
    async with client_of(place) as client:
        tree = await page(client, "/groupes/exemple")
        assert "Les flux gardent ce qui s’est passé avant" in tree.text_content()
        assert titles(tree) == []
        rows = table(await page(client, "/groupes"), "directory")
    assert [row[:2] for row in rows[1:]] == [["EXEMPLE", "0"], ["NOUVEAU", "1"]]


@pytest.mark.parametrize(
    "path",
    [
        "/ministeres/inconnu",
        "/groupes/EXEMPLE",
        "/deputes/PA1",
        "/departements/99",
        "/ministeres/%00",
        "/groupes/a/b",
    ],
)
async def test_an_unknown_value_is_a_page_that_helps(client, path):
    """404, in French, with where to go."""
    response = await client.get(path)
    assert response.status_code == 404
    assert "introuvable" in response.text


@pytest.mark.parametrize("path", [*INDEXES])
async def test_an_empty_place_says_so(place, path):
    """Before the source was ever read."""
    async with client_of(place) as client:
        tree = await page(client, path)
    assert "Aucune question n’est suivie pour le moment" in tree.text_content()


async def test_questions_held_for_review_are_nowhere(place):
    """Neither they nor their values."""
    held = question(record(1), planned(record(1)), matches=[match(MatchState.REVIEW)])
    place.store.write(Batch(questions=(held,), at=NOW))
    async with client_of(place) as client:
        assert (await client.get("/groupes/exemple")).status_code == 404
        assert table_is_absent(await page(client, "/groupes"))


def table_is_absent(tree):
    """Whether a page has no table."""
    return not tree.xpath("//table")


async def test_a_long_list_leads_to_the_whole(place):
    """Fifty questions, then a link to the list with the same filter."""
    place.read(*(record(number) for number in range(1, 53)), at=instant("2026-11-10"))
    async with client_of(place) as client:
        tree = await page(client, "/groupes/exemple")
    assert len(set(titles(tree))) == 50
    assert tree.xpath("//a[@href='/questions?groupe=exemple']")


async def test_several_topics_share_the_pages(place):
    """A value of both is listed once, with a feed of each."""
    place.read(record(1), at=instant("2026-10-06"))
    place.read(record(2), at=instant("2026-10-06"), topic="autre")
    async with client_of(place, [*TOPICS, ("autre", "Autre")]) as client:
        assert len(table(await page(client, "/groupes"), "directory")) == 2
        tree = await page(client, "/groupes/exemple")
    assert len(titles(tree)) == 2
    for topic in ("asalee", "autre"):
        assert tree.xpath(f"//main//a[@href='/flux/{topic}/groupe/exemple.atom']")


async def test_hostile_labels_are_only_text(place):
    """A group's name from the source never becomes markup."""
    hostile = Group(None, "<script>alert(1)</script> X", "<img src=x onerror=alert(1)>")
    place.read(record(1, author=Author("PA1", None, hostile)), at=instant("2026-10-06"))
    async with client_of(place) as client:
        index = await client.get("/groupes")
        (link,) = html.fromstring(index.content).xpath("//table//a")
        entry = await client.get(link.get("href"))
    for response in (index, entry):
        assert response.status_code == 200
        assert "<script" not in response.text
        assert "<img" not in response.text


@pytest.mark.parametrize("path", [*INDEXES, *ENTRIES])
async def test_one_heading_and_headers_of_tables(client, path):
    """One h1, a caption or heading before figures, row and column headers."""
    tree = await page(client, path)
    assert len(tree.xpath("//h1")) == 1
    assert all(cell.get("scope") in {"row", "col"} for cell in tree.xpath("//th"))
    assert not tree.xpath("//@style | //script")
