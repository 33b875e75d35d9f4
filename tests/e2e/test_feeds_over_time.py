"""What readers of feeds see as the source moves: real crawls, a real server, a real feed parser."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from crawler.simulator.archives import publish
from crawler.simulator.question_json import question_json
from tests.e2e.processes import Service, run, settings
from tracker.clock import paris_day, system_clock

pytestmark = pytest.mark.e2e

ANSWERS = "/flux/asalee/reponses.atom"
TWELVE = [f"QANR5L17QE{number}" for number in range(9_800_001, 9_800_013)]


def questions(today, *, answered_on=None, first=None):
    """Twelve questions on the topic; with one answer for all from a day on."""
    return {
        uid: question_json(
            uid,
            title=f"[Exemple fictif] Asalée, question {rank}",
            published_on=(first or today) - timedelta(weeks=rank % 4 + 1),
            text="Mme Camille Exemple interroge Mme la ministre de l’exemple sur Asalée.",
            answer=None if answered_on is None else "<p>Une même réponse à douze questions.</p>",
            answered_on=answered_on,
        )
        for rank, uid in enumerate(TWELVE, 1)
    }


def test_s12_one_answer_for_twelve_questions(source, tmp_path):
    """Twelve new entries, each its own, each naming its question; a second poll adds nothing."""
    today = paris_day(system_clock())
    environment = settings(tmp_path / "data", source.root)
    publish(source, questions=questions(today), actors={}, at=system_clock())
    assert run(["crawl"], environment, tmp_path).returncode == 0
    with Service(["serve", "--port", "0"], environment, tmp_path) as web:
        everything, answers = web.ids(), web.ids(ANSWERS)
        assert answers == []
        publish(source, questions=questions(today, answered_on=today), actors={}, at=system_clock())
        assert run(["crawl"], environment, tmp_path).returncode == 0
        found = web.entries(ANSWERS)
        ids = web.ids()
        assert run(["crawl"], environment, tmp_path).returncode == 0
        assert web.ids() == ids
        web.end()

    assert len({entry.id for entry in found}) == 12
    assert len({entry.updated for entry in found}) == 12
    assert {uid for uid in TWELVE if any(uid in entry.id for entry in found)} == set(TWELVE)
    assert all("Une même réponse à douze questions" in entry.content[0].value for entry in found)
    assert set(ids) - set(everything) == {entry.id for entry in found}


def test_s02_s03_late_and_future_facts_are_told_and_never_dated_ahead(source, tmp_path):
    """A question learned ten days late is a new entry; one dated ahead is too, with no date ahead."""
    today = paris_day(system_clock())
    environment = settings(tmp_path / "data", source.root)
    first = questions(today)
    publish(source, questions=first, actors={}, at=system_clock())
    assert run(["crawl"], environment, tmp_path).returncode == 0
    late, ahead = "QANR5L17QE9800101", "QANR5L17QE9800102"
    more = {
        uid: question_json(
            uid, title="[Exemple fictif] Asalée", published_on=on, text="Sur Asalée. (Inventé.)"
        )
        for uid, on in ((late, today - timedelta(days=10)), (ahead, today + timedelta(days=10)))
    }
    with Service(["serve", "--port", "0"], environment, tmp_path) as web:
        before = web.ids()
        publish(source, questions={**first, **more}, actors={}, at=system_clock())
        assert run(["crawl"], environment, tmp_path).returncode == 0
        entries = web.entries()
        new = [entry for entry in entries if "evenement/" in entry.id and entry.id not in before]
        dates = [
            datetime.fromisoformat(value) for entry in entries for value in (entry.updated, entry.published)
        ]
        web.end()

    assert {uid for uid in (late, ahead) if any(uid in entry.id for entry in new)} == {late, ahead}
    assert len(new) == 2
    assert max(dates) <= system_clock()
    assert "future-date" in run(["issues"], environment, tmp_path).stdout
