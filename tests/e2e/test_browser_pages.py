"""Every page, seen by machines that know the rules: axe-core in both schemes, the Nu validator."""

from __future__ import annotations

import re
import shutil

import httpx
import pytest
from lxml import html

from feeds.web.templating import STATIC
from tests.e2e.browsing import ANSWERED, OVERDUE, chromium, served
from tests.e2e.judging import invalid, told, violations
from tests.e2e.processes import Service, settings

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
    "/api": 200,
    "/etat": 200,
    "/rien": 404,
    "/questions?tri=hasard": 400,
}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The site."""
    with served(tmp_path_factory.mktemp("browser")) as address:
        yield address


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demonstration, with everything that an operator can turn on; its address."""
    folder = tmp_path_factory.mktemp("demo")
    with Service(["demo", "--port", "0", "--after", "0"], settings(folder, "http://unused"), folder) as demo:
        demo.wait_for("L'archive a changé")
        yield demo.address


@pytest.fixture(scope="module")
def browser():
    """One browser for all pages."""
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, address, scheme):
    """On any page, wide and narrow, with everything that folds unfolded."""
    context = browser.new_context(base_url=address, color_scheme=scheme, locale="fr-FR")
    page, found = context.new_page(), []
    for path, status in PAGES.items():
        assert page.goto(path).status == status, path
        found += violations(page)
    context.close()
    assert not found, told(found)


def test_the_nu_validator_finds_nothing(address, tmp_path):
    """HTML of every page, the style sheets and the icon: no error and no warning."""
    for path in PAGES:
        save(httpx.get(address + path, trust_env=False), path, tmp_path)
    for file in STATIC.iterdir():
        shutil.copy(file, tmp_path)
    found = invalid(sorted(tmp_path.iterdir()))
    assert not found, told(found)


def test_pages_that_only_a_whole_service_has_hold_to_the_same(browser, demo, tmp_path):
    """What links lead to from Accueil: one page of each kind, in both schemes, and its HTML."""
    kinds = crawl(demo)
    known = {kind_of(path) for path in PAGES}
    others = [path for kind, path in kinds.items() if kind not in known]
    assert known - kinds.keys() <= {kind_of("/rien"), kind_of("/q/7")}, "the crawl has found the usual pages"
    found = []
    for scheme in ("light", "dark"):
        context = browser.new_context(base_url=demo, color_scheme=scheme, locale="fr-FR")
        page = context.new_page()
        for path in others:
            page.goto(path)
            found += violations(page)
        context.close()
    for path in others:
        save(httpx.get(demo + path, trust_env=False), path, tmp_path)
    found += invalid(sorted(tmp_path.iterdir())) if others else []
    assert not found, told(found)


def save(response, path, folder):
    """A page as a file whose name tells its address."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", path).strip("-")[:80] or "accueil"
    (folder / f"{name}.html").write_bytes(response.content)


def kind_of(path):
    """What kind of page an address leads to: its first part, and whether there are more."""
    first, *rest = path.partition("?")[0].strip("/").split("/")
    return first, len(rest)


def crawl(address, most=80):
    """One page of each kind that links lead to from Accueil; feeds and files left out."""
    found, seen, waiting = {}, set(), ["/"]
    with httpx.Client(base_url=address, trust_env=False, follow_redirects=True) as client:
        while waiting and len(seen) < most:
            path = waiting.pop(0)
            kind = kind_of(path)
            if path in seen or kind in found:
                continue
            seen.add(path)
            response = client.get(path)
            assert response.status_code == 200, path
            if not response.headers["content-type"].startswith("text/html"):
                continue
            found[kind] = path
            links = html.fromstring(response.content).xpath("//a/@href")
            waiting += [one.partition("#")[0] for one in links if one.startswith("/")]
    return found
