"""What is written without reading the source: due dates that pass, and what people decide on matches.

Enters: a place, a person's word. Leaves: events through the recorder, under the claim that whatever
writes events holds; and the list of what waits for a decision.
"""

from __future__ import annotations

from dataclasses import dataclass

from tracker.errors import UsageError
from tracker.locks import RECORDING, job_lock
from tracker.ports import Match, MatchState
from tracker.questions import QuestionRecord
from tracker.recorder import decide_match, record_deadlines
from tracker.topics import TopicSet
from tracker.wiring import Place, topics_of

_WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class HeldReason:
    """A doubtful form: on which topic, in which text, between which words."""

    topic: str
    form: str
    place: str  # "title", "question" or "answer"
    excerpt: str


@dataclass(frozen=True, slots=True)
class HeldQuestion:
    """A question that nobody sees before a person decides."""

    uid: str
    title: str
    official_url: str
    reasons: tuple[HeldReason, ...]


def record_due_deadlines(place: Place, *, wait_seconds: float = _WAIT_SECONDS) -> int:
    """The daily job: due dates that have passed and were not told; how many were."""
    with job_lock(place.store, RECORDING, place.clock, wait_seconds=wait_seconds):
        return record_deadlines(place.store, place.clock())


def held_for_review(place: Place, topic: str | None) -> list[HeldQuestion]:
    """Questions with a doubtful match, and the words around it."""
    topics = topics_of(place.settings)
    known = place.store.known(place.store.under_review(topic))
    return [
        HeldQuestion(
            uid=uid,
            title=held.record.title or "",
            official_url=held.record.id.official_url,
            reasons=tuple(
                HeldReason(match.topic, match.form, match.place, _excerpt(topics, held.record, match))
                for match in held.matches
                if match.state is MatchState.REVIEW and topic in {None, match.topic}
            ),
        )
        for uid, held in known.items()
    ]


def decide(place: Place, uid: str, topic: str | None, *, confirmed: bool) -> int:
    """Confirm or reject what is held for review; how many events that published.

    Without a topic, the only one held is meant. Raises UsageError when there is none, or several.
    """
    with job_lock(place.store, RECORDING, place.clock, wait_seconds=_WAIT_SECONDS):
        if topic is None:
            topic = _only_topic_held(place, uid)
        return decide_match(place.store, uid, topic, confirm=confirmed, at=place.clock())


def _only_topic_held(place: Place, uid: str) -> str:
    known = place.store.known([uid]).get(uid)
    open_states = {MatchState.REVIEW, MatchState.REJECTED}
    topics = sorted({m.topic for m in known.matches if m.state in open_states}) if known else []
    if not topics:
        raise UsageError(f"La question {uid} n'attend aucune décision (asalee-tracker topics review).")
    if len(topics) > 1:
        raise UsageError(
            f"La question {uid} attend une décision pour plusieurs sujets ({', '.join(topics)}) : "
            f"précisez, par exemple --sujet {topics[0]}."
        )
    return topics[0]


def _excerpt(topics: TopicSet, record: QuestionRecord, match: Match) -> str:
    """The words around a doubtful form, as they are compared: without accents or case."""
    texts = {
        "title": record.title or "",
        "question": record.question_text.html if record.question_text else "",
        "answer": record.answer_text.html if record.answer_text else "",
    }
    found = topics.explain(texts[match.place])
    return next((one.excerpt for one in found if (one.topic, one.form) == (match.topic, match.form)), "")
