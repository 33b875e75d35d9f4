"""Events as stories: one answer given to twelve questions is one of them.

Enters: event views, newest first. Leaves: `Story`s in the same order, each with all its events.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tracker.events import Event
from tracker.grouping import story_of
from tracker.ports import EventView


@dataclass(frozen=True, slots=True)
class Story:
    """Events that tell one thing; more than one only for an answer that several questions got."""

    views: tuple[EventView, ...]

    @property
    def event(self) -> Event:
        """What happened, for the first of its questions."""
        return self.views[0].recorded.event


def stories(views: Iterable[EventView]) -> list[Story]:
    """Stories, the newest first; questions within one by number."""
    found: dict[str, list[EventView]] = {}
    for view in views:
        found.setdefault(story_of(view.recorded, view.record), []).append(view)
    return [Story(tuple(sorted(told, key=lambda view: view.record.id))) for told in found.values()]
