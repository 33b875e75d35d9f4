"""From readings to what is kept and public: the scenarios of the lessons, on a real store."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.builders import (
    ANSWER_HTML,
    ECONOMY,
    HEALTH,
    LABOUR,
    answered,
    attribution,
    closure,
    day,
    instant,
    record,
    text,
)
from tests.tracker.crawls import ASALEE, Killed, KilledAfter, crawl, listed, reading, told, unreadable
from tracker.clock import paris_day
from tracker.events import EventKind, Origin
from tracker.matching import Topic, TopicSet
from tracker.ports import MatchState
from tracker.questions import SourceIssue
from tracker.recorder import Recorder, reader_fingerprint, record_deadlines
from tracker.selection import Selection
from tracker.status import Status

IMPORT = instant("2026-10-01")
NIGHT = instant("2026-10-07")
NEXT = instant("2026-10-14")
OFF_TOPIC = {"title": "Chemins ruraux (exemple)", "html": "M. Exemple s'inquiète des chemins."}


@pytest.fixture
def followed(store):
    """A place already in service: one old question on the topic, one off it."""
    crawl(store, [record(1, asked="2026-09-01"), record(2, asked="2026-09-01", **OFF_TOPIC)], IMPORT)
    return store


BASE = [record(1, asked="2026-09-01"), record(2, asked="2026-09-01", **OFF_TOPIC)]


def test_the_first_import_lists_the_history_by_its_own_dates(store, reader):
    """An empty place is filled with INITIAL events, in feed order by date, none later than the run."""
    old = answered(record(7, asked="2026-03-31"), "2026-06-30")
    late = record(3, asked="2026-09-29")
    assert crawl(store, [late, old], IMPORT) == 4
    assert {origin for _, origin in told(reader)} == {"initial"}
    assert listed(reader) == [
        "QANR5L17QE3/published/2026-09-29/1",
        "QANR5L17QE7/answered/2026-06-30/1",
        "QANR5L17QE7/deadline-passed/2026-06-01/1",
        "QANR5L17QE7/published/2026-03-31/1",
    ]
    for view in reader.events(Selection()):
        assert paris_day(view.recorded.listed_at) == view.recorded.event.occurred_on
        assert view.recorded.listed_at <= IMPORT


def test_listing_instants_are_distinct(store, reader):
    """A JO batch shares a date, and a run its instant: no two events share `listed_at`."""
    batch = [record(n, asked="2026-09-29", signalled=["2026-09-29"] * 3) for n in range(1, 40)]
    crawl(store, batch, IMPORT)
    crawl(store, [*batch, *(record(n) for n in range(40, 80))], NIGHT)
    instants = [view.recorded.listed_at for view in reader.events(Selection())]
    assert len(set(instants)) == len(instants) == 39 * 4 + 40


def test_off_topic_questions_leave_only_their_ledger_row(followed, reader):
    """Not kept, not public, yet known to the ledger."""
    assert followed.followed_uids() == {"QANR5L17QE1"}
    assert reader.question("QANR5L17QE2") is None
    assert set(followed.ledger_marks(17)) == {"QANR5L17QE1", "QANR5L17QE2"}


def test_an_unchanged_archive_changes_nothing(followed, reader):
    """Nothing is taken, no event is recorded."""
    before = told(reader)
    assert crawl(followed, BASE, NIGHT) == 0
    assert told(reader) == before


def test_s01_an_answer_arrives(followed, reader):
    """One live ANSWERED, the question's view refreshed, nothing more on a second run."""
    after = [answered(BASE[0], "2026-10-06"), BASE[1]]
    assert crawl(followed, after, NIGHT) == 1
    assert told(reader)[-1] == ("QANR5L17QE1/answered/2026-10-06/1", "live")
    assert reader.question("QANR5L17QE1").record.answer_text.html == ANSWER_HTML
    assert crawl(followed, after, NEXT) == 0


def test_s02_a_question_seen_late_is_live(followed, reader):
    """Ten days after its publication it is told now, at the top of the feed."""
    late = record(3, asked="2026-09-29")
    crawl(followed, [*BASE, late], instant("2026-10-09"))
    assert told(reader)[-1] == ("QANR5L17QE3/published/2026-09-29/1", "live")
    assert listed(reader)[0] == "QANR5L17QE3/published/2026-09-29/1"


def test_s03_a_date_in_the_future(followed, reader):
    """One event, listed no later than it was learned, and an issue for the operator."""
    future = record(3, asked="2027-03-02")
    crawl(followed, [*BASE, future], NIGHT)
    assert crawl(followed, [*BASE, future], NEXT) == 0
    (view,) = reader.events(Selection(uid=future.uid))
    assert view.recorded.listed_at == NIGHT
    assert [issue for issue, _ in reader.open_issues()] == [
        SourceIssue(future.uid, "future-date", "textesQuestion", "2027-03-02"),
        SourceIssue(future.uid, "future-date", "minAttribs", "2027-03-02"),
    ]
    crawl(followed, [*BASE, record(3)], NEXT + timedelta(days=1))
    assert reader.open_issues() == []


def test_s03_a_future_date_in_a_first_import(store, reader):
    """The history of an empty place is never listed in the future either."""
    crawl(store, [record(3, asked="2027-03-02"), record(4, asked="2027-03-02")], IMPORT)
    instants = [view.recorded.listed_at for view in reader.events(Selection())]
    assert len(set(instants)) == 2
    assert max(instants) <= IMPORT


def test_s05_an_unreadable_file_keeps_what_was_known(followed, reader):
    """Question and ledger row stay, the issue is open until the file is readable again."""
    issue = SourceIssue("QANR5L17QE1", "unreadable", "json/QANR5L17QE1.json", "{")
    crawl(followed, [unreadable("QANR5L17QE1", issues=(issue,)), BASE[1]], NIGHT)
    assert reader.question("QANR5L17QE1").record == BASE[0]
    assert [found for found, _ in reader.open_issues()] == [issue]
    assert followed.ledger_marks(17)["QANR5L17QE1"].crc == 1
    crawl(followed, BASE, NEXT)
    assert reader.open_issues() == []
    assert len(told(reader)) == 1


def test_s05_nothing_is_written_without_a_commit(store, reader):
    """A run that fails its checks is simply not committed."""
    recorder = Recorder(store, ASALEE, IMPORT, parser="1")
    recorder.take(reading(record(1)))
    assert store.ledger_marks(17) == {}
    assert not store.legislature_imported(17)


def test_s07_a_re_read_after_a_parser_fix(followed, reader):
    """Corrections are recorded as backfill: the file did not move, our reading did."""
    better = replace(BASE[0], title="Titre mieux lu (exemple)")
    same_file = reading(better, crc=reading(BASE[0]).crc)
    same_file = replace(same_file, size=reading(BASE[0]).size)
    assert crawl(followed, [same_file, BASE[1]], NIGHT, parser="2") == 1
    assert told(reader)[-1] == ("QANR5L17QE1/corrected/2026-10-07/1", "backfill")


def test_s07_a_file_that_moved_meanwhile_is_live(followed, reader):
    """The answer that comes with the parser fix reaches those who follow."""
    crawl(followed, [answered(BASE[0], "2026-10-06"), BASE[1]], NIGHT, parser="2")
    assert told(reader)[-1] == ("QANR5L17QE1/answered/2026-10-06/1", "live")


def test_s07_a_due_date_passed_since_is_live_even_in_a_re_read(followed, reader):
    """What time alone brought would have been told by the daily job: it is not buried."""
    crawl(followed, BASE, instant("2026-11-03"), parser="2")
    assert told(reader)[-1] == ("QANR5L17QE1/deadline-passed/2026-11-02/1", "live")


def test_s07_a_re_read_that_finds_nothing_new_writes_nothing(followed, reader):
    """Only the ledger's marks move."""
    before = reader.question("QANR5L17QE1")
    crawl(followed, BASE, NIGHT, parser="2")
    assert reader.question("QANR5L17QE1") == before
    assert {mark.reader for mark in followed.ledger_marks(17).values()} == {reader_fingerprint("2", ASALEE)}


def test_s08_signalled_renewed_and_reattributed_twice_on_one_day(followed, reader):
    """Six events, in order."""
    attributions = (
        attribution(HEALTH, "2026-09-01"),
        attribution(LABOUR, "2026-10-05"),
        attribution(ECONOMY, "2026-10-05"),
    )
    twice = (day("2026-10-05"),) * 2
    changed = replace(BASE[0], attributions=attributions, signalled_on=twice, renewed_on=twice)
    assert crawl(followed, [changed, BASE[1]], NIGHT) == 6
    assert told(reader)[-6:] == [
        (f"QANR5L17QE1/{kind}/2026-10-05/{rank}", "live")
        for kind in ("reattributed", "renewed", "signalled")
        for rank in (1, 2)
    ]


def test_s09_an_answer_edited_then_withdrawn(followed, reader):
    """CORRECTED with old and new, REOPENED with the text taken back; each shown with its revision."""
    first = answered(BASE[0], "2026-10-06", "Première réponse.")
    second = answered(BASE[0], "2026-10-06", "Seconde réponse.")
    for state, at in ((first, NIGHT), (second, NIGHT + timedelta(days=1)), (BASE[0], NEXT)):
        crawl(followed, [state, BASE[1]], at)
    reopened, corrected, was_answered, *_ = reader.events(Selection())
    assert [v.recorded.event.kind for v in (was_answered, corrected, reopened)] == [
        EventKind.ANSWERED,
        EventKind.CORRECTED,
        EventKind.REOPENED,
    ]
    assert corrected.recorded.event.detail["old"] == "Première réponse."
    assert corrected.recorded.event.detail["new"] == "Seconde réponse."
    assert reopened.recorded.event.detail["old"] == "Seconde réponse."
    assert was_answered.record.answer_text.html == "Première réponse."
    assert reopened.record.answer_text is None


def test_s10_end_of_mandate_and_of_legislature(store, reader):
    """Both lapse; neither is overdue, and the daily job says nothing of them."""
    ended = record(1, asked="2026-09-01", closed=closure("FM", "Fin de mandat", "2026-10-06"))
    left_open = record(2, legislature=16, asked="2024-05-21")
    crawl(store, [ended, left_open], NIGHT)
    assert [event for event, _ in told(reader)] == [
        "QANR5L16QE2/published/2024-05-21/1",
        "QANR5L16QE2/lapsed/2024-06-09/1",
        "QANR5L17QE1/published/2026-09-01/1",
        "QANR5L17QE1/lapsed/2026-10-06/1",
    ]
    assert record_deadlines(store, instant("2027-01-01")) == 0
    lapsed = Selection(statuses=frozenset({Status.LAPSED}))
    assert reader.count(lapsed, today=day("2027-01-01")) == 2


def test_s11_the_same_number_in_another_legislature(followed, reader):
    """Two questions, the later legislature's first import being a backfill."""
    followed.settle_first_import(NIGHT)
    crawl(followed, [record(1, legislature=16, asked="2024-03-12")], NIGHT)
    assert [view.record.id.legislature for view in reader.by_number(1)] == [17, 16]
    assert {origin for event, origin in told(reader) if "L16" in event} == {"backfill"}
    crawl(followed, [answered(record(1, legislature=16, asked="2024-03-12"), "2024-05-28")], NEXT)
    assert told(reader)[-1][1] == "live"


def test_a_first_import_of_two_legislatures_cut_between_them(followed, reader):
    """The legislature that a kill left for the next run is still part of the beginning."""
    crawl(followed, [record(1, legislature=16, asked="2024-03-12")], NIGHT)
    assert {origin for event, origin in told(reader) if "L16" in event} == {"initial"}
    crawl(followed, [answered(BASE[0], "2026-10-06"), BASE[1]], NEXT)
    assert told(reader)[-1][1] == "live"


def test_s12_one_answer_to_twelve_questions(store, reader):
    """Twelve events of one day with one text."""
    asked = [record(n) for n in range(1, 13)]
    crawl(store, asked, NIGHT)
    assert crawl(store, [answered(question, "2026-10-13") for question in asked], NEXT) == 12
    assert [event for event, _ in told(reader)][-12:] == [
        f"QANR5L17QE{n}/answered/2026-10-13/1" for n in range(1, 13)
    ]


def test_s14_the_word_only_in_the_answer_or_far_in(followed, reader):
    """An off-topic question becomes followed by its answer, with its whole history, now."""
    after = answered(BASE[1], "2026-10-06", "mot " * 10_000 + "Asalée")
    crawl(followed, [BASE[0], after], NIGHT)
    assert told(reader)[-2:] == [
        ("QANR5L17QE2/published/2026-09-01/1", "live"),
        ("QANR5L17QE2/answered/2026-10-06/1", "live"),
    ]
    (match,) = followed.known([after.uid])[after.uid].matches
    assert (match.form, match.place, match.state) == ("asalee", "answer", MatchState.SURE)


def test_s14_the_word_in_an_earlier_publication_or_an_erratum(followed, reader):
    """All publications of a text are searched."""
    twice = record(
        3, title=None, questions=[text("Sur Asalée."), text("Rectifié.", "2026-10-13", erratum="Lire : …")]
    )
    noted = record(4, title=None, questions=[text("Sur les soins.", erratum="Lire : Asalée.")])
    crawl(followed, [*BASE, twice, noted], NIGHT)
    assert {event.split("/")[0] for event, _ in told(reader)} == {
        "QANR5L17QE1",
        "QANR5L17QE3",
        "QANR5L17QE4",
    }


def test_a_followed_question_stays_followed(followed, reader):
    """A correction that takes the word away is told like any other."""
    without = replace(BASE[0], title="Autre titre (exemple)", question_texts=(text("Autre.", "2026-09-01"),))
    crawl(followed, [without, BASE[1]], NIGHT)
    assert [event for event, _ in told(reader)][-2:] == [
        "QANR5L17QE1/corrected/2026-10-07/1",
        "QANR5L17QE1/corrected/2026-10-07/2",
    ]


def test_s17_the_daily_job_skipped_for_a_week(followed, reader):
    """The due date passed gives its event once, on its own day, live."""
    assert record_deadlines(followed, instant("2026-11-01", hour=22)) == 0
    assert record_deadlines(followed, instant("2026-11-09")) == 1
    assert record_deadlines(followed, instant("2026-11-10")) == 0
    assert told(reader)[-1] == ("QANR5L17QE1/deadline-passed/2026-11-02/1", "live")
    assert listed(reader)[0] == "QANR5L17QE1/deadline-passed/2026-11-02/1"
    assert crawl(followed, BASE, instant("2026-11-11")) == 0


def test_s17_a_reading_before_the_job_tells_it_first(followed, reader):
    """An answer after the due date: both events, in order, and the job has nothing left."""
    crawl(followed, [answered(BASE[0], "2026-11-03"), BASE[1]], instant("2026-11-04"))
    assert [event for event, _ in told(reader)][-2:] == [
        "QANR5L17QE1/deadline-passed/2026-11-02/1",
        "QANR5L17QE1/answered/2026-11-03/1",
    ]
    assert record_deadlines(followed, instant("2026-11-05")) == 0


@pytest.mark.parametrize(
    ("asked", "midnight", "event"),
    [
        ("2024-12-31", "2025-02-28T23:00:00Z", "2025-03-01"),
        ("2023-12-31", "2024-02-29T23:00:00Z", "2024-03-01"),
        ("2026-08-25", "2026-10-25T23:00:00Z", "2026-10-26"),
        ("2026-01-29", "2026-03-29T22:00:00Z", "2026-03-30"),
    ],
)
def test_s18_the_daily_job_counts_calendar_months_in_paris(place, asked, midnight, event):
    """Month ends, leap years and the nights when the clocks change."""
    store, reader = place
    at = datetime.fromisoformat(midnight)
    crawl(store, [record(1, asked=asked)], instant(asked))
    assert record_deadlines(store, at - timedelta(seconds=1)) == 0
    assert record_deadlines(store, at) == 1
    assert told(reader)[-1][0] == f"QANR5L17QE1/deadline-passed/{event}/1"


def test_s20_a_changed_topic_is_a_backfill(followed, reader):
    """What newly matches has its history, as backfill; what moved that night is live."""
    paths = Topic("chemins", "Chemins", "Chemins", 1, ("chemin(s)",))
    topics = TopicSet([*ASALEE.topics, paths])
    new = record(3, title="Chemins (exemple)", html="Les chemins.")
    crawl(followed, [*BASE, new], NIGHT, topics=topics)
    assert told(reader)[1:] == [
        ("QANR5L17QE2/published/2026-09-01/1", "backfill"),
        ("QANR5L17QE3/published/2026-10-06/1", "live"),
    ]
    for match in followed.known(["QANR5L17QE2"])["QANR5L17QE2"].matches:
        assert (match.topic, match.topic_version, match.origin) == ("chemins", 1, Origin.BACKFILL)
    assert told(reader, Selection(topic="asalee")) == told(reader)[:1]


def test_s20_a_topic_that_no_longer_matches_keeps_its_questions(followed, reader):
    """Once public, a question stays public with the reason it had."""
    narrower = TopicSet([replace(ASALEE.topics[0], version=2, sure=("asalee ipa",))])
    crawl(followed, BASE, NIGHT, topics=narrower)
    assert reader.question("QANR5L17QE1") is not None
    assert [m.topic_version for m in followed.known(["QANR5L17QE1"])["QANR5L17QE1"].matches] == [1, 1]


def test_delisted_after_three_complete_absences(followed, reader):
    """Never at once, never as a withdrawal, once; a return starts the count anew."""
    for nights, at in enumerate([NIGHT, NIGHT + timedelta(days=1)], 1):
        assert crawl(followed, [BASE[1]], at) == 0, nights
    assert crawl(followed, BASE, NIGHT + timedelta(days=2)) == 0
    for days, events in ((3, 0), (4, 0), (5, 1), (6, 0), (7, 0)):
        assert crawl(followed, [BASE[1]], NIGHT + timedelta(days=days)) == events
    assert told(reader)[-1] == ("QANR5L17QE1/delisted/2026-10-12/1", "live")
    assert crawl(followed, BASE, NEXT) == 0


def test_an_incomplete_listing_counts_no_absence(followed, reader):
    """Absence proves nothing then."""
    for days in range(5):
        crawl(followed, [BASE[1]], NIGHT + timedelta(days=days), complete=False)
    assert followed.known(["QANR5L17QE1"])["QANR5L17QE1"].missing_runs == 0


def test_an_absence_in_one_archive_says_nothing_of_another(followed, reader):
    """Only the legislatures that the archive lists are counted."""
    for days in range(4):
        crawl(followed, [record(9, legislature=16, asked="2024-05-21")], NIGHT + timedelta(days=days))
    assert followed.known(["QANR5L17QE1"])["QANR5L17QE1"].missing_runs == 0


def test_a_file_read_twice_counts_as_read_last(followed, reader):
    """The archive was rebuilt while we read it."""
    recorder = Recorder(followed, ASALEE, NIGHT, parser="1")
    recorder.take(unreadable("QANR5L17QE3"))
    recorder.take(reading(record(3)))
    recorder.take(reading(answered(BASE[0], "2026-10-06")))
    recorder.take(reading(replace(BASE[0], question_texts=BASE[0].question_texts)))
    recorder.commit(present=["QANR5L17QE1", "QANR5L17QE2", "QANR5L17QE3"], complete=True)
    assert [event for event, _ in told(reader)][1:] == ["QANR5L17QE3/published/2026-10-06/1"]


def first_state():
    """An archive of eleven questions, most of them on the topic."""
    return [record(n, asked="2026-09-01", **(OFF_TOPIC if n % 4 == 0 else {})) for n in range(1, 12)]


def second_state():
    """The next night: answers, a new question, an absence."""
    before = first_state()
    return [answered(question, "2026-10-06") for question in before[:5]] + before[5:10] + [record(30)]


def everything(reader):
    """All that is public, to the last instant."""
    return (
        sorted((view.recorded for view in reader.events(Selection())), key=lambda kept: kept.sequence),
        reader.questions(Selection(), today=day("2026-10-20")),
    )


def test_a_kill_at_any_write_then_a_second_run_leaves_the_undisturbed_state(fresh_place):
    """First import and next night: same events, ids, sequences and instants, none twice."""
    nights = [(first_state(), IMPORT), (second_state(), NIGHT), (second_state(), NEXT)]
    store, reader = fresh_place()
    for state, at in nights:
        crawl(store, state, at, batch_size=3)
    undisturbed = everything(reader)
    for writes in range(16):
        store, reader = fresh_place()
        mortal = KilledAfter(store, writes)
        for state, at in nights:
            try:
                crawl(mortal, state, at, batch_size=3)
            except Killed:
                mortal = store
                crawl(store, state, at, batch_size=3)
        assert everything(reader) == undisturbed, writes
