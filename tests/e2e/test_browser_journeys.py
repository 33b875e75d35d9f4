"""What people come for, done in a browser as they do it, with JavaScript and without."""

from __future__ import annotations

import re

import feedparser
import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browsing import ANSWERED, chromium, served

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The site."""
    with served(tmp_path_factory.mktemp("browser")) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    """One browser for all journeys."""
    with chromium() as browser:
        yield browser


@pytest.fixture(params=[True, False], ids=["javascript", "no javascript"])
def page(browser, address, request):
    """A page in a context of its own, which asks nothing of any other host and is never given a cookie."""
    context = browser.new_context(
        base_url=address, locale="fr-FR", java_script_enabled=request.param, accept_downloads=True
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    asked: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda one: asked.append(one.url))
    page.on("console", lambda one: complaints.append(one.text))
    yield page
    assert all(one.startswith(address) for one in asked)
    assert not complaints, complaints  # a breach of the policy is told on the console
    assert not context.cookies()
    context.close()


def test_a_member_finds_the_feed_and_so_does_a_reader(page: Page, address):
    """From Accueil to the list of feeds, the address to copy; discovery from the site's own address."""
    page.goto("/")
    page.get_by_role("navigation", name="Navigation principale").get_by_role("link", name="Flux").click()
    expect(page).to_have_url(f"{address}/flux")
    copied = page.locator("code", has_text="asalee.atom").first.text_content()
    assert copied == f"{address}/flux/asalee.atom"
    feed = feedparser.parse(httpx.get(copied, trust_env=False).content)
    assert not feed.bozo
    assert any("Réponse à la question" in entry.title for entry in feed.entries)

    page.goto("/")
    found = page.locator("head link[rel=alternate][type='application/atom+xml']").first.get_attribute("href")
    assert found
    discovered = httpx.get(f"{address}{found}", trust_env=False)
    assert discovered.headers["content-type"].startswith("application/atom+xml")
    assert feedparser.parse(discovered.content).feed.title == feed.feed.title


def test_a_press_officer_goes_to_yesterdays_answer_and_copies_its_reference(page: Page):
    """Accueil says what happened and when; the answer's page has its reference in one field."""
    page.goto("/")
    news = page.locator(".events > li", has_text="19 novembre 2026").filter(has_text="même réponse")
    news.get_by_role("link").first.click()
    expect(page).to_have_url(re.compile(rf"/questions/{ANSWERED}#reponse-2026-11-19-1$"))
    expect(page.locator("li:target")).to_contain_text("Réponse publiée au Journal officiel")
    expect(page.get_by_text("Réponse inventée sur Asalée.").first).to_be_visible()
    field = page.get_by_label("La réponse", exact=True)
    field.click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")
    page.goto("/")
    search = page.get_by_role("searchbox")
    search.click()
    page.keyboard.press("Control+V")
    pasted = search.input_value().replace("\u00a0", " ")
    assert pasted.startswith("Ministère de la santé (exemple), réponse à la question écrite n° 21")
    assert "Mme Camille Exemple, Groupe Exemple (EXEMPLE), Exemple-Maritime (1re circonscription)" in pasted


def test_a_staff_member_looks_a_number_up_filters_and_downloads(page: Page, address):
    """13983 by its number; then what is past its date for a group, as a file for a spreadsheet."""
    page.goto("/")
    page.get_by_label("Numéro, sujet ou auteur d’une question").fill("13983")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Continuité du dispositif de soins Asalée").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Continuité du dispositif de soins Asalée")
    sheet = page.get_by_role("complementary", name="Fiche de la question")
    expect(sheet).to_contain_text("31 mai 2026")
    expect(sheet).to_contain_text("dépassée depuis 173")

    page.get_by_role("link", name="Questions", exact=True).click()
    page.get_by_label("Échéance dépassée").check()
    page.get_by_text("Groupe, ministère, auteur, dates…").click()
    page.get_by_label("Groupe politique").select_option(label="GDR")
    page.get_by_role("button", name="Afficher").click()
    expect(page).to_have_url(f"{address}/questions?statut=echeance-depassee&groupe=gdr")
    expect(page.locator("table.list tbody tr")).to_have_count(1)
    link = page.get_by_role("link", name="CSV, pour un tableur")
    assert link.get_attribute("href") == "/questions.csv?statut=echeance-depassee&groupe=gdr"
    with page.expect_download() as downloading:
        link.click()
    content = downloading.value.path().read_text(encoding="utf-8-sig")
    assert "QANR5L17QE13983" in content
    assert "QANR5L17QE14358" not in content


def test_a_number_alone_in_the_address_leads_to_the_question(page: Page, address):
    """`/q/13983`; a number that two legislatures have is asked about."""
    page.goto("/q/13983")
    expect(page).to_have_url(f"{address}/questions/QANR5L17QE13983")
    page.goto("/q/7")
    page.get_by_role("link", name="16e législature").click()
    expect(page).to_have_url(f"{address}/questions/QANR5L16QE7")


def test_everything_is_reached_by_the_keyboard(page: Page):
    """The skip link comes first and works; each thing that has the focus is seen to have it."""
    page.goto("/questions")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Aller au contenu")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Numéro, mots, auteur")).to_be_focused()
    page.keyboard.type("formation")
    page.keyboard.press("Enter")
    expect(page.locator("table.list tbody tr")).to_have_count(1)
