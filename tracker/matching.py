"""Which topics a text is on, and why: one pass over the text, whatever the number of topics.

Enters: topics, then titles, questions and answers as the source gives them. Leaves: matches with
their reason. All forms of all topics are looked for at once (Aho-Corasick) in the folded text.
"""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from tracker.milestones import Milestone
from tracker.text import fold

_OPTIONAL = re.compile(r"\(([^()]*)\)")
_PLACES = ("title", "question", "answer")
_WALL = " | "  # no form holds it: folded text is letters, digits and spaces
_EXCERPT = 60  # folded characters shown on each side of a form


@dataclass(frozen=True, slots=True)
class Topic:
    """What to look for, as a topic file says it.

    Forms are whole words; `(s)` is optional in them and a final `*` takes any end of the word. A
    `doubtful` form counts only with a word of `near` at `within` folded characters or less; a form
    inside one of `exceptions` does not count.
    """

    slug: str
    name: str
    label: str
    version: int
    sure: tuple[str, ...]
    doubtful: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    within: int = 200
    exceptions: tuple[str, ...] = ()
    milestones: tuple[Milestone, ...] = ()


class TopicMatch(NamedTuple):
    """Why a question is on a topic; `sure` is False for one that a person must look at first."""

    topic: str
    form: str
    place: str  # "title", "question" or "answer"
    version: int
    sure: bool


class Verdict(StrEnum):
    """What became of a form found in a text."""

    SURE = "sure"
    DOUBTFUL = "doubtful"  # a word of `near` is there: for review
    ALONE = "alone"  # a doubtful form with no such word: nothing
    EXCEPTED = "excepted"  # inside an exception: nothing


@dataclass(frozen=True, slots=True)
class Finding:
    """A form found in a text: where, what it counts for, and the words that decided (folded)."""

    topic: str
    version: int
    form: str
    place: str
    verdict: Verdict
    because: str  # the word near it, or the exception around it; else empty
    excerpt: str


@dataclass(frozen=True, slots=True)
class _Pattern:
    """What a spelling stands for: a topic, the form as worded in its file, and what it counts as."""

    topic: Topic
    form: str
    verdict: Verdict


class _Hit(NamedTuple):
    """A pattern at `start:end` of a haystack, and what it counts for there."""

    pattern: _Pattern
    verdict: Verdict
    because: str
    start: int
    end: int


_COUNTED = frozenset({Verdict.SURE, Verdict.DOUBTFUL})


class TopicSet:
    """Topics ready to match; build once, use for every text."""

    def __init__(self, topics: Iterable[Topic]) -> None:
        self.topics = tuple(topics)
        spelled = [pair for topic in self.topics for pair in _patterns(topic)]
        self._patterns = [pattern for _, pattern in spelled]
        self._automaton = AhoCorasick(
            [spelling for spelling, _ in spelled],
            implementation=Implementation.DFA,  # the fastest to search; a thousand topics take under 20 MB
            store_patterns=False,
        )

    @cached_property
    def fingerprint(self) -> str:
        """Changes whenever something else may match: all that was read must then be read again."""
        rules = [
            [t.slug, t.version, t.sure, t.doubtful, t.near, t.within, t.exceptions]
            for t in sorted(self.topics, key=lambda topic: topic.slug)
        ]
        return hashlib.sha256(json.dumps(rules).encode()).hexdigest()[:16]

    def match(self, title: str, question_html: str, answer_html: str) -> tuple[TopicMatch, ...]:
        """The reasons why a question is on each topic, sure ones alone where there are any.

        Texts are searched whole. A word near may stand in the next text: the question's beginning is
        near its title.
        """
        haystack = _haystack((title, question_html, answer_html))
        hits = [hit for hit in self._hits(haystack) if hit.verdict in _COUNTED]
        if not hits:
            return ()
        walls = (haystack.index(_WALL), haystack.rindex(_WALL))
        sure = {hit.pattern.topic.slug for hit in hits if hit.verdict is Verdict.SURE}
        matches = [
            TopicMatch(
                hit.pattern.topic.slug,
                hit.pattern.form,
                _PLACES[bisect(walls, hit.start)],
                hit.pattern.topic.version,
                hit.verdict is Verdict.SURE,
            )
            for hit in hits
            if hit.verdict is Verdict.SURE or hit.pattern.topic.slug not in sure
        ]
        return tuple(dict.fromkeys(matches))

    def explain(self, text: str) -> tuple[Finding, ...]:
        """Every form found in one text, in its order, also those that count for nothing."""
        haystack = _haystack((text,))
        return tuple(
            Finding(
                hit.pattern.topic.slug,
                hit.pattern.topic.version,
                hit.pattern.form,
                "text",
                hit.verdict,
                hit.because,
                _around(haystack, hit.start, hit.end, _EXCERPT),
            )
            for hit in self._hits(haystack)
        )

    def _hits(self, haystack: str) -> Iterator[_Hit]:
        spans = self._automaton.find_matches_as_indexes(haystack, overlapping=True)
        if not spans:
            return
        found = [
            (start + 1, end, self._patterns[index])
            for start, end, index in sorted([(start, end, index) for index, start, end in spans])
        ]
        exceptions = [hit for hit in found if hit[2].verdict is Verdict.EXCEPTED]
        for start, end, pattern in found:
            if pattern.verdict is Verdict.EXCEPTED:
                continue
            topic = pattern.topic
            verdict: Verdict = pattern.verdict
            because = ""
            around = next(
                (e for low, high, e in exceptions if e.topic is topic and low <= start and end <= high), None
            )
            if around is not None:
                verdict, because = Verdict.EXCEPTED, around.form
            elif verdict is Verdict.DOUBTFUL:
                near = _any_of(topic.near).search(_around(haystack, start, end, topic.within))
                verdict, because = (verdict, near[0]) if near else (Verdict.ALONE, "")
            yield _Hit(pattern, verdict, because, start, end)


def _haystack(texts: Iterable[str]) -> str:
    """The folded texts as one, with a space around each word."""
    return f" {_WALL.join(map(fold, texts))} "


def spellings(form: str) -> dict[str, str]:
    """What to look for in a folded text between spaces, and the wording it stands for.

    `asalée(s)` gives ` asalee ` (asalée) and ` asalees ` (asalées), `infirmi*` gives ` infirmi`; a
    form without letter or digit gives nothing.
    """
    end = "" if form.rstrip().endswith("*") else " "
    wordings = [""]
    for position, part in enumerate(_OPTIONAL.split(form)):
        optional = position % 2 == 1
        wordings = [wording + more for wording in wordings for more in (["", part] if optional else [part])]
    return {f" {folded}{end}": wording for wording in reversed(wordings) if (folded := fold(wording))}


def _patterns(topic: Topic) -> Iterator[tuple[str, _Pattern]]:
    for verdict, forms in (
        (Verdict.SURE, topic.sure),
        (Verdict.DOUBTFUL, topic.doubtful),
        (Verdict.EXCEPTED, topic.exceptions),
    ):
        for form in forms:
            for spelling, wording in spellings(form).items():
                yield spelling, _Pattern(topic, wording, verdict)


@cache
def _any_of(forms: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern for any of the forms, in a folded text without spaces around it."""
    words = [
        rf"\b{re.escape(spelling.strip())}" + (r"\b" if spelling.endswith(" ") else r"[^ ]*")
        for form in forms
        for spelling in spellings(form)
    ]
    return re.compile("|".join(words))


def _around(text: str, start: int, end: int, within: int) -> str:
    """The words of `text` up to `within` characters from a span, none cut."""
    low = text.rfind(" ", 0, max(start - within, 0) + 1) + 1
    high = text.find(" ", min(end + within, len(text) - 1))
    return text[low : high if high >= 0 else None].strip()
