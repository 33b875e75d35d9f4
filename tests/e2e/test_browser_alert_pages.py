"""The pages of alerts, those behind links of mails included, seen by machines that know the rules."""

from __future__ import annotations

import re

import httpx
import pytest

from db.limits import SqlLimits
from db.outbox import SqlOutbox
from db.subscriptions import SqlSubscriptions
from feeds.web.alerts.desk import AlertDesk
from feeds.web.alerts.seal import Seal
from tests.builders import NOW, fixed_clock
from tests.db.alerts.helpers import send
from tests.e2e.browsing import OVERDUE, chromium, served
from tests.e2e.judging import invalid, told, violations
from tracker.alert_ports import Wish
from tracker.alerts import ACCEPTED, Channel, DisabledReason, SubscriptionState
from tracker.selection import Selection

pytestmark = [pytest.mark.e2e, pytest.mark.browser, pytest.mark.xdist_group("browser")]

READER = "lecture@exemple.fr"
WISH = Wish(Selection(topic="asalee"), heartbeat=True, label="Toutes (exemple)")
WEBHOOK = "https://crochet.exemple.fr/alertes"
OTHER_WEBHOOK = "https://ailleurs.exemple.fr/alertes"


class Scene:
    """The site with its alerts, and what is kept behind it."""

    def __init__(self, folder):
        self.serving = served(folder, self.desk)

    def desk(self, engine):
        """The desk of the pages, over the place being served."""
        self.subscriptions, self.outbox = SqlSubscriptions(engine), SqlOutbox(engine)
        clock = fixed_clock()
        return AlertDesk(
            self.subscriptions, SqlLimits(engine), Seal(b"key", clock), clock, lambda _: ACCEPTED
        )

    def asked(self, wish):
        """The token of a mail that asks to confirm."""
        self.subscriptions.ask(READER, wish, at=NOW)
        return send(self.outbox)[-1].token

    def owner(self):
        """The token of someone with an alert in use, one suspended (its number), a webhook that failed."""
        self.subscriptions.confirm(self.asked(WISH), at=NOW)
        one = self.subscriptions.add(Channel.EMAIL, READER, Wish(Selection(uid=OVERDUE)), at=NOW)
        self.subscriptions.move(one.id, SubscriptionState.SUSPENDED, at=NOW)
        owner = self.subscriptions.account(READER).subscriber.id
        hook = self.subscriptions.add(
            Channel.WEBHOOK, OTHER_WEBHOOK, WISH, at=NOW, secret="whsec_AAAA", owner_id=owner
        )
        self.subscriptions.disable(hook.subscriber_id, DisabledReason.FAILURES, at=NOW)
        self.subscriptions.ask_access(READER, at=NOW)
        return send(self.outbox)[-1].token, one.id


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A place, its pages and its address."""
    scene = Scene(tmp_path_factory.mktemp("alerts"))
    with scene.serving as scene.address:
        scene.managing, scene.suspended = scene.owner()
        scene.confirming = scene.asked(Wish(Selection(group="gdr")))
        yield scene


def pages_of(site):
    """Every page that a link of a mail, or of the page behind it, leads to, and its status."""
    mine = f"/alertes/gerer/{site.managing}"
    return {
        "/alertes": 200,
        f"/alertes?question={OVERDUE}": 200,
        "/alertes/envoye": 200,
        "/alertes/envoye?lien=oui": 200,
        f"/alertes/confirmer/{site.confirming}": 200,
        "/alertes/confirmer/inconnu": 404,
        mine: 200,
        f"{mine}?fait=change": 200,
        f"{mine}/ajouter": 200,
        f"{mine}/{site.suspended}": 200,
        f"{mine}/webhook": 200,
        f"{mine}/effacer": 200,
        f"/alertes/arreter/{site.managing}": 200,
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_pages_behind_links(site, scheme):
    """Wide and narrow, with everything that folds unfolded; what follows a button as well."""
    with chromium() as browser:
        context = browser.new_context(base_url=site.address, color_scheme=scheme, locale="fr-FR")
        page, found = context.new_page(), []
        for path, status in pages_of(site).items():
            assert page.goto(path).status == status, path
            found += violations(page)
        mine = f"/alertes/gerer/{site.managing}"

        page.goto(f"{mine}/webhook")
        page.locator("#adresse").fill("http://crochet.exemple.fr/")
        page.locator("main button[type=submit]").click()
        assert page.get_by_role("alert").count() == 1
        found += violations(page)
        page.locator("#adresse").fill(f"{WEBHOOK}/{scheme}")
        page.locator("main button[type=submit]").click()
        assert "whsec_" in page.locator("main").inner_text()
        found += violations(page)
        page.get_by_role("button", name="Envoyer un essai").click()
        assert "reçu" in page.get_by_role("status").inner_text()
        found += violations(page)

        page.goto(f"/alertes/confirmer/{site.confirming}")
        if scheme == "dark":  # once is enough: from then on the page says that it is done
            page.get_by_role("button", name=re.compile("Confirmer")).click()
            found += violations(page)
        context.close()
    assert not found, told(found)


def test_the_nu_validator_finds_nothing_on_pages_behind_links(site, tmp_path):
    """The same pages as they are sent."""
    for number, path in enumerate(pages_of(site)):
        answer = httpx.get(site.address + path, trust_env=False)
        (tmp_path / f"{number:02}.html").write_bytes(answer.content)
    found = invalid(sorted(tmp_path.iterdir()))
    assert not found, told(found)
