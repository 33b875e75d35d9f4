"""The demonstration: what `make demo` shows."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from tests.e2e.processes import Service, is_alive, run, wait_until

pytestmark = pytest.mark.e2e

ANSWERS = "/flux/asalee/reponses.atom"


@pytest.fixture
def bare(tmp_path):
    """This machine's environment, with settings that a demonstration must not follow."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    elsewhere = {"TRACKER_DATABASE_URL": f"sqlite:///{tmp_path}/real.sqlite3", "TRACKER_LEGISLATURES": "15"}
    (tmp_path / ".env").write_text(f"TRACKER_DATA_DIR={tmp_path}/real\n", encoding="utf-8")
    return {**kept, **elsewhere}


def test_s01_answers_arrive_as_new_entries(bare, tmp_path):
    """Some seconds after the start, answers are new entries in real feeds; nothing that was there is lost."""
    with Service(["demo", "--port", "0", "--after", "3"], bare, tmp_path) as demo:
        before, answers_before = demo.ids(), demo.ids(ANSWERS)
        demo.wait_for("L'archive a changé")
        after, answers_after = demo.ids(), demo.ids(ANSWERS)
        pages = [demo.get(path).text for path in ("/", "/flux", "/questions/QANR5L17QE13983")]
        official = demo.get("/questions/QANR5L17QE13983").text
        folder = Path(_folder_of(demo))
        assert folder.is_dir()
        code = demo.end()

    assert set(before) < set(after)
    new = [one for one in answers_after if one not in answers_before]
    assert len(new) == 4
    assert answers_after[:4] == new
    happened = {one.split("/")[2] for one in set(after) - set(before)}
    assert happened == {
        "answered", "signalled", "reattributed", "corrected", "withdrawn", "lapsed", "published"
    }  # fmt: skip
    assert all("démonstration" in page.lower() for page in pages)
    assert "https://questions.assemblee-nationale.fr/q17/17-13983QE.htm" in official
    assert "Résumé établi par asalee-tracker" in official
    assert not any("QE13983" in one or "QE14358" in one for one in set(after) - set(before))
    assert code == 0
    assert not folder.exists(), "the data of a demonstration are not kept"
    assert not (tmp_path / "real.sqlite3").exists(), "a demonstration never touches a real place"
    assert not (tmp_path / "real").exists()


def test_every_state_is_seen(bare, tmp_path):
    """After the second state each status of the domain is on some page."""
    with Service(["demo", "--port", "0", "--after", "0"], bare, tmp_path) as demo:
        demo.wait_for("L'archive a changé")
        environment = {**bare, "TRACKER_DATABASE_URL": "", "TRACKER_DATA_DIR": _folder_of(demo)}
        listed = run(["questions"], environment, tmp_path).stdout
        held = run(["topics", "review"], environment, tmp_path).stdout

    for status in (
        "En attente", "Échéance dépassée", "Réponse publiée", "Retirée", "Caduque", "Close sans réponse"
    ):  # fmt: skip
        assert status in listed
    assert "QANR5L17QE9900005" in held


def test_alerts_arrive_in_the_mailbox(bare, tmp_path):
    """Two invented subscribers are told of the second state; each mail can be read, safely framed."""
    with Service(["demo", "--port", "0", "--after", "0"], bare, tmp_path) as demo:
        demo.wait_for("L'archive a changé")
        listed = wait_until(lambda: _mails(demo, 3), "the mails of both")
        said = demo.get("/demo/boite").text
        message, part = demo.get(listed[0]), demo.get(f"{listed[0]}/html")

    assert "redaction@exemple.fr" in said
    assert "membre@exemple.fr" in said
    assert "Rien ne quitte cette machine" in said
    assert "Démonstration" in message.text
    assert "frame-src 'self'" in message.headers["content-security-policy"]
    assert "sandbox" in part.headers["content-security-policy"]
    assert "script-src" not in part.headers["content-security-policy"]


def _mails(demo, count):
    """The addresses of the mails in the mailbox, once there are so many."""
    found = re.findall(r'href="(/demo/boite/[^"]+)"', demo.get("/demo/boite").text)
    return found if len(found) >= count else None


def test_ctrl_c_ends_it_quietly(bare, tmp_path):
    """Ctrl-C is how people stop it: no traceback, nothing left."""
    with Service(["demo", "--port", "0", "--after", "600"], bare, tmp_path) as demo:
        demo.wait_for("La démonstration est prête")
        folder = Path(_folder_of(demo))
        code = demo.end(signal.SIGINT)
        said = demo.said()

    assert code == 130
    assert "Traceback" not in said
    assert not folder.exists()


def test_sigterm_during_a_crawl_leaves_no_process(bare, tmp_path):
    """Stopped while its archive is being read, the demonstration takes the crawl with it."""
    with Service(["demo", "--port", "0"], bare, tmp_path) as demo:
        child = wait_until(demo.children, "the first crawl")[0]
        demo.end()

    assert not is_alive(child)


def test_a_port_that_is_taken_is_told(bare, tmp_path):
    """A second one on the same port ends with one clear line."""
    with Service(["demo", "--port", "0", "--after", "600"], bare, tmp_path) as demo:
        port = demo.address.rsplit(":", 1)[1]
        second = run(["demo", "--port", port], bare, tmp_path)

    assert second.returncode == 2
    assert second.stderr.startswith(f"Erreur : Le port {port} est déjà pris")
    assert len(second.stderr.splitlines()) == 1


def _folder_of(demo: Service) -> str:
    demo.wait_for("TRACKER_DATA_DIR=")
    return demo.said().split("TRACKER_DATA_DIR=", 1)[1].split()[0]
