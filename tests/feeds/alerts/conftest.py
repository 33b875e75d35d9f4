"""What tests of sending share: who sends, and a certificate authority."""

from __future__ import annotations

import socket

import pytest

from feeds.alerts.compose import Composer
from feeds.alerts.email_message import MailIdentity
from feeds.alerts.mail_text import MailRenderer
from feeds.alerts.site import AlertSite
from tests.feeds.alerts.relays import Authority
from tracker.addresses import to_query

SITE = AlertSite(
    "https://questions.exemple.fr",
    operator_name="Association Exemple",
    operator_contact="contact@exemple.fr",
    describe=lambda selection: f"filtre {to_query(selection)}",
)


@pytest.fixture
def composer():
    """Puts messages in words."""
    return Composer(SITE)


@pytest.fixture
def renderer(composer):
    """Puts them in mails."""
    return MailRenderer(composer)


@pytest.fixture
def identity():
    """Who sends mail."""
    return MailIdentity(
        address="alertes@exemple.fr",
        name="Questions écrites",
        links=SITE.links,
        bounces="rebonds@exemple.fr",
        unsubscribe="stop@exemple.fr",
        reply_to="contact@exemple.fr",
    )


@pytest.fixture(scope="session")
def authority():
    """Certificates."""
    return Authority()


@pytest.fixture
def unused_port():
    """A port of the loopback on which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]
