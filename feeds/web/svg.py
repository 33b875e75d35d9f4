"""A small canvas for charts that run along time, from left to right or from top to bottom.

Enters: shapes in two coordinates, along the time and across it. Leaves: SVG for a page: a title and a
description, class names for the style sheet to colour, no style attribute, no script. The same shapes give
the same bytes on every machine.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree
from markupsafe import Markup

Point = tuple[float, float]  # along, across


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a canvas: along, and across on both sides of the axis; `down` turns it upright."""

    before: float
    after: float
    above: float
    below: float
    down: bool

    def to_xy(self, point: Point) -> Point:
        """Where a point stands in the drawing; across grows upwards, or to the left."""
        along, across = self.before + point[0], self.above - point[1]
        return (across, along) if self.down else (along, across)

    @property
    def size(self) -> Point:
        """Width and height."""
        along, across = self.before + self.after, self.above + self.below
        return (across, along) if self.down else (along, across)


class Canvas:
    """An `svg` element that shapes are added to, in groups."""

    def __init__(self, frame: Frame, *, class_: str, name: str, title: str, description: str) -> None:
        self._frame = frame
        width, height = frame.size
        self._root = etree.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "class": class_,
                "viewBox": f"0 0 {_short(width)} {_short(height)}",
                "role": "img",
                "aria-labelledby": f"{name}-title {name}-desc",
            },
        )
        self._group = self._root
        self._add("title", {"id": f"{name}-title"}, title)
        self._add("desc", {"id": f"{name}-desc"}, description)

    def group(self, class_: str, title: str | None = None) -> None:
        """Begin a group; a title shows where a pointer rests on it."""
        self._group = etree.SubElement(self._root, "g", {"class": class_})
        if title is not None:
            self._add("title", {}, title)

    def line(self, begin: Point, end: Point, class_: str | None = None) -> None:
        """A line between two points."""
        (x1, y1), (x2, y2) = self._frame.to_xy(begin), self._frame.to_xy(end)
        self._add("line", _numbers(x1=x1, y1=y1, x2=x2, y2=y2) | ({"class": class_} if class_ else {}))

    def bar(self, begin: Point, end: Point, class_: str) -> None:
        """A rectangle between two opposite corners."""
        (x1, y1), (x2, y2) = self._frame.to_xy(begin), self._frame.to_xy(end)
        sides = _numbers(x=min(x1, x2), y=min(y1, y2), width=abs(x2 - x1), height=abs(y2 - y1))
        self._add("rect", sides | {"class": class_})

    def circle(self, centre: Point, radius: float) -> None:
        """A circle."""
        cx, cy = self._frame.to_xy(centre)
        self._add("circle", _numbers(cx=cx, cy=cy, r=radius))

    def text(self, middle: Point, text: str) -> None:
        """A short text around a point; the style sheet anchors it in its middle."""
        x, y = self._frame.to_xy(middle)
        self._add("text", _numbers(x=x, y=y + 4), text)

    def markup(self) -> Markup:
        """The drawing."""
        return Markup(etree.tostring(self._root, encoding="unicode"))  # noqa: S704  # lxml escaped all texts

    def _add(self, tag: str, attributes: dict[str, str], text: str | None = None) -> None:
        etree.SubElement(self._group, tag, attributes).text = text


def _numbers(**values: float) -> dict[str, str]:
    return {name: _short(value) for name, value in values.items()}


def _short(value: float) -> str:
    """A coordinate with one decimal at most."""
    return f"{value:.1f}".removesuffix(".0")
