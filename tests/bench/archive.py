"""An archive like the 17th legislature's, and the same one a night later.

Enters: a directory, a seed and how many questions. Leaves: two zips of `json/QANR5L17QE….json` in
lexical order, as the Assemblée serves them. The second one is wholly rewritten (every entry has a
new modification time) and holds `CHANGED` questions that say something new, at random places, and
`NEW` more. The same seed gives the same bytes.
"""

from __future__ import annotations

import json
import random
import zipfile
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from crawler.simulator.question_json import jo_of, question_json
from tests.bench import prose
from tracker.questions import Attribution, Closure, Group, Ministry, PublishedText

SEED = 1
LEGISLATURE = 17
QUESTIONS = 19_000
DEPUTIES = 577
CHANGED = 200
NEW = 50
ON_TOPIC = 40
DOUBTFUL = 4

FIRST_ISSUE = date(2024, 10, 1)  # a Tuesday
PER_ISSUE = 185  # questions in one weekly issue of the Journal officiel
ANSWERED_SHARE = 0.62

FORMS = (
    "le dispositif Asalée", "les infirmières ASALÉE", "l\u2019association Asalee", "A.S.A.L.É.E.",
    "l'action de santé libérale en équipe", "le protocole Asalée-IPA",
)  # fmt: skip
DOUBTFUL_FORM = "l'association Azalée de santé"

RUBRICS = (
    "professions de santé", "assurance maladie maternité", "agriculture", "enseignement", "transports",
    "commerce et artisanat", "sécurité des biens et des personnes", "logement", "personnes handicapées",
)  # fmt: skip
GROUPS = tuple(Group(f"PO8454{n:02}", f"EX{n}", f"Groupe exemple numéro {n}") for n in range(12))
MINISTRIES = tuple(
    Ministry(f"PO8550{n:02}", f"Exemple {n}, solidarités et numérique",
             f"Ministère de l’exemple {n}, des solidarités, de la souveraineté et du numérique")
    for n in range(24)
)  # fmt: skip


@dataclass(frozen=True)
class Question:
    """One invented question as drawn; `replace` gives what the source says a night later."""

    uid: str
    subject: int
    published_on: date
    title: str
    rubric: str
    deputy: int
    ministry: int
    text: str
    answer: str | None = None
    answered_on: date | None = None
    attributed: tuple[tuple[int, date], ...] = ()
    signalled_on: tuple[date, ...] = ()
    renewed_on: tuple[date, ...] = ()
    erratum: str | None = None
    page: str = "1"

    def file(self) -> bytes:
        """The bytes of its file, escaped to ASCII as the source writes it."""
        return json.dumps(self._content()).encode("ascii")

    def _content(self) -> dict[str, Any]:
        ministry = MINISTRIES[self.ministry]
        texts = [PublishedText(self.text, jo_of(self.published_on, page=self.page))]
        if self.erratum is not None:
            texts.append(PublishedText(self.erratum, jo_of(self.published_on + timedelta(14), page="2110")))
        return question_json(
            self.uid,
            title=self.title,
            rubric=self.rubric,
            published_on=self.published_on,
            question_texts=texts,
            answer=self.answer,
            answered_on=self.answered_on,
            closure=None if self.answer is None else Closure("REP_PUB", "Réponse publiée", self.answered_on),
            signalled_on=self.signalled_on,
            renewed_on=self.renewed_on,
            actor_ref=actor_ref(self.deputy),
            mandate_ref=f"PM84{self.deputy:04}",
            group=GROUPS[self.deputy % len(GROUPS)],
            ministry=ministry,
            attributions=[
                Attribution(ministry, self.published_on),
                *(Attribution(MINISTRIES[index], on) for index, on in self.attributed),
            ],
        )


@dataclass(frozen=True)
class Pair:
    """The two states, and which entries tell them apart."""

    before: Path
    after: Path
    changed: frozenset[str]
    on_topic: frozenset[str]


def make_pair(directory: Path, *, seed: int = SEED, questions: int = QUESTIONS) -> Pair:
    """Write `before.zip` and `after.zip` in `directory`."""
    rng = random.Random(seed)
    maker = _Maker(rng)
    changed, new = min(CHANGED, questions // 4), min(NEW, questions // 4)
    first = [maker.question(number, questions) for number in range(1, questions + 1)]
    topical = rng.sample(range(questions), ON_TOPIC + DOUBTFUL)
    for place, index in enumerate(topical):
        first[index] = maker.on_topic(first[index], place)
    second = list(first)
    always = topical[:5]  # a poll that records something, whatever the seed
    others = sorted(set(range(questions)) - set(always))
    moved = always + rng.sample(others, changed - len(always))
    for index in moved:
        second[index] = maker.night_later(second[index], questions)
    arrived = [maker.question(questions + number, questions) for number in range(1, new + 1)]
    arrived[0] = maker.on_topic(arrived[0], 1)
    second += arrived
    before, after = directory / "before.zip", directory / "after.zip"
    write_zip(before, {one.uid: one.file() for one in first}, (2026, 10, 5, 1, 10, 0))
    write_zip(after, {one.uid: one.file() for one in second}, (2026, 10, 6, 1, 10, 0))
    return Pair(
        before,
        after,
        frozenset(second[index].uid for index in moved) | {one.uid for one in second[questions:]},
        frozenset(first[index].uid for index in topical[:ON_TOPIC]),
    )


def described(archive: Path) -> str:
    """What an archive is like, for the reader of the table."""
    with zipfile.ZipFile(archive) as opened:
        entries = opened.infolist()
    whole, packed = sum(one.file_size for one in entries), sum(one.compress_size for one in entries)
    return (
        f"{len(entries):,} questions, {archive.stat().st_size / 1e6:.1f} MB, "
        f"{whole / len(entries):,.0f} bytes each in the mean, deflated {whole / packed:.2f} to 1"
    )


def actor_ref(deputy: int) -> str:
    """The source's reference of an invented deputy."""
    return f"PA72{deputy:04}"


def write_zip(path: Path, files: dict[str, bytes], modified: tuple[int, int, int, int, int, int]) -> None:
    """A deflated zip of uid → bytes, flat in `json/`, in lexical order."""
    with zipfile.ZipFile(path, "w") as archive:
        for uid in sorted(files):
            entry = zipfile.ZipInfo(f"json/{uid}.json", modified)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, files[uid])


class _Maker:
    """Draws questions from one source of randomness."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._subjects = prose.subjects(rng)

    def question(self, number: int, total: int) -> Question:
        rng = self._rng
        issues = max(1, total // PER_ISSUE)
        issue = min(issues, (number - 1) * issues // total)
        published_on = FIRST_ISSUE + timedelta(weeks=issue)
        subject = rng.randrange(len(self._subjects))
        sentences = self._subjects[subject]
        drawn = Question(
            uid=f"QANR5L{LEGISLATURE}QE{number}",
            subject=subject,
            published_on=published_on,
            page=str(1_000 + number // 2),
            title=prose.text(rng, sentences, 60)[:90].rstrip(),
            rubric=rng.choice(RUBRICS),
            deputy=rng.randrange(DEPUTIES),
            ministry=rng.randrange(len(MINISTRIES)),
            text="Mme Camille Exemple interroge M. le ministre de l'exemple sur ce point. "
            + prose.text(rng, sentences, min(6_000, round(rng.lognormvariate(7.67, 0.4)))),
        )
        if rng.random() < 0.3:  # a change of government moved it
            drawn = replace(
                drawn, attributed=((rng.randrange(len(MINISTRIES)), published_on + timedelta(40)),)
            )
        if rng.random() < 0.08:
            drawn = replace(drawn, signalled_on=(published_on + timedelta(76),))
        if rng.random() < 0.06:
            drawn = replace(drawn, renewed_on=(published_on + timedelta(98),))
        return self._answered(drawn) if rng.random() < ANSWERED_SHARE else drawn

    def _answered(self, question: Question) -> Question:
        length = min(9_000, round(self._rng.lognormvariate(7.82, 0.45)))
        return replace(
            question,
            answer=prose.text(self._rng, self._subjects[question.subject], length),
            answered_on=question.published_on + timedelta(weeks=self._rng.randint(5, 40)),
        )

    def on_topic(self, question: Question, place: int) -> Question:
        """The same question naming the topic: mostly in its text, at times only in its answer."""
        form = DOUBTFUL_FORM if place >= ON_TOPIC else FORMS[place % len(FORMS)]
        said = f" Il s'agit ici de {form}."
        if place % 5 == 0 and question.answer is not None:
            return replace(question, answer=question.answer + said)
        return replace(question, text=question.text + said)

    def night_later(self, question: Question, total: int) -> Question:
        """What one night brings: mostly answers, else a signalement, a ministry or a correction."""
        last_issue = FIRST_ISSUE + timedelta(weeks=max(1, total // PER_ISSUE))
        if question.answer is None:
            if self._rng.random() < 0.7:
                return replace(self._answered(question), answered_on=last_issue)
            return replace(question, signalled_on=(*question.signalled_on, last_issue - timedelta(1)))
        if self._rng.random() < 0.5:
            return replace(question, answer=f"{question.answer} Erratum.")
        moved_to = (self._rng.randrange(len(MINISTRIES)), last_issue)
        return replace(question, attributed=(*question.attributed, moved_to))
