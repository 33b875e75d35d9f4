"""The bytes of a mail: subject, headers, parts; read back with the standard library."""

from __future__ import annotations

import email
import random
from dataclasses import replace
from datetime import timedelta
from email.header import decode_header, make_header
from email.policy import compat32, default

import pytest

from feeds.alerts.email_message import mail_bytes
from feeds.alerts.mail_text import MailText
from tests.builders import NOW, record
from tests.feeds.alerts.messages import READER, TOKEN, answer_to, message, published
from tracker.alerts import MessageKind

_WORDS = (  # noqa: SIM905  # a text of words reads better than a list
    "avenir continuité dispositif Asalée infirmières déléguées à la santé publique « coopération » "
    "médecins généralistes œuvre cœur à l’hôpital d’équipe où ça dès l’été âgées août naïveté "
    "financement 2026 n° 12 345 Île-de-France Français établis hors de France ; reconnaissance "
    "professionnelle ? difficultés d’accès aux soins en zone sous-dense Guyane rémunération"
).split(" ")


def french_titles(count):
    """Titles as they come: accents, no-break spaces, guillemets, long and short, all different."""
    rng = random.Random(2026)
    for number in range(count):
        words = [rng.choice(_WORDS) for _ in range(rng.randint(1, 24))]
        spaces = [rng.choice("      \u00a0\u202f") for _ in words]
        yield "".join(word + space for word, space in zip(words, spaces, strict=True)).strip() + f" {number}"


@pytest.fixture
def read(renderer, identity):
    """A message as a mail program reads it."""

    def parsed(alert):
        return email.message_from_bytes(mail_bytes(alert, renderer.render(alert), identity), policy=default)

    return parsed


def test_every_subject_comes_back_unchanged(identity):
    """2,000 French titles, read by the new parser and by the old one; no line is too long for a relay."""
    alert = message(published())
    for number, title in enumerate(french_titles(2_000)):
        subject = f"Réponse à la question n°\u00a0{number}\u00a0: {title}"
        mail = mail_bytes(alert, MailText(subject, "Texte.\n", "<p>Texte.</p>"), identity)
        assert email.message_from_bytes(mail, policy=default)["Subject"] == subject
        old = email.message_from_bytes(mail, policy=compat32)["Subject"]
        assert str(make_header(decode_header(old))) == subject
        assert mail.isascii()
        start = mail.index(b"Subject: ")
        lines = mail[start : mail.index(b"\r\nFrom:", start)].split(b"\r\n")
        assert all(len(line) <= 76 for line in lines)  # RFC 2047, 2


def test_a_title_with_line_breaks_adds_no_header(read):
    """A hostile title stays a title."""
    mail = read(message(published(title="Bonjour\r\nBcc: autre@exemple.fr\n\nTexte")))

    assert mail["Bcc"] is None
    assert mail["Subject"].endswith("Bonjour Bcc: autre@exemple.fr Texte")


def test_the_same_message_is_the_same_bytes(renderer, identity):
    """A second attempt, in another process, sends the same mail: Date, ids and boundary are derived."""
    alert = message(published())
    again = replace(alert, attempt=7)

    assert mail_bytes(alert, renderer.render(alert), identity) == mail_bytes(
        again, renderer.render(again), identity
    )


def test_the_headers_of_an_alert(read):
    """Who, to whom, when, in which list, how to stop it, that a machine wrote it, in which language."""
    alert = message(published())
    mail = read(alert)

    assert str(mail["From"]) == "Questions écrites <alertes@exemple.fr>"
    assert mail["To"] == READER
    assert mail["Date"].datetime == NOW
    assert mail["Message-ID"] == f"<{alert.id}@exemple.fr>"
    assert mail["List-Id"] == "<alertes.exemple.fr>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "fr"
    assert mail["Reply-To"] == "contact@exemple.fr"
    assert mail["In-Reply-To"] is None


def test_the_address_to_stop_at_is_written_as_it_is(renderer, identity):
    """Long as it is, no program would follow it in encoded words."""
    alert = message(published())
    mail = mail_bytes(alert, renderer.render(alert), identity)

    assert b"\r\nList-Unsubscribe: <https://questions.exemple.fr/alertes/arreter/" in mail
    assert TOKEN.encode() + b">,\r\n <mailto:stop@exemple.fr?subject=arreter%20" in mail


def test_without_a_box_for_it_only_the_link_stops(renderer, identity):
    """The mailto is offered only when someone reads it; reports then come to the sender."""
    alert = message(published())
    alone = replace(identity, unsubscribe=None, bounces=None, reply_to=None)
    mail = email.message_from_bytes(mail_bytes(alert, renderer.render(alert), alone), policy=default)

    assert mail["List-Unsubscribe"] == f"<https://questions.exemple.fr/alertes/arreter/{TOKEN}>"
    assert mail["Reply-To"] is None
    assert alone.envelope(alert) == "alertes@exemple.fr"


def test_an_answer_stands_under_its_question(read):
    """In-Reply-To is the last message about the question, References all of them."""
    mail = read(message(answer_to(record(1)), earlier=("a" * 32, "b" * 32)))

    assert mail["In-Reply-To"] == f"<{'b' * 32}@exemple.fr>"
    assert mail["References"].split() == [f"<{'a' * 32}@exemple.fr>", f"<{'b' * 32}@exemple.fr>"]


def test_a_long_thread_keeps_its_last_messages(read):
    """References does not grow without end."""
    earlier = tuple(f"{number:032x}" for number in range(50))

    assert len(read(message(published(), earlier=earlier))["References"].split()) == 20


def test_a_digest_stands_for_itself(read):
    """It is about too many questions to stand under one."""
    views = (published(1), published(2, first=2))
    mail = read(message(*views, kind=MessageKind.DIGEST, earlier=("a" * 32,)))

    assert mail["References"] is None


def test_a_letter_to_confirm_is_no_list_mail(read):
    """It has no list, and nothing to stop: nothing has begun."""
    mail = read(message(kind=MessageKind.CONFIRMATION))

    assert mail["List-Id"] is None
    assert mail["List-Unsubscribe"] is None


def test_text_and_html_say_what_was_rendered(renderer, read):
    """Both parts come back as they were, accents, no-break spaces, long lines and final spaces included."""
    long = "Œuvre\u00a0: " + "été " * 500 + "\n" + "=" * 200 + " fin \nFrom ici\n.\n"
    alert = message(published(html=long))
    said = renderer.render(alert)
    text, html = read(alert).iter_parts()

    assert text.get_content_type() == "text/plain"
    assert text.get_content().replace("\r\n", "\n") == said.text
    assert html.get_content_type() == "text/html"
    assert html.get_content().replace("\r\n", "\n").rstrip() == said.html.rstrip()


def test_no_line_is_longer_than_a_relay_takes(renderer, identity):
    """998 characters at most (RFC 5322, 2.1.1), whatever the text."""
    alert = message(published(html="a" * 5000), at=NOW + timedelta(days=1))
    mail = mail_bytes(alert, renderer.render(alert), identity)

    assert max(map(len, mail.split(b"\r\n"))) <= 998
    assert b"\n" not in mail.replace(b"\r\n", b"")
