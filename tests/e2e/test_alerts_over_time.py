"""What a subscriber is mailed as the source moves: real crawls, a real service, a real relay."""

from __future__ import annotations

import socket
from datetime import timedelta

import httpx
import pytest
from lxml import html

from crawler.simulator.archives import publish
from crawler.simulator.question_json import question_json
from tests.e2e.processes import PATIENCE, Service, run, settings, wait_until
from tests.e2e.relay import Relay
from tests.e2e.test_alerts import links, nothing_waits
from tracker.clock import paris_day, system_clock

pytestmark = pytest.mark.e2e

READER = "lecture@exemple.fr"
BRIDGES = """\
slug = "asalee"
name = "Asalée"
label = "Asalée"
version = 2

[sure]
forms = ["asalee(s)", "pont(s)"]
"""


class Life:
    """A service with one subscriber, and an archive that a test changes."""

    def __init__(self, source, relay, folder):
        self.source, self.relay, self.folder = source, relay, folder
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        own = {"port": port, "public_url": f"http://127.0.0.1:{port}", "alerts_at_once": 50}
        self.environment = settings(folder / "data", source.root, **own, **relay.settings())
        self.today = paris_day(system_clock())
        self.archive = {}

    def question(self, number, words="Asalée", *, days=7, answered=False):
        """Put a question into the archive, published some days ago; one answer is given to all."""
        uid = f"QANR5L17QE{number}"
        self.archive[uid] = question_json(
            uid,
            title=f"[Exemple fictif] {words}, question {number}",
            published_on=self.today - timedelta(days=days),
            text=f"Mme Camille Exemple interroge Mme la ministre de l’exemple sur {words}.",
            answer="<p>Une même réponse (exemple).</p>" if answered else None,
            answered_on=self.today if answered else None,
        )

    def command(self, *words, **more):
        """A command that goes well."""
        done = run(list(words), {**self.environment, **more}, self.folder)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def crawl(self, **more):
        """Publish the archive as it is and have it read."""
        publish(self.source, questions=self.archive, actors={}, at=system_clock())
        return self.command("crawl", **more)

    def subscribe(self, service):
        """Ask and confirm."""
        page = html.fromstring(service.get("/alertes").content)
        form = page.xpath("//main//form")[0]
        fields = {}
        for name, value in form.form_values():
            fields.setdefault(name, []).append(value)
        self.post(service, form.action, {**fields, "adresse": READER})
        (letter,) = self.relay.to(READER)
        self.post(service, links(letter)["confirmer"])

    def post(self, service, path, data=None):
        """One POST."""
        answer = httpx.post(service.address + path, data=data or {}, timeout=PATIENCE, trust_env=False)
        assert answer.status_code in {200, 303}, answer.text

    def subjects(self):
        """What was mailed since the letter to confirm, once nothing waits."""
        wait_until(lambda: nothing_waits(self.environment, self.folder), "all alerts")
        return [mail["Subject"] for mail in self.relay.mails[1:]]


@pytest.fixture
def life(source, tmp_path):
    """Thirteen questions known, one subscriber, a service that runs."""
    with Relay() as relay:
        life = Life(source, relay, tmp_path)
        for number in range(9_700_001, 9_700_013):
            life.question(number)
        life.question(9_700_050, "l’entretien des ponts")
        life.crawl()
        with Service(["run"], life.environment, tmp_path) as service:
            wait_until(service.ids, "the first import")
            life.subscribe(service)
            yield life
            assert service.end() == 0


def test_s02_s03_s12_late_ahead_and_all_at_once(life):
    """S2, S3, S12: learned late and dated ahead are told once each; one answer to twelve is one message."""
    life.question(9_700_020, days=10)
    life.question(9_700_021, days=-3)
    for number in range(9_700_001, 9_700_013):
        life.question(number, answered=True)
    life.crawl()
    said = life.subjects()
    life.crawl()

    assert life.subjects() == said
    assert len(said) == 3
    assert sum("9700020" in one for one in said) == sum("9700021" in one for one in said) == 1
    (answer,) = (
        mail for mail in life.relay.mails if "12" in mail["Subject"] and "Réponse" in mail["Subject"]
    )
    text = answer.get_body(("plain",)).get_content().replace("\N{NARROW NO-BREAK SPACE}", "")
    assert all(str(number) in text for number in range(9_700_001, 9_700_013))


def test_s13_a_doubtful_match_is_mailed_once_someone_confirmed_it(life):
    """S13: not before; then once."""
    life.question(9_700_030, "les infirmières azalée")
    life.crawl()
    assert life.subjects() == []
    assert "9700030" in life.command("topics", "review")

    life.command("topics", "confirm", "QANR5L17QE9700030")
    assert [("9700030" in one) for one in life.subjects()] == [True]


def test_s07_s20_what_is_read_again_is_mailed_to_nobody(life, tmp_path):
    """S7, S20: a topic that changes has all read again: what it finds is there, nobody is told; news are."""
    topics = tmp_path / "topics"
    topics.mkdir()
    (topics / "asalee.toml").write_text(BRIDGES, encoding="utf-8")
    life.crawl(TRACKER_TOPICS_DIR=str(topics))
    assert "9700050" in life.command("questions", TRACKER_TOPICS_DIR=str(topics))
    assert life.subjects() == []

    life.question(9_700_051, "l’entretien des ponts")
    life.crawl(TRACKER_TOPICS_DIR=str(topics))
    assert [("9700051" in one) for one in life.subjects()] == [True]
