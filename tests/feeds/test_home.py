"""Accueil over a real store."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import AUTHOR, NOW, answered, closure, instant, record, replace
from tests.feeds.served import Moving, client_of, page_of, said, words
from tracker.events import Origin
from tracker.milestones import Citation, Milestone

MILESTONES = {
    "asalee": (Milestone("2026-07-04", "Un fait daté (exemple).", (Citation("Source (exemple)"),)),)
}
OTHER = replace(AUTHOR, actor_ref="PA900200")


@pytest.fixture
def clock():
    """The instant of the builders, until moved."""
    return Moving()


@pytest.fixture
async def client(place, clock):
    """One question of each standing, and two that got one answer."""
    place.read(
        record(2, asked="2026-06-09"),
        record(3, asked="2026-09-29", title="Bientôt due (exemple)"),
        record(4, asked="2026-10-06", closed=closure("AU", "Question retirée", "2026-10-20")),
        record(10, asked="2026-09-01", title="Dix"),
        record(11, asked="2026-09-01", title="Onze", author=OTHER, html="Autre texte."),
        at=instant("2026-10-20"),
    )
    place.read(
        *(
            answered(record(number, asked="2026-09-01", **more), "2026-11-17")
            for number, more in (
                (10, {"title": "Dix"}),
                (11, {"title": "Onze", "author": OTHER, "html": "Autre texte."}),
            )
        ),
        at=instant("2026-11-17"),
    )
    place.checked(NOW - timedelta(hours=1))
    async with client_of(place, clock, milestones=MILESTONES) as client:
        yield client


async def test_the_state_of_things_is_counted_and_each_count_leads_to_its_list(client):
    """Answered, waiting, past the due date, closed: they add up, and the lists agree."""
    page = await page_of(client, "/")
    tiles = dict(
        zip(page.xpath("//ul[@class='tiles']//a/@href"), words(page, "//ul[@class='tiles']//a"), strict=True)
    )
    assert list(tiles.values()) == [
        "5 questions",
        "2 réponses publiées",
        "1 en attente",
        "1 échéance dépassée",
        "1 close sans réponse",
    ]
    for href, told in tiles.items():
        (count,) = words(await page_of(client, href), "//p[@class='result']/strong")
        assert count.split()[0] == told.split()[0]


async def test_one_answer_to_two_questions_is_one_story(client):
    """S12: told once, with both questions, each leading to its answer."""
    page = await page_of(client, "/")
    first = page.xpath("//ol[@class='events']/li")[0]
    assert words(first, ".//p[contains(@class, 'kind')]") == ["Une même réponse à 2 questions"]
    links = first.xpath(".//a/@href")
    assert links == [
        "/questions/QANR5L17QE10#reponse-2026-11-17-1",
        "/questions/QANR5L17QE11#reponse-2026-11-17-1",
    ]
    for link in links:
        address, _, anchor = link.partition("#")
        assert (await page_of(client, address)).xpath(f"//li[@id='{anchor}']")


async def test_the_next_due_dates_come_first_things_first(client):
    """Only those still to come, with the days left."""
    page = await page_of(client, "/")
    (due,) = words(page, "//ol[@class='due']/li")
    assert due.startswith("29 novembre 2026 dans 9 jours Bientôt due (exemple) n° 3")


async def test_the_calendar_keeps_a_question_that_is_answered(client):
    """Its event changes: one of the questions in waiting alone would lose it."""
    page = await page_of(client, "/")
    (calendar,) = page.xpath("//main//a[contains(@href, '.ics')]/@href")
    assert "Réponse publiée" in (await client.get(calendar)).text


async def test_when_the_source_was_last_read_is_said_and_silence_too(client, place, clock):
    """S6: the last good check; after a day and more without one, that it is so."""
    assert "Dernière lecture réussie de la source : 20 novembre 2026 à 8 h 00" in said(
        await page_of(client, "/")
    )
    clock.at = NOW + timedelta(hours=30)
    page = await page_of(client, "/")
    assert "Depuis 31 heures, la source n’a pas pu être lue" in said(page)


async def test_time_is_a_picture_with_its_tables(client):
    """Questions, answers and milestones, each with its source; a table of the months behind."""
    page = await page_of(client, "/")
    assert page.xpath("//figure//*[local-name()='svg'][@role='img']")
    assert "Un fait daté (exemple)." in said(page)
    assert "Source : Source (exemple)." in said(page)
    assert page.xpath("//details//table/caption")


async def test_what_is_read_later_does_not_push_the_news_away(client, place):
    """S7, S20: a later backfill is on the pages of its questions, not among the last events."""
    place.read(record(50, title="Relue (exemple)"), at=NOW, origin=Origin.BACKFILL)
    page = await page_of(client, "/")
    assert not page.xpath("//ol[@class='events']//a[contains(@href, 'QE50')]")
    assert "6 questions" in said(page)


async def test_two_topics_share_the_page(place):
    """Both are named, and the list can be asked for one of them."""
    topics = (("asalee", "Asalée"), ("autre", "Autre sujet"))
    place.read(record(1), at=NOW)
    place.read(record(2), at=NOW, topic="autre")
    async with client_of(place, topics=topics) as client:
        page = await page_of(client, "/")
        assert words(page, "//h1") == ["Asalée, Autre sujet : les questions écrites à l’Assemblée nationale"]
        listed = await page_of(client, "/questions")
        assert listed.xpath("//select[@name='sujet']/option/@value") == ["", "asalee", "autre"]
        only = await page_of(client, "/questions?sujet=autre")
        assert words(only, "//p[@class='result']/strong") == ["1 question"]
