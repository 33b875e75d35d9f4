"""Reports of mail that could not be delivered: whom they are about, and whether it is for good."""

from __future__ import annotations

import mailbox
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feeds.alerts.bounces import Bounce, bounce_of, mails_in
from feeds.alerts.envelope import Origin, envelope_sender, origin_of

REPORTS = Path(__file__).parents[2] / "fixtures" / "bounces"
ORIGIN = Origin("0123456789abcdef" * 2, "fedcba9876543210" * 2)
VERP = envelope_sender("rebonds@exemple.fr", ORIGIN)

digits = st.binary(min_size=16, max_size=16).map(bytes.hex)


def report(name, *, verp=VERP, action="failed", status="5.1.1"):
    """A report about our message."""
    form = (REPORTS / f"{name}.eml").read_text(encoding="utf-8")
    for key, value in {"verp": verp, "mid": ORIGIN.message_id, "action": action, "status": status}.items():
        form = form.replace("{" + key + "}", value)
    return form.encode()


@given(digits, digits)
@settings(max_examples=100)
def test_an_envelope_says_who_and_what(ref, message_id):
    """And back, whatever a relay does to its case; short enough for every relay."""
    address = envelope_sender("rebonds-fr@exemple.fr".replace("-fr", "1234"), Origin(ref, message_id))

    assert origin_of(address) == Origin(ref, message_id)
    assert origin_of(f"<{address.upper()}>") == Origin(ref, message_id)
    assert len(address.rpartition("@")[0]) <= 64


@pytest.mark.parametrize("address", ["", "rebonds@exemple.fr", "rebonds+abc@exemple.fr", f"+{'a' * 52}@x.fr"])
def test_other_addresses_say_nothing(address):
    """Ours have one form."""
    assert origin_of(address) is None


@pytest.mark.parametrize(
    ("action", "status", "permanent"),
    [("failed", "5.1.1", True), ("failed", "4.4.7", True), ("delayed", "4.4.1", False)],
)
def test_a_report_for_programs_is_read(action, status, permanent):
    """Given up is for good, delayed is not."""
    read = bounce_of(report("postfix", action=action, status=status))

    assert read == Bounce(ORIGIN.ref, ORIGIN.message_id, permanent, status)


def test_a_report_for_people_is_read():
    """Not every server writes RFC 3464."""
    assert bounce_of(report("exim")) == Bounce(ORIGIN.ref, ORIGIN.message_id, permanent=True, status="")


@pytest.mark.parametrize("name", ["postfix", "exim"])
def test_a_relay_that_rewrote_the_envelope(name):
    """The mail that is returned names the message, by its Message-ID."""
    read = bounce_of(report(name, verp="alertes@exemple.fr"))

    assert read is not None
    assert (read.ref, read.message_id, read.permanent) == (None, ORIGIN.message_id, True)


def test_someone_who_is_away_is_no_failure():
    """An answer of a machine to the envelope is not a report."""
    assert bounce_of(report("away")) is None


@given(st.binary(max_size=300))
@settings(max_examples=50)
def test_any_mail_can_be_read(noise):
    """Whatever comes to the box, nothing is raised and nobody is disabled."""
    assert bounce_of(noise) is None
    assert bounce_of(b"To: " + VERP.encode() + b"\r\n\r\n" + noise) is None


def test_a_mail_without_a_sender_is_read_quietly(caplog):
    """The library's detectors stumble over it: no traceback, which would show what the mail says."""
    assert bounce_of(b"Subject: x\n\nquelquun@exemple.fr\n") is None

    assert not [one for one in caplog.records if one.name == "flufl.bounce"]


def test_a_maildir_is_read_once(tmp_path):
    """Each mail is marked as read after it was taken; one that was being taken is read again."""
    box = mailbox.Maildir(tmp_path / "rebonds")
    box.add(report("postfix"))
    box.add(report("exim"))

    stopped = mails_in(tmp_path / "rebonds")
    next(stopped)
    stopped.close()

    assert len([mail for mail in mails_in(tmp_path / "rebonds") if bounce_of(mail)]) == 2
    assert list(mails_in(tmp_path / "rebonds")) == []
    assert len(box) == 2


def test_a_file_is_one_mail(tmp_path):
    """As a pipe hands it over."""
    file = tmp_path / "rapport.eml"
    file.write_bytes(report("exim"))

    assert [bounce_of(mail) for mail in mails_in(file)] == [bounce_of(report("exim"))]
