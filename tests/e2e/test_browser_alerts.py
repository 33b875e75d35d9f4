"""Alerts as someone with a phone and no JavaScript asks for them, confirms, changes and stops them."""

from __future__ import annotations

import os
import re
import shutil

import pytest
from playwright.sync_api import sync_playwright

from tests.e2e.processes import Service, wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.browser]

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
READER = "visiteuse@exemple.fr"


@pytest.fixture
def demo(tmp_path):
    """The demonstration, whose mailbox shows what is sent."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    with Service(["demo", "--port", "0", "--after", "600"], bare, tmp_path) as demo:
        demo.wait_for("La démonstration est prête")
        yield demo


@pytest.fixture
def page():
    """A phone's page, 360 pixels wide, without JavaScript."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="fr-FR"
        )
        yield context.new_page()
        assert context.cookies() == []
        browser.close()


def fits(page):
    """Nothing is wider than the screen."""
    fields = page.locator("main input:not(.unseen input), main select, main button, main a").all()
    boxes = [box for one in fields if (box := one.bounding_box())]
    return all(box["x"] + box["width"] <= 361 for box in boxes)


def open_mail(page, demo, subject):
    """Open the newest mail with that subject, and what its button leads to."""

    def there():
        page.goto(f"{demo.address}/demo/boite")
        return page.get_by_role("link", name=re.compile(subject)).count()

    wait_until(there, subject)
    page.get_by_role("link", name=re.compile(subject)).first.click()
    frame = page.frame_locator("iframe")
    href = frame.locator(".button a").get_attribute("href")
    page.goto(href)


def test_subscribing_confirming_changing_stopping(demo, page):
    """Everything by links and buttons, from the page of a question to the end."""
    page.goto(f"{demo.address}/questions/QANR5L17QE13983")
    page.get_by_role("link", name=re.compile("Me prévenir par courriel")).click()
    assert fits(page)
    page.get_by_label("Votre adresse électronique").first.fill(READER)
    page.get_by_role("button", name="Recevoir ces alertes").click()
    assert page.locator("h1").inner_text() == "Regardez votre messagerie"

    open_mail(page, demo, "Confirmez votre abonnement")
    assert fits(page)
    page.get_by_role("button", name="Confirmer").click()
    assert "confirmé" in page.locator("h1").inner_text()

    page.goto(f"{demo.address}/alertes")
    page.locator("#adresse-acces").fill(READER)
    page.get_by_role("button", name="Recevoir le lien").click()
    open_mail(page, demo, "Vos abonnements")
    assert fits(page)
    assert READER in page.locator("h1").inner_text()

    page.get_by_role("link", name=re.compile("^Changer")).click()
    assert fits(page)
    page.get_by_label(re.compile("Nom de l")).fill("La question 13983")
    page.get_by_label("Une fois par jour, en un seul message").check()
    page.get_by_label(re.compile("Heure du message")).select_option("18")
    page.get_by_role("button", name="Enregistrer").click()
    assert "changée" in page.get_by_role("status").inner_text()
    assert "La question 13983" in page.locator(".alerts").inner_text()
    assert "Chaque jour à 18" in page.locator(".alerts").inner_text()

    page.get_by_role("button", name=re.compile("^Suspendre")).click()
    assert "suspendue" in page.locator(".alerts .badge").inner_text()
    page.get_by_role("button", name=re.compile("^Reprendre")).click()
    assert page.locator(".alerts .badge").count() == 0

    page.get_by_role("link", name="Tout arrêter").click()
    assert fits(page)
    page.get_by_role("button", name="Tout arrêter").click()
    assert "arrêtées" in page.locator("h1").inner_text()


def test_what_is_wrong_is_told_and_nothing_is_lost(demo, page):
    """An address that the browser lets through and we do not: the form comes back as it was filled."""
    page.goto(f"{demo.address}/alertes?groupe=exa")
    page.get_by_label("Votre adresse électronique").first.fill("quelqu.un@sansdomaine")
    page.get_by_label("Une fois par semaine").check()
    page.get_by_role("button", name="Recevoir ces alertes").click()
    assert "bonne forme" in page.get_by_role("alert").inner_text()
    assert page.locator("#adresse").input_value() == "quelqu.un@sansdomaine"
    assert page.get_by_label("Une fois par semaine").is_checked()
    assert fits(page)
