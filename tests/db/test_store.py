"""What the recorder writes, and what it then finds."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError as SqlIntegrityError

from db.engine import reading
from db.tables import QUESTIONS
from tests.builders import ASKED, NOW, answered, closure, record
from tests.db.writes import match, planned, published, question, write_all
from tracker.events import EventKind, Origin
from tracker.ports import Batch, LedgerMark, LedgerRow, MatchState
from tracker.questions import SourceIssue

LATER = NOW + timedelta(days=1)


def row_of(engine, uid, *columns):
    """Some columns of a question."""
    with reading(engine) as connection:
        query = select(*(QUESTIONS.c[name] for name in columns)).where(QUESTIONS.c.uid == uid)
        return tuple(connection.execute(query).one())


def raw_of(engine):
    """The JSON kept of all questions."""
    with reading(engine) as connection:
        return connection.execute(text("SELECT raw FROM question_files")).all()


def test_what_is_written_is_known(store):
    """Record, matches, events with their sequence, revision."""
    first = record(1)
    assert write_all(store, first) == 1
    known = store.known([first.uid, "QANR5L17QE999"])
    assert set(known) == {first.uid}
    assert known[first.uid].record == first
    assert known[first.uid].matches == (match(),)
    assert known[first.uid].revision == 1
    (event,) = known[first.uid].events
    assert event.event == planned(first).event
    assert (event.sequence, event.listed_at, event.origin, event.revision) == (1, NOW, Origin.LIVE, 1)


def test_instants_come_back_aware_and_in_utc(store):
    """SQLite keeps no zone: what comes back is UTC all the same."""
    write_all(store, record(1))
    assert store.last_listed_at() == NOW
    assert store.last_listed_at().tzinfo is not None
    assert store.known(["QANR5L17QE1"])["QANR5L17QE1"].events[0].event.observed_at.utcoffset() == timedelta(0)


def test_an_event_is_written_once(store):
    """The same batch again adds nothing and uses no sequence up."""
    write_all(store, record(1))
    assert write_all(store, record(1)) == 0
    write_all(store, record(2))
    sequences = [known.events[0].sequence for known in store.known(["QANR5L17QE1", "QANR5L17QE2"]).values()]
    assert sorted(sequences) == [1, 2]


def test_an_event_keeps_what_it_was_first_told_with(store):
    """An id that comes again with other words or instants leaves the kept event alone."""
    write_all(store, record(1))
    again = published(record(1), listed_at=LATER)
    store.write(Batch(questions=(again,), at=LATER))
    assert store.known([record(1).uid])[record(1).uid].events[0].listed_at == NOW


def test_sequences_follow_the_order_of_the_batch(store):
    """Questions in the batch's order, events of each in theirs."""
    first, second = record(2), record(1)
    renewed = planned(first, EventKind.RENEWED, date(2026, 11, 3))
    store.write(
        Batch(questions=(question(first, planned(first), renewed), question(second, planned(second))), at=NOW)
    )
    known = store.known([first.uid, second.uid])
    assert [event.sequence for event in known[first.uid].events] == [1, 2]
    assert [event.sequence for event in known[second.uid].events] == [3]


def test_a_revision_is_added_and_the_old_one_stays(store, engine):
    """Each distinct record is kept; an event points at the revision it was observed in."""
    first = record(1)
    write_all(store, first)
    changed = answered(first, "2026-11-17")
    event = planned(changed, EventKind.ANSWERED, date(2026, 11, 17))
    store.write(Batch(questions=(question(changed, event, revised=True, at=LATER),), at=LATER))
    known = store.known([first.uid])[first.uid]
    assert (known.record, known.revision) == (changed, 2)
    assert [event.revision for event in known.events] == [1, 2]
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM revisions")).scalar() == 2


def test_the_row_is_a_projection_of_the_last_revision(store, engine):
    """Dates, the stored fact and badges follow; the day it was first seen does not."""
    first = record(1, signalled=["2026-12-14"])
    write_all(store, first)
    columns = ("fact", "published_on", "due_on", "answered_on", "signalled", "revision", "first_seen_at")
    assert row_of(engine, first.uid, *columns) == ("open", ASKED, date(2026, 12, 6), None, True, 1, NOW)
    changed = answered(record(1), "2026-11-17")
    store.write(Batch(questions=(question(changed, revised=True, at=LATER),), at=LATER))
    assert row_of(engine, first.uid, *columns) == (
        "answered",
        ASKED,
        date(2026, 12, 6),
        date(2026, 11, 17),
        False,
        2,
        NOW,
    )


def test_the_raw_json_is_the_last_one_read(store, engine):
    """Adding an event alone (`raw` None) keeps the JSON and the instant it was read."""
    write_all(store, record(1), raw=b"lu", at=NOW)
    passed = planned(record(1), EventKind.DEADLINE_PASSED, date(2026, 12, 7))
    store.write(Batch(questions=(question(record(1), passed, raw=None, at=LATER),), at=LATER))
    assert row_of(engine, record(1).uid, "read_at", "last_sequence") == (NOW, 2)
    assert raw_of(engine) == [(b"lu",)]
    write_all(store, record(1), raw=b"relu", at=LATER)
    assert row_of(engine, record(1).uid, "read_at") == (LATER,)
    assert raw_of(engine) == [(b"relu",)]


def test_matches_are_the_whole_set_as_it_is_now(store):
    """A decision replaces the match it decides; equal ones are kept once."""
    held = match(MatchState.REVIEW, form="azalee")
    store.write(Batch(questions=(question(record(1), matches=[held, held]),), at=NOW))
    assert store.known([record(1).uid])[record(1).uid].matches == (held,)
    assert store.under_review() == [record(1).uid]
    assert store.under_review("autre") == []
    confirmed = match(MatchState.CONFIRMED, form="azalee")
    store.write(Batch(questions=(question(record(1), matches=[confirmed], raw=None),), at=NOW))
    assert store.known([record(1).uid])[record(1).uid].matches == (confirmed,)
    assert store.under_review() == []


@pytest.mark.parametrize("state", list(MatchState))
def test_a_question_with_any_match_is_followed(store, state):
    """Whatever the state of the match, the question is kept whole."""
    store.write(Batch(questions=(question(record(1), matches=[match(state)]),), at=NOW))
    assert store.followed_uids() == {record(1).uid}
    assert store.followed_uids(17) == {record(1).uid}
    assert store.followed_uids(16) == frozenset()


def test_the_ledger_gives_its_marks_back(store):
    """Marks by uid, one legislature at a time, the last write winning; a CRC takes 32 bits unsigned."""
    mark = LedgerMark(crc=2**32 - 1, size=9_000, reader="1/asalee-1")
    other = LedgerMark(1, 2, "1")
    rows = (LedgerRow("QANR5L17QE1", other), LedgerRow("QANR5L16QE1", other))
    store.write(Batch(ledger=rows, at=NOW))
    answer = closure("REP_PUB", "Réponse publiée", "2026-11-17")
    store.write(Batch(ledger=(LedgerRow("QANR5L17QE1", mark, ASKED, None, answer, "Santé"),), at=NOW))
    assert store.ledger_marks(17) == {"QANR5L17QE1": mark}
    assert store.ledger_marks(16) == {"QANR5L16QE1": other}
    assert store.ledger_marks(15) == {}


def test_an_unreadable_file_moves_its_mark_alone(store, engine):
    """What was known of the question stays; of one never read, the mark is all there is."""
    row = LedgerRow("QANR5L17QE1", LedgerMark(1, 2, "1"), ASKED, None, None, "Santé")
    store.write(Batch(ledger=(row,), at=NOW))
    marks = {"QANR5L17QE1": LedgerMark(3, 4, "2"), "QANR5L17QE2": LedgerMark(5, 6, "2")}
    store.write(Batch(unread=marks, at=NOW))
    assert store.ledger_marks(17) == marks
    with reading(engine) as connection:
        ministries = connection.execute(text("SELECT ministry FROM ledger ORDER BY uid")).all()
    assert ministries == [("Santé",), (None,)]


def test_s11_the_same_number_in_two_legislatures_is_two_questions(store):
    """A number alone is no identity."""
    write_all(store, record(1, legislature=16), record(1, legislature=17))
    assert store.followed_uids() == {"QANR5L16QE1", "QANR5L17QE1"}


def test_absences_are_counted_and_forgotten(store):
    """One more for each complete listing without the question; back to none when it is seen."""
    write_all(store, record(1), record(2))
    uids = [record(1).uid, record(2).uid]
    for _ in range(2):
        store.write(Batch(seen=uids[:1], missing=uids[1:], at=NOW))
    assert [store.known(uids)[uid].missing_runs for uid in uids] == [0, 2]
    store.write(Batch(seen=uids, at=NOW))
    assert [store.known(uids)[uid].missing_runs for uid in uids] == [0, 0]


def test_a_batch_that_fails_leaves_nothing(store, reader, monkeypatch):
    """Ledger, questions, events: all of it or nothing, the public version included."""
    before = reader.version()
    broken = SourceIssue("QANR5L17QE1", "unknown-key", "question.x", None)
    batch = Batch(
        ledger=(LedgerRow("QANR5L17QE1", LedgerMark(1, 2, "1")),),
        questions=(published(record(1)),),
        issues={"QANR5L17QE1": (broken,)},
        at=NOW,
    )
    with pytest.raises(SqlIntegrityError):
        store.write(batch)
    assert store.ledger_marks(17) == {}
    assert store.known([record(1).uid]) == {}
    assert store.last_listed_at() is None
    assert reader.version() == before


def test_issues_open_and_resolve_with_the_readings(store, reader):
    """First seen stays; one that a later reading lacks is resolved; files not read keep theirs."""
    key = SourceIssue("QANR5L17QE1", "unknown-key", "question.x", '"y"')
    day = SourceIssue("QANR5L17QE1", "unknown-date", "question.z", "hier")
    other = SourceIssue("QANR5L17QE2", "unreadable", "", "{")
    store.write(Batch(issues={key.uid: (key, day), other.uid: (other,)}, at=NOW))
    assert reader.open_issues() == [(key, NOW), (day, NOW), (other, NOW)]
    store.write(Batch(issues={key.uid: (key,)}, at=LATER))
    assert reader.open_issues() == [(key, NOW), (other, NOW)]
    store.write(Batch(issues={key.uid: ()}, at=LATER))
    store.write(Batch(issues={key.uid: (key,)}, at=LATER))
    assert reader.open_issues() == [(other, NOW), (key, LATER)]


def test_imports_are_noted_once(store):
    """Each legislature on its own; the first import as a whole is settled apart."""
    assert not store.first_import_settled()
    assert not store.legislature_imported(17)
    store.write(Batch(imported=[17], at=NOW))
    store.write(Batch(imported=[17], at=LATER))
    assert not store.first_import_settled()
    store.settle_first_import(NOW)
    store.settle_first_import(LATER)
    assert store.first_import_settled()
    assert store.legislature_imported(17)
    assert not store.legislature_imported(1)


def test_the_tag_authority_is_settled_once(store, reader):
    """What the first call sets stays, whatever the settings say later."""
    assert store.settle_tag_authority("exemple.fr", date(2026, 11, 20)) == ("exemple.fr", "2026-11-20")
    assert store.settle_tag_authority("autre.fr", date(2027, 1, 1)) == ("exemple.fr", "2026-11-20")
    assert reader.tag_authority() == ("exemple.fr", "2026-11-20")


def test_only_what_the_daily_job_must_look_at(store):
    """Due before the day, public, not told yet, and not answered or closed by the due date."""
    overdue = record(1)
    told = record(2)
    held = record(3)
    in_time = answered(record(4), "2026-12-06")
    late = answered(record(5), "2026-12-15")
    withdrawn = record(6, closed=closure("RET", "Retrait de la question", "2026-12-01"))
    ended = record(7, legislature=16, asked="2024-05-14")
    passed_first = record(8, legislature=16, asked="2024-01-09")
    future = record(9, asked="2027-01-05")
    no_day = record(10, closed=closure("FM", "Fin de mandat"))
    event = planned(told, EventKind.DEADLINE_PASSED, date(2026, 12, 7))
    write_all(store, overdue, in_time, late, withdrawn, ended, passed_first, future, no_day)
    store.write(
        Batch(questions=(question(told, event), question(held, matches=[match(MatchState.REVIEW)])), at=NOW)
    )
    assert store.without_deadline_event(date(2026, 12, 7)) == [passed_first.uid, overdue.uid, late.uid]
    assert store.without_deadline_event(date(2026, 12, 6)) == [passed_first.uid]


def test_known_takes_few_queries(store, queries):
    """As many for two hundred questions as for one."""
    records = [record(number) for number in range(1, 201)]
    write_all(store, *records)
    queries.clear()
    assert len(store.known(one.uid for one in records)) == 200
    assert len(queries) == 3


def test_writing_takes_few_statements(store, queries):
    """As many for two hundred questions as for one: bulk statements, not one by one."""
    write_all(store, record(1))
    queries.clear()
    write_all(store, record(1000))
    one = len(queries)
    queries.clear()
    write_all(store, *(record(number) for number in range(2, 202)))
    assert len(queries) == one


def test_more_keys_than_one_statement_takes(store):
    """Forty thousand uids asked at once: no limit of the database is met."""
    write_all(store, record(1))
    assert list(store.known(f"QANR5L17QE{number}" for number in range(40_000))) == ["QANR5L17QE1"]
