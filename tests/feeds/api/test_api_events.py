"""Following the service: every event once, in our sequence, whatever its origin."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

from feeds.typography import typeset
from tests.builders import NOW, answered, closure, instant, record, replace
from tests.db.writes import match, planned, question
from tests.feeds.api.conftest import LAST
from tracker.events import Origin
from tracker.ports import Batch, MatchState


class Follower:
    """Another service: it keeps what it got, and the address to ask next."""

    def __init__(self, client, limit=2):
        self.client, self.address = client, f"events?apres=0&limite={limit}"
        self.events = []

    async def ask(self):
        """Ask until there is no more for now."""
        while True:
            response = await self.client.get(self.address)
            assert response.status_code == 200
            page = response.json()
            self.events += page["evenements"]
            self.address = page["suite"]
            if not page["reste"]:
                return


async def test_a_follower_misses_nothing_and_gets_nothing_twice(client, place):
    """From the beginning, then each time something happens, backfills and confirmed questions included."""
    follower = Follower(client)
    await follower.ask()
    place.read(record(20, asked="2026-10-20"), at=instant("2026-11-18"), origin=Origin.BACKFILL)
    await follower.ask()
    held = record(21, asked="2026-10-27")
    place.store.write(Batch(questions=(question(held, matches=(match(state=MatchState.REVIEW),)),), at=NOW))
    await follower.ask()
    place.store.write(
        Batch(
            questions=(question(held, planned(held), matches=(match(state=MatchState.CONFIRMED),)),), at=NOW
        )
    )
    place.read(answered(record(20, asked="2026-10-20"), "2026-11-19"), at=instant("2026-11-19"))
    await follower.ask()
    sequences = [event["sequence"] for event in follower.events]
    assert sequences == sorted(set(sequences))
    kept = [view.recorded for view in place.reader.events_after(0, limit=1000)]
    assert sequences == [recorded.sequence for recorded in kept]
    assert [event["identifiant"] for event in follower.events] == [one.event.id for one in kept]
    assert len(kept) == LAST + 3
    assert {event["origine"] for event in follower.events} == {"direct", "rattrapage"}


async def test_the_size_of_pages_changes_nothing(client):
    """One by one or all at once."""
    one, many = Follower(client, 1), Follower(client, 500)
    await one.ask()
    await many.ask()
    assert one.events == many.events
    assert (await client.get("events?limite=500")).json()["reste"] is False
    assert dict(parse_qsl(urlsplit(one.address).query))["apres"] == str(one.events[-1]["sequence"])


async def test_an_event_says_what_happened_to_which_question(client):
    """In words and in values, with the question as it was then."""
    page = (await client.get("events?apres=5&limite=2")).json()
    first, second = page["evenements"]
    assert (page["reste"], page["derniere_sequence"]) == (True, LAST)
    following = f"apres=7&dernier={second['identifiant']}&limite=2"
    assert page["suite"] == f"https://suivi.exemple.fr/api/v1/events?{following}"
    assert first == {
        "sequence": 6,
        "identifiant": "QANR5L17QE14358/reattributed/2026-10-20/1",
        "type": "changement-attribution",
        "libelle": typeset("Changement d'attribution le 20 octobre 2026 : de « Travail » à « Santé »"),
        "date": "2026-10-20",
        "rang": 1,
        "connu_le": "2026-11-17T08:00:00Z",
        "origine": "direct",
        "detail": {
            "avant": "Travail",
            "apres": "Santé",
            "avant_reference": "PO900002",
            "apres_reference": "PO900001",
        },
        "question": {
            "identifiant": "QANR5L17QE14358",
            "legislature": 17,
            "numero": 14358,
            "titre": "Infirmières (exemple)",
            "sujets": ["asalee"],
            "adresse": "https://suivi.exemple.fr/questions/QANR5L17QE14358",
            "adresse_api": "https://suivi.exemple.fr/api/v1/questions/QANR5L17QE14358",
        },
    }
    assert second["type"] == "signalement"


async def test_details_are_words_and_text(client, place):
    """Old and new forms of a text come without markup; parts have French names."""
    before = record(30, asked="2026-10-06", html="<p>Avant &amp; ici</p>")
    place.read(before, at=instant("2026-11-18"))
    after = replace(before, question_texts=record(30, html="<p>Après, <b>ici</b></p>").question_texts)
    place.read(after, at=instant("2026-11-19"))
    place.read(replace(after, closure=closure("X", "Autre <b>motif</b>")), at=instant("2026-11-20"))
    *_, corrected, closed = (await client.get("events?limite=500")).json()["evenements"]
    assert corrected["detail"] == {
        "partie": "question",
        "avant": "Avant & ici",
        "apres": "Après, ici",
        "sans_date": "oui",
    }
    assert closed["detail"] == {"code": "X", "libelle": "Autre <b>motif</b>", "sans_date": "oui"}


async def test_the_end_is_no_error_and_beyond_it_is_one(client):
    """At the end an empty page that leads on; a sequence that never was tells that the place was remade."""
    end = (await client.get(f"events?apres={LAST}")).json()
    assert (end["evenements"], end["reste"]) == ([], False)
    assert end["suite"] == f"https://suivi.exemple.fr/api/v1/events?apres={LAST}&limite=50"
    beyond = await client.get(f"events?apres={LAST + 1}")
    assert beyond.status_code == 409
    assert "Reprenez à 0" in beyond.json()["detail"]


async def test_a_follower_is_told_that_the_place_was_made_anew(client):
    """Also when the new one has as many events: the id it had no longer goes with that sequence."""
    page = (await client.get("events?apres=5&limite=2")).json()
    ids = [event["identifiant"] for event in page["evenements"]]
    assert (await client.get(page["suite"])).status_code == 200
    refused = await client.get(f"events?apres=7&dernier={ids[0]}")
    assert refused.status_code == 409
    assert "Reprenez à 0" in refused.json()["detail"]
    assert (await client.get(f"events?apres=0&dernier={ids[0]}")).status_code == 409


async def test_the_end_keeps_the_id_that_goes_with_it(client):
    """So that an idle follower is told as well."""
    page = (await client.get("events?apres=0&limite=500")).json()
    end = (await client.get(page["suite"])).json()
    assert (end["evenements"], end["suite"]) == ([], page["suite"])


async def test_a_follower_with_nothing_new_is_told_304(client, place):
    """A check of the source that finds nothing moves no tag on the same day."""
    first = await client.get(f"events?apres={LAST}")
    place.checked(NOW)
    again = await client.get(f"events?apres={LAST}", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    place.read(record(40, asked="2026-11-17"), at=instant("2026-11-20"))
    new = await client.get(f"events?apres={LAST}", headers={"if-none-match": first.headers["etag"]})
    assert [event["question"]["numero"] for event in new.json()["evenements"]] == [40]
