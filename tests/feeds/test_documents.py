"""What the live feed and the archives hold, read from a real store."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from feeds.catalogue import Topic, find
from feeds.documents import LIVE_EVENTS, archive_document, live_document
from tests.builders import NOW, answered, instant, record, replace
from tracker.events import Origin

ASALEE = Topic("asalee", "Asalée")
TODAY = NOW.date()


def feed_of(place, path="asalee"):
    """A feed of the catalogue."""
    return find(path, [ASALEE], place.reader.facets)


def events_in(document):
    """The ids of event entries, newest first."""
    return [entry.id for entry in document.entries if entry.id.startswith("evenement/")]


def live(place, path="asalee", today=TODAY):
    """The live document."""
    return live_document(place.reader, feed_of(place, path), today)


def test_a_place_without_questions_has_valid_empty_feeds(place):
    """No entry, no archive, no date of its own."""
    document = live(place)
    assert (document.entries, document.previous, document.updated, document.checked_at) == (
        (),
        None,
        None,
        None,
    )


def test_s01_an_answer_is_new_in_every_feed_concerned_and_nothing_more_on_a_second_run(place):
    """One new id in each; the question's entry refreshed; reading again adds nothing."""
    question = record(13983, asked="2026-10-06")
    place.read(question, at=instant("2026-10-06"))
    paths = [
        "asalee",
        "asalee/reponses",
        "asalee/groupe/exemple",
        "asalee/ministere/sante",
        "asalee/question/QANR5L17QE13983",
    ]
    before = {path: {entry.id: entry for entry in live(place, path).entries} for path in paths}
    place.read(answered(question, "2026-11-17"), at=instant("2026-11-17"))
    after = {path: {entry.id: entry for entry in live(place, path).entries} for path in paths}
    answer = "evenement/QANR5L17QE13983/answered/2026-11-17/1"
    for path in paths:
        assert set(after[path]) - set(before[path]) == {answer}
    own = "question/QANR5L17QE13983"
    assert before["asalee"][own].updated < after["asalee"][own].updated
    assert "réponse publiée" in after["asalee"][own].title
    assert own not in after["asalee/reponses"]
    place.read(answered(question, "2026-11-17"), at=instant("2026-11-18"))
    assert {path: {entry.id: entry for entry in live(place, path).entries} for path in paths} == after


def test_s02_a_question_seen_ten_days_late_comes_first(place):
    """Order follows our sequence, not publication dates."""
    place.read(record(1, asked="2026-11-10"), at=instant("2026-11-10"))
    place.read(record(2, asked="2026-10-27"), at=instant("2026-11-12"))
    assert events_in(live(place))[0] == "evenement/QANR5L17QE2/published/2026-10-27/1"


def test_s12_the_same_answer_for_twelve_questions_is_twelve_entries_with_distinct_dates(place):
    """Validators and readers want each `updated` to differ; the questions' entries too."""
    questions = [record(number) for number in range(1, 13)]
    place.read(*questions, at=instant("2026-10-06"))
    place.read(*(answered(question, "2026-11-17") for question in questions), at=instant("2026-11-17"))
    entries = live(place).entries
    assert len({entry.updated for entry in entries}) == len(entries) == 36
    assert [entry.updated for entry in entries] == sorted((entry.updated for entry in entries), reverse=True)


def test_the_first_import_stands_in_the_feeds_by_its_own_dates(place):
    """History found on an empty place is there, dated of the days it happened."""
    place.read(answered(record(1, asked="2026-03-31"), "2026-06-02"), at=NOW, origin=Origin.INITIAL)
    document = live(place)
    assert events_in(document) == [
        "evenement/QANR5L17QE1/answered/2026-06-02/1",
        "evenement/QANR5L17QE1/deadline-passed/2026-06-01/1",
        "evenement/QANR5L17QE1/published/2026-03-31/1",
    ]
    assert document.updated.date() == date(2026, 6, 1)
    assert document.previous == "2026-06"


def test_s07_s20_a_later_backfill_is_in_the_archive_and_not_in_the_live_feed(place):
    """Nothing is pushed to those who already follow."""
    place.read(record(1, asked="2026-10-06"), at=instant("2026-10-06"))
    place.read(record(2, asked="2026-09-01"), at=instant("2026-10-20"), origin=Origin.BACKFILL)
    document = live(place)
    assert {entry.id for entry in document.entries} == {
        "evenement/QANR5L17QE1/published/2026-10-06/1",
        "question/QANR5L17QE1",
    }
    archive = archive_document(place.reader, feed_of(place), "2026-10", TODAY)
    assert "evenement/QANR5L17QE2/published/2026-09-01/1" in events_in(archive)


def test_the_live_feed_holds_the_last_hundred_events(place):
    """Older ones are in the archives."""
    place.read(*(record(number, asked="2026-10-06") for number in range(1, 131)), at=instant("2026-10-06"))
    document = live(place)
    assert len(events_in(document)) == LIVE_EVENTS
    assert document.previous == "2026-10"


def test_a_month_with_more_than_a_hundred_events_is_live_as_a_whole(place):
    """Nothing falls between the live feed and the archives, which hold finished months only."""
    place.read(*(record(number, asked="2026-11-03") for number in range(1, 131)), at=instant("2026-11-03"))
    assert len(events_in(live(place))) == 130
    assert archive_document(place.reader, feed_of(place), "2026-11", TODAY) is None


def test_live_feed_and_archives_together_hold_every_event_once(place):
    """Following `previous` from the live feed, as RFC 5005 says, misses nothing."""
    start = instant("2026-03-03")
    for week in range(0, 36, 3):
        numbers = range(week * 5 + 1, week * 5 + 6)
        at = start + timedelta(weeks=week)
        place.read(*(record(number, asked=at.date()) for number in numbers), at=at)
    document = live(place)
    seen = set(events_in(document))
    month = document.previous
    months = []
    while month:
        months.append(month)
        archive = archive_document(place.reader, feed_of(place), month, TODAY)
        seen |= set(events_in(archive))
        month = archive.previous
    assert months == ["2026-10", "2026-09", "2026-08", "2026-07", "2026-06", "2026-05", "2026-04", "2026-03"]
    assert len([one for one in seen if "/published/" in one]) == 60


def test_an_archive_never_changes_once_its_month_is_over(place):
    """Whatever happens to the question later, and whatever day it is read on."""
    question = record(1, asked="2026-10-06")
    place.read(question, at=instant("2026-10-06"))
    archive = archive_document(place.reader, feed_of(place), "2026-10", date(2026, 11, 1))
    place.checked(NOW)
    place.read(answered(question, "2026-11-17"), at=instant("2026-11-17"))
    place.read(
        replace(answered(question, "2026-11-17"), title="Autre titre (exemple)"), at=instant("2026-11-18")
    )
    assert archive_document(place.reader, feed_of(place), "2026-10", date(2027, 6, 1)) == archive
    assert archive_document(place.reader, feed_of(place), "2026-10", date(2026, 10, 31)) is None
    assert archive_document(place.reader, feed_of(place), "2026-08", TODAY) is None


def test_s18_months_begin_at_midnight_in_paris(place):
    """An event of 23:30 UTC on the 31st of October belongs to November in Paris."""
    place.read(record(1, asked="2026-10-27"), at=datetime(2026, 10, 31, 23, 30, tzinfo=UTC))
    assert archive_document(place.reader, feed_of(place), "2026-10", date(2026, 12, 2)) is None
    assert archive_document(place.reader, feed_of(place), "2026-11", date(2026, 12, 2)) is not None


def test_s11_the_same_number_in_two_legislatures_is_two_questions(place):
    """Entries, ids and feeds apart."""
    place.read(record(1, legislature=16, asked="2023-03-07"), record(1, asked="2026-11-03"), at=NOW)
    own = {entry.id for entry in live(place).entries if entry.id.startswith("question/")}
    assert own == {"question/QANR5L16QE1", "question/QANR5L17QE1"}


def test_s17_due_dates_passed_are_in_their_feed(place):
    """Made by the daily job, whenever it runs again, and once."""
    place.read(record(1, asked="2026-09-01"), record(2, asked="2026-09-08"), at=instant("2026-09-08"))
    place.pass_deadlines("QANR5L17QE1", "QANR5L17QE2", at=NOW)
    place.pass_deadlines("QANR5L17QE1", "QANR5L17QE2", at=NOW + timedelta(days=1))
    assert sorted(events_in(live(place, "asalee/echeances-depassees"))) == [
        "evenement/QANR5L17QE1/deadline-passed/2026-11-02/1",
        "evenement/QANR5L17QE2/deadline-passed/2026-11-09/1",
    ]
