"""What the public side reads: views, orders, few queries, and never a question held for review."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.builders import (
    ASKED,
    AUTHOR,
    ECONOMY,
    HEALTH,
    LABOUR,
    NOW,
    answered,
    attribution,
    instant,
    jo,
    record,
    text,
)
from tests.db.writes import match, planned, published, question, write_all
from tracker.errors import IntegrityError, UsageError
from tracker.events import EventKind, Origin
from tracker.ports import Batch, CrawlReport, MatchState, RunOutcome
from tracker.questions import Author, Constituency, Deputy, Group, Mandate
from tracker.selection import Selection
from tracker.status import Status

TODAY = date(2026, 11, 20)
LATER = NOW + timedelta(days=1)
EURE = Constituency("Eure", "27", 5)
DEPUTY = Deputy(
    "PA900100", "Mme", "Camille", "Exemple", (Mandate("PM900100", 17, EURE, date(2024, 7, 8), None),)
)


def numbers(views):
    """The numbers of question views, in order."""
    return [view.record.id.number for view in views]


def event_ids(views):
    """The ids of event views, in order."""
    return [view.recorded.event.id for view in views]


def test_a_question_is_seen_whole(store, reader):
    """Record, author, history, topics, instants."""
    write_all(store, record(1))
    view = reader.question("QANR5L17QE1")
    assert view.record == record(1)
    assert [recorded.event for recorded in view.events] == [planned(record(1)).event]
    assert (view.topics, view.first_seen_at, view.read_at) == (("asalee",), NOW, NOW)
    assert reader.question("QANR5L17QE2") is None


@pytest.mark.parametrize("state", [MatchState.REVIEW, MatchState.REJECTED])
def test_a_question_without_a_public_match_never_appears(store, reader, state):
    """Neither itself, nor its events, nor its values."""
    held = question(record(1), planned(record(1)), matches=[match(state)])
    store.write(Batch(questions=(held,), at=NOW))
    assert reader.question("QANR5L17QE1") is None
    assert reader.by_number(1) == []
    assert reader.questions(Selection(), today=TODAY) == []
    assert reader.count(Selection(words="asalee"), today=TODAY) == 0
    assert reader.events(Selection()) == []
    assert reader.events_after(0, limit=10) == []
    assert reader.facets("asalee").questions == ()
    assert reader.facets("asalee").groups == ()


def test_a_confirmed_question_appears(store, reader):
    """On the topic it was confirmed for, and no other it is held for."""
    matches = [match(MatchState.CONFIRMED), match(MatchState.REVIEW, topic="autre")]
    store.write(Batch(questions=(question(record(1), matches=matches),), at=NOW))
    assert reader.question("QANR5L17QE1").topics == ("asalee",)
    assert reader.count(Selection(topic="asalee"), today=TODAY) == 1
    assert reader.count(Selection(topic="autre"), today=TODAY) == 0


def test_s11_a_number_finds_every_legislature(store, reader):
    """Newest legislature first."""
    write_all(store, record(1, legislature=16), record(1, legislature=17), record(2))
    assert [view.record.uid for view in reader.by_number(1)] == ["QANR5L17QE1", "QANR5L16QE1"]


@pytest.mark.parametrize(
    ("order", "ascending"),
    [
        ("published", [2, 3, 1, 4]),
        ("number", [1, 2, 3, 4]),
        ("due", [2, 3, 1, 4]),
        ("answered", [3, 1, 2, 4]),
        ("changed", [3, 1, 2, 4]),
    ],
)
def test_questions_are_sorted(store, reader, order, ascending):
    """By each order both ways; those without the date come last, ties go by number."""
    one = answered(record(1, asked="2026-10-13"), "2026-11-10")
    two = record(2, asked="2026-09-01")
    three = answered(record(3, asked="2026-10-06"), "2026-11-03")
    four = record(4, asked=None)
    write_all(store, three, one, two, four)
    views = reader.questions(Selection(), today=TODAY, order=order, descending=False)
    assert numbers(views) == ascending
    descending = reader.questions(Selection(), today=TODAY, order=order)
    dated = [number for number in ascending if number != 4] if order in {"published", "due"} else ascending
    if order == "answered":
        assert numbers(descending) == [1, 3, 4, 2]
    elif order in {"published", "due"}:
        assert numbers(descending) == [*reversed(dated), 4]
    else:
        assert numbers(descending) == list(reversed(ascending))


def test_an_unknown_order_is_refused(reader):
    """With the orders there are."""
    with pytest.raises(UsageError, match="published, number, due, answered, changed"):
        reader.questions(Selection(), today=TODAY, order="uid; DROP TABLE")


def test_pages_follow_each_other(store, reader):
    """Limit and offset cut one stable order."""
    write_all(store, *(record(number) for number in range(1, 8)))
    pages = [
        numbers(reader.questions(Selection(), today=TODAY, order="number", limit=3, offset=offset))
        for offset in (0, 3, 6)
    ]
    assert pages == [[7, 6, 5], [4, 3, 2], [1]]


def test_a_page_takes_five_queries(store, reader, queries):
    """However many questions, authors and topics it shows."""
    store.save_deputies([DEPUTY], [], NOW)
    write_all(store, *(record(number) for number in range(1, 60)))
    queries.clear()
    assert len(reader.questions(Selection(topic="asalee"), today=TODAY, limit=50)) == 50
    assert len(queries) <= 5
    queries.clear()
    assert len(reader.events(Selection(topic="asalee"), limit=50)) == 50
    assert len(queries) <= 5
    queries.clear()
    assert len(reader.facets("asalee").questions) == 59
    assert len(queries) <= 5


def test_events_come_newest_listed_first(store, reader):
    """By the instant they are listed at, not by the day they happened."""
    old, new = record(1, asked="2026-11-17"), record(2, asked="2026-10-06")
    write_all(store, old, new)
    assert event_ids(reader.events(Selection())) == [
        "QANR5L17QE2/published/2026-10-06/1",
        "QANR5L17QE1/published/2026-11-17/1",
    ]
    assert event_ids(reader.events(Selection(), limit=1)) == ["QANR5L17QE2/published/2026-10-06/1"]


def test_events_are_cut_by_instant_and_origin(store, reader):
    """`listed_from` is in, `listed_before` is out."""
    writes = [
        question(record(number), planned(record(number), listed_at=instant(day), origin=origin))
        for number, day, origin in [
            (1, "2026-09-30", Origin.INITIAL),
            (2, "2026-10-01", Origin.BACKFILL),
            (3, "2026-10-31", Origin.LIVE),
            (4, "2026-11-01", Origin.LIVE),
        ]
    ]
    store.write(Batch(questions=tuple(writes), at=NOW))

    def seen(**cut):
        return [view.record.id.number for view in reader.events(Selection(), **cut)]

    assert seen(listed_from=instant("2026-10-01"), listed_before=instant("2026-11-01")) == [3, 2]
    assert seen(origins={Origin.LIVE, Origin.INITIAL}) == [4, 3, 1]
    assert seen(origins=[]) == []


def test_an_event_is_seen_with_the_record_of_its_day(store, reader):
    """The question's publication shows no answer that came later; the question itself does."""
    first = record(1)
    write_all(store, first)
    changed = answered(first, "2026-11-17")
    event = planned(changed, EventKind.ANSWERED, date(2026, 11, 17), listed_at=LATER)
    store.write(Batch(questions=(question(changed, event, revised=True),), at=NOW))
    assert [view.record for view in reader.events(Selection())] == [changed, first]
    assert reader.question(first.uid).record == changed


def test_events_after_a_cursor_come_in_sequence(store, reader):
    """Oldest first, and from there on: what another service follows us by."""
    write_all(store, *(record(number) for number in (3, 1, 2)))
    assert [view.record.id.number for view in reader.events_after(0, limit=2)] == [3, 1]
    assert [view.record.id.number for view in reader.events_after(2, limit=2)] == [2]
    assert reader.events_after(3, limit=2) == []


def test_the_author_is_named_by_the_deputies(store, reader):
    """With civility and constituency, once they are known."""
    write_all(store, record(1))
    store.save_deputies([DEPUTY], [], NOW)
    author = reader.question("QANR5L17QE1").author
    assert (author.civility, author.name, author.named_by) == ("Mme", "Camille Exemple", "deputies")
    assert author.constituency == EURE


def test_the_author_is_named_by_the_text_before_that(store, reader):
    """The name that opens the question, until the deputies' archive gives it; else the reference alone."""
    named = record(1, html="Mme Dominique Exemple interroge M. le ministre de la santé sur Asalée.")
    write_all(store, named, record(2, html="Le dispositif Asalée."))
    author = reader.question("QANR5L17QE1").author
    assert (author.civility, author.name, author.named_by) == ("Mme", "Dominique Exemple", "text")
    author = reader.question("QANR5L17QE2").author
    assert (author.actor_ref, author.name, author.named_by) == ("PA900100", None, "nothing")


def test_the_constituency_is_that_of_the_mandate_when_asking(store, reader):
    """The mandate the question names, else the one of the legislature that covers the publication."""
    nord, gard = Constituency("Nord", "59", 1), Constituency("Gard", "30", 2)
    mandates = (
        Mandate("PM1", 16, gard, date(2022, 6, 22), date(2024, 6, 9)),
        Mandate("PM2", 17, nord, date(2024, 7, 8), date(2025, 12, 31)),
        Mandate("PM3", 17, EURE, date(2026, 1, 1), None),
    )
    unnamed = Author("PA900100", None, None)
    store.save_deputies([Deputy("PA900100", "M.", "Camille", "Exemple", mandates)], [], NOW)
    write_all(
        store,
        record(1, author=Author("PA900100", "PM1", None)),
        record(2, author=unnamed, asked="2025-06-03"),
        record(3, author=unnamed, asked="2026-06-02"),
        record(4, author=unnamed, asked="2024-07-01"),
        record(5, author=unnamed, asked=None),
    )
    found = [reader.question(f"QANR5L17QE{number}").author.constituency for number in range(1, 6)]
    assert found == [gard, nord, EURE, None, None]


def test_facets_name_and_count_what_there_is(store, reader):
    """Each value with its address, its label and how many questions it selects."""
    store.save_deputies([DEPUTY], [], NOW)
    two = record(2, attributions=[attribution(HEALTH, ASKED), attribution(LABOUR, "2026-11-03")])
    other = record(3, author=Author("PA2", None, Group(None, None, "Écologiste")), rubric=None, title=None)
    write_all(store, record(1), two, other)
    facets = reader.facets("asalee")
    told = {
        name: [(one.slug, one.label, one.questions) for one in getattr(facets, name)]
        for name in ("groups", "ministries", "deputies", "departments", "rubrics", "questions")
    }
    assert told == {
        "groups": [("ecologiste", "Écologiste", 1), ("exemple", "EXEMPLE", 2)],
        "ministries": [("sante", "Santé", 3), ("travail", "Travail", 1)],
        "deputies": [("PA2", "Exemple", 1), ("PA900100", "Camille Exemple", 2)],
        "departments": [("27", "Eure", 2)],
        "rubrics": [("professions-de-sante", "professions de santé", 2)],
        "questions": [
            ("QANR5L17QE3", "n°\u00a03", 1),
            ("QANR5L17QE2", "n°\u00a02\u00a0: Situation du dispositif Asalée (exemple)", 1),
            ("QANR5L17QE1", "n°\u00a01\u00a0: Situation du dispositif Asalée (exemple)", 1),
        ],
    }
    assert reader.facets("autre").questions == ()


def test_facets_take_a_name_from_a_text(store, reader):
    """A deputy whom only texts name is listed under that name."""
    named = record(1, html="Mme Dominique Exemple interroge M. le ministre de la santé sur Asalée.")
    write_all(store, named, record(2, html="Sans nom, sur Asalée."))
    assert [facet.label for facet in reader.facets("asalee").deputies] == ["Dominique Exemple"]


def test_deputies_come_by_last_name(store, reader):
    """From their archive, else from a text; who has no name comes by reference."""
    someone = Deputy("PA1", "M.", "Zoé", "Alpha-Exemple", ())
    store.save_deputies([DEPUTY, someone], [], NOW)
    html = "M. Alix Béta-Exemple interroge M. le ministre sur Asalée."
    authors = [Author(ref, None, None) for ref in ("PA1", AUTHOR.actor_ref, "PA3", "PA4")]
    texts = ["Asalée", "Asalée", html, "Asalée"]
    write_all(
        store,
        *(
            record(n, author=author, html=text)
            for n, (author, text) in enumerate(zip(authors, texts, strict=True), 1)
        ),
    )
    labels = [facet.label for facet in reader.facets("asalee").deputies]
    assert labels == ["Zoé Alpha-Exemple", "Alix Béta-Exemple", "Camille Exemple", "PA4"]


def test_s19_addresses_of_feeds_outlive_what_they_were_made_for(store, reader):
    """A group, ministry or author that the source replaces: the old feed keeps its entries."""
    before = record(1)
    write_all(store, before)
    after = record(1, author=Author("PA2", None, Group(None, "NOUVEAU", None)), ministry=ECONOMY)
    renewed = planned(after, EventKind.RENEWED, date(2026, 11, 17), listed_at=LATER)
    store.write(Batch(questions=(question(after, renewed, revised=True),), at=NOW))

    both = ["QANR5L17QE1/renewed/2026-11-17/1", "QANR5L17QE1/published/2026-10-06/1"]
    assert event_ids(reader.events(Selection(group="exemple"))) == both
    assert event_ids(reader.events(Selection(group="nouveau"))) == both[:1]
    assert event_ids(reader.events(Selection(deputy=AUTHOR.actor_ref))) == both
    assert event_ids(reader.events(Selection(ministry="sante"))) == both
    assert event_ids(reader.events(Selection(ministry="economie"))) == both[:1]

    assert [reader.count(Selection(group=slug), today=TODAY) for slug in ("exemple", "nouveau")] == [0, 1]
    assert [reader.count(Selection(ministry=slug), today=TODAY) for slug in ("sante", "economie")] == [1, 1]
    groups = [(facet.slug, facet.questions) for facet in reader.facets("asalee").groups]
    assert groups == [("exemple", 0), ("nouveau", 1)]


def test_a_value_that_comes_back_stands_again(store, reader):
    """Group X, then Y, then X: selected by X now."""
    for number, name in enumerate(["X", "Y", "X"]):
        one = record(1, author=Author("PA1", None, Group(None, name, None)))
        store.write(Batch(questions=(question(one, revised=number > 0),), at=NOW))
    assert [reader.count(Selection(group=slug), today=TODAY) for slug in ("x", "y")] == [1, 0]


def test_the_departement_is_learned_with_the_deputy(store, reader):
    """Also for events written before the deputy was known."""
    write_all(store, record(1))
    assert reader.count(Selection(department="27"), today=TODAY) == 0
    store.save_deputies([DEPUTY], [], NOW)
    assert reader.count(Selection(department="27"), today=TODAY) == 1
    assert len(reader.events(Selection(department="27"))) == 1


def test_the_version_moves_with_what_is_public(store, reader):
    """And stays while nothing is written."""
    seen = [reader.version()]

    def moved():
        seen.append(reader.version())
        return seen[-1] != seen[-2]

    write_all(store, record(1))
    assert moved()
    assert not moved()
    store.save_deputies([DEPUTY], [], NOW)
    assert moved()
    run = store.start_run(CrawlReport("x", RunOutcome.RUNNING, NOW))
    store.finish_run(run, CrawlReport("x", RunOutcome.UNCHANGED, NOW, LATER))
    assert moved()


def test_the_version_is_one_query(reader, queries):
    """It is asked at each request."""
    reader.version()
    assert len(queries) == 1


def test_a_place_without_tag_authority_says_so(reader):
    """Feeds cannot be made without it: better an error than another identity."""
    with pytest.raises(IntegrityError, match="asalee-tracker migrate"):
        reader.tag_authority()


def test_a_selection_by_status_needs_a_day(reader):
    """Overdue is a matter of today: without one, nothing is guessed."""
    with pytest.raises(ValueError, match="day"):
        reader.events(Selection(statuses=frozenset({Status.OVERDUE})))


def test_a_record_with_every_field_empty_is_seen(store, reader):
    """Nothing in the record is needed but its identity."""
    bare = record(1, asked=None, title=None, rubric=None, ministry=None, author=Author(None, None, None))
    bare_text = record(
        2, questions=[text("", None)], title=None, ministry=None, author=Author(None, None, None)
    )
    store.write(Batch(questions=(published(bare), published(bare_text)), at=NOW))
    assert {view.record for view in reader.questions(Selection(), today=TODAY)} == {bare, bare_text}
    assert jo(None).on is None
