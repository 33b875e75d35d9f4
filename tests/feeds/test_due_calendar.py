"""Due dates as a calendar, read back as calendar programs read it."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from feeds.due_calendar import due_calendar
from feeds.publisher import Publisher
from tests.builders import HEALTH, LABOUR, NOW, answered, attribution, closure, record, replace
from tests.feeds.views import event_views, question_view, recorded
from tracker.questions import QuestionRecord

PUBLISHER = Publisher("https://suivi.exemple.fr", "suivi.exemple.fr", "2026-11-01")
NBSP = "\u00a0"
GROUP = "Groupe Exemple (EXEMPLE)"
QUESTION = record(13983, asked="2026-10-06", title="Continuité du dispositif (exemple)")
TODAY = date(2026, 11, 20)


def view_of(*states: QuestionRecord):
    """A question read in these states, a day apart."""
    history = []
    for old, new, days in zip((None, *states), states, range(len(states)), strict=False):
        at = NOW + timedelta(days=days)
        events = [
            view.recorded.event for view in event_views(new, old, [one.event for one in history], at=at)
        ]
        history += recorded(events, first=len(history) + 1)
    return question_view(states[-1], history)


def made(*views, today=TODAY, publisher=PUBLISHER):
    """The bytes of a calendar."""
    return due_calendar(
        views, publisher, today, title="Échéances (exemple)", path="/questions.ics?groupe=gdr"
    )


def events_of(*states: QuestionRecord, today=TODAY):
    """What a program reads of one question."""
    return Calendar.from_ical(made(view_of(*states), today=today)).events


def unfolded(body: bytes) -> list[str]:
    """Content lines as RFC 5545 §3.1 joins them."""
    return body.decode().replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def test_a_question_that_waits_is_a_whole_day_on_its_due_date():
    """It takes no one's time, says who asks whom, and leads to its page."""
    (event,) = events_of(QUESTION)
    assert event["UID"] == "QANR5L17QE13983-echeance-2026-11-01@suivi.exemple.fr"
    assert (event.start, event.end) == (date(2026, 12, 6), date(2026, 12, 7))
    assert event["SUMMARY"] == f"Réponse attendue{NBSP}: n°{NBSP}13983, Continuité du dispositif (exemple)"
    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == ("TENTATIVE", "TRANSPARENT", 1)
    assert event.stamp == NOW
    assert event["URL"] == "https://suivi.exemple.fr/questions/QANR5L17QE13983"
    assert event["DESCRIPTION"].split("\n") == [
        f"Question écrite{NBSP}: n°{NBSP}13983 (17e législature)",
        f"Auteur{NBSP}: Mme{NBSP}Camille Exemple, {GROUP}, Seine-Maritime (3e circonscription)",
        f"Ministère interrogé{NBSP}: Ministère de la santé (exemple)",
        f"Publiée{NBSP}: le 6 octobre 2026",
        f"Échéance{NBSP}: le 6 décembre 2026 (Règlement de l’Assemblée nationale, article 135)",
        f"Statut{NBSP}: En attente",
        f"Suivi{NBSP}: https://suivi.exemple.fr/questions/QANR5L17QE13983",
        f"Page officielle{NBSP}: https://questions.assemblee-nationale.fr/q17/17-13983QE.htm",
    ]
    assert event.categories == ["en-attente", "asalee"]


def test_s01_an_answer_updates_the_event_and_moves_it():
    """The same UID, a higher sequence, a later stamp: nothing is left lying on the due date."""
    (before,) = events_of(QUESTION)
    (after,) = events_of(QUESTION, answered(QUESTION, "2026-11-17"))
    assert after["UID"] == before["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after.stamp > before.stamp
    assert after.start == date(2026, 11, 17)
    assert after["STATUS"] == "CONFIRMED"
    assert after["SUMMARY"].startswith(f"Réponse publiée le 17 novembre 2026{NBSP}: n°{NBSP}13983")


def test_an_answer_on_no_known_day_stays_on_the_due_date():
    """Closed as answered by the source, without a text or a date."""
    (event,) = events_of(QUESTION, replace(QUESTION, closure=closure("REP_PUB", "Réponse publiée")))
    assert (event.start, event["STATUS"]) == (date(2026, 12, 6), "CONFIRMED")
    assert event["SUMMARY"].startswith(f"Réponse publiée{NBSP}: n°")


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        (closure(None, "Question retirée", "2026-11-10"), "Retirée le 10 novembre 2026"),
        (closure("FM", "Fin de mandat", "2026-11-10"), "Caduque le 10 novembre 2026"),
        (closure("X", "Autre", None), "Close sans réponse"),
    ],
)
def test_a_question_closed_without_answer_is_cancelled(closed, said):
    """On its due date, where programs have it."""
    (event,) = events_of(QUESTION, replace(QUESTION, closure=closed))
    assert (event.start, event["STATUS"]) == (date(2026, 12, 6), "CANCELLED")
    assert event["SUMMARY"].startswith(f"{said}{NBSP}: n°")


def test_past_its_date_a_question_says_so():
    """From the day after, and still tentative: the answer may come."""
    (on_the_day,) = events_of(QUESTION, today=date(2026, 12, 6))
    (after,) = events_of(QUESTION, today=date(2026, 12, 7))
    assert on_the_day["SUMMARY"].startswith("Réponse attendue")
    assert after["SUMMARY"].startswith(f"Échéance dépassée{NBSP}: n°")
    assert (after.start, after["STATUS"]) == (date(2026, 12, 6), "TENTATIVE")


def test_a_signalement_has_its_own_date():
    """Ten days after the latest one, under a UID that does not change; cancelled by the answer."""
    once = replace(QUESTION, signalled_on=(date(2026, 12, 7),))
    twice = replace(QUESTION, signalled_on=(date(2026, 12, 7), date(2026, 12, 21)))
    today = date(2026, 12, 22)
    _, first = events_of(QUESTION, once, today=today)
    _, second = events_of(QUESTION, once, twice, today=today)
    due, last = events_of(QUESTION, once, twice, answered(twice, "2026-12-29"), today=date(2026, 12, 30))
    assert first["UID"] == "QANR5L17QE13983-signalement-2026-11-01@suivi.exemple.fr"
    assert {one["UID"] for one in (first, second, last)} == {first["UID"]}
    assert [one.start for one in (first, second)] == [date(2026, 12, 17), date(2026, 12, 31)]
    assert first["SUMMARY"].startswith(f"Réponse attendue après signalement{NBSP}: n°")
    assert [one["STATUS"] for one in (first, second, last)] == ["TENTATIVE", "TENTATIVE", "CANCELLED"]
    assert due["STATUS"] == "CONFIRMED"


def test_the_ministry_now_in_charge_is_said():
    """Beside the one asked."""
    moved = replace(QUESTION, attributions=(*QUESTION.attributions, attribution(LABOUR, "2026-10-20")))
    (event,) = events_of(moved)
    assert f"Ministère interrogé{NBSP}: {HEALTH.name}" in event["DESCRIPTION"]
    assert f"Ministère en charge{NBSP}: {LABOUR.name}" in event["DESCRIPTION"]


def test_a_question_without_a_known_date_has_no_event():
    """There is no day to put it on; the calendar still stands."""
    nowhere = record(1, asked=None, questions=[])
    calendar = Calendar.from_ical(made(view_of(nowhere)))
    assert calendar.events == []


def test_the_calendar_says_what_it_is_and_how_often_to_ask():
    """RFC 7986 with the types it wants said, and what older programs read."""
    body = made(view_of(QUESTION))
    lines = unfolded(body)
    assert lines[:2] == ["BEGIN:VCALENDAR", "PRODID:-//asalee-tracker//Suivi des questions écrites//FR"]
    for line in (
        "VERSION:2.0",
        "NAME:Échéances (exemple)",
        "X-WR-CALNAME:Échéances (exemple)",
        "REFRESH-INTERVAL;VALUE=DURATION:PT3H",
        "X-PUBLISHED-TTL:PT3H",
        "SOURCE;VALUE=URI:https://suivi.exemple.fr/questions.ics?groupe=gdr",
        "DTSTART;VALUE=DATE:20261206",
        "DTSTAMP:20261120T080000Z",
    ):
        assert line in lines
    assert "METHOD" not in body.decode()  # a calendar to subscribe to is no invitation


def test_a_demonstration_says_so():
    """In the calendar's name."""
    demo = replace(PUBLISHER, demo=True)
    assert Calendar.from_ical(made(publisher=demo)).calendar_name.startswith("Démonstration")


def test_the_tag_authority_may_be_a_mailbox():
    """A UID has one @."""
    mailbox = replace(PUBLISHER, authority="suivi@exemple.fr")
    (event,) = Calendar.from_ical(made(view_of(QUESTION), publisher=mailbox)).events
    assert event["UID"] == "QANR5L17QE13983-echeance-2026-11-01@exemple.fr"


HOSTILE = [
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:autre",
    "x\nATTACH:https://exemple.fr/x",
    "a;b,c\\n\\,d",
    "droite\u202egauche\u2066",
    "a\x00b\x0bc\u2028d\x85e",
    '<script>alert("x")</script>',
    "é" * 500,
    "😀" * 100,
]


@pytest.mark.parametrize("title", HOSTILE)
def test_a_hostile_title_stays_a_title(title):
    """It opens no line of its own, and nothing turns the direction of what is read."""
    nasty = replace(QUESTION, title=title, rubric=title)
    body = made(view_of(nasty))
    begun = [line for line in unfolded(body) if line.startswith("BEGIN:")]
    assert begun == ["BEGIN:VCALENDAR", "BEGIN:VEVENT"]
    (event,) = Calendar.from_ical(body).events
    assert "ATTACH" not in event
    assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e\u2066-\u2069]", str(event["SUMMARY"]))
    assert "\n" not in event["SUMMARY"]


@given(st.text(max_size=300))
def test_every_line_is_folded_as_rfc_5545_says(title):
    """At most 75 octets, whole characters, CRLF alone; unfolded, names and colons all along."""
    body = made(view_of(replace(QUESTION, title=title)))
    for line in body.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        line.decode()
        assert not set(line) & set(b"\r\n")
    assert all(re.match(r"[A-Z-]+[:;]", line) for line in unfolded(body))
    (event,) = Calendar.from_ical(body).events
    assert event["UID"].startswith("QANR5L17QE13983-")


def test_the_same_facts_give_the_same_bytes():
    """Whenever they are asked for, as long as the status stands."""
    assert made(view_of(QUESTION)) == made(view_of(QUESTION), today=date(2026, 12, 6))
