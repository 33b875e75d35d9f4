"""Alerts with real processes: from asking for one to stopping it; scanned, cut off."""

from __future__ import annotations

import re
import socket
from datetime import timedelta

import httpx
import pytest
from lxml import html

from tests.e2e.conftest import show
from tests.e2e.processes import PATIENCE, Service, run, settings, wait_until
from tests.e2e.relay import Relay
from tracker.clock import system_clock

pytestmark = pytest.mark.e2e

KINDS = 3  # what is wrong in that test: a run that failed, things not understood, a doubtful match
READER = "lecture@exemple.fr"
LINK = re.compile(r"http://127\.0\.0\.1:\d+(/alertes/[a-z]+/[\w-]+)")


@pytest.fixture
def relay():
    """A relay that accepts all."""
    with Relay() as relay:
        yield relay


@pytest.fixture
def environment(tmp_path, source, relay):
    """A place whose alerts leave through it, each in a message of its own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    own = {"port": port, "public_url": f"http://127.0.0.1:{port}", "alerts_at_once": 50}
    return settings(tmp_path / "data", source.root, **own, **relay.settings())


def post(service, path, data=None):
    """One POST, without cookies or proxies."""
    return httpx.post(service.address + path, data=data or {}, timeout=PATIENCE, trust_env=False)


def ask(service, address=READER, query=""):
    """Fill in the form as a browser would."""
    form = html.fromstring(service.get(f"/alertes{query}").content).xpath("//main//form")[0]
    fields = {}
    for name, value in form.form_values():
        fields.setdefault(name, []).append(value)
    answer = post(service, form.action, {**fields, "adresse": address})
    assert answer.status_code == 303, answer.text


def links(mail):
    """The links of a mail into the pages of alerts, by their second part."""
    return {path.split("/")[2]: path for path in LINK.findall(mail.get_body(("plain",)).get_content())}


def crawl(environment, tmp_path):
    """Read the source now."""
    assert run(["crawl"], environment, tmp_path).returncode == 0


def subscribed(service, relay):
    """Asked and confirmed; the mail that asked."""
    ask(service)
    (letter,) = relay.to(READER)
    assert post(service, links(letter)["confirmer"]).status_code == 200
    return letter


def test_s01_s15_from_asking_to_one_click(environment, source, states, relay, tmp_path):
    """Asked, scanned, confirmed, told once of each new event, stopped by one click, told no more."""
    with Service(["run"], environment, tmp_path) as service:
        wait_until(service.ids, "the first import")
        ask(service)
        (letter,) = relay.to(READER)
        for path in links(letter).values():
            assert service.get(path).status_code == 200
        show(source, states[1], at=system_clock())
        ask(service, "jamais.confirmee@exemple.fr")
        relay.to("jamais.confirmee@exemple.fr")
        assert post(service, links(letter)["confirmer"]).status_code == 200

        crawl(environment, tmp_path)
        relay.to(READER, 2)
        wait_until(lambda: nothing_waits(environment, tmp_path), "all alerts")
        alerts = relay.to(READER)[1:]
        for mail in alerts:  # a scanner opens every link
            for path in links(mail).values():
                assert service.get(path).status_code == 200
        crawl(environment, tmp_path)
        before = len(relay.mails)
        relay.stays_at(before)

        stop = re.search(r"<(http[^>]+)>", alerts[-1]["List-Unsubscribe"])[1].removeprefix(service.address)
        assert alerts[-1]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert post(service, stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
        show(source, states[0], at=system_clock() + timedelta(minutes=1))
        crawl(environment, tmp_path)
        relay.stays_at(before)
        said, code = service.said(), service.end()

    assert code == 0
    assert len({mail["Message-ID"] for mail in relay.mails}) == len(relay.mails)
    assert sum("Réponse" in mail["Subject"] for mail in alerts) == 2, "one answer to three is one message"
    assert not any(mail["To"] == "jamais.confirmee@exemple.fr" for mail in relay.mails[2:])
    assert "@" not in said.replace("@127", "")
    assert not LINK.search(said), "no token in a log"


def test_s16_the_relay_comes_back(environment, source, states, tmp_path):
    """Nobody answers for a while: nothing is lost, and all is sent on its return."""
    with Relay() as relay:
        port = relay.port
        environment = {**environment, "TRACKER_SMTP_PORT": str(port)}
        with Service(["run"], environment, tmp_path) as service:
            wait_until(service.ids, "the first import")
            subscribed(service, relay)
            service.end()
    with Service(["work"], environment, tmp_path) as worker:
        show(source, states[1], at=system_clock())
        crawl(environment, tmp_path)
        worker.wait_for("not accepted")
        with Relay(port) as again:
            wait_until(lambda: nothing_waits(environment, tmp_path), "all messages", patience=180)
            worker.end()

    assert len({mail["Message-ID"] for mail in again.mails}) == len(again.mails) > 3


def test_the_operator_is_told_once(environment, source, relay, tmp_path):
    """A source that cannot be read well is told by mail, once, and on `/readyz` and `/metrics`."""
    environment = {**environment, "TRACKER_OPERATOR_ALERTS": "tenancier@exemple.fr"}
    crawl(environment, tmp_path)
    source.faults.page = True
    assert run(["crawl"], environment, tmp_path).returncode == 5
    with Service(["run"], environment, tmp_path) as service:
        wait_until(lambda: len(relay.mails) == KINDS, "a mail for each kind")
        ready, figures = service.get("/readyz").json(), service.get("/metrics").text
        service.end()
    with Service(["work"], environment, tmp_path) as worker:
        worker.wait_for("travaille")
        relay.stays_at(KINDS)
        worker.end()

    said = [mail.get_body(("plain",)).get_content() for mail in relay.mails]
    assert all(mail["To"] == "tenancier@exemple.fr" for mail in relay.mails)
    assert sum("a échoué" in text for text in said) == 1
    assert sum("topics review" in text for text in said) == 1
    assert {problem["kind"] for problem in ready["problems"]} == {"run-failed", "review", "source-issues"}
    assert 'asalee_tracker_problem{kind="run-failed"} 1.0' in figures


def nothing_waits(environment, tmp_path):
    """Whether all that is owed has been sent."""
    said = run(["alerts", "status"], environment, tmp_path).stdout
    return re.search(r"annoncer +0\n", said) and re.search(r"attente +0\n", said)
