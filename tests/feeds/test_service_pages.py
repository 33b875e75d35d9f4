"""What the service says of itself: `/a-propos` and `/etat`."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from lxml import html

from feeds.web.app import WebOptions, create_app
from tests.builders import NOW, fixed_clock, instant, record
from tests.db.writes import match, planned, question
from tracker.figures import FEWEST
from tracker.ports import Batch, CrawlReport, MatchState, RunOutcome
from tracker.questions import SourceIssue

PUBLIC = "https://suivi.exemple.fr"


async def text_of(place, path, at=NOW, **options):
    """The page's main part: its words with single spaces, and its tree."""
    app = create_app(
        place.reader, [("asalee", "Asalée")], WebOptions(public_url=PUBLIC, **options), fixed_clock(at)
    )
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC) as client:
        response = await client.get(path)
    assert response.status_code == 200
    (main,) = html.fromstring(response.content).xpath("//main")
    return " ".join(main.text_content().split()), main


# --- à propos ----------------------------------------------------------------------------------------


async def test_about_says_who_answers_for_it(place):
    """Every legal detail of the settings; an address as a link."""
    told, main = await text_of(
        place,
        "/a-propos",
        operator_name="Association d’exemple",
        operator_address="1, rue de l’Exemple",
        operator_contact="contact@exemple.fr",
        publication_director="Camille Exemple",
        hosting="Hébergeur d’exemple, 01 23 45 67 89",
    )
    for detail in ("Association d’exemple", "1, rue de l’Exemple", "Camille Exemple", "Hébergeur d’exemple"):
        assert detail in told
    assert main.xpath("//dl[@class='legal']//a[@href='mailto:contact@exemple.fr']")
    assert "Non renseigné" not in told


async def test_about_says_what_is_not_filled_in(place):
    """Nothing is invented for an operator who set nothing."""
    told, _ = await text_of(place, "/a-propos")
    assert told.count("Non renseigné par qui tient ce service") == 5


async def test_a_contact_may_be_a_page_or_plain_words(place):
    """A link for an address of either kind, else the words; never markup."""
    _, main = await text_of(place, "/a-propos", operator_contact="https://exemple.fr/contact")
    assert main.xpath("//dl[@class='legal']//a[@href='https://exemple.fr/contact']")
    told, main = await text_of(place, "/a-propos", operator_contact="<b>javascript:alert(1)</b>")
    assert "<b>javascript:alert(1)</b>" in told
    assert not main.xpath("//dl[@class='legal']//a")


async def test_about_defines_every_figure(place):
    """Each name of the tables of figures, and the least number of questions."""
    told, main = await text_of(place, "/a-propos")
    assert FEWEST == 5
    assert "moins de cinq questions" in told
    for name in ("échéance dépassée", "Réponse dans les deux mois", "Délai médian de réponse"):
        assert name in told
    assert main.xpath("//h2[@id='chiffres']")


@pytest.mark.parametrize(
    "anchor",
    ["independance", "source", "accessibilite", "mentions-legales", "vie-privee", "jalons", "statuts"],
)
async def test_about_has_stable_anchors(place, anchor):
    """Each part can be linked to, and is, from the list at the top."""
    _, main = await text_of(place, "/a-propos")
    assert main.xpath(f"//h2[@id='{anchor}']")
    assert main.xpath(f"//nav//a[@href='#{anchor}']")


# --- état --------------------------------------------------------------------------------------------


async def test_state_before_the_first_run(place):
    """Nothing read, nothing pretended."""
    told, _ = await text_of(place, "/etat")
    assert "La source n’a pas encore été lue" in told
    assert "Aucune lecture pour le moment" in told
    assert "tout ce qui a été lu a été compris" in told


async def test_state_when_all_is_well(place):
    """When the source was last read well."""
    place.checked(NOW - timedelta(hours=1))
    told, _ = await text_of(place, "/etat")
    assert "Tout va bien" in told
    assert "20 novembre 2026 à 8 h 00" in told


async def test_s06_state_says_since_when_the_source_is_silent(place):
    """A run that failed is no good check: its reason is shown, and the last good one."""
    place.checked(NOW - timedelta(days=3))
    place.checked(NOW, RunOutcome.FAILED, "L'archive ne contient aucune question écrite.")
    told, _ = await text_of(place, "/etat")
    assert "La source n’a pas pu être lue depuis 3 jours" in told
    assert "17 novembre 2026 à 9 h 00" in told
    assert "Échoué L’archive ne contient aucune question écrite." in told
    assert "Tout va bien" not in told


async def test_state_does_not_say_that_all_is_well_after_a_failure(place):
    """Even while the last good check is recent; a run of deputies says nothing about it."""
    place.checked(NOW - timedelta(hours=3))
    place.checked(NOW - timedelta(hours=1), RunOutcome.FAILED, "L'archive est tronquée.")
    place.store.start_run(CrawlReport("deputies", RunOutcome.RUNNING, NOW))
    told, _ = await text_of(place, "/etat")
    assert "La dernière lecture de la source n’a pas abouti" in told
    assert "20 novembre 2026 à 6 h 00" in told
    assert "Tout va bien" not in told


async def test_state_lists_the_last_runs(place):
    """Newest first, in words."""
    place.checked(NOW - timedelta(hours=2), RunOutcome.SUCCEEDED)
    deputies = CrawlReport("deputies", RunOutcome.RUNNING, NOW)
    place.store.start_run(deputies)
    _, main = await text_of(place, "/etat")
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in main.xpath("//tbody/tr")]
    assert [row[:2] for row in rows] == [
        ["20 novembre 2026 à 9 h 00 Noms des députés", "En cours"],
        ["20 novembre 2026 à 7 h 00 Questions, 17e législature", "Réussi"],
    ]


async def test_state_says_what_was_not_understood(place):
    """In plain words, with the questions concerned, and nothing of their raw values."""
    issues = {
        "QANR5L17QE7": (SourceIssue("QANR5L17QE7", "unknown-closure", "cloture", "ID: <b>brut</b>"),),
        "PA1": (SourceIssue("PA1", "missing-name", "acteur", ""),),
    }
    place.store.write(Batch(issues=issues, at=NOW))
    told, main = await text_of(place, "/etat")
    assert "Motif de clôture que nous ne connaissons pas." in told
    assert "Député sans nom." in told
    assert "brut" not in told
    link = "https://questions.assemblee-nationale.fr/q17/17-7QE.htm"
    assert main.xpath(f"//a[@href='{link}']")


async def test_what_is_held_for_review_is_not_public(place):
    """Neither page counts or names it."""
    place.read(record(2), at=instant("2026-11-10"))
    before = [await text_of(place, path) for path in ("/etat", "/a-propos")]
    held = question(record(1), planned(record(1)), matches=[match(MatchState.REVIEW)])
    place.store.write(Batch(questions=(held,), at=NOW))
    after = [await text_of(place, path) for path in ("/etat", "/a-propos")]
    assert [told for told, _ in before] == [told for told, _ in after]
