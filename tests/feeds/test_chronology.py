"""The picture of time and what stands behind it: every fact once, drawn alike on every machine."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feeds.chronology import chronology
from feeds.web.timeline import draw
from tracker.figures import FigureRow
from tracker.milestones import Citation, Milestone
from tracker.topics import load_topics

TODAY = date(2026, 11, 20)
SOURCES = (Citation("Exemple"),)
SVG = "{http://www.w3.org/2000/svg}"


def row(asked, answered=None, questions=1):
    """A question by its dates."""
    return FigureRow(None, asked, answered, None, questions)


def milestone(when, text="Fait.", note=None):
    """A milestone of that date."""
    return Milestone(when, text, SOURCES, note)


def drawn(told):
    """Every form, parsed."""
    return [etree.fromstring(form) for form in draw(told, "asalee")]


def texts(element):
    """The written texts of a drawing."""
    return [one.text for one in element.iter(f"{SVG}text")]


def test_nothing_to_show():
    """Neither questions nor milestones whose month is known."""
    assert chronology([], [], TODAY) is None
    assert chronology([milestone("2004")], [row(None)], TODAY) is None


def test_every_month_from_the_first_fact_to_today():
    """Empty months too, so that the axis has no hole."""
    told = chronology(
        [], [row(date(2026, 8, 4), date(2026, 10, 6)), row(date(2026, 8, 11), questions=2)], TODAY
    )
    counts = [(one.first.month, one.questions, one.answers) for one in told.months]
    assert counts == [(8, 3, 0), (9, 0, 0), (10, 0, 1), (11, 0, 0)]
    assert (told.questions, told.answers) == (3, 1)


def test_a_year_alone_does_not_stretch_the_axis():
    """« 2004 » is numbered first and stands at the edge, with an arrow."""
    told = chronology([milestone("2026-09"), milestone("2004")], [row(date(2026, 10, 6))], TODAY)
    assert told.months[0].first == date(2026, 9, 1)
    assert [(mark.number, mark.when) for mark in told.marks] == [(1, "2004"), (2, "septembre 2026")]
    wide, _, narrow = drawn(told)
    assert "←" in texts(wide)
    assert "↑" in texts(narrow)


def test_what_has_not_come_yet_is_left_out():
    """Dates after today, of questions as of milestones."""
    told = chronology([milestone("2027-01-05")], [row(date(2026, 11, 17), date(2026, 12, 1))], TODAY)
    assert (told.questions, told.answers, told.marks) == (1, 0, ())


def test_a_picture_says_what_it_is():
    """Title and description, named in the page by identifiers of their own; no style, no script."""
    told = chronology([milestone("2026-10-07")], [row(date(2026, 10, 6), date(2026, 11, 3))], TODAY)
    for form, width in zip(drawn(told), ("wide", "medium", "narrow"), strict=True):
        assert form.get("role") == "img"
        names = form.get("aria-labelledby").split()
        assert names == [f"asalee-{width}-title", f"asalee-{width}-desc"]
        assert [one.get("id") for one in form[:2]] == names
        assert "1\u00a0question, 1\u00a0réponse, 1\u00a0jalon" in form[1].text
        assert not [one for one in form.iter() if one.get("style") or etree.QName(one).localname == "script"]


def test_the_same_facts_give_the_same_bytes():
    """Whatever the order they come in."""
    milestones = [milestone("2026-09-01", "A"), milestone("2026-09-20", "B")]
    rows = [row(date(2026, 9, 1)), row(date(2026, 10, 6), date(2026, 11, 3))]
    one = draw(chronology(milestones, rows, TODAY), "a")
    other = draw(chronology(milestones[::-1], rows[::-1], TODAY), "a")
    assert one == other


def test_hostile_texts_stay_texts():
    """Markup, bidi and control characters of a topic file do no harm in a drawing."""
    told = chronology([milestone("2026-09-01", "<script>alert(1)</script>\u202e\x00 & fin")], [], TODAY)
    for form in draw(told, "a"):
        assert "<script" not in form
        assert "\u202e" not in form
        assert "&amp; fin" in form


def test_a_day_is_told_from_a_vaguer_date():
    """By the outline of the mark, not by colour alone."""
    told = chronology([milestone("2026-09-01"), milestone("2026-09")], [], TODAY)
    classes = [
        one.get("class") for one in drawn(told)[0].iter(f"{SVG}g") if one.find(f"{SVG}circle") is not None
    ]
    assert sorted(classes) == ["milestone", "milestone vague"]


def test_typography_of_a_topic_file():
    """Texts and notes are set as French is."""
    (mark,) = chronology([milestone("2026-09-01", "L'accord n° 2 : signé", "« Oui »")], [], TODAY).marks
    assert mark.text == "L’accord n°\u00a02\u00a0: signé"
    assert mark.note == "«\u00a0Oui\u00a0»"
    assert mark.when == "1er septembre 2026"


def test_the_milestones_of_asalee_are_all_drawn():
    """Each number once, whatever the form."""
    milestones = load_topics(None).topics[0].milestones
    for form in drawn(chronology(milestones, [], TODAY)):
        numbers = [int(text) for text in texts(form) if text.isdecimal() and int(text) < 2000]
        assert sorted(numbers) == list(range(1, len(milestones) + 1))


@pytest.mark.parametrize("count", [1, 3, 40, 100_000])
def test_bars_fit_whatever_they_count(count):
    """And everything stays inside the frame."""
    told = chronology(
        [milestone("2004"), milestone("2026-10-07")], [row(date(2026, 10, 6), None, count)], TODAY
    )
    for form in drawn(told):
        _inside(form)


DATES = st.none() | st.dates(date(2023, 1, 1), date(2027, 6, 1))
ROWS = st.builds(FigureRow, st.none(), DATES, DATES, st.none(), st.integers(1, 50))
WHEN = st.dates(date(1990, 1, 1), date(2027, 6, 1)).flatmap(
    lambda on: st.sampled_from([on.isoformat(), on.isoformat()[:7], on.isoformat()[:4]])
)


@given(st.lists(ROWS, max_size=20), st.lists(WHEN, max_size=20))
def test_no_two_marks_touch_and_nothing_leaves_the_frame(rows, dates):
    """Whatever the dates."""
    told = chronology([milestone(when) for when in dates], rows, TODAY)
    if told is None:
        return
    for form in drawn(told):
        _inside(form)
        centres = [(float(one.get("cx")), float(one.get("cy"))) for one in form.iter(f"{SVG}circle")]
        assert len(centres) == len(told.marks)
        for index, (x, y) in enumerate(centres):
            assert all((x - a) ** 2 + (y - b) ** 2 > 21**2 for a, b in centres[:index])


def _inside(form):
    _, _, width, height = map(float, form.get("viewBox").split())
    for one in form.iter():
        for names, size in ((("x", "x1", "x2", "cx"), width), (("y", "y1", "y2", "cy"), height)):
            assert all(0 <= float(one.get(name)) <= size for name in names if one.get(name))
