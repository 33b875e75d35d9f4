"""Crawls of the deputies: only whom we lack, from the archive of everybody, else from that of who sits."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from crawler.addresses import deputies_archives
from crawler.simulator.archives import deputies_zip, publish, zip_of
from crawler.simulator.question_json import actor_json
from crawler.simulator.server import SourceServer
from tests.crawler.crawling import Place
from tracker.ports import RunOutcome

PEOPLE = {f"PA{number}": actor_json(f"PA{number}", last_name=f"Exemple {number}") for number in range(1, 301)}


@pytest.fixture
def amo(source: SourceServer) -> SourceServer:
    """A source with three hundred deputies in both archives."""
    publish(source, actors=PEOPLE, at=datetime(2026, 10, 10, 1, 11, tzinfo=UTC))
    return source


def ask(place: Place, *refs: str) -> Place:
    """A place that lacks these."""
    place.deputies.wanted = list(refs)
    return place


def test_only_the_missing_are_fetched(amo: SourceServer, place: Place) -> None:
    """Tail, directory, and the files of three actors in one request."""
    report = ask(place, "PA300", "PA7", "PA150").crawl_deputies(amo)
    assert (report.outcome, report.source, report.changed) == (RunOutcome.SUCCEEDED, "deputies", 3)
    assert sorted(one.actor_ref for one in place.deputies.found) == ["PA150", "PA300", "PA7"]
    assert {one.last_name for one in place.deputies.found} == {"Exemple 7", "Exemple 150", "Exemple 300"}
    assert place.deputies.not_found == []
    assert len(amo.asked) == 4  # with robots.txt
    assert "AMO30" in amo.asked[1].path
    assert amo.asked[3].sent < 6_000


def test_nobody_missing_asks_nothing(amo: SourceServer, place: Place) -> None:
    """Not even robots.txt."""
    report = place.crawl_deputies(amo)
    assert (report.outcome, report.requests) == (RunOutcome.UNCHANGED, 0)
    assert amo.asked == []
    assert place.deputies.saves == 0


def test_who_is_nowhere_is_noted(amo: SourceServer, place: Place) -> None:
    """AMO30 lacks them, AMO10 as well: they are asked for again later."""
    report = ask(place, "PA999999", "PA1").crawl_deputies(amo)
    assert report.outcome is RunOutcome.SUCCEEDED
    assert [one.actor_ref for one in place.deputies.found] == ["PA1"]
    assert place.deputies.not_found == ["PA999999"]
    assert any("AMO10" in one.path for one in amo.asked)


def test_amo10_completes_amo30(amo: SourceServer, place: Place) -> None:
    """A deputy just elected may be in one archive and not yet in the other."""
    amo.put(deputies_archives(amo.root)[1], deputies_zip(PEOPLE | {"PA301": actor_json("PA301")}))
    ask(place, "PA301", "PA1").crawl_deputies(amo)
    assert sorted(one.actor_ref for one in place.deputies.found) == ["PA1", "PA301"]
    assert place.deputies.not_found == []


def test_amo10_stands_in_for_amo30(amo: SourceServer, place: Place) -> None:
    """Without the archive of everybody, who is not found may well exist: nothing is noted of them."""
    amo.remove(deputies_archives(amo.root)[0])
    report = ask(place, "PA1", "PA999999").crawl_deputies(amo)
    assert report.outcome is RunOutcome.PARTIAL
    assert "404" in (report.reason or "")
    assert [one.actor_ref for one in place.deputies.found] == ["PA1"]
    assert place.deputies.not_found == []


def test_both_gone_is_a_failure(source: SourceServer, place: Place) -> None:
    """Nothing is saved; the same are missing next time."""
    report = ask(place, "PA1").crawl_deputies(source)
    assert report.outcome is RunOutcome.FAILED
    assert place.deputies.saves == 0


def test_one_bad_file_harms_no_other(amo: SourceServer, place: Place) -> None:
    """An actor whose file cannot be read is not found."""
    for address in deputies_archives(amo.root):
        amo.put(address, deputies_zip(PEOPLE | {"PA2": b"{"}))
    report = ask(place, "PA1", "PA2").crawl_deputies(amo)
    assert (report.outcome, report.unreadable) == (RunOutcome.PARTIAL, 2)  # in both archives
    assert [one.actor_ref for one in place.deputies.found] == ["PA1"]
    assert place.deputies.not_found == ["PA2"]


def test_builds_without_the_leading_folder_are_read(source: SourceServer, place: Place) -> None:
    """Only the end of an entry's name counts, and mandates in files of their own are passed over."""
    files = [("acteur/PA1.json", json.dumps(PEOPLE["PA1"]).encode()), ("json/mandat/PM1.json", b"{}")]
    source.put(deputies_archives(source.root)[0], zip_of(files))
    report = ask(place, "PA1").crawl_deputies(source)
    assert (report.outcome, report.entries) == (RunOutcome.SUCCEEDED, 1)
    assert [one.actor_ref for one in place.deputies.found] == ["PA1"]


def test_questions_then_deputies_in_one_process(amo: SourceServer, place: Place) -> None:
    """The deputies are asked for after the questions are committed; one failure does not stop the other."""
    first, second = ask(place, "PA1").run(amo, ("questions", 17), ("deputies", 0))
    assert (first.outcome, second.outcome) == (RunOutcome.FAILED, RunOutcome.SUCCEEDED)
