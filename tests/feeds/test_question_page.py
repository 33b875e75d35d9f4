"""The page of a question, and the addresses by number, over a real store."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.builders import (
    AUTHOR,
    HEALTH,
    LABOUR,
    NOW,
    answered,
    attribution,
    closure,
    instant,
    jo,
    record,
    replace,
    text,
)
from tests.feeds.served import PUBLIC, client_of, page_of, said, words
from tracker.questions import Author, Constituency, Deputy, Group, Mandate, PublishedText

QUESTION = replace(
    record(13983, asked="2026-03-31", title="Continuité du dispositif (exemple)"),
    question_texts=(
        PublishedText("<p>Mme Exemple interroge. Texte de la question.</p>", jo("2026-03-31", page="2650")),
    ),
)
PATH = "/questions/QANR5L17QE13983"
EURE = Constituency("Eure", "27", 5)
DEPUTY = Deputy(
    "PA900100", "Mme", "Camille", "Exemple", (Mandate("PM900100", 17, EURE, date(2024, 7, 8), None),)
)


@pytest.fixture
async def client(place):
    """A client over an empty place whose one deputy is known."""
    place.store.save_deputies([DEPUTY], [], NOW)
    place.checked(NOW)
    async with client_of(place) as client:
        yield client


async def test_who_asked_whom_since_when_with_the_way_to_each(client, place):
    """Facts, each leading to its page; the ministry asked and the one now in charge."""
    moved = replace(
        QUESTION, attributions=(attribution(HEALTH, "2026-03-31"), attribution(LABOUR, "2026-05-05"))
    )
    place.read(moved, at=instant("2026-06-02"))
    page = await page_of(client, PATH)
    facts = dict(zip(words(page, "//dl//dt"), words(page, "//dl//dd"), strict=True))
    assert facts["Auteur"] == "Mme Camille Exemple"
    assert facts["Groupe"] == "Groupe Exemple (EXEMPLE) tel que la question l’indique"
    assert facts["Circonscription"] == "Eure (5e circonscription)"
    assert facts["Ministère interrogé"] == "Ministère de la santé (exemple)"
    assert facts["Ministère en charge"] == "Ministère du travail (exemple) depuis le 5 mai 2026"
    assert facts["Échéance"] == "31 mai 2026 dépassée depuis 173 jours"
    assert facts["Délai"] == "234 jours d’attente"
    links = set(page.xpath("//aside//a/@href"))
    expected = {"/deputes/PA900100", "/groupes/exemple", "/departements/27", "/ministeres/sante"}
    assert expected | {"/ministeres/travail", "/questions?rubrique=professions-de-sante"} <= links
    assert "https://questions.assemblee-nationale.fr/q17/17-13983QE.htm" in links
    for link in expected:
        assert (await client.get(link)).status_code == 200


async def test_the_reference_is_ready_to_be_copied(client, place):
    """Number, author, group, constituency, Journal officiel, page, official address; none for an answer."""
    place.read(answered(QUESTION, "2026-06-02"), at=instant("2026-06-02"))
    page = await page_of(client, PATH)
    question, answer = words(page, "//textarea")
    assert question == (
        "Question écrite n° 13983 (17e législature) de Mme Camille Exemple, Groupe Exemple (EXEMPLE), "
        "Eure (5e circonscription), Journal officiel, Questions de l’Assemblée nationale, 31 mars 2026, "
        "page 2650, https://questions.assemblee-nationale.fr/q17/17-13983QE.htm"
    )
    assert answer.startswith("Ministère de la santé (exemple), réponse à la question écrite n° 13983")
    assert "2 juin 2026" in answer
    assert "page" not in answer
    assert all(field.get("readonly") is not None for field in page.xpath("//textarea"))
    for field in page.xpath("//textarea"):
        assert page.xpath(f"//label[@for='{field.get('id')}']")


async def test_the_history_is_a_list_of_dated_facts_with_their_differences(client, place):
    """Oldest first; a correction shows what was taken away and what was added."""
    place.read(QUESTION, at=instant("2026-03-31"))
    place.read(answered(QUESTION, "2026-06-02", "<p>Douze cabinets.</p>"), at=instant("2026-06-02"))
    place.read(answered(QUESTION, "2026-06-02", "<p>Vingt cabinets.</p>"), at=instant("2026-06-09"))
    page = await page_of(client, PATH)
    history = words(page, "//ol[@class='history']/li")
    assert history[0] == "31 mars 2026 Question publiée au Journal officiel."
    assert history[1].startswith("1er juin 2026 Échéance dépassée")
    assert history[2] == "2 juin 2026 Réponse publiée au Journal officiel."
    assert history[-1].startswith(
        "9 juin 2026 Texte rectifié, constat fait ce jour-là : texte de la réponse."
    )
    assert words(page, "//ol[@class='history']//del") == ["Douze"]
    assert words(page, "//ol[@class='history']//ins") == ["Vingt"]


async def test_it_is_described_for_machines(client, place):
    """schema.org: a Question with its accepted answer, as microdata; its own feeds and calendar."""
    place.read(answered(QUESTION, "2026-06-02"), at=instant("2026-06-02"))
    page = await page_of(client, PATH)
    (item,) = page.xpath("//*[@itemtype='https://schema.org/Question']")
    assert words(item, ".//h1[@itemprop='name']") == ["Continuité du dispositif (exemple)"]
    (answer,) = item.xpath(".//*[@itemprop='acceptedAnswer']")
    assert answer.get("itemtype") == "https://schema.org/Answer"
    assert item.xpath(".//meta[@itemprop='dateCreated']/@content") == ["2026-06-02", "2026-03-31"]
    links = page.xpath("//section//a/@href")
    assert "/flux/asalee/question/QANR5L17QE13983.atom" in links
    assert "/questions/QANR5L17QE13983.ics" in links
    assert page.xpath("//link[@rel='canonical']/@href") == [f"{PUBLIC}{PATH}"]


async def test_the_same_question_asked_again_and_the_same_answer(client, place):
    """Earlier and later ones apart; those that got the answer too, whoever asked."""
    other = replace(AUTHOR, actor_ref="PA900200")
    place.read(
        answered(record(5, asked="2026-06-02", title="Même titre"), "2026-11-17"),
        record(3, asked="2026-01-06", title="Même TITRE", html="Autre texte."),
        record(9, asked="2026-10-06", title="Même titre.", html="Encore un autre."),
        answered(record(6, asked="2026-06-09", title="Autre", author=other, html="x"), "2026-11-17"),
        at=instant("2026-11-17"),
    )
    page = await page_of(client, "/questions/QANR5L17QE5")
    assert words(page, "//section[@aria-labelledby='liees']/h3") == [
        "Posée avant par le même auteur",
        "Posée de nouveau par le même auteur",
        "La même réponse, le même jour",
    ]
    linked = page.xpath("//section[@aria-labelledby='liees']//li/a/@href")
    assert linked == ["/questions/QANR5L17QE3", "/questions/QANR5L17QE9", "/questions/QANR5L17QE6"]
    alone = await page_of(client, "/questions/QANR5L17QE6")
    assert words(alone, "//section[@aria-labelledby='liees']/h3") == ["La même réponse, le même jour"]


async def test_what_the_source_does_not_say_is_not_made_up(client, place):
    """No author, no title, no text, an answer without words, a delay that nobody can tell."""
    bare = replace(
        record(7, asked=None, title=None, rubric=None, ministry=None, html="<p> </p>"),
        author=replace(AUTHOR, actor_ref=None, mandate_ref=None, group=None),
        closure=closure("REP_PUB", "Réponse publiée"),
    )
    place.read(bare, at=NOW)
    page = await page_of(client, "/questions/QANR5L17QE7")
    text_ = said(page)
    assert "sans titre à la source" in text_
    assert "elle n’en donne pas le texte" in text_
    assert "Le texte de la question n’est pas disponible à la source." in text_
    assert "Auteur non nommé par la source" in text_
    assert "jours" not in text_


async def test_signalements_that_the_archive_lacks_are_not_zero(client, place):
    """« non disponibles » for the 14th and 15th legislatures."""
    place.read(record(8, legislature=15, asked="2019-03-19"), at=NOW)
    page = await page_of(client, "/questions/QANR5L15QE8")
    assert "non disponibles à la source" in said(page)
    assert "Caduque" in said(page)


async def test_a_number_leads_to_its_question(client, place):
    """To its page at once; in what legislature, when several have it."""
    place.read(QUESTION, record(14, legislature=16, asked="2024-03-19"), record(14), at=NOW)
    response = await client.get("/q/13983")
    assert (response.status_code, response.headers["location"]) == (302, PATH)
    page = await page_of(client, "/q/14")
    assert page.xpath("//main//ul//a/@href") == ["/questions/QANR5L17QE14", "/questions/QANR5L16QE14"]
    assert "17e législature" in said(page)
    assert "16e législature" in said(page)


@pytest.mark.parametrize("path", ["/q/99999", "/questions/QANR5L17QE99999"])
async def test_a_question_that_is_not_followed_gets_a_page_that_helps(client, path):
    """404: what is followed, the official page, a search."""
    page = await page_of(client, path, status=404)
    assert "Asalée" in said(page)
    assert "https://questions.assemblee-nationale.fr/q17/17-99999QE.htm" in page.xpath("//main//a/@href")
    assert page.xpath("//main//form[@action='/questions']//input[@name='q']")


@pytest.mark.parametrize("number", ["0x1", "99999999", "-1", "treize", "1.5", "%C2%B2", "1" * 500])
async def test_what_is_no_number_is_a_404(client, number):
    """Never an error of the service."""
    page = await page_of(client, f"/q/{number}", status=404)
    assert words(page, "//h1") == ["Cette question n’est pas suivie ici"]


HOSTILE = (
    "</div></main></body><script>alert(1)</script><style>*{display:none}</style>"
    "<p onclick=alert(1) style='position:fixed'>\u202eTexte\u2066 hostile<b><i>"
    "<iframe src='https://exemple.invalid'></iframe><img src=x onerror=alert(1)>"
    "<a href='javascript:alert(1)'>lien</a><svg><script>1</script></svg><math><mi>"
    "<form action='//exemple.invalid'><input name=q></form><base href='//exemple.invalid'>"
    + "<table>" * 30
    + "<tr><td>" * 400
    + "<!-- <h1>un commentaire"
)


async def test_a_hostile_text_is_harmless_on_every_page(client, place):
    """Script, style, handlers, frames, unclosed tags, huge tables, bidi controls: words, if at all."""
    nasty = answered(
        replace(
            record(66, title='</title><script>alert(1)</script>"\u202e\x00', html=HOSTILE),
            rubric="<script>alert(1)</script>",
            author=Author("PA1", None, Group(None, "\u202eGE\x00<script>", None)),
            question_texts=(text(HOSTILE, erratum=HOSTILE),),
        ),
        "2026-11-17",
        HOSTILE,
    )
    place.read(record(66, title="Avant", html="Avant."), at=NOW - timedelta(days=9))
    place.read(nasty, at=NOW)
    for path in ("/", "/questions", "/questions/QANR5L17QE66", "/questions?q=hostile", "/q/66", "/flux"):
        response = await client.get(path, follow_redirects=True)
        assert response.status_code == 200
        page = await page_of(client, str(response.url).removeprefix(PUBLIC))
        assert not page.xpath("//script | //style | //iframe | //img | //base | //main//@style | //math")
        assert not page.xpath("//@*[starts-with(name(), 'on')]")
        assert not [href for href in page.xpath("//@href") if href.lower().startswith("javascript")]
        assert not any(control in response.text for control in "\u202e\u2066\x00")
        assert len(page.xpath("//main")) == len(page.xpath("//footer")) == len(page.xpath("//h1")) == 1
        assert all(form.get("action") == "/questions" for form in page.xpath("//form"))


async def test_a_group_known_by_its_reference_alone_is_called_by_it(client, place):
    """Rather than by nothing, or by « None »."""
    place.read(record(13, author=Author("PA1", None, Group("PO900010", None, None))), at=NOW)
    for path in ("/", "/questions"):
        page = await page_of(client, path)
        told = [one for one in words(page, "//*[@class='who']") if one.startswith("n° 13 ")]
        assert any("PO900010" in one for one in told)
        assert not any("None" in one for one in told)


async def test_a_wide_table_scrolls_in_a_frame_of_its_own(client, place):
    """Which the keyboard can reach, and which has a name."""
    table = "<table><tr><td>Un</td><td>Deux</td></tr></table>"
    place.read(record(12, html=f"<p>Voir :</p>{table}<p>Fin.</p>"), at=NOW)
    page = await page_of(client, "/questions/QANR5L17QE12")
    (frame,) = page.xpath("//div[@role='region'][table]")
    assert (frame.get("tabindex"), frame.get("aria-label")) == ("0", "Tableau")
