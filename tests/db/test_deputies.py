"""Whom to ask the source for, and when to ask again."""

from __future__ import annotations

from datetime import date, timedelta

from db.store import SqlStore
from tests.builders import NOW, record
from tests.db.writes import match, question, write_all
from tracker.ports import Batch, MatchState
from tracker.questions import Author, Constituency, Deputy, Mandate

EURE = Constituency("Eure", "27", 5)


def deputy(ref, *mandates):
    """A deputy with a name."""
    return Deputy(ref, "M.", "Camille", "Exemple", mandates)


def mandate(ref, legislature=17):
    """A mandate in the Eure."""
    return Mandate(ref, legislature, EURE, date(2024, 7, 8), None)


def at(engine, days):
    """The same place, some days later."""
    return SqlStore(engine, clock=lambda: NOW + timedelta(days=days))


def test_authors_without_a_name_are_asked_for(store):
    """Once each, also those of questions held for review; not questions without an author."""
    one, two = Author("PA1", None, None), Author("PA2", None, None)
    write_all(store, record(1, author=two), record(2, author=two), record(3, author=Author(None, None, None)))
    held = question(record(4, author=one), matches=[match(MatchState.REVIEW)])
    store.write(Batch(questions=(held,), at=NOW))
    assert store.missing_actors() == ["PA1", "PA2"]
    store.save_deputies([deputy("PA2")], [], NOW)
    assert store.missing_actors() == ["PA1"]


def test_an_author_not_found_is_asked_for_again_later(store, engine):
    """After a day, then a week, then a month, then each month; found at last, no more."""
    write_all(store, record(1, author=Author("PA1", None, None)))
    day = 0
    for wait in (1, 7, 30, 30):
        assert at(engine, day).missing_actors() == ["PA1"]
        at(engine, day).save_deputies([], ["PA1"], NOW + timedelta(days=day))
        assert at(engine, day + wait - 0.1).missing_actors() == []
        day += wait
    at(engine, day).save_deputies([deputy("PA1")], [], NOW + timedelta(days=day))
    assert at(engine, day + 1000).missing_actors() == []


def test_a_deputy_elected_again_is_asked_for_once_more(store, engine):
    """The new mandate is not among those we have; if the source lacks it too, that is all."""
    store.save_deputies([deputy("PA1", mandate("PM1", 16))], [], NOW - timedelta(days=400))
    write_all(store, record(1, author=Author("PA1", "PM2", None)))
    assert store.missing_actors() == ["PA1"]
    store.save_deputies([deputy("PA1", mandate("PM1", 16))], [], NOW + timedelta(hours=1))
    assert at(engine, 100).missing_actors() == []


def test_a_deputy_is_replaced_whole(store, reader):
    """Mandates that the source no longer lists go."""
    write_all(store, record(1, author=Author("PA1", "PM1", None)))
    store.save_deputies([deputy("PA1", mandate("PM1"))], [], NOW)
    assert reader.question("QANR5L17QE1").author.constituency == EURE
    store.save_deputies([deputy("PA1")], [], NOW)
    assert reader.question("QANR5L17QE1").author.constituency is None
