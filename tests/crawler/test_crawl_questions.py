"""Crawls of the questions: what is asked of the source, what reaches the intake, what is remembered."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from crawler.addresses import questions_archive
from crawler.simulator.archives import BUILT_AT, questions_zip, zip_of
from crawler.simulator.question_json import question_json
from crawler.simulator.server import ROBOTS, SourceServer
from tests.crawler.crawling import NOW, Place, serve, some_questions, uid
from tracker.errors import UsageError
from tracker.ports import LedgerMark, RunOutcome

TOMORROW = BUILT_AT + timedelta(days=1)


@pytest.fixture
def imported(source: SourceServer, place: Place) -> Place:
    """A place that has imported forty questions."""
    serve(source, some_questions(range(1, 41)))
    assert place.crawl(source).outcome is RunOutcome.SUCCEEDED
    source.asked.clear()
    return place


def _asked_of_archive(source: SourceServer) -> list[str]:
    return [one.headers.get("Range", "whole") for one in source.asked if one.path != ROBOTS]


def test_a_first_import_takes_every_question(source: SourceServer, place: Place) -> None:
    """Each file becomes a reading with its record, its raw bytes and its mark; then one commit."""
    questions = some_questions(range(1, 41))
    serve(source, questions)
    report = place.crawl(source)
    assert (report.outcome, report.reason) == (RunOutcome.SUCCEEDED, None)
    assert (report.entries, report.changed, report.unreadable, report.events) == (40, 40, 0, 40)
    assert report.source == "questions/17"
    assert report.started_at == NOW
    assert {one.uid for one in place.intake.taken} == questions.keys()
    assert place.intake.committed == [(sorted(questions), True)]
    for one in place.intake.taken:
        assert one.record is not None
        assert one.record.uid == one.uid
        assert json.loads(one.raw) == questions[one.uid]
        assert one.size == len(one.raw)


def test_an_unchanged_poll_is_one_request_under_2_kb(source: SourceServer, imported: Place) -> None:
    """The source says 304: nothing else is asked, robots.txt included, and nothing is committed."""
    report = imported.crawl(source, at=NOW + timedelta(hours=6))
    assert report.outcome is RunOutcome.UNCHANGED
    assert report.requests == len(source.asked) == 1
    assert report.bytes_received < 2048
    assert imported.intake.taken == []
    assert len(imported.intake.committed) == 1


def test_without_etag_the_date_is_enough(source: SourceServer, place: Place) -> None:
    """Last-Modified alone makes the conditional request."""
    source.faults.etags = False
    serve(source, some_questions(range(1, 4)))
    place.crawl(source)
    assert place.crawl(source).outcome is RunOutcome.UNCHANGED


def test_without_validators_the_directory_tells(source: SourceServer, place: Place) -> None:
    """A source that promises nothing is read by its directory; nothing changed, so no entry is fetched."""
    source.faults.etags = source.faults.dates = False
    serve(source, some_questions(range(1, 41)))
    place.crawl(source)
    source.asked.clear()
    report = place.crawl(source)
    assert (report.outcome, report.changed) == (RunOutcome.SUCCEEDED, 0)
    assert len(_asked_of_archive(source)) == 2
    assert place.intake.taken == []


def test_only_what_changed_is_read(source: SourceServer, imported: Place) -> None:
    """A rebuilt archive costs its tail, its directory and the entries that are not the same."""
    questions = some_questions(range(1, 43)) | some_questions([7, 30], answer="Réponse d’exemple.")
    serve(source, questions, at=TOMORROW)
    report = imported.crawl(source, at=NOW + timedelta(hours=6))
    assert (report.outcome, report.entries, report.changed) == (RunOutcome.SUCCEEDED, 42, 4)
    assert sorted(one.uid for one in imported.intake.taken) == sorted(map(uid, (7, 30, 41, 42)))
    assert imported.intake.committed[-1] == (sorted(questions), True)
    assert report.requests == len(source.asked) == 3
    etag = source.file_at(source.asked[0].path).etag  # type: ignore[union-attr]
    assert [one.headers.get("If-Range") for one in source.asked] == [None, etag, etag]
    assert imported.crawl(source).outcome is RunOutcome.UNCHANGED


def test_a_rebuilt_archive_with_many_scattered_changes_stays_cheap(
    source: SourceServer, place: Place
) -> None:
    """250 changed among 4,000: few requests of many ranges, and few bytes."""
    before = some_questions(range(1, 4001))
    serve(source, before)
    place.intake.ledger = {}
    place.crawl(source)
    source.asked.clear()
    after = before | some_questions(range(3, 4001, 16), answer="Réponse d’exemple.")
    address = serve(source, after, at=TOMORROW)
    report = place.crawl(source)
    assert (report.outcome, report.changed) == (RunOutcome.SUCCEEDED, 250)
    assert report.requests <= 15
    archive = source.file_at(address.removeprefix(source.url))
    assert archive is not None
    assert report.bytes_received < 0.35 * len(archive.data)  # entries are far smaller here than real ones


def test_another_reader_reads_everything_again(source: SourceServer, imported: Place) -> None:
    """S7, S20: after a fix of parser or topic an unchanged archive is read all the same."""
    imported.intake.reader = "reader 2"
    report = imported.crawl(source)
    assert (report.outcome, report.changed) == (RunOutcome.SUCCEEDED, 40)
    assert "If-None-Match" not in source.asked[0].headers


def test_what_an_interrupted_import_left_out_is_read(source: SourceServer, imported: Place) -> None:
    """The ledger's marks, not the archive's ETag, say what is still missing."""
    for number in (3, 4, 5):
        del imported.intake.ledger[uid(number)]
    serve(source, some_questions(range(1, 41)), at=TOMORROW)
    assert imported.crawl(source).changed == 3


@pytest.mark.parametrize("legislature", [15, 16])
def test_earlier_legislatures_have_their_own_files(
    source: SourceServer, place: Place, legislature: int
) -> None:
    """The 15th and 16th are read from their own addresses, in their own forms."""
    serve(source, some_questions([1, 2], legislature), legislature)
    report = place.crawl(source, legislature=legislature)
    assert (report.outcome, report.changed) == (RunOutcome.SUCCEEDED, 2)
    assert {one.record.id.legislature for one in place.intake.taken if one.record} == {legislature}


def test_the_14th_is_refused(source: SourceServer) -> None:
    """Its one big file is not read, and the message says so."""
    with pytest.raises(UsageError, match="14e législature"):
        questions_archive(source.root, 14)


def test_s11_two_legislatures_are_two_sources(source: SourceServer, place: Place) -> None:
    """The same number in two legislatures: two archives, two marks, two states; one process."""
    serve(source, some_questions([1]))
    serve(source, some_questions([1], 16), 16)
    reports = place.run(source, ("questions", 17), ("questions", 16))
    assert [report.source for report in reports] == ["questions/17", "questions/16"]
    assert {report.outcome for report in reports} == {RunOutcome.SUCCEEDED}
    assert set(place.intake.ledger) == {uid(1), uid(1, 16)}
    assert len(place.memory.states) == 3  # and robots.txt


# --- S5: archive truncated, 404, HTML instead of a zip, one bad JSON among good ones ------------------


def _assert_nothing_changed(place: Place) -> None:
    assert len(place.intake.committed) == 1
    assert len(place.intake.ledger) == 40


def test_s05_a_truncated_archive_changes_nothing(source: SourceServer, imported: Place) -> None:
    """What was known stays; the run says that the archive is truncated."""
    whole = questions_zip(some_questions(range(1, 60)))
    source.put(questions_archive(source.root, 17), whole[: len(whole) // 2], modified=TOMORROW)
    report = imported.crawl(source)
    assert report.outcome is RunOutcome.FAILED
    assert "tronquée" in (report.reason or "")
    _assert_nothing_changed(imported)
    serve(source, some_questions(range(1, 42)), at=TOMORROW)
    assert imported.crawl(source).changed == 1


def test_s05_a_404_changes_nothing(source: SourceServer, imported: Place) -> None:
    """The reason holds the status and the address."""
    address = questions_archive(source.root, 17)
    source.remove(address)
    report = imported.crawl(source)
    assert report.outcome is RunOutcome.FAILED
    assert "404" in (report.reason or "")
    assert address in (report.reason or "")
    _assert_nothing_changed(imported)


def test_s05_html_in_place_of_a_zip_changes_nothing(source: SourceServer, imported: Place) -> None:
    """A page with status 200 is recognised."""
    source.faults.page = True
    report = imported.crawl(source)
    assert report.outcome is RunOutcome.FAILED
    assert "page HTML" in (report.reason or "")
    _assert_nothing_changed(imported)


def test_s05_one_bad_json_harms_no_other(source: SourceServer, imported: Place) -> None:
    """The good files of a good archive are taken; the bad one is an issue of its own, and the run partial."""
    questions = some_questions(range(1, 43)) | {uid(5): b'{"question": '}
    serve(source, questions, at=TOMORROW)
    report = imported.crawl(source)
    assert (report.outcome, report.changed, report.unreadable) == (RunOutcome.PARTIAL, 3, 1)
    assert uid(5) in (report.reason or "")
    bad = next(one for one in imported.intake.taken if one.uid == uid(5))
    assert bad.record is None
    assert bad.raw == b'{"question": '
    assert bad.issues
    assert imported.crawl(source).outcome is RunOutcome.UNCHANGED


def test_s05_a_damaged_entry_is_read_again(source: SourceServer, imported: Place) -> None:
    """An entry whose bytes do not match its CRC is an issue, and its mark matches no directory."""
    archive = bytearray(questions_zip(some_questions(range(1, 42))))
    name = archive.index(f"json/{uid(41)}.json".encode())
    archive[name + 60] ^= 0xFF
    source.put(questions_archive(source.root, 17), bytes(archive), modified=TOMORROW)
    report = imported.crawl(source)
    assert (report.outcome, report.unreadable) == (RunOutcome.PARTIAL, 1)
    assert [issue.code for issue in imported.intake.taken[0].issues] == ["damaged-entry"]
    serve(source, some_questions(range(1, 42)), at=TOMORROW + timedelta(days=1))
    assert [one.record is None for one in imported.crawl(source) and imported.intake.taken] == [False]


def test_s05_other_entries_are_passed_over(source: SourceServer, place: Place) -> None:
    """Directories, files that are no JSON, other kinds of question: only written questions are read."""
    files = [
        ("json/", b""), ("json/LISEZMOI.txt", b"Bonjour"), ("json/QANR5L17QG1.json", b"{}"),
        ("json/QANR5L16QE1.json", b"{}"), ("QANR5L17QE2.json", json.dumps(question_json(uid(2))).encode()),
    ]  # fmt: skip
    source.put(questions_archive(source.root, 17), zip_of(files))
    report = place.crawl(source)
    assert (report.outcome, report.entries) == (RunOutcome.SUCCEEDED, 1)


def test_too_many_unreadable_files_fail_the_run(source: SourceServer, imported: Place) -> None:
    """More than 2 % of the files read, and at least five: the archive is not believed."""
    bad = {uid(number): b"not JSON" for number in range(1, 6)}
    serve(source, some_questions(range(1, 41), answer="Réponse d’exemple.") | bad, at=TOMORROW)
    report = imported.crawl(source)
    assert report.outcome is RunOutcome.FAILED
    assert "5 fichiers illisibles sur 40" in (report.reason or "")
    _assert_nothing_changed(imported)


# --- S6: no question, or far fewer --------------------------------------------------------------------


@pytest.mark.parametrize("left", [0, 37])
def test_s06_fewer_questions_change_nothing(source: SourceServer, imported: Place, left: int) -> None:
    """Under 95 % of last time, and none at all: refused, with both figures."""
    serve(source, some_questions(range(1, left + 1), answer="Réponse d’exemple."), at=TOMORROW)
    report = imported.crawl(source)
    assert report.outcome is RunOutcome.FAILED
    assert ("aucune question" if left == 0 else "37 questions, contre 40") in (report.reason or "")
    _assert_nothing_changed(imported)
    serve(source, some_questions(range(1, 41)), at=TOMORROW)
    assert imported.crawl(source).outcome is RunOutcome.SUCCEEDED


def test_s06_a_few_missing_are_no_failure(source: SourceServer, imported: Place) -> None:
    """38 of 40 is 95 %: read, and the absences left to who counts them."""
    serve(source, some_questions(range(1, 39)), at=TOMORROW)
    assert imported.crawl(source).outcome is RunOutcome.SUCCEEDED
    assert len(imported.intake.committed[-1][0]) == 38


def test_s06_an_operator_may_accept_fewer(source: SourceServer, imported: Place) -> None:
    """When the fall is right, an option says so for one run."""
    serve(source, some_questions(range(1, 11)), at=TOMORROW)
    assert imported.crawl(source, accept_fewer=True).outcome is RunOutcome.SUCCEEDED


def test_questions_without_any_text_fail_the_run(source: SourceServer, place: Place) -> None:
    """An archive whose questions all lost their text is not believed."""
    serve(source, some_questions(range(1, 6), question_texts=()))
    report = place.crawl(source)
    assert report.outcome is RunOutcome.FAILED
    assert "texte lisible" in (report.reason or "")
    assert place.intake.committed == []


# --- sources that do less, or worse -------------------------------------------------------------------


def test_a_source_without_ranges_is_downloaded_whole(source: SourceServer, place: Place) -> None:
    """One request brings the archive, and the same code reads it; the next poll is still conditional."""
    source.faults.ranges = False
    serve(source, some_questions(range(1, 41)))
    report = place.crawl(source)
    assert (report.outcome, report.changed) == (RunOutcome.SUCCEEDED, 40)
    assert len(_asked_of_archive(source)) == 1
    assert place.crawl(source).outcome is RunOutcome.UNCHANGED


def test_a_cut_download_is_resumed(source: SourceServer, place: Place) -> None:
    """A whole download that stops goes on from where it stopped, of the same build."""
    source.faults.ranges = False
    address = serve(source, some_questions(range(1, 41)))
    source.faults.cut_after, source.faults.cuts = 5000, 1
    source.before_answer = lambda path: (
        path != ROBOTS and len(source.asked) > 1 and setattr(source.faults, "ranges", True)
    )
    report = place.crawl(source)
    assert (report.outcome, report.changed) == (RunOutcome.SUCCEEDED, 40)
    archive = source.file_at(address.removeprefix(source.url))
    assert archive is not None
    assert [(one.status, one.sent) for one in source.asked[1:]] == [
        (200, 5000),
        (206, len(archive.data) - 5000),
    ]


def test_a_cut_range_is_asked_for_again(source: SourceServer, place: Place) -> None:
    """What came of a range is kept, and only the rest is fetched."""
    serve(source, some_questions(range(1, 41)))
    source.faults.cut_after, source.faults.cuts = 600, 3
    assert place.crawl(source).changed == 40


def test_a_download_cut_again_and_again_fails(source: SourceServer, place: Place) -> None:
    """The tries are counted; nothing hangs and nothing is committed."""
    source.faults.ranges = False
    serve(source, some_questions(range(1, 41)))
    source.faults.cut_after, source.faults.cuts = 5000, 100
    report = place.crawl(source)
    assert report.outcome is RunOutcome.FAILED
    assert "coupé" in (report.reason or "")


def test_an_archive_replaced_while_read_is_read_anew(source: SourceServer, imported: Place) -> None:
    """Ranges of two builds are never mixed: the new one is read, once more from its directory."""
    changed = some_questions(range(1, 41), answer="Réponse d’exemple.")
    serve(source, changed, at=TOMORROW)
    newest = changed | some_questions([3, 4, 41], answer="Autre réponse d’exemple.")

    def swap(path: str) -> None:
        if path != ROBOTS and len(source.asked) == 2:
            serve(source, newest, at=TOMORROW + timedelta(days=1))

    source.before_answer = swap
    report = imported.crawl(source)
    assert (report.outcome, report.entries, report.changed) == (RunOutcome.SUCCEEDED, 41, 41)
    last = {one.uid: json.loads(one.raw) for one in imported.intake.taken}
    assert last == newest


def test_what_was_read_before_the_replacement_is_not_read_again(source: SourceServer, place: Place) -> None:
    """Entries that both builds share keep their reading; those that changed are read in the new one."""
    before = some_questions(range(1, 41))
    serve(source, before)
    newest = before | some_questions([1, 40], answer="Réponse d’exemple.")

    def swap(path: str) -> None:
        if len(source.asked) == 6:  # robots.txt, tail, directory, three chunks
            serve(source, newest, at=TOMORROW)

    source.before_answer = swap
    report = place.crawl(source, chunk_bytes=4_000)
    assert (report.outcome, report.changed) == (RunOutcome.SUCCEEDED, 40)
    taken = [one.uid for one in place.intake.taken]
    assert sorted(taken) == sorted([*newest, uid(1)])
    assert {one.uid: json.loads(one.raw) for one in place.intake.taken} == newest


def test_an_archive_replaced_all_the_time_fails(source: SourceServer, imported: Place) -> None:
    """Once is an accident; the second time the run ends, with the reason."""

    def swap(path: str) -> None:
        step = len(source.asked)
        serve(
            source,
            some_questions(range(1, 41), answer=f"Réponse {step}."),
            at=TOMORROW + timedelta(days=step),
        )

    source.before_answer = swap
    report = imported.crawl(source)
    assert report.outcome is RunOutcome.FAILED
    assert "remplacée" in (report.reason or "")
    _assert_nothing_changed(imported)


def test_a_source_that_answers_several_ranges_with_everything(source: SourceServer, place: Place) -> None:
    """The whole archive is given up at its headers, and the few changes fetched one at a time."""
    before = some_questions(range(1, 2001))
    serve(source, before)
    place.crawl(source)
    after = before | some_questions(range(10, 2001, 100), answer="Réponse d’exemple.")
    address = serve(source, after, at=TOMORROW)
    source.faults.several = "whole"
    report = place.crawl(source)
    assert (report.outcome, report.changed) == (RunOutcome.SUCCEEDED, 20)
    archive = source.file_at(address.removeprefix(source.url))
    assert archive is not None
    assert report.bytes_received < 0.4 * len(archive.data)
    assert report.requests == 2 + 1 + 20


def test_a_source_that_announces_no_length(source: SourceServer, place: Place) -> None:
    """The body ends with the connection: read all the same; and bounded all the same."""
    source.faults.lengths = source.faults.ranges = False
    serve(source, some_questions(range(1, 400)))
    report = place.crawl(source, max_run_bytes=100_000)
    assert report.outcome is RunOutcome.FAILED
    assert "TRACKER_MAX_RUN_BYTES" in (report.reason or "")
    assert place.crawl(source).changed == 399


# --- manners and safety -------------------------------------------------------------------------------


def test_the_source_is_told_who_reads_it(source: SourceServer, place: Place) -> None:
    """Every request has the name and the contact, and asks for the bytes as they are."""
    serve(source, some_questions([1]))
    place.crawl(source)
    for one in source.asked:
        assert one.headers["User-Agent"].startswith("asalee-tracker/")
        assert one.headers["User-Agent"].endswith("(+tests@example.org)")
        assert one.headers["Accept-Encoding"] == "identity"
        assert "Cookie" not in one.headers
        assert "Referer" not in one.headers


def test_robots_txt_is_obeyed(source: SourceServer, place: Place) -> None:
    """An address that is not ours to read is not read; the run says why."""
    source.put(ROBOTS, b"User-agent: asalee-tracker\nDisallow: /static/\n")
    serve(source, some_questions([1]))
    report = place.crawl(source)
    assert report.outcome is RunOutcome.FAILED
    assert "robots.txt" in (report.reason or "")
    assert [one.path for one in source.asked] == [ROBOTS]


def test_robots_txt_is_asked_for_once_a_day(source: SourceServer, imported: Place) -> None:
    """Remembered for a day; then asked again, and obeyed at once when it has changed."""
    imported.crawl(source, at=NOW + timedelta(hours=23))
    assert [one.path for one in source.asked].count(ROBOTS) == 0
    source.put(ROBOTS, b"User-agent: *\nDisallow: /\n")
    report = imported.crawl(source, at=NOW + timedelta(hours=25))
    assert report.outcome is RunOutcome.FAILED
    assert imported.crawl(source, at=NOW + timedelta(hours=26)).outcome is RunOutcome.FAILED
    assert [one.path for one in source.asked].count(ROBOTS) == 1


def test_a_source_without_robots_txt_may_be_read(source: SourceServer, place: Place) -> None:
    """RFC 9309: 404 means no rules, and that is remembered too."""
    source.remove(ROBOTS)
    serve(source, some_questions([1]))
    assert place.crawl(source).outcome is RunOutcome.SUCCEEDED
    place.crawl(source)
    assert [one.path for one in source.asked].count(ROBOTS) == 1


def test_a_passing_error_is_tried_again(source: SourceServer, place: Place) -> None:
    """5xx and 429 are retried, and each try is counted."""
    serve(source, some_questions([1]))
    source.faults.statuses = [503, 429, 500]
    report = place.crawl(source)
    assert report.outcome is RunOutcome.SUCCEEDED
    assert report.requests == len(source.asked)


def test_a_lasting_error_ends_the_run(source: SourceServer, imported: Place) -> None:
    """After the last retry the status is the reason."""
    source.faults.statuses = [503] * 20
    report = imported.crawl(source, retries=2)
    assert report.outcome is RunOutcome.FAILED
    assert "503" in (report.reason or "")
    assert report.requests == 3
    _assert_nothing_changed(imported)


def test_a_source_that_asks_for_a_long_wait_is_left_alone(source: SourceServer, imported: Place) -> None:
    """Retry-After: an hour is not waited for in a run; no second request is made."""
    source.faults.statuses, source.faults.retry_after = [503], "3600"
    report = imported.crawl(source)
    assert report.outcome is RunOutcome.FAILED
    assert "3600 secondes" in (report.reason or "")
    assert report.requests == 1


def test_a_source_that_does_not_answer_ends_the_run(source: SourceServer, imported: Place) -> None:
    """A time-out is retried, then reported."""
    source.faults.delay = 1.0
    report = imported.crawl(source, timeout=0.1, retries=1)
    assert report.outcome is RunOutcome.FAILED
    assert "ne répond pas" in (report.reason or "")
    _assert_nothing_changed(imported)


def test_a_source_that_is_down_ends_the_run(place: Place) -> None:
    """No connection at all: robots.txt cannot be asked for, so nothing is read."""
    with SourceServer() as gone:
        pass
    report = place.crawl(gone, retries=1)
    assert report.outcome is RunOutcome.FAILED
    assert "robots.txt" in (report.reason or "")


def test_a_redirect_to_another_host_is_refused(source: SourceServer, imported: Place) -> None:
    """Nothing is asked of the other host, and the reason names it."""
    with SourceServer() as elsewhere:
        source.faults.redirect_to = elsewhere.url.replace("127.0.0.1", "localhost") + "/a.zip"
        report = imported.crawl(source)
        assert elsewhere.asked == []
    assert report.outcome is RunOutcome.FAILED
    assert "autre hôte (localhost)" in (report.reason or "")


def test_redirects_without_end_are_given_up(source: SourceServer, imported: Place) -> None:
    """An address that leads to itself: a reason in French, nothing unexpected."""
    source.faults.redirect_to = "/round.zip"
    report = imported.crawl(source)
    assert report.outcome is RunOutcome.FAILED
    assert report.reason == "La source redirige sans fin d'une adresse à l'autre."


def test_a_redirect_on_the_same_host_is_followed(source: SourceServer, place: Place) -> None:
    """An archive that moved is found, its ranges too."""
    serve(source, some_questions(range(1, 10)))
    source.put("/moved.zip", questions_zip(some_questions(range(1, 10))))
    source.before_answer = lambda path: setattr(
        source.faults, "redirect_to", None if path == "/moved.zip" else "/moved.zip"
    )
    assert place.crawl(source).changed == 9


def test_a_run_has_an_upper_bound_of_bytes(source: SourceServer, place: Place) -> None:
    """A source that sends without end is cut off, with the setting's name in the reason."""
    serve(source, some_questions(range(1, 400)))
    report = place.crawl(source, max_run_bytes=20_000)
    assert report.outcome is RunOutcome.FAILED
    assert "TRACKER_MAX_RUN_BYTES" in (report.reason or "")
    assert report.bytes_received < 200_000
    assert place.intake.committed == []


def test_a_bomb_is_refused_and_the_rest_is_taken(source: SourceServer, place: Place) -> None:
    """Entries of absurd size or ratio are never fetched; each is an issue of its question."""
    bombs = {uid(100): b" " * 5_000_001, uid(101): b"0" * 1_000_000}
    serve(source, some_questions(range(1, 41)) | bombs)
    report = place.crawl(source)
    assert (report.outcome, report.unreadable) == (RunOutcome.PARTIAL, 2)
    problems = {one.uid: one.issues[0] for one in place.intake.taken if one.record is None}
    assert "absurde" in problems[uid(100)].raw
    assert "gonflée" in problems[uid(101)].raw
    assert {issue.code for issue in problems.values()} == {"refused-entry"}


# --- a run always ends with a report ------------------------------------------------------------------


def test_an_error_of_ours_while_taking_fails_the_run(source: SourceServer, imported: Place) -> None:
    """What the intake raises is not lost, and nothing is committed."""
    serve(source, some_questions(range(1, 50)), at=TOMORROW)
    imported.intake.fails_to_take = True
    report = imported.crawl(source)
    assert report.outcome is RunOutcome.FAILED
    assert "no room left" in (report.reason or "")
    _assert_nothing_changed(imported)


def test_an_error_of_ours_while_committing_fails_the_run(source: SourceServer, imported: Place) -> None:
    """The archive is not remembered as read."""
    serve(source, some_questions(range(1, 50)), at=TOMORROW)
    imported.intake.fails_to_commit = True
    report = imported.crawl(source)
    assert report.outcome is RunOutcome.FAILED
    assert "database is locked" in (report.reason or "")
    imported.intake.fails_to_commit = False
    assert imported.crawl(source).changed == 9


def test_an_error_of_ours_while_choosing_fails_the_run(source: SourceServer, imported: Place) -> None:
    """An exception inside the spider's own coroutine ends as a report."""
    serve(source, some_questions(range(1, 50)), at=TOMORROW)
    imported.intake.ledger = {uid(1): LedgerMark(0, 0, "reader 1")}
    imported.intake.reader = None  # type: ignore[assignment]
    report = imported.crawl(source, max_entry_bytes=None)
    assert report.outcome is RunOutcome.FAILED
    assert "TypeError" in (report.reason or "")


def test_one_run_that_fails_leaves_the_next_alone(source: SourceServer, place: Place) -> None:
    """Two legislatures, the first one gone: the second is read."""
    serve(source, some_questions([1], 16), 16)
    first, second = place.run(source, ("questions", 17), ("questions", 16))
    assert (first.outcome, second.outcome) == (RunOutcome.FAILED, RunOutcome.SUCCEEDED)


def test_progress_is_told(source: SourceServer, place: Place) -> None:
    """Files done and files to do, up to all of them."""
    serve(source, some_questions(range(1, 301)))
    place.crawl(source)
    done = [done for _, done, _ in place.progress]
    assert len(done) > 1
    assert done == sorted(done)
    assert place.progress[-1] == ("questions/17", 300, 300)


def test_no_temporary_file_is_left(source: SourceServer, place: Place, tmp_path: Path) -> None:
    """A whole download goes to the directory it is told, and out of it."""
    source.faults.ranges = False
    serve(source, some_questions(range(1, 10)))
    assert place.crawl(source, temporary_dir=tmp_path).changed == 9
    assert list(tmp_path.iterdir()) == []
