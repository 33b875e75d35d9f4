"""Invented prose that is as hard to compress as the Assemblée's French.

Enters: a seeded `random.Random`. Leaves: sentences of a large made-up vocabulary drawn with Zipf
frequencies, with the accents, apostrophes, no-break spaces and tags of the real texts, so that
deflate, JSON escapes, folding and matching have the work that real files give them.
"""

from __future__ import annotations

import random
from itertools import accumulate

# The commonest words of the language carry its statistics; all others are made up.
COMMON = (  # noqa: SIM905  # a text of words reads better than a list
    "de la le et les des en du à un que pour une dans par sur au qui est aux ce plus ne pas son avec "
    "se sont cette ou ces leur il sa ses d'un d'une qu'il l'article l'État a été nombre afin notamment "
    "ainsi mise œuvre santé ministre Gouvernement mesures concernant territoires français moyens soins "
    "professionnels collectivités difficultés situation service publics sécurité accès loi n° 2024-118"
).split()
UNCOMMON = "grâce tâches âgées bâtiments château âge".split()  # noqa: SIM905  # as above
ONSETS = "b c d f g l m n p r s t v br ch cl cr dr fr gr pl pr qu st tr".split()  # noqa: SIM905  # as above
VOWELS = "a e i o u é è ê ai au eu ou on an en in oi".split()  # noqa: SIM905  # as above
CODAS = ["", "", "", "", "l", "n", "r", "s", "t", "x"]
ENDINGS = "é ée ées er tion tions ment ique iques s x e es ent aire aires ité eur eurs al ales".split()  # noqa: SIM905  # as above

VOCABULARY = 20_000
MANDELBROT = 2.7  # Zipf–Mandelbrot's shift: flattens the head as natural language does
SUBJECTS = 160
PHRASES = 12  # of a subject: a question and its answer come back to the same few words
SUBJECT_SENTENCES = 90


def subjects(rng: random.Random, count: int = SUBJECTS) -> list[list[str]]:
    """`count` subjects, each a list of sentences; a question and its answer draw from one."""
    words = vocabulary(rng)
    weights = list(accumulate(1 / (rank + MANDELBROT) for rank in range(len(words))))

    def some(k: int) -> list[str]:
        return rng.choices(words, cum_weights=weights, k=k)

    made = []
    for _ in range(count):
        phrases = [" ".join(some(rng.randint(4, 7))) for _ in range(PHRASES)]
        made.append([_sentence(rng, some(rng.randint(10, 26)), phrases) for _ in range(SUBJECT_SENTENCES)])
    return made


def vocabulary(rng: random.Random, size: int = VOCABULARY) -> list[str]:
    """`size` distinct words, commonest first; none looks like a form of a followed topic."""
    words = list(COMMON)
    seen = set(words)
    while len(words) < size:
        syllables = [
            rng.choice(ONSETS) + rng.choice(VOWELS) + rng.choice(CODAS)
            for _ in range(rng.choice((1, 1, 2, 2, 3)))
        ]
        word = "".join(syllables) + rng.choice(ENDINGS)
        if word not in seen and "asal" not in word and "azal" not in word:
            seen.add(word)
            words.append(word)
    for place, word in enumerate(UNCOMMON, start=1):
        words.insert(place * 150, word)
    return words[:size]


def text(rng: random.Random, subject: list[str], length: int) -> str:
    """About `length` characters of sentences of one subject."""
    mean = sum(map(len, subject)) / len(subject)
    return " ".join(rng.sample(subject, k=min(len(subject), max(1, round(length / mean)))))


def _sentence(rng: random.Random, words: list[str], phrases: list[str]) -> str:
    words[0] = words[0].capitalize()
    middle = len(words) // 2
    words[middle] += ","
    dressing = rng.random()
    if dressing < 0.12:
        words[middle - 2] = f"«\u00a0{words[middle - 2]}\u00a0»"
    elif dressing < 0.24:
        words[middle - 2] = f"l\u2019{words[middle - 2]}"
    elif dressing < 0.28:
        words[middle - 2] = f"<em>{words[middle - 2]}</em>"
    elif dressing < 0.31:
        words[middle - 2] += "&#160;:"
    words.insert(rng.randint(1, middle), rng.choice(phrases))
    return " ".join(words) + (".<br>" if rng.random() < 0.08 else ".")
