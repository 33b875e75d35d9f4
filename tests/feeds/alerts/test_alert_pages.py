"""The pages of alerts over a real store: asking, confirming, changing, stopping; who may know what."""

from __future__ import annotations

import re
from datetime import timedelta

import httpx
import pytest
from lxml import html

from db.engine import open_engine
from db.limits import SqlLimits
from db.outbox import SqlOutbox
from db.subscriptions import SqlSubscriptions
from feeds.web.alerts.desk import REQUESTS_OF_AN_IP, AlertDesk
from feeds.web.alerts.seal import LIFE, Seal
from feeds.web.app import WebOptions, create_app
from tests.builders import NOW, answered, instant, record
from tests.db.alerts.helpers import RULES, send
from tracker.alert_ports import Wish
from tracker.alerts import (
    ACCEPTED,
    Channel,
    DeliveryResult,
    DisabledReason,
    MessageKind,
    Outcome,
    Rhythm,
    SubscriptionState,
)
from tracker.events import EventKind
from tracker.selection import Selection

PUBLIC = "https://suivi.exemple.fr"
QUESTION = record(13983, asked="2026-10-06", title="Continuité du dispositif (exemple)")
READER = "lecture@exemple.fr"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")


class Scene:
    """A place, its outbox, its pages, a clock that moves."""

    def __init__(self, place, engine):
        self.place, self.at = place, NOW
        self.subscriptions, self.outbox = SqlSubscriptions(engine), SqlOutbox(engine)
        self.tried, self.answer = [], ACCEPTED
        desk = AlertDesk(
            self.subscriptions,
            SqlLimits(engine),
            Seal(b"key", lambda: self.at),
            lambda: self.at,
            self.try_out,
        )
        self.app = create_app(
            place.reader,
            [("asalee", "Asalée")],
            WebOptions(public_url=PUBLIC, recheck_seconds=0),
            lambda: self.at,
            alerts=desk,
        )
        self.client = self.from_ip("192.0.2.1")

    def try_out(self, subscriber):
        """A test of a webhook."""
        self.tried.append(subscriber.address)
        return self.answer

    def from_ip(self, ip):
        """A client at an address of its own."""
        transport = httpx.ASGITransport(app=self.app, raise_app_exceptions=False, client=(ip, 1))
        return httpx.AsyncClient(transport=transport, base_url=PUBLIC)

    async def form(self, path="/alertes"):
        """The fields of a page's first form as a browser would send it untouched, and where to."""
        form = html.fromstring((await self.client.get(path)).content).xpath("//main//form")[0]
        fields = {}
        for name, value in form.form_values():
            fields.setdefault(name, []).append(value)
        return form.action, fields

    async def ask(self, path="/alertes", **fields):
        """Fill in the form and send it."""
        action, filled = await self.form(path)
        return await self.client.post(action, data={**filled, "adresse": READER, **fields})

    def letters(self):
        """What leaves now."""
        return send(self.outbox, self.at)

    async def confirmed(self, **fields):
        """A subscription asked for and confirmed; the token of its first mail to manage it."""
        await self.ask(**fields)
        token = self.letters()[-1].token
        assert (await self.client.post(f"/alertes/confirmer/{token}")).status_code == 200
        return await self.key()

    async def key(self):
        """The link to manage, as a mail brings it."""
        self.subscriptions.ask_access(READER, at=self.at)
        (letter,) = self.letters()
        assert letter.kind is MessageKind.ACCESS
        return letter.token

    def kept(self):
        """What is kept of the reader."""
        return self.subscriptions.account(READER)


@pytest.fixture
def scene(place, tmp_path):
    """One question that waits."""
    engine = open_engine(f"sqlite:///{tmp_path / 'base.sqlite3'}")
    place.read(QUESTION, at=instant("2026-10-06"))
    place.checked(NOW)
    yield Scene(place, engine)
    engine.dispose()


async def test_from_asking_to_the_alert_and_to_one_click(scene):
    """Asked, confirmed by POST, told of the answer, stopped by one click without any page."""
    asked = await scene.ask("/alertes?question=QANR5L17QE13983")
    assert (asked.status_code, asked.headers["location"]) == (303, "/alertes/envoye")
    (letter,) = scene.letters()
    assert letter.kind is MessageKind.CONFIRMATION
    (wish,) = letter.subscriptions
    assert wish.selection.uid == "QANR5L17QE13983"
    assert wish.selection.kinds == {
        EventKind.ANSWERED, EventKind.WITHDRAWN, EventKind.LAPSED, EventKind.CLOSED
    }  # fmt: skip

    shown = await scene.client.get(f"/alertes/confirmer/{letter.token}")
    assert shown.status_code == 200
    assert scene.kept().subscriber.verified_at is None
    assert (await scene.client.post(f"/alertes/confirmer/{letter.token}")).status_code == 200

    scene.at += timedelta(days=1)
    scene.place.read(answered(QUESTION, "2026-11-17"), at=scene.at)
    (alert,) = scene.letters()
    assert alert.kind is MessageKind.ALERT

    stop = f"/alertes/arreter/{alert.token}"
    assert (await scene.client.get(stop)).status_code == 200
    assert scene.kept().subscriptions[0].state is SubscriptionState.ACTIVE
    stopped = await scene.client.post(stop, data={"List-Unsubscribe": "One-Click"})
    assert stopped.status_code == 200
    assert scene.kept().subscriptions == ()
    again = await scene.client.post(stop, files={"List-Unsubscribe": (None, "One-Click")})
    assert again.status_code == 200, "mail programs may send multipart, and twice"


async def test_s15_a_get_of_any_link_changes_nothing(scene):
    """A scanner that follows every link and every address on the pages leaves all as it was."""
    key = await scene.confirmed()
    await scene.client.post(f"/alertes/gerer/{key}/webhook", data=hook())
    await scene.ask("/alertes?groupe=exemple")
    (letter,) = scene.letters()
    before = scene.subscriptions.export(READER)

    todo = [f"/alertes/{part}" for part in (f"confirmer/{letter.token}", f"gerer/{key}", f"arreter/{key}")]
    seen = set()
    while todo:
        path = todo.pop()
        seen.add(path)
        for method in ("GET", "HEAD"):
            answer = await scene.client.request(method, path)
            assert answer.status_code in {200, 405}
        page = (await scene.client.get(path)).text
        linked = re.findall(r'(?:href|action)="(/alertes/[^"]+)"', page)
        todo += [one for one in linked if one not in seen]

    assert len(seen) > 10
    assert scene.subscriptions.export(READER) == before
    assert scene.letters() == []


async def test_the_same_answer_for_a_known_and_an_unknown_address(scene):
    """Neither asking nor asking for the link tells whether someone gets alerts."""
    await scene.confirmed()
    _, fields = await scene.form()
    (mark,) = fields["marque"]
    for path in ("/alertes", "/alertes/acces"):
        answers = [
            await scene.client.post(path, data={"adresse": one, "marque": mark, "evenement": "reponse"})
            for one in (READER, "personne@exemple.fr")
        ]
        assert [one.status_code for one in answers] == [303, 303]
        headers = [dict(one.headers) for one in answers]
        assert headers[0] == headers[1]
        assert answers[0].content == answers[1].content


async def test_no_cookie_and_nothing_told_of_a_link(scene):
    """Links are keys: not kept, not told to other sites, not indexed; no cookie anywhere."""
    key = await scene.confirmed()
    for path in (f"/alertes/gerer/{key}", "/alertes/gerer/inconnu", "/alertes/confirmer/x", "/alertes"):
        answer = await scene.client.get(path)
        assert "set-cookie" not in answer.headers
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        if path != "/alertes":
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-robots-tag"] == "noindex"
    assert (await scene.client.get("/alertes/gerer/inconnu")).status_code == 404


async def test_a_form_of_another_site_asks_for_nothing(scene):
    """Without the mark of a page shown here, or with an old one, the form is shown again."""
    _, fields = await scene.form()
    for mark in ("", "1.2", fields["marque"][0] + "0"):
        answer = await scene.ask(marque=mark)
        assert answer.status_code == 422
    old = fields["marque"]
    scene.at += LIFE + timedelta(minutes=1)
    answer = await scene.ask(marque=old)
    assert answer.status_code == 422
    assert READER in answer.text, "what was typed is not lost"
    assert scene.kept() is None


async def test_a_program_that_fills_every_field_asks_for_nothing(scene):
    """The field that people do not see is a trap; the answer is the usual one."""
    assert (await scene.ask(site="https://exemple.com")).status_code == 303
    assert scene.kept() is None


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"adresse": "pas une adresse"}, "bonne forme"), ({"evenement": []}, "au moins un événement")],
)
async def test_what_is_missing_is_told_beside_what_was_typed(scene, fields, said):
    """The page comes back with the values and one clear sentence."""
    answer = await scene.ask("/alertes?groupe=exemple", **fields)
    assert answer.status_code == 422
    page = html.fromstring(answer.content)
    assert said in page.xpath("//*[@role='alert']")[0].text_content()
    assert page.xpath("//select[@name='groupe']/option[@selected]/@value") == ["exemple"]
    assert scene.kept() is None


@pytest.mark.parametrize("hour", ["24", "-1", "08", "²", "9" * 5000])
async def test_an_hour_that_no_form_of_ours_sends(scene, hour):
    """It is refused, however long."""
    assert (await scene.ask(heure=hour)).status_code == 400
    assert scene.kept() is None


async def test_too_many_requests_from_one_place(scene):
    """Beyond the limit that place is told to wait, others are not."""
    for number in range(REQUESTS_OF_AN_IP):
        assert (await scene.ask(adresse=f"lecture{number}@exemple.fr")).status_code == 303
    refused = await scene.ask(adresse="encore@exemple.fr")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3600")
    assert scene.subscriptions.account("encore@exemple.fr") is None
    scene.client = scene.from_ip("2001:db8::1")
    assert (await scene.ask()).status_code == 303


async def test_one_network_is_one_place(scene):
    """Whoever has a network of IPv6 has countless addresses in it, however they are written."""
    for number in range(REQUESTS_OF_AN_IP):
        scene.client = scene.from_ip(f"2001:db8::{number:x}:1:1:1")
        assert (await scene.ask(adresse=f"lecture{number}@exemple.fr")).status_code == 303
    scene.client = scene.from_ip("2001:db8::2")
    assert (await scene.ask()).status_code == 429
    scene.client = scene.from_ip("2001:db8:0:1::2")
    assert (await scene.ask()).status_code == 303


async def test_one_address_gets_few_letters(scene):
    """Someone else's address cannot be flooded: the answer stays the same, few letters leave."""
    for _ in range(8):
        assert (await scene.ask()).status_code == 303
    assert len(scene.letters()) == 3


async def test_a_number_without_end_is_no_alert(scene):
    """Nothing is there, and nothing fails."""
    mine = f"/alertes/gerer/{await scene.confirmed()}"
    for number in ("0", "9" * 18, "9" * 19, "9" * 5000):
        for path in (f"{mine}/{number}", f"{mine}/{number}/arreter", f"{mine}/webhook/{number}/essai"):
            assert (await scene.client.post(path, data={"evenement": "reponse"})).status_code == 404


async def test_a_confirmation_of_what_was_stopped_opens_nothing(scene):
    """It neither brings the alert back nor says that it is confirmed."""
    await scene.ask()
    confirming = f"/alertes/confirmer/{scene.letters()[-1].token}"
    assert (await scene.client.post(confirming)).status_code == 200
    assert (await scene.client.post(f"/alertes/arreter/{await scene.key()}")).status_code == 200

    assert (await scene.client.get(confirming)).status_code == 404
    assert (await scene.client.post(confirming)).status_code == 404


async def test_any_filter_any_rhythm(scene):
    """What the form says is what is kept: filter, kinds, day and hour, the monthly word."""
    await scene.confirmed(
        groupe="exemple", q="infirmières", rythme="semaine", heure="7", jour="2",
        mensuel="oui", evenement=["reponse", "echeance", "signalement"],
    )  # fmt: skip
    (kept,) = scene.kept().subscriptions
    assert kept.selection == Selection(
        group="exemple",
        words="infirmières",
        kinds=frozenset({EventKind.ANSWERED, EventKind.DEADLINE_PASSED, EventKind.SIGNALLED}),
    )
    assert (kept.frequency.rhythm, kept.frequency.hour, kept.frequency.weekday) == (Rhythm.WEEKLY, 7, 2)
    assert kept.heartbeat


async def test_overdue_and_signalled_are_offered_and_not_chosen(scene):
    """They are boxes of the form, unchecked."""
    page = html.fromstring((await scene.client.get("/alertes")).content)
    boxes = {box.get("value"): box.checked for box in page.xpath("//input[@name='evenement']")}
    assert [word for word, chosen in boxes.items() if not chosen] == ["signalement", "echeance"]


async def test_changed_suspended_resumed_stopped(scene):
    """One page does it all, and shows how things stand."""
    key = await scene.confirmed(groupe="exemple")
    base = f"/alertes/gerer/{key}"
    (kept,) = scene.kept().subscriptions

    changed = await scene.client.post(
        f"{base}/{kept.id}",
        data={
            "nom": "Mon groupe",
            "groupe": "exemple",
            "evenement": "reponse",
            "rythme": "jour",
            "heure": "18",
        },
    )
    assert changed.headers["location"] == f"{base}?fait=change"
    page = (await scene.client.get(f"{base}?fait=change")).text
    assert "Mon groupe" in page
    assert "Chaque jour à 18" in page
    for move, state in (("suspendre", SubscriptionState.SUSPENDED), ("reprendre", SubscriptionState.ACTIVE)):
        assert (await scene.client.post(f"{base}/{kept.id}/{move}")).status_code == 303
        assert scene.kept().subscriptions[0].state is state
    assert (await scene.client.post(f"{base}/{kept.id}/arreter")).status_code == 303
    assert scene.kept().subscriptions == ()
    assert (await scene.client.post(f"{base}/{kept.id}/autre")).status_code == 404


async def test_nobody_reaches_the_alerts_of_another(scene):
    """A link opens one address: the numbers of others are unknown to it."""
    key = await scene.confirmed()
    other = scene.subscriptions.add(
        Channel.EMAIL, "autre@exemple.fr", Wish(Selection(topic="asalee")), at=NOW
    )
    base = f"/alertes/gerer/{key}"
    for path in (f"{base}/{other.id}", f"{base}/webhook/{other.subscriber_id}/essai"):
        assert (await scene.client.post(path, data={"evenement": "reponse"})).status_code == 404
    assert (await scene.client.post(f"{base}/{other.id}/arreter")).status_code == 404
    assert (await scene.client.get(f"{base}/{other.id}")).status_code == 404
    assert scene.subscriptions.account("autre@exemple.fr").subscriptions == (other,)


def hook(address="https://programme.exemple.fr/crochet", **more):
    """The form of a webhook."""
    return {"adresse": address, "evenement": "reponse", **more}


async def test_a_webhook_shows_its_secret_once(scene):
    """The answer that makes it shows it; no page does afterwards; another one replaces it."""
    key = await scene.confirmed()
    base = f"/alertes/gerer/{key}"
    made = await scene.client.post(f"{base}/webhook", data=hook())
    (first,) = SECRET.findall(made.text)
    (webhook,) = scene.kept().webhooks
    assert webhook.subscriber.secret == first
    assert webhook.subscriber.reachable
    assert not SECRET.search((await scene.client.get(base)).text)

    renewed = await scene.client.post(f"{base}/webhook/{webhook.subscriber.id}/secret")
    (second,) = SECRET.findall(renewed.text)
    assert second != first
    assert scene.kept().webhooks[0].subscriber.secret == second
    assert "whsec" not in (await scene.client.get(f"{base}/donnees.json")).text


async def test_a_webhook_is_tried_from_its_page(scene):
    """The button sends a test; what the receiver answered is told; tests are few."""
    key = await scene.confirmed()
    base = f"/alertes/gerer/{key}"
    await scene.client.post(f"{base}/webhook", data=hook())
    path = f"{base}/webhook/{scene.kept().webhooks[0].subscriber.id}/essai"
    assert (await scene.client.post(path)).headers["location"] == f"{base}?fait=essai"
    scene.answer = DeliveryResult(Outcome.TEMPORARY, "réponse 500")
    failed = await scene.client.post(path)
    assert (failed.status_code, "réponse 500" in failed.text) == (502, True)
    for _ in range(12):
        await scene.client.post(path)
    assert len(scene.tried) == 10


@pytest.mark.parametrize("address", ["http://exemple.fr/", "https://127.0.0.1/", "https://u:p@exemple.fr/"])
async def test_a_webhook_of_the_wrong_form_is_refused(scene, address):
    """TLS only, nothing private, no password in it."""
    key = await scene.confirmed()
    refused = await scene.client.post(f"/alertes/gerer/{key}/webhook", data=hook(address))
    assert refused.status_code == 422
    assert scene.kept().webhooks == ()


async def test_an_address_that_bounced_can_be_mended_by_its_owner(scene):
    """Unless the operator disabled it."""
    key = await scene.confirmed()
    base, person = f"/alertes/gerer/{key}", scene.kept().subscriber
    scene.subscriptions.disable(person.id, DisabledReason.BOUNCES, at=NOW)
    assert "des messages sont revenus" in (await scene.client.get(base)).text
    await scene.client.post(f"{base}/reactiver")
    assert scene.kept().subscriber.reachable
    scene.subscriptions.disable(person.id, DisabledReason.OPERATOR, at=NOW)
    await scene.client.post(f"{base}/reactiver")
    assert not scene.kept().subscriber.reachable


async def test_a_persons_rights(scene):
    """All that is kept can be read and erased, from the same page."""
    key = await scene.confirmed()
    base = f"/alertes/gerer/{key}"
    data = (await scene.client.get(f"{base}/donnees.json")).json()
    assert data["subscribers"][0]["address"] == READER
    assert (await scene.client.post(f"{base}/effacer")).status_code == 200
    assert scene.kept() is None
    assert (await scene.client.get(base)).status_code == 404


async def test_without_mail_there_is_a_page_that_says_so(place):
    """No form, no link to it; feeds are named."""
    app = create_app(place.reader, [("asalee", "Asalée")], WebOptions(public_url=PUBLIC), lambda: NOW)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=PUBLIC) as client:
        page = await client.get("/alertes")
        home = await client.get("/")
    assert page.status_code == 404
    assert "/flux" in page.text
    assert "<form" not in html.tostring(html.fromstring(page.content).xpath("//main")[0], encoding="unicode")
    assert '"/alertes' not in home.text


def test_rules_are_those_of_the_service():
    """The helpers of these tests arrange as the service does."""
    assert RULES.at_once_limit == 5
