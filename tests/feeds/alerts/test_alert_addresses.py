"""Addresses of webhooks and chats as they are typed."""

from __future__ import annotations

import ipaddress

import pytest

from feeds.alerts.addresses import is_public, webhook_address
from feeds.alerts.chat import chat_address
from tracker.errors import UsageError


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://exemple.fr/crochet", "https://exemple.fr/crochet"),
        (" https://Exemple.FR ", "https://exemple.fr/"),
        ("https://exemple.fr:8443/a?b=c#d", "https://exemple.fr:8443/a?b=c"),
        ("https://été.exemple.fr/x", "https://xn--t-9fab.exemple.fr/x"),
        ("https://[2606:4700::1111]/", "https://[2606:4700::1111]/"),
    ],
)
def test_a_webhook_has_one_kept_form(typed, kept):
    """Host in lower case and in ASCII, no fragment."""
    assert webhook_address(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "exemple.fr",
        "http://exemple.fr/",
        "ftp://exemple.fr/",
        "file:///etc/passwd",
        "https://",
        "https://moi:secret@exemple.fr/",
        "https://exemple.fr/ a",
        "https://exemple.fr\\@autre.fr/",
        "https://exemple.fr:port/",
        "https://exemple.fr/\r\nX: y",
        "https://[::1",
        "https://exemple.fr/" + "a" * 1000,
    ],
)
def test_what_is_no_webhook_is_refused_without_repeating_it(typed):
    """A password in an address is not shown again."""
    with pytest.raises(UsageError) as refused:
        webhook_address(typed)

    assert "secret" not in str(refused.value)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "10.1.2.3", "169.254.169.254", "[fe80::1]"])
def test_a_private_address_is_refused_when_typed(host):
    """And allowed by the operator's setting, as http is."""
    with pytest.raises(UsageError, match="réseau privé"):
        webhook_address(f"https://{host}/")

    assert webhook_address(f"http://{host}:8080/x", allow_private=True) == f"http://{host}:8080/x"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:a00:1::", False),
        ("239.1.1.1", False),
        ("ff0e::1", False),
        ("64:ff9b::808:808", True),
        ("64:ff9b::a9fe:a9fe", False),
        ("::127.0.0.1", False),
        ("::ffff:0:127.0.0.1", False),
        ("fec0::1", False),
        ("64:ff9b:1::a00:1", False),
        ("192.0.0.192", False),
        ("168.63.129.16", False),
    ],
)
def test_which_addresses_are_public(address, public):
    """What IPv6 carries of IPv4 counts as well."""
    assert is_public(ipaddress.ip_address(address)) is public


@pytest.mark.parametrize(
    "typed", ["mmosts://exemple.fr/jeton3ccdd113474722377935511fc85d3dd4", "ntfys://ntfy.exemple.fr/sujet"]
)
def test_encrypted_chats_are_taken(typed):
    """Kept as they are: Apprise's own form."""
    assert chat_address(f" {typed} ") == typed


@pytest.mark.parametrize("typed", ["", "inconnu://x", "ntfy://ntfy.exemple.fr/sujet", "syslog://", "https"])
def test_other_chats_are_refused(typed):
    """Unknown to Apprise, or not encrypted."""
    with pytest.raises(UsageError):
        chat_address(typed)


def test_unencrypted_chats_are_the_operators_choice():
    """For a server of one's own network."""
    assert chat_address("ntfy://10.0.0.1/sujet", allow_private=True) == "ntfy://10.0.0.1/sujet"
