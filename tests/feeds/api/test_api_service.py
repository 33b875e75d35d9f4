"""Figures, feeds and health for programs."""

from __future__ import annotations

import shutil
from datetime import timedelta

from db.engine import open_engine
from feeds.catalogue import Topic, all_feeds
from tests.builders import NOW, answered, instant, record
from tests.feeds.place import FilledPlace
from tests.feeds.served import client_of
from tracker.ports import RunOutcome


async def test_figures_rest_on_what_they_say(client, place):
    """By legislature; a rate from five questions on, never from fewer."""
    few = (await client.get("figures?legislature=17")).json()["legislatures"]
    assert [one["legislature"] for one in few] == [17]
    assert few[0]["selection"] == {
        "questions": 2,
        "reponses": 1,
        "en_attente": 1,
        "echeance_depassee": 0,
        "closes": 0,
        "reponse_dans_les_delais": {"nombre": 0, "base": 0, "part": None},
        "delai_median": {"jours": None, "base": 1},
    }
    many = [answered(record(100 + n, asked="2026-01-06"), f"2026-0{2 + n}-03") for n in range(5)]
    place.read(*many, at=instant("2026-11-18"))
    enough = (await client.get("figures?au=2026-01-31&legislature=17")).json()["legislatures"][0]["selection"]
    assert enough["reponse_dans_les_delais"] == {"nombre": 2, "base": 5, "part": 0.4}
    assert enough["delai_median"] == {"jours": 87.0, "base": 5}


async def test_figures_of_a_filter_stand_beside_those_of_everyone(client, place):
    """The ministry's and the group's own, when the filter names one that exists; none made up."""
    one = (await client.get("figures?ministere=sante&groupe=exemple")).json()["legislatures"][0]
    assert {"meme_ministere", "meme_groupe", "toutes"} < set(one)
    unknown = (await client.get("figures?ministere=inconnu")).json()
    assert unknown["legislatures"] == []


async def test_every_feed_can_be_found(client, place):
    """The catalogue's, but for those of single questions, which are asked for by name."""
    listed = (await client.get("feeds")).json()
    questions = (await client.get("feeds?section=questions")).json()["flux"]
    groups = (await client.get("feeds?section=groupes&sujet=asalee")).json()["flux"]
    assert listed["opml"] == "https://suivi.exemple.fr/flux/opml"
    assert [one["section"] for one in questions] == ["questions"] * 3
    assert [one["titre"] for one in groups] == ["Asalée\u00a0: groupe EXEMPLE"]
    every = {one["atom"] for one in (*listed["flux"], *questions)}
    assert listed["flux"][0]["atom"] == "https://suivi.exemple.fr/flux/asalee.atom"
    assert len(every) == len(list(all_feeds(Topic("asalee", "Asalée"), place.reader.facets("asalee"))))
    for one in listed["flux"]:
        for form in ("atom", "rss", "json_feed"):
            assert (await client.get(one[form])).status_code == 200


async def test_health_says_since_when(client, place, clock):
    """True while the source is read; then since when it is not, in words for anyone."""
    well = await client.get("health")
    assert well.headers["cache-control"] == "no-store"
    assert well.json() == {
        "a_jour": True,
        "message": "Source lue il y a 60\u00a0minutes.",
        "source_lue_le": "2026-11-20T07:00:00Z",
        "derniere_sequence": 8,
        "dernier_passage": {
            "debut": "2026-11-20T07:00:00Z",
            "fin": "2026-11-20T07:00:00Z",
            "issue": "Source inchangée",
            "raison": None,
        },
    }
    place.checked(NOW, RunOutcome.FAILED, reason="La source ne répond pas.")
    clock.at = NOW + timedelta(hours=30)
    silent = (await client.get("health")).json()
    assert silent["a_jour"] is False
    assert silent["message"].startswith("La source n’a pas été lue depuis 31\u00a0heures")
    assert silent["dernier_passage"]["raison"] == "La source ne répond pas."


async def test_health_of_an_empty_place(migrated_file, tmp_path):
    """Nothing was read yet: no error."""
    file = tmp_path / "vide.sqlite3"
    shutil.copyfile(migrated_file, file)
    engine = open_engine(f"sqlite:///{file}")
    async with client_of(FilledPlace(engine)) as client:
        found = (await client.get("/api/v1/health")).json()
        assert (found["a_jour"], found["source_lue_le"], found["dernier_passage"]) == (False, None, None)
        assert (await client.get("/api/v1/events")).json()["derniere_sequence"] == 0
        assert (await client.get("/api/v1/questions")).json()["questions"] == []
        assert (await client.get("/api/v1/figures")).json()["legislatures"] == []
    engine.dispose()
