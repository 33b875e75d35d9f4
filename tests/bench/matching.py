"""Bench of matching: the texts of the archive against one topic, and against a thousand.

Enters: the archive. Leaves: figures. Both sets of topics read the same texts, parsed beforehand, in
alternating rounds; folding the texts is part of matching and is in both.
"""

from __future__ import annotations

import random
import zipfile
from dataclasses import replace
from itertools import islice

from crawler.parsers.questions import parse_question
from tests.bench import prose
from tests.bench.archive import SEED, Pair
from tests.bench.measure import Figure, cpu_of, median
from tracker.questions import QuestionRecord
from tracker.topics import Topic, TopicSet, load_topics

TOPICS = 1_000
TEXTS = 3_000
RARE = 16_000  # from this rank on, a word is in a few questions of a thousand, as Asalée is

Texts = tuple[str, str, str]


def run(pair: Pair, rounds: int) -> list[Figure]:
    """CPU of one pass over the texts, with the shipped topic and with it and 999 others."""
    texts = _texts(pair)
    one = load_topics(None)
    many = TopicSet([*one.topics, *_others(one.topics[0], TOPICS - len(one.topics))])
    found = sum(len({match.topic for match in many.match(*text)}) for text in texts)
    alone: list[float] = []
    together: list[float] = []
    for _ in range(rounds):
        alone.append(cpu_of(lambda: _match_all(one, texts)))
        together.append(cpu_of(lambda: _match_all(many, texts)))
    with_one, with_many = (median(times) / len(texts) * 1e6 for times in (alone, together))
    return [
        Figure(
            f"matching with {TOPICS:,} topics",
            f"{with_many:.0f} µs CPU a question, {found / len(texts):.1f} of them found",
            f"with 1: {with_one:.0f} µs CPU",
            with_many / with_one,
            2,
        )
    ]


def _match_all(topics: TopicSet, texts: list[Texts]) -> None:
    for text in texts:
        topics.match(*text)


def _texts(pair: Pair) -> list[Texts]:
    """Title, question and answer of the first entries, in lexical order: a sample of the whole."""
    with zipfile.ZipFile(pair.before) as archive:
        parsed = (
            parse_question(archive.read(entry), name=entry.filename)
            for entry in islice(archive.infolist(), TEXTS)
        )
        return [_texts_of(question.record) for question in parsed if question.record is not None]


def _texts_of(record: QuestionRecord) -> Texts:
    return (
        record.title or "",
        " ".join(text.html for text in record.question_texts),
        " ".join(text.html for text in record.answer_texts),
    )


def _others(model: Topic, count: int) -> list[Topic]:
    """Topics shaped like `model`, each on other words; each is found about as often."""
    words = prose.vocabulary(random.Random(SEED))
    names = words[RARE : RARE + count]
    rng = random.Random(count)
    return [
        replace(
            model,
            slug=f"sujet-{number}",
            name=name,
            label=name,
            sure=(f"{name}(s)", ".".join(name), " ".join(rng.sample(words, 5))),
            doubtful=(f"{name}k(s)", f"k{name}(s)"),
            exceptions=(f"{name} et {rng.choice(words)}", f"fleur(s) de {name}"),
            milestones=(),
        )
        for number, name in enumerate(names)
    ]
