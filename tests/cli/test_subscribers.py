"""The commands about subscribers, sending and bounces, on a real place."""

from __future__ import annotations

import io
import json
import re

import pytest

pytestmark = pytest.mark.usefixtures("filled")

READER = "lecture@exemple.fr"


def test_nobody_yet(command):
    """An empty list says where to begin."""
    code, said, _ = command("subscribers", "list")
    assert (code, "/alertes" in said) == (0, True)


def test_added_listed_exported_erased(command):
    """An alert's life by hand; addresses are whole only when asked for."""
    assert command("subscribers", "add", "groupe=exa", "--email", READER, "--rythme", "jour")[0] == 0
    listed = command("subscribers", "list")[1]
    assert READER not in listed
    assert "l…@exemple.fr" in listed
    assert READER in command("subscribers", "list", "--adresses")[1]
    (one,) = json.loads(command("subscribers", "list", "--json")[1])
    assert one["address"] == "l…@exemple.fr"
    assert one["subscriptions"][0]["filter"].startswith("groupe=exa&evenement=")
    assert one["subscriptions"][0]["frequency"] == {"rhythm": "daily", "hour": 8, "weekday": None}
    assert json.loads(command("subscribers", "export", READER)[1])["subscribers"][0]["address"] == READER
    assert command("subscribers", "erase", "--oui", READER)[0] == 0
    assert command("subscribers", "export", READER)[0] == 2


@pytest.mark.parametrize(("typed", "code", "kept"), [("oui", 0, 2), ("n", 1, 0), ("", 1, 0), ("y", 1, 0)])
def test_erasing_asks_first_in_french(command, monkeypatch, typed, code, kept):
    """Only a clear yes erases."""
    command("subscribers", "add", "--email", READER)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
    assert command("subscribers", "erase", READER)[0] == code
    assert command("subscribers", "export", READER)[0] == kept


def test_suspended_and_resumed(command):
    """The operator's word holds until the operator takes it back."""
    command("subscribers", "add", "--email", READER)
    assert command("subscribers", "suspend", READER)[0] == 0
    assert "suspendu par vous" in command("subscribers", "list")[1]
    assert command("subscribers", "resume", READER)[0] == 0
    assert "confirmé" in command("subscribers", "list")[1]


def test_a_webhooks_secret_is_shown_once(command):
    """By the command that makes it, or makes another; a second alert keeps it."""
    url = "https://exemple.fr/crochet"
    first = re.search(r"whsec_\S+", command("subscribers", "add", "--webhook", url)[1])[0]
    assert "whsec" not in command("subscribers", "add", "groupe=exa", "--webhook", url)[1]
    assert "whsec" not in command("subscribers", "export", url)[1]
    second = re.search(r"whsec_\S+", command("subscribers", "secret", url)[1])[0]
    assert first != second


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--email", READER, "--chat", "ntfys://ntfy.exemple.fr/x"),
        ("--webhook", "http://exemple.fr/"),
        ("--chat", "nimporte://quoi"),
        ("--email", "pas une adresse"),
        ("groupe", "--email", READER),
    ],
)
def test_what_is_wrong_is_one_line(command, words):
    """No address, two, a wrong one, a wrong filter."""
    code, _, error = command("subscribers", "add", *words)
    assert code == 2
    assert error.startswith("Erreur : ")
    assert len(error.splitlines()) == 1


def test_a_test_without_a_relay_says_which_setting(command):
    """Mail cannot leave before a relay is set."""
    command("subscribers", "add", "--email", READER)
    code, _, error = command("subscribers", "test", READER)
    assert (code, "TRACKER_SMTP_HOST" in error) == (3, True)


def test_a_relay_without_a_sender_is_refused(command, monkeypatch):
    """Both settings go together."""
    monkeypatch.setenv("TRACKER_SMTP_HOST", "smtp.exemple.fr")
    code, _, error = command("alerts", "status")
    assert (code, "TRACKER_MAIL_FROM" in error) == (3, True)


@pytest.mark.parametrize("alone", ["USER", "PASSWORD"])
def test_half_of_a_login_is_refused(command, monkeypatch, alone):
    """A name without a password, or the reverse, is told before any relay refuses it."""
    monkeypatch.setenv("TRACKER_SMTP_HOST", "smtp.exemple.fr")
    monkeypatch.setenv("TRACKER_MAIL_FROM", "alertes@exemple.fr")
    monkeypatch.setenv(f"TRACKER_SMTP_{alone}", "exemple")
    code, _, error = command("alerts", "status")
    assert (code, "TRACKER_SMTP_USER et TRACKER_SMTP_PASSWORD" in error) == (3, True)


def test_how_sending_stands(command):
    """Figures and what is wrong, without addresses; sending with nothing to send is nothing."""
    command("subscribers", "add", "--email", READER)
    assert command("alerts", "send")[1] == "Messages acceptés : 0.\n"
    code, said, _ = command("alerts", "status")
    assert code == 0
    assert "topics review" in said
    assert "@" not in said
    assert json.loads(command("alerts", "status", "--json")[1])["owed"] == 0


def test_a_mail_that_is_no_report_is_counted_and_left(command, tmp_path):
    """A file that is not there is told; one that reports nothing changes nothing."""
    assert command("bounces", str(tmp_path / "absent"))[0] == 2
    mail = tmp_path / "mail.eml"
    mail.write_bytes(b"From: a@exemple.fr\r\nSubject: Bonjour\r\n\r\nBonjour\r\n")
    assert "rapports compris : 0" in command("bounces", str(mail))[1]
