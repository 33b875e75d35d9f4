"""The picture of time, drawn as SVG.

Enters: a `Chronology`. Leaves: three drawings of the same facts, two across and one down for phones, of
which the style sheet shows the one that fits. Questions stand on one side of the axis, answers on
the other, in bars of a month each; numbered marks are the milestones. Nothing is told by colour alone:
questions are outlined and answers filled, a milestone whose day is not known is dashed, and the tables
behind the picture hold every number.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from markupsafe import Markup

from feeds.chronology import Chronology, Mark, Month
from feeds.typography import count, month, number, typeset
from feeds.web.svg import Canvas, Frame
from tracker.milestones import Precision

_WIDE = 1130  # the axis across a whole screen
_MEDIUM = 690  # the axis across a column of text
_MONTH_DOWN = 12  # of a month down a narrow one…
_LONGEST_DOWN = 1200  # …unless there are very many
_NARROWEST = 240  # across it, so that a picture with few bars is not blown up
_BAR = {"wide": 130, "medium": 90, "narrow": 84}  # the longest bar
_UNIT = 14  # one question, where there are few
_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_MOST_LINES = 3  # of the scale, on a side
_RADIUS = 10.5  # of a mark
_APART = 23  # centres of two marks of one row
_EDGE = 26  # before and after the axis


def draw(told: Chronology, name: str) -> Sequence[Markup]:
    """Every form of a picture, ready for a page; identifiers in it begin with `name`."""
    months = len(told.months)
    forms = (
        _Picture(told, _WIDE / months, "wide"),
        _Picture(told, _MEDIUM / months, "medium"),
        _Picture(told, min(_MONTH_DOWN, _LONGEST_DOWN / months), "narrow"),
    )
    return [form.drawn(name) for form in forms]


class _Picture:
    """One form of the picture; distances across are counted from the axis, questions above it."""

    def __init__(self, told: Chronology, step: float, form: str) -> None:
        self._told, self._step, self._form = told, step, form
        self._down = form == "narrow"
        self._length = step * len(told.months)
        questions = max(one.questions for one in told.months)
        answers = max(one.answers for one in told.months)
        self._unit = min(_UNIT, _BAR[form] / max(1, questions, answers))
        self._above, self._below = questions * self._unit, answers * self._unit
        self._placed = [
            (mark, along, self._above + 8 + _RADIUS + row * _APART)
            for mark, along, row in _rows(told.marks, self._along_of)
        ]
        self._top = max((across + _RADIUS for *_, across in self._placed), default=self._above)
        self._years = self._below + (21 if self._down else 17)

    def drawn(self, name: str) -> Markup:
        above, below = self._top + 4, self._years + (20 if self._down else 9)
        frame = Frame(
            before=_EDGE,
            after=self._length + _EDGE,
            above=above,
            below=max(below, _NARROWEST - above) if self._down else below,
            down=self._down,
        )
        canvas = Canvas(
            frame,
            class_=f"timeline {self._form}",
            name=f"{name}-{self._form}",
            title=typeset("Questions, réponses et jalons dans le temps"),
            description=_described(self._told),
        )
        self._draw_years(canvas)
        self._draw_stems(canvas)
        self._draw_scale(canvas)
        self._draw_bars(canvas)
        self._draw_marks(canvas)
        return canvas.markup()

    def _draw_years(self, canvas: Canvas) -> None:
        canvas.group("years")
        for year, begin, end in self._spans():
            if begin > 0:
                canvas.line((begin, -self._below - 4), (begin, self._top))
            if end - begin >= (18 if self._down else 32):
                canvas.text(((begin + end) / 2, -self._years), str(year))

    def _draw_stems(self, canvas: Canvas) -> None:
        canvas.group("stems")
        for _, along, across in self._placed:
            canvas.line((along, 0), (along, across))

    def _draw_scale(self, canvas: Canvas) -> None:
        canvas.group("scale")
        most = max(self._above, self._below) / self._unit
        step = next((one for one in _STEPS if most / one <= _MOST_LINES), _STEPS[-1])
        for side, size in ((1, self._above), (-1, self._below)):
            for value in range(step, round(size / self._unit) + 1, step):
                across = side * value * self._unit
                canvas.line((0, across), (self._length, across))
                canvas.text((-13, across), number(value))
        canvas.line((-4, 0), (self._length + 4, 0), "axis")

    def _draw_bars(self, canvas: Canvas) -> None:
        gap = min(2.0, self._step * 0.14)
        for index, one in enumerate(self._told.months):
            begin, end = index * self._step + gap, (index + 1) * self._step - gap
            if one.questions or one.answers:
                canvas.group("month", _month_told(one))
            if one.questions:
                canvas.bar((begin, 0), (end, one.questions * self._unit), "asked")
            if one.answers:
                canvas.bar((begin, -one.answers * self._unit), (end, 0), "replied")

    def _draw_marks(self, canvas: Canvas) -> None:
        for mark, along, across in self._placed:
            vague = mark.milestone.precision is not Precision.DAY
            title = typeset(f"{mark.number}. {mark.when} : {mark.text}")
            canvas.group("milestone vague" if vague else "milestone", title)
            canvas.circle((along, across), _RADIUS)
            canvas.text((along, across), str(mark.number))
            if mark.milestone.last_day < self._told.months[0].first:
                canvas.text((along - _RADIUS - 8, across), "↑" if self._down else "←")

    def _spans(self) -> Iterator[tuple[int, float, float]]:
        """Each year with where it begins and ends along the axis."""
        years = [one.first.year for one in self._told.months]
        for year in dict.fromkeys(years):
            begin = years.index(year)
            yield year, begin * self._step, (begin + years.count(year)) * self._step

    def _along_of(self, mark: Mark) -> float:
        """Where a milestone stands: in the middle of what its date may mean, at the edge when earlier."""
        along = (self._along(mark.milestone.first_day) + self._along(mark.milestone.last_day)) / 2
        return min(max(along, 0), self._length)

    def _along(self, on: date) -> float:
        begin = self._told.months[0].first
        months = (on.year - begin.year) * 12 + on.month - begin.month
        return (months + (on.day - 0.5) / calendar.monthrange(on.year, on.month)[1]) * self._step


def _rows(marks: Sequence[Mark], along_of: Callable[[Mark], float]) -> Iterator[tuple[Mark, float, int]]:
    """Where each mark stands: along, and in which row, so that no two of them touch."""
    ends: list[float] = []
    for along, mark in sorted(((along_of(mark), mark) for mark in marks), key=lambda one: one[0]):
        row = next((row for row, end in enumerate(ends) if along - end >= _APART), len(ends))
        ends[row : row + 1] = [along]
        yield mark, along, row


def _described(told: Chronology) -> str:
    first, last = (month(one.first) for one in (told.months[0], told.months[-1]))
    questions, answers = count(told.questions, "question"), count(told.answers, "réponse")
    marks = count(len(told.marks), "jalon")
    same = "Les tableaux qui suivent disent la même chose."
    return typeset(f"De {first} à {last} : {questions}, {answers}, {marks}. {same}")


def _month_told(one: Month) -> str:
    questions, answers = count(one.questions, "question"), count(one.answers, "réponse")
    return typeset(f"{month(one.first)} : {questions}, {answers}")
