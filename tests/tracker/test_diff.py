"""What happened: each kind of event, and the scenarios of the lessons that need no store."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import (
    ANSWER_HTML,
    ECONOMY,
    HEALTH,
    LABOUR,
    QUESTION_HTML,
    answered,
    attribution,
    closure,
    day,
    instant,
    record,
    text,
)
from tracker.diff import ORDER, deadline_event, delisted_event, diff, outcome_of
from tracker.events import EventKind
from tracker.questions import Ministry
from tracker.status import Status

SEEN = instant("2026-10-06")
LATER = instant("2026-10-20")


class Story:
    """A question read several times: keeps the last record and all events."""

    def __init__(self, question, at=SEEN):
        self.record, self.events = None, ()
        self.read(question, at)

    def read(self, question, at):
        """Events that this reading adds, as (kind, ISO date, rank)."""
        new = diff(self.record, self.events, question, at)
        self.record, self.events = question, self.events + new
        return said(new)


def said(events):
    """Events without their details."""
    return [(event.kind.value, event.occurred_on.isoformat(), event.rank) for event in events]


def test_a_new_question_is_published():
    """One event, on the JO date, observed when it was read; its id is made of its content."""
    (event,) = diff(None, (), record(13983), LATER)
    assert (event.kind, event.occurred_on, event.observed_at) == (
        EventKind.PUBLISHED,
        day("2026-10-06"),
        LATER,
    )
    assert event.id == "QANR5L17QE13983/published/2026-10-06/1"
    assert event.detail == {}


def test_the_same_record_again_says_nothing():
    """An unchanged reading has no event."""
    assert Story(record()).read(record(), LATER) == []


def test_a_question_without_any_date_is_published_the_day_it_is_seen():
    """The day in Paris, and the event says that the source gave none; a date filled in is no event."""
    story = Story(record(asked=None), instant("2026-10-06", hour=22))
    assert said(story.events) == [("published", "2026-10-07", 1)]
    assert story.events[0].detail == {"undated": "yes"}
    assert story.read(record(), LATER) == []


def test_s02_a_question_seen_late_keeps_its_date():
    """Occurred on its JO date, observed ten days later."""
    (event,) = diff(None, (), record(), SEEN + timedelta(days=10))
    assert event.occurred_on == day("2026-10-06")


def test_s03_a_date_in_the_future_is_told_once():
    """The event carries the source's date; when the day comes nothing more is said."""
    story = Story(record(asked="2027-03-02"))
    assert said(story.events) == [("published", "2027-03-02", 1)]
    assert story.read(record(asked="2027-03-02"), instant("2027-03-02")) == []


def test_s01_an_answer_arrives():
    """One ANSWERED on the JO date, nothing more on a second reading."""
    story = Story(record())
    after = answered(record(), "2026-10-20")
    assert story.read(after, LATER) == [("answered", "2026-10-20", 1)]
    assert story.read(after, LATER + timedelta(hours=4)) == []


def test_answered_according_to_the_source_without_text_or_date():
    """REP_PUB alone answers, on the day observed; the text that comes later is told."""
    story = Story(record())
    assert story.read(record(closed=closure("REP_PUB", "Réponse publiée")), LATER) == [
        ("answered", "2026-10-20", 1)
    ]
    with_text = answered(record(), "2026-10-20")
    assert story.read(with_text, instant("2026-10-21")) == [("corrected", "2026-10-21", 1)]
    assert story.events[-1].detail == {"part": "answer", "old": "", "new": ANSWER_HTML, "undated": "yes"}


def test_s08_signalled_renewed_and_reattributed_twice_on_one_day():
    """Six events, in order, whether read at once or one after the other."""
    asked = attribution(HEALTH, "2026-07-07")
    first, second = attribution(LABOUR, "2026-10-12"), attribution(ECONOMY, "2026-10-12")
    before = record(asked="2026-07-07", attributions=[asked])
    half = replace(
        before,
        attributions=(asked, first),
        signalled_on=(day("2026-10-12"),),
        renewed_on=(day("2026-10-12"),),
    )
    whole = replace(
        before,
        attributions=(asked, first, second),
        signalled_on=(day("2026-10-12"),) * 2,
        renewed_on=(day("2026-10-12"),) * 2,
    )
    at_once = Story(before)
    assert at_once.read(whole, LATER) == [
        (kind, "2026-10-12", rank) for kind in ("reattributed", "renewed", "signalled") for rank in (1, 2)
    ]
    step_by_step = Story(before)
    step_by_step.read(half, LATER)
    step_by_step.read(whole, LATER + timedelta(days=1))
    assert {e.id for e in step_by_step.events} == {e.id for e in at_once.events}
    moves = [(e.detail["old"], e.detail["new"]) for e in at_once.events if e.kind is EventKind.REATTRIBUTED]
    assert moves == [("Santé", "Travail"), ("Travail", "Économie")]


def test_signalled_again_later():
    """Each signalement is an event, also when the source only keeps the last one."""
    story = Story(record(asked="2026-07-07", signalled=["2026-09-14"]))
    assert story.read(record(asked="2026-07-07", signalled=["2026-10-12"]), LATER) == [
        ("signalled", "2026-10-12", 1)
    ]


def test_a_fact_dropped_and_restored_is_told_once():
    """The source forgets a renewal for a night: no second event."""
    story = Story(record(renewed=["2026-10-06"]))
    assert story.read(record(), LATER) == []
    assert story.read(record(renewed=["2026-10-06"]), LATER + timedelta(days=1)) == []


def test_an_attribution_date_filled_in_or_lost_is_no_event():
    """An undated change of ministry is told the day it is seen, once."""
    asked = attribution(HEALTH, "2026-10-06")
    undated = record(attributions=[asked, attribution(LABOUR, None)])
    dated = record(attributions=[asked, attribution(LABOUR, "2026-10-13")])
    story = Story(record())
    assert story.read(undated, LATER) == [("reattributed", "2026-10-20", 1)]
    assert story.read(dated, LATER + timedelta(days=1)) == []
    again = Story(record())
    again.read(dated, LATER)
    assert again.read(undated, LATER + timedelta(days=1)) == []
    assert again.read(record(attributions=[asked, attribution(LABOUR, "2026-10-14")]), LATER) == []


def test_a_date_filled_in_beside_a_further_change():
    """Only the further change is told, and a ministry that takes over again is."""
    asked, first = attribution(HEALTH, "2026-10-06"), attribution(LABOUR, "2026-10-13")
    story = Story(record())
    story.read(record(attributions=[asked, attribution(LABOUR, None)]), instant("2026-10-14"))
    further = record(attributions=[asked, first, attribution(ECONOMY, "2026-10-19")])
    assert story.read(further, LATER) == [("reattributed", "2026-10-19", 1)]
    back = replace(further, attributions=(*further.attributions, attribution(LABOUR, "2026-10-26")))
    assert story.read(back, instant("2026-10-27")) == [("reattributed", "2026-10-26", 1)]


def test_an_attribution_told_between_two_others():
    """The source completes its history: what was left out is told, nothing else again."""
    asked, last = attribution(HEALTH, "2026-10-06"), attribution(ECONOMY, "2026-10-15")
    story = Story(record(attributions=[asked, last]))
    completed = record(attributions=[asked, attribution(LABOUR, "2026-10-13"), last])
    assert story.read(completed, LATER) == [("reattributed", "2026-10-13", 1)]


def test_a_renamed_ministry_is_no_reattribution():
    """The same reference under another name, or without reference the same label, is one ministry."""
    renamed = Ministry(HEALTH.ref, "Santé et accès aux soins", None)
    story = Story(record())
    assert (
        story.read(
            record(attributions=[attribution(HEALTH, None), attribution(renamed, "2026-10-12")]), LATER
        )
        == []
    )
    old = Ministry(None, "Santé", None)
    capitals = Ministry(None, "SANTE", None)
    assert said(
        diff(
            None,
            (),
            record(ministry=old, attributions=[attribution(old, None), attribution(capitals, None)]),
            SEEN,
        )
    ) == [("published", "2026-10-06", 1)]


def test_a_first_attribution_elsewhere_than_asked():
    """Later than the question it is a change, on the same day it is not."""
    later = record(attributions=[attribution(LABOUR, "2026-10-13")])
    assert ("reattributed", "2026-10-13", 1) in said(diff(None, (), later, LATER))
    same_day = record(attributions=[attribution(LABOUR, "2026-10-06")])
    assert said(diff(None, (), same_day, LATER)) == [("published", "2026-10-06", 1)]


def test_a_question_text_corrected_in_silence():
    """Old and new are kept; it occurred when it was observed, for the source gives no date."""
    story = Story(record())
    new = QUESTION_HTML.replace("dispositif", "protocole")
    assert story.read(record(html=new), LATER) == [("corrected", "2026-10-20", 1)]
    assert story.events[-1].detail == {"part": "question", "old": QUESTION_HTML, "new": new, "undated": "yes"}


def test_other_markup_is_no_correction():
    """The same words written otherwise are not told."""
    story = Story(record(html="<p>L'aide à l'Asal&eacute;e</p>"))
    assert story.read(record(html="L’aide à<br/>l’Asalée"), LATER) == []


def test_a_text_published_again_with_an_erratum():
    """It occurred on the date of its own publication, with the erratum."""
    first = text("Mille postes.")
    second = text("Deux mille postes.", "2026-10-13", erratum="Lire : deux mille.")
    story = Story(record(questions=[first]))
    assert story.read(record(questions=[first, second]), LATER) == [("corrected", "2026-10-13", 1)]
    assert story.events[-1].detail == {
        "part": "question",
        "old": "Mille postes.",
        "new": "Deux mille postes.",
        "erratum": "Lire : deux mille.",
    }
    at_once = diff(None, (), record(questions=[first, second]), LATER)
    assert [e.id for e in at_once] == [e.id for e in story.events]


def test_an_erratum_noted_on_a_known_text():
    """Told once, when observed, even when the text itself does not change."""
    story = Story(record())
    noted = record(questions=[text(QUESTION_HTML, erratum="Page 2650, rectifier.")])
    assert story.read(noted, LATER) == [("corrected", "2026-10-20", 1)]
    assert story.events[-1].detail["erratum"] == "Page 2650, rectifier."
    assert story.read(noted, LATER + timedelta(days=1)) == []


def test_a_corrected_title():
    """A title that changes is told, one that is filled in is not."""
    story = Story(record(title=None))
    assert story.read(record(title="Dispositif Asalée"), LATER) == []
    assert story.read(record(title="Protocole Asalée"), LATER) == [("corrected", "2026-10-20", 1)]
    assert story.events[-1].detail["part"] == "title"


def test_corrections_of_one_day_have_ranks():
    """Question, then answer, then title."""
    story = Story(answered(record(), "2026-10-13"), LATER)
    changed = answered(record(html="Autre question.", title="Autre titre"), "2026-10-13", "Autre réponse.")
    assert story.read(changed, LATER) == [("corrected", "2026-10-20", rank) for rank in (1, 2, 3)]
    assert [e.detail["part"] for e in story.events[-3:]] == ["question", "answer", "title"]


def test_s09_an_answer_edited_then_withdrawn():
    """CORRECTED with old and new, then REOPENED with the text taken back; then answered again."""
    story = Story(answered(record(), "2026-10-13", "Première réponse."), instant("2026-10-13"))
    assert story.read(answered(record(), "2026-10-13", "Seconde réponse."), instant("2026-10-15")) == [
        ("corrected", "2026-10-15", 1)
    ]
    detail = story.events[-1].detail
    assert (detail["part"], detail["old"], detail["new"]) == (
        "answer",
        "Première réponse.",
        "Seconde réponse.",
    )
    assert story.read(record(), instant("2026-10-16")) == [("reopened", "2026-10-16", 1)]
    assert story.events[-1].detail == {"what": "answer", "old": "Seconde réponse.", "undated": "yes"}
    assert outcome_of(story.events) is None
    assert story.read(answered(record(), "2026-10-13", "Seconde réponse."), instant("2026-10-17")) == [
        ("answered", "2026-10-13", 2)
    ]
    assert outcome_of(story.events) is Status.ANSWERED


def test_an_answer_emptied_while_the_source_says_answered():
    """Still answered; the lost words are kept in a correction."""
    story = Story(answered(record(), "2026-10-13"), LATER)
    emptied = record(closed=closure("REP_PUB", "Réponse publiée", "2026-10-13"))
    assert story.read(emptied, instant("2026-10-21")) == [("corrected", "2026-10-21", 1)]
    assert (story.events[-1].detail["old"], story.events[-1].detail["new"]) == (ANSWER_HTML, "")


@pytest.mark.parametrize(
    ("closed", "kind"),
    [
        (closure("XX", "Question retirée", "2026-10-13"), "withdrawn"),
        (closure("FM", "Fin de mandat", "2026-10-13"), "lapsed"),
        (closure("AU", "Autre", "2026-10-13"), "closed"),
    ],
)
def test_closures_occur_on_their_date(closed, kind):
    """Withdrawn, lapsed or closed, with the source's code and label; then taken back."""
    story = Story(record())
    assert story.read(record(closed=closed), LATER) == [(kind, "2026-10-13", 1)]
    assert story.events[-1].detail == {"code": closed.code, "label": closed.label}
    assert story.read(record(), instant("2026-10-21")) == [("reopened", "2026-10-21", 1)]
    assert story.events[-1].detail == {"what": "closure", "old": closed.label, "undated": "yes"}
    assert outcome_of(story.events) is None


def test_a_closure_that_becomes_another():
    """The new one is told; the same one with a date filled in is not."""
    story = Story(record())
    assert story.read(record(closed=closure("AU", "Autre")), LATER) == [("closed", "2026-10-20", 1)]
    assert story.read(record(closed=closure("AU", "Autre", "2026-10-13")), LATER) == []
    assert story.read(record(closed=closure("XX", "Retirée", "2026-10-21")), instant("2026-10-21")) == [
        ("withdrawn", "2026-10-21", 1)
    ]


def test_an_answer_after_a_closure():
    """Answered; the closure is not taken back besides."""
    story = Story(record(closed=closure("FM", "Fin de mandat", "2026-10-13")), LATER)
    assert story.read(answered(record(), "2026-10-27"), instant("2026-10-27")) == [
        ("answered", "2026-10-27", 1)
    ]


def test_an_answer_taken_back_by_a_closure():
    """REOPENED and the closure together, once, though the closure is dated before."""
    story = Story(answered(record(), "2026-10-13"), instant("2026-10-13"))
    lapsed = record(closed=closure("FM", "Fin de mandat", "2026-10-14"))
    assert story.read(lapsed, LATER) == [("lapsed", "2026-10-14", 1), ("reopened", "2026-10-20", 1)]
    assert outcome_of(story.events) is Status.LAPSED
    assert story.read(lapsed, LATER + timedelta(days=1)) == []


def test_s10_the_end_of_a_legislature_lapses():
    """On its last day, once, whatever closure the source adds later; no deadline passes after it."""
    question = record(legislature=16, asked="2024-05-21")
    story = Story(question, instant("2024-05-21"))
    assert story.read(question, instant("2024-09-01")) == [("lapsed", "2024-06-09", 1)]
    assert story.events[-1].detail == {"label": "Fin de la législature"}
    closed = replace(question, closure=closure("FM", "Fin de mandat", "2024-06-11"))
    assert story.read(closed, instant("2024-09-02")) == []


def test_s10_a_mandate_that_ends_before_the_due_date():
    """No DEADLINE_PASSED once the clock was stopped, nor when the day of the closure is unknown."""
    for on in ("2026-11-17", None):
        question = record(closed=closure("FM", "Fin de mandat", on))
        assert said(diff(None, (), question, instant("2027-03-01")))[0] == ("published", "2026-10-06", 1)
        assert deadline_event(question, (), instant("2027-03-01")) is None


def test_s11_the_same_number_in_another_legislature():
    """Two questions: no id in common."""
    one, other = (diff(None, (), record(5, legislature=n), SEEN) for n in (16, 17))
    assert not {e.id for e in one} & {e.id for e in other}


@pytest.mark.parametrize(
    ("asked", "due", "hour", "passed"),
    [
        ("2026-07-30", "2026-09-30", 21, False),
        ("2026-07-30", "2026-09-30", 22, True),
        ("2026-09-30", "2026-11-30", 22, False),
        ("2026-09-30", "2026-11-30", 23, True),
        ("2026-08-25", "2026-10-25", 22, False),
        ("2026-08-25", "2026-10-25", 23, True),
    ],
)
def test_s17_s18_a_deadline_passes_at_midnight_in_paris(asked, due, hour, passed):
    """At 22:00 UTC in summer, 23:00 in winter, and on the night when the clocks change."""
    event = deadline_event(record(asked=asked), (), instant(due, hour))
    assert (event is not None) == passed
    if event:
        assert event.occurred_on == day(due) + timedelta(days=1)
        assert event.detail == {"due_on": due}


def test_s17_a_deadline_passes_once_and_late():
    """A job skipped for a week catches up with the same id; a reading gives the same event."""
    question = record(asked="2026-07-07")
    story = Story(question, instant("2026-07-07"))
    late = deadline_event(question, story.events, instant("2026-09-15"))
    assert late.id == "QANR5L17QE1/deadline-passed/2026-09-08/1"
    assert [e.id for e in diff(question, story.events, question, instant("2026-11-01"))] == [late.id]
    assert deadline_event(question, (*story.events, late), instant("2026-09-16")) is None


@pytest.mark.parametrize(("on", "passed"), [("2026-09-07", False), ("2026-09-08", True)])
def test_an_answer_stops_the_deadline_only_in_time(on, passed):
    """An answer on the due date is in time; one day later the passing stays part of the history."""
    kinds = [e.kind.value for e in diff(None, (), answered(record(asked="2026-07-07"), on), LATER)]
    assert kinds == ["published", "deadline-passed", "answered"][:: 1 if passed else 2]


def test_no_deadline_for_an_answer_of_unknown_date():
    """Answered on no known day: nothing can be said of the delay."""
    question = record(legislature=14, asked="2016-10-04", closed=closure("REP_PUB", "Réponse publiée"))
    assert deadline_event(question, (), instant("2026-11-20")) is None


def test_a_whole_history_at_first_sight_is_in_order():
    """All that happened to an old question, by date."""
    question = replace(
        answered(record(asked="2026-03-31"), "2026-09-15"),
        attributions=(attribution(HEALTH, "2026-03-31"), attribution(LABOUR, "2026-05-12")),
        signalled_on=(day("2026-06-08"),),
        renewed_on=(day("2026-07-07"),),
    )
    assert said(diff(None, (), question, LATER)) == [
        ("published", "2026-03-31", 1),
        ("reattributed", "2026-05-12", 1),
        ("deadline-passed", "2026-06-01", 1),
        ("signalled", "2026-06-08", 1),
        ("renewed", "2026-07-07", 1),
        ("answered", "2026-09-15", 1),
    ]


def test_delisted_occurs_when_it_is_noticed():
    """A second time it has another id."""
    first = delisted_event("QANR5L17QE1", (), LATER)
    assert said([first]) == [("delisted", "2026-10-20", 1)]
    assert delisted_event("QANR5L17QE1", [first], LATER).rank == 2


def test_every_kind_has_its_place_in_a_day():
    """`ORDER` holds each kind once."""
    assert sorted(ORDER) == sorted(EventKind)
