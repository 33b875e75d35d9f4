"""Questions for programs: lists by pages, and one by one."""

from __future__ import annotations

import json

import pytest

from feeds.web.api.cursors import cursor_of
from feeds.web.list_address import ORDERS
from tests.builders import closure, instant, jo, record, replace
from tracker.export import COLUMNS
from tracker.paging import Position
from tracker.questions import PublishedText


async def got(client, address, status=200):
    """The JSON of an address."""
    response = await client.get(address)
    assert response.status_code == status, response.text
    return response.json()


def numbers(page):
    """The numbers of a page's questions."""
    return [one["numero"] for one in page["questions"]]


async def test_a_list_says_all_of_each_question_but_its_texts(client):
    """The names of the exports, and what a program needs besides; where the data come from."""
    page = await got(client, "questions")
    assert (page["source"], page["licence"]) == (
        "Assemblée nationale, données ouvertes",
        "Licence Ouverte / Open Licence (Etalab)",
    )
    assert (page["date"], page["source_verifiee_le"]) == ("2026-11-20", "2026-11-20")
    assert (page["total"], page["suivant"]) == (3, None)
    assert numbers(page) == [14358, 13983, 7]
    first = page["questions"][0]
    assert [*first][:28] == [name for name in COLUMNS if not name.startswith("texte_")]
    assert (
        first
        | {
            "identifiant": "QANR5L17QE14358",
            "statut": "en-attente",
            "statut_libelle": "En attente",
            "ministere_interroge": "Travail",
            "ministere_attributaire": "Santé",
            "date_echeance": "2026-12-13",
            "date_echeance_signalement": "2026-11-19",
            "signalements": ["2026-11-09"],
            "jours_d_attente": 38,
            "jours_pour_repondre": None,
            "adresse": "https://suivi.exemple.fr/questions/QANR5L17QE14358",
            "adresse_api": "https://suivi.exemple.fr/api/v1/questions/QANR5L17QE14358",
        }
        == first
    )


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("statut=reponse-publiee", [13983]),
        ("statut=reponse-publiee&statut=en-attente", [14358, 13983]),
        ("ministere=travail", [14358]),
        ("ministere=sante", [14358, 13983]),
        ("legislature=16", [7]),
        ("signalee=oui", [14358]),
        ("q=infirmiere", [14358]),
        ("du=2026-10-13", [14358]),
        ("question=QANR5L17QE13983", [13983]),
        ("sujet=autre", []),
        ("evenement=reponse", [14358, 13983, 7]),
        ("tri=numero-inverse", [7, 13983, 14358]),
    ],
)
async def test_the_filter_is_that_of_the_pages(client, query, expected):
    """The same words in the same addresses."""
    page = await got(client, f"questions?{query}")
    assert numbers(page) == expected
    assert page["total"] == len(expected)


@pytest.mark.parametrize("sort", ORDERS)
async def test_following_the_addresses_gives_each_question_once(client, place, sort):
    """In every order, page by page, while a question comes that stands before."""
    whole = numbers(await got(client, f"questions?tri={sort}"))
    page = await got(client, f"questions?tri={sort}&limite=1&legislature=17")
    found = numbers(page)
    while page["suivant"]:
        page = await got(client, page["suivant"])
        found += numbers(page)
    assert found == [number for number in whole if number != 7]


async def test_the_next_address_keeps_the_filter_and_the_order(client):
    """It is whole: nothing needs to be added to it."""
    page = await got(
        client, "questions?tri=numero&limite=1&legislature=17&statut=reponse-publiee&statut=en-attente"
    )
    assert page["suivant"] == (
        "https://suivi.exemple.fr/api/v1/questions?statut=en-attente&statut=reponse-publiee&legislature=17"
        f"&limite=1&curseur={cursor_of('numero', Position(None, 17, 14358))}"
    )


async def test_a_question_that_comes_meanwhile_moves_no_page(client, place):
    """Pages go on from a question, not from a count."""
    page = await got(client, "questions?limite=1")
    place.read(record(99, asked="2026-11-17"), at=instant("2026-11-18"))
    assert numbers(await got(client, page["suivant"])) == [13983]


async def test_one_question_has_its_texts_and_history(client):
    """Texts plain and as harmless HTML, attributions, events, where to follow it."""
    one = await got(client, "questions/QANR5L17QE13983")
    assert one["textes_reponse"] == [
        {
            "texte": "Le Gouvernement est attentif au dispositif Asalée. (Exemple)",
            "html": "Le Gouvernement est attentif au dispositif Asalée. (Exemple)",
            "publie_le": "2026-11-17",
            "erratum": None,
        }
    ]
    assert one["attributions"] == [{"ministere": "Santé", "depuis": "2026-10-06"}]
    assert [event["type"] for event in one["evenements"]] == ["nouvelle-question", "reponse"]
    assert one["derniere_sequence"] == one["evenements"][-1]["sequence"]
    assert one["flux"] == ["https://suivi.exemple.fr/flux/asalee/question/QANR5L17QE13983.atom"]
    assert one["calendrier"] == "https://suivi.exemple.fr/questions/QANR5L17QE13983.ics"
    assert one["lue_le"] == "2026-11-17T08:00:00Z"
    moved = await got(client, "questions/QANR5L17QE14358")
    assert moved["attributions"][-1] == {"ministere": "Santé", "depuis": "2026-10-20"}


async def test_addresses_of_the_api_answer(client):
    """What a question says of itself leads to it."""
    one = await got(client, "questions/QANR5L17QE13983")
    assert await got(client, one["adresse_api"]) == one
    assert (await client.get(one["calendrier"])).status_code == 200
    assert (await client.get(one["flux"][0])).status_code == 200


async def test_a_closure_in_the_sources_own_words(client, place):
    """The status has a stable word, the label is the source's."""
    place.read(
        replace(record(5, asked="2026-10-06"), closure=closure("X", "Autre motif", "2026-11-03")),
        at=instant("2026-11-10"),
    )
    one = await got(client, "questions/QANR5L17QE5")
    assert (one["statut"], one["statut_libelle"]) == (
        "close-sans-reponse",
        "Close sans réponse (Autre motif)",
    )
    assert (one["cloture"], one["date_cloture"]) == ("Autre motif", "2026-11-03")


async def test_hostile_texts_leave_harmless(client, place):
    """Scripts, handlers, bidi and control characters are nowhere in what is answered."""
    nasty = "a\x00b\u202ec<script>alert(1)</script><p onclick=x>d</p>&#x202E;e\x1b"
    hostile = replace(
        record(6, asked="2026-10-06", title=nasty, rubric=nasty, html=nasty),
        answer_texts=(PublishedText(nasty, jo("2026-11-17"), erratum=nasty),),
    )
    place.read(hostile, at=instant("2026-11-17"))
    for address in ("questions?q=6", "questions/QANR5L17QE6", "events?apres=0&limite=500"):
        response = await client.get(address)
        assert response.status_code == 200
        told = json.dumps(response.json(), ensure_ascii=False)
        assert not set(told) & {"\u202e", "\x00", "\x1b"}
        assert "\\u00" not in told
    one = await got(client, "questions/QANR5L17QE6")
    assert one["textes_question"][0] == {
        "texte": "abc\nd\ne",
        "html": "abc<p>d</p>e",
        "publie_le": "2026-10-06",
        "erratum": None,
    }
    assert one["titre"].startswith("abc<script>")  # a title is text: it is shown escaped, and here it is JSON


async def test_a_question_that_is_not_public_is_not_there(client):
    """A 404, in French, as a problem."""
    problem = await got(client, "questions/QANR5L17QE404", 404)
    assert problem["detail"] == "Cette question n’est pas suivie ici."
