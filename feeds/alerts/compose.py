"""A message in words: what any form of it, mail, webhook or chat, says.

Enters: a `Message`. Leaves: a `Letter`: its title, what it tells, why the receiver gets it. Pure: the
same message gives the same letter at each attempt.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass

from feeds import wording
from feeds.alerts.notes import Note, note_of
from feeds.alerts.recent import Recent
from feeds.alerts.site import AlertSite
from feeds.alerts.told import LONGEST_TITLE, Told, told_of
from feeds.sanitise import one_line
from feeds.stories import stories
from feeds.typography import count, listed, typeset
from tracker.alerts import MatchedEvent, Message, MessageKind, Subscription
from tracker.events import EventKind
from tracker.ports import EventView

_OF_EVENTS = frozenset({MessageKind.ALERT, MessageKind.DIGEST})
_MOST_NUMBERS = 4  # named in a title
_MOST_EVENTS = 500  # told, and kept for the next receivers
_MOST_LETTERS = 50


@dataclass(frozen=True, slots=True)
class Story:
    """One thing told: an event, or the answer that several questions got, by their numbers."""

    told: tuple[Told, ...]
    headline: str
    because: tuple[str, ...]  # names of the subscriptions it matches

    @property
    def first(self) -> Told:
        """The one whose texts stand for all."""
        return self.told[0]

    @property
    def said(self) -> str:
        """What happened; of several questions, without the delay, which is each one's own."""
        return self.first.said if len(self.told) == 1 else self.first.happened


@dataclass(frozen=True, slots=True, eq=False)
class Letter:
    """A message in words: about events (`stories`), or something else (`note`).

    Who gets the same events for the same reasons gets the same object.
    """

    title: str
    because: tuple[str, ...] = ()
    stories: tuple[Story, ...] = ()
    note: Note | None = None


class Composer:
    """Puts messages in words; what it says is kept for the next receivers. For one thread."""

    def __init__(self, site: AlertSite) -> None:
        self.site = site
        self._events: Recent[Hashable, Told] = Recent(_MOST_EVENTS)
        self._letters: Recent[Hashable, Letter] = Recent(_MOST_LETTERS)

    def letter(self, message: Message) -> Letter:
        """A message in words."""
        if message.kind not in _OF_EVENTS:
            note = note_of(message, self.site)
            return Letter(title=self._marked(note.title), note=note)
        events = tuple((_key(one.view), self._names(one.subscriptions)) for one in message.events)
        because = self._names(message.subscriptions)
        return self._letters.get((events, because), lambda: self._letter(message, because))

    def told(self, view: EventView) -> Told:
        """An event in words."""
        return self._events.get(_key(view), lambda: told_of(view))

    def _letter(self, message: Message, because: tuple[str, ...]) -> Letter:
        told = tuple(self._stories(message.events))
        title = told[0].headline if len(told) == 1 else _digest_title(told)
        return Letter(self._marked(one_line(title, LONGEST_TITLE)), because, told)

    def _marked(self, title: str) -> str:
        return typeset("Démonstration : ") + title if self.site.demo else title

    def _stories(self, events: Sequence[MatchedEvent]) -> list[Story]:
        """The stories of a message, in the order of their first events."""
        asked = {one.view.recorded.sequence: one.subscriptions for one in events}
        found = []
        for story in stories(one.view for one in events):
            subscriptions = {one.id: one for view in story.views for one in asked[view.recorded.sequence]}
            told = tuple(self.told(view) for view in story.views)
            because = self._names(one for _, one in sorted(subscriptions.items()))
            found.append(Story(told, _headline(told), because))
        return found

    def _names(self, subscriptions: Iterable[Subscription]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.site.called(one) for one in subscriptions))


def _key(view: EventView) -> Hashable:
    """What the words of an event depend on."""
    return view.recorded.event.id, view.recorded.revision, view.author


def _headline(told: Sequence[Told]) -> str:
    """The story's own; of one answer to several questions, with their numbers."""
    if len(told) == 1:
        return told[0].headline
    numbers = listed([one.number for one in told], _MOST_NUMBERS)
    opening = f"Réponse à {count(len(told), 'question')} ({numbers})"
    return one_line(opening + typeset(" : ") + told[0].title, LONGEST_TITLE)


def _digest_title(told: Sequence[Story]) -> str:
    """« 3 nouvelles : 1 réponse, 2 nouvelles questions (n° 13983, n° 14358 et n° 15001) »."""
    kinds = [story.first.event.kind for story in told]
    numbers = list(dict.fromkeys(one.number for story in told for one in story.told))
    named = f" ({listed(numbers, _MOST_NUMBERS)})" if len(numbers) <= _MOST_NUMBERS else ""
    return f"{wording.events_counted(kinds)}{named}"


def is_answer(story: Story) -> bool:
    """True of an answer, whose text comes first."""
    return story.first.event.kind is EventKind.ANSWERED


def manage_token(message: Message) -> str | None:
    """The key to the receiver's subscriptions, where the message brings one."""
    return None if message.kind is MessageKind.CONFIRMATION else message.token
