"""Any list as CSV, JSON and iCalendar, over a real place."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import date, timedelta

import pytest
from icalendar import Calendar

from feeds.web import exports
from feeds.web.site import WebOptions, site_of
from tests.builders import NOW, answered, closure, instant, record, replace
from tests.feeds.served import PUBLIC, TOPICS, Moving, client_of, page_of
from tracker.export import COLUMNS
from tracker.questions import Author, Group
from tracker.selection import Selection

WAITS = record(13983, asked="2026-10-06", title="Continuité (exemple)")
ANSWERED = answered(record(14358, asked="2026-09-29", title="Infirmières (exemple)"), "2026-11-17")
OVERDUE = record(10, asked="2026-09-01", title="Ancienne (exemple)", ministry=None)


@pytest.fixture
def clock():
    """The instant of the builders, until moved."""
    return Moving()


@pytest.fixture
async def client(place, clock):
    """A client of a place with three questions."""
    place.read(WAITS, ANSWERED, OVERDUE, at=instant("2026-11-17"))
    place.checked(NOW - timedelta(hours=1))
    async with client_of(place, clock) as client:
        yield client


def rows(response):
    """The rows of a CSV, by column, as a program that knows the mark of the encoding reads them."""
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))


async def test_csv_opens_in_a_spreadsheet(client):
    """UTF-8 that says so, a name with the day, the stable columns, the oldest first."""
    response = await client.get("/questions.csv")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == 'attachment; filename="questions-2026-11-20.csv"'
    assert response.content.startswith(b"\xef\xbb\xbfidentifiant,legislature,")
    assert tuple(rows(response)[0]) == COLUMNS
    assert [row["numero"] for row in rows(response)] == ["10", "14358", "13983"]
    assert rows(response)[1]["date_reponse"] == "2026-11-17"


async def test_json_says_the_same_with_the_history(client):
    """The same names, and events."""
    response = await client.get("/questions.json")
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    document = response.json()
    assert document["source_lue_le"] == "2026-11-20T07:00:00+00:00"
    assert [one["numero"] for one in document["questions"]] == [10, 14358, 13983]
    assert [event["type"] for event in document["questions"][1]["evenements"]] == [
        "nouvelle-question",
        "reponse",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("statut=echeance-depassee", [10]),
        ("statut=echeance-depassee&groupe=exemple", [10]),
        ("groupe=autre", []),
        ("q=infirmieres", [14358]),
        ("ministere=sante&statut=&groupe=", [14358, 13983]),
        ("utm_source=lettre", [10, 14358, 13983]),
    ],
)
async def test_every_form_holds_what_the_list_holds(client, query, expected):
    """One filter: page, CSV, JSON, calendar."""
    numbers = [int(row["numero"]) for row in rows(await client.get(f"/questions.csv?{query}"))]
    in_json = (await client.get(f"/questions.json?{query}")).json()["questions"]
    calendar = Calendar.from_ical((await client.get(f"/questions.ics?{query}")).content)
    assert numbers == expected
    assert [one["numero"] for one in in_json] == expected
    assert [int(re.search(r"QE(\d+)-", event["UID"])[1]) for event in calendar.events] == expected


async def test_a_list_links_to_its_own_forms(client):
    """The same filter in each address."""
    page = await page_of(client, "/questions?statut=echeance-depassee&groupe=exemple")
    links = page.xpath("//main//a/@href")
    for form in ("csv", "json", "ics"):
        assert f"/questions.{form}?statut=echeance-depassee&groupe=exemple" in links


async def test_what_has_not_changed_is_not_sent_again(client, place):
    """By a weak tag that moves with what is public and with the day."""
    first = await client.get("/questions.csv")
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    again = await client.get("/questions.csv", headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = await client.get("/questions.csv?statut=en-attente", headers={"if-none-match": tag})
    assert other.status_code == 200
    place.read(answered(WAITS, "2026-11-17"), at=instant("2026-11-19"))
    after = await client.get("/questions.csv", headers={"if-none-match": tag})
    assert after.status_code == 200
    assert rows(after)[2]["statut"] == "reponse-publiee"


async def test_statuses_follow_the_day(client, clock):
    """The day after its due date a question is past it, in each form."""
    clock.at = NOW + timedelta(days=17)
    assert [row["numero"] for row in rows(await client.get("/questions.csv?statut=echeance-depassee"))] == [
        "10",
        "13983",
    ]
    calendar = await client.get("/questions.ics?q=continuite")
    assert "Échéance dépassée" in Calendar.from_ical(calendar.content).events[0]["SUMMARY"]


@pytest.mark.parametrize("path", ["/questions.csv", "/questions.json", "/questions.ics"])
async def test_head_and_gzip(client, path):
    """HEAD sends no body; gzip gives the same bytes."""
    plain = await client.get(path, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    zipped = await client.get(path, headers={"accept-encoding": "gzip"})
    assert (zipped.headers["content-encoding"], zipped.content) == ("gzip", plain.content)
    head = await client.head(path, headers={"accept-encoding": "identity"})
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-type"] == plain.headers["content-type"]


@pytest.mark.parametrize("form", ["csv", "json"])
async def test_a_long_list_is_read_in_parts(client, place, monkeypatch, form):
    """A hundred at a time, each question once, however many there are."""
    place.read(*(record(20_000 + n, asked="2026-11-10") for n in range(25)), at=instant("2026-11-18"))
    monkeypatch.setattr(exports, "_AT_ONCE", 4)
    monkeypatch.setattr(exports, "_PIECE", 500)
    response = await client.get(f"/questions.{form}")
    found = rows(response) if form == "csv" else json.loads(response.content)["questions"]
    assert len(found) == len({one["identifiant"] for one in found}) == 28


def test_what_happens_while_a_list_is_sent_doubles_nothing(place, clock, monkeypatch):
    """The list is settled first, each question is then as it is when its turn comes."""
    place.read(WAITS, ANSWERED, OVERDUE, at=instant("2026-11-17"))
    monkeypatch.setattr(exports, "_AT_ONCE", 1)
    site = site_of(place.reader, TOPICS, WebOptions(public_url=PUBLIC), clock, {})
    views = exports._views(site, Selection(), date(2026, 11, 20))
    first = next(views)
    place.read(answered(WAITS, "2026-11-17"), record(1, asked="2026-08-04"), at=instant("2026-11-19"))
    rest = list(views)
    assert [view.record.id.number for view in (first, *rest)] == [10, 14358, 13983]
    assert rest[-1].record.answer_texts


async def test_a_calendar_is_kept_and_moves_with_an_answer(client, place):
    """A strong tag and 304; the answered event comes updated under its UID."""
    first = await client.get("/questions/QANR5L17QE13983.ics")
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    held = {"if-none-match": first.headers["etag"]}
    assert (await client.get("/questions/QANR5L17QE13983.ics", headers=held)).status_code == 304
    place.read(answered(WAITS, "2026-11-17"), at=instant("2026-11-19"))
    second = await client.get("/questions/QANR5L17QE13983.ics", headers=held)
    (before,), (after,) = (Calendar.from_ical(one.content).events for one in (first, second))
    assert before["UID"] == after["UID"]
    assert after["SEQUENCE"] > before["SEQUENCE"]
    assert after["SUMMARY"].startswith("Réponse publiée le 17 novembre 2026")
    assert (before["STATUS"], after["STATUS"]) == ("TENTATIVE", "CONFIRMED")


async def test_a_calendar_names_its_filter(client):
    """And the address it comes from, with the filter in its one form."""
    body = (await client.get("/questions.ics?groupe=exemple&statut=en-attente")).content
    calendar = Calendar.from_ical(body)
    assert calendar.calendar_name == (
        "Échéances\u00a0: questions écrites sur Asalée\u00a0: en attente, groupe EXEMPLE"
    )
    assert calendar["SOURCE"] == "https://suivi.exemple.fr/questions.ics?statut=en-attente&groupe=exemple"


@pytest.mark.parametrize(
    "path",
    [
        "/questions.csv?x=1",
        "/questions.json?groupe=a&groupe=b",
        "/questions.ics?du=hier",
        "/questions.csv?q=" + "a" * 201,
        "/questions.ics?" + "q=a&" * 2000,
    ],
)
async def test_a_wrong_filter_is_a_page_that_says_so(client, path):
    """400 in French, before anything is sent."""
    await page_of(client, path, status=400)


async def test_a_question_that_is_not_followed_has_no_calendar(client):
    """404, with the page that helps."""
    await page_of(client, "/questions/QANR5L17QE404.ics", status=404)


NASTY = "=1+1\r\nEND:VEVENT\r\nBEGIN:VALARM\u202e\x00;,\\\"'<script>alert(1)</script>"


async def test_hostile_texts_are_harmless_in_every_form(client, place):
    """No formula, no line of a calendar's own, no character that misleads, no break in JSON."""
    author = Author("PA900100", None, Group(None, NASTY, NASTY))
    hostile = record(66, asked="2026-11-10", title=NASTY, rubric=NASTY, html=NASTY, author=author)
    hostile = replace(hostile, closure=closure(NASTY, NASTY, "2026-11-17"))
    place.read(hostile, at=instant("2026-11-18"))
    (row,) = rows(await client.get("/questions.csv?question=QANR5L17QE66"))
    for value in row.values():
        assert not re.match(r"\s*[=+\-@]", value)
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", value)
    found = (await client.get("/questions.json?question=QANR5L17QE66")).json()
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", json.dumps(found, ensure_ascii=False))
    body = (await client.get("/questions/QANR5L17QE66.ics")).content
    begun = re.findall(rb"(?m)^BEGIN:(\w+)", body.replace(b"\r\n ", b""))
    assert begun == [b"VCALENDAR", b"VEVENT"]
    (event,) = Calendar.from_ical(body).events
    assert event["SUMMARY"].endswith("<script>alert(1)</script>")
