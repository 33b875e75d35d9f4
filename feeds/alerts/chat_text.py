"""A message short enough for a chat.

Enters: a message. Leaves: a title and a body of plain text. No token is ever in it: what one member of a
room can open, all can.
"""

from __future__ import annotations

from dataclasses import dataclass

from feeds.alerts.compose import Composer, Letter, Story, is_answer
from feeds.alerts.mail_text import excerpt
from feeds.alerts.told import Told
from feeds.typography import typeset
from tracker.alerts import Message

_MOST_STORIES = 15


@dataclass(frozen=True, slots=True)
class ChatText:
    """What a room is told."""

    title: str
    body: str


def chat_text(message: Message, composer: Composer) -> ChatText:
    """The message as a room reads it."""
    letter = composer.letter(message)
    if letter.note is not None:
        lines = [*letter.note.paragraphs, *(f"• {item}" for item in letter.note.items)]
    elif len(letter.stories) == 1:
        lines = _story(letter.stories[0], composer)
    else:
        lines = _several(letter, composer)
    return ChatText(letter.title, "\n".join(lines))


def _story(story: Story, composer: Composer) -> list[str]:
    links = composer.site.links
    lines = [f"{story.said}."]
    if len(story.told) == 1:
        lines.append(story.first.asker)
    else:
        lines += [f"• {_who(one)}{typeset(' : ')}{links.to(one.path)}" for one in story.told]
    if is_answer(story) and excerpt(story):
        lines.append(f"«\u00a0{excerpt(story)}\u00a0»")
    if len(story.told) == 1:
        lines.append(links.to(story.first.path))
    return lines


def _who(told: Told) -> str:
    return ", ".join(filter(None, (told.number, told.asker, told.delay)))


def _several(letter: Letter, composer: Composer) -> list[str]:
    links = composer.site.links
    lines = [
        f"• {story.headline}{typeset(' : ')}{links.to(story.first.path)}"
        for story in letter.stories[:_MOST_STORIES]
    ]
    left = len(letter.stories) - _MOST_STORIES
    return lines if left <= 0 else [*lines, f"• et {left} de plus{typeset(' : ')}{links.to('/questions')}"]
