"""A letter as mail: subject, text part, HTML part.

Enters: a message. Leaves: a `MailText`. The templates are in `feeds/alerts/templates`; nothing in them is
fetched from anywhere: no image, no font, no counted link.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from feeds.alerts.compose import Composer, Letter, Story, is_answer, manage_token
from feeds.alerts.recent import Recent
from feeds.content import LICENCE_URL, SOURCE
from feeds.sanitise import one_line, plain_text
from feeds.typeset_templates import Typeset
from feeds.typography import typeset
from tracker.alerts import Message
from tracker.events import EventKind

_EXCERPT = 400
_MOST_QUESTIONS_IN_FULL = 3  # of those that one answer was given to
_MOST_STORIES_IN_FULL = 60  # of a digest

_BLANK_LINES = re.compile(r"\n{3,}")
_AND = typeset(" ; ")
_MOST_KEPT = 50
_WITH_EXCERPT = frozenset({EventKind.PUBLISHED, EventKind.ANSWERED})


@dataclass(frozen=True, slots=True)
class MailText:
    """What a mail says; `subject` is one line of plain text."""

    subject: str
    text: str
    html: str


class MailRenderer:
    """Renders messages as mails; those that differ by the receiver's links alone are rendered once."""

    def __init__(self, composer: Composer) -> None:
        self._composer = composer
        self._environment = _environment()
        self._rendered: Recent[Letter, MailText] = Recent(_MOST_KEPT)
        self._anyone = secrets.token_urlsafe(32)  # where a receiver's token goes; nobody can write it

    def render(self, message: Message) -> MailText:
        """The mail of a message."""
        letter, token = self._composer.letter(message), manage_token(message)
        if letter.note is not None or token is None:
            return self._render(letter, token)
        mail = self._rendered.get(letter, lambda: self._render(letter, self._anyone))
        return MailText(
            mail.subject, mail.text.replace(self._anyone, token), mail.html.replace(self._anyone, token)
        )

    def _render(self, letter: Letter, token: str | None) -> MailText:
        site, name = self._composer.site, _template_of(letter)
        context = {
            "letter": letter,
            "site": site,
            "manage_url": site.links.manage(token) if token else None,
            "stop_url": site.links.stop(token) if token else None,
        }
        text = self._environment.get_template(f"{name}.txt").render(context)
        return MailText(
            subject=letter.title,
            text=_BLANK_LINES.sub("\n\n", text).strip() + "\n",
            html=self._environment.get_template(f"{name}.html").render(context),
        )


def excerpt(story: Story) -> str:
    """The beginning of what was asked or answered; nothing for other events."""
    told = story.first
    if told.event.kind not in _WITH_EXCERPT:
        return ""
    return one_line(plain_text(told.passages[0].html), _EXCERPT)


def _template_of(letter: Letter) -> str:
    if letter.note is not None:
        return "note"
    if len(letter.stories) > 1:
        return "digest"
    return "story" if len(letter.stories[0].told) == 1 else "shared_answer"


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("feeds.alerts"),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[Typeset],
    )
    environment.globals.update(
        source=SOURCE,
        licence_url=LICENCE_URL,
        in_full=_MOST_QUESTIONS_IN_FULL,
        most=_MOST_STORIES_IN_FULL,
        excerpt=excerpt,
        is_answer=is_answer,
    )
    environment.filters.update(plain=plain_text, made_safe=Markup, listed=_AND.join, line=_underline)
    return environment


def _underline(text: str) -> str:
    return "-" * min(len(text), 60)
