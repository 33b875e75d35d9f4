"""Which questions are followed, and whether they may be published: matches kept, found and decided.

Enters: the matches kept of a question and those just found. Leaves: the set to keep. Once public a
question stays public, whatever becomes of its text or of the topic; what a person decided stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from tracker.errors import UsageError
from tracker.events import Origin
from tracker.matching import TopicMatch
from tracker.ports import PUBLIC_MATCHES, Match, MatchState


def is_public(matches: Iterable[Match]) -> bool:
    """True when a match is sure or was confirmed."""
    return any(match.state in PUBLIC_MATCHES for match in matches)


def merged(kept: Sequence[Match], found: Iterable[TopicMatch], origin: Origin) -> tuple[Match, ...]:
    """The matches of a question after a reading of that origin.

    The first reason found stays as it was. What is held for review is dropped once the text no longer
    has it, or the topic is sure; what was rejected is asked again only for another form or version.
    """
    found = tuple(found)
    public = {match.topic for match in kept if match.state in PUBLIC_MATCHES}
    public |= {match.topic for match in found if match.sure}
    doubtful = {(match.topic, match.form, match.place) for match in found if not match.sure}
    rejected = {(m.topic, m.form, m.topic_version) for m in kept if m.state is MatchState.REJECTED}
    result = [
        match
        for match in kept
        if match.state is not MatchState.REVIEW
        or (match.topic not in public and (match.topic, match.form, match.place) in doubtful)
    ]
    standing = {(m.topic, m.form, m.place) for m in result if m.state is not MatchState.REJECTED}
    for match in found:
        if (match.topic, match.form, match.place) in standing:
            continue
        if match.sure:
            state = MatchState.SURE
        elif match.topic in public or (match.topic, match.form, match.version) in rejected:
            continue
        else:
            state = MatchState.REVIEW
        result.append(Match(match.topic, match.form, match.place, match.version, state, origin))
    return tuple(result)


def decided(uid: str, kept: Sequence[Match], topic: str, *, confirm: bool) -> tuple[Match, ...]:
    """The matches of a question after a person confirmed or rejected those on a topic.

    A rejection may be taken back, a confirmation may not: its events are public. Raises UsageError
    when there is nothing to decide.
    """
    open_states = {MatchState.REVIEW, MatchState.REJECTED} if confirm else {MatchState.REVIEW}
    mine = [match for match in kept if match.topic == topic]
    if not any(match.state in open_states for match in mine):
        if is_public(mine):
            raise UsageError(f"La question {uid} est déjà publiée dans le sujet « {topic} ».")
        if mine:
            raise UsageError(f"La question {uid} a déjà été écartée du sujet « {topic} ».")
        raise UsageError(f"La question {uid} n’est pas à relire pour le sujet « {topic} ».")
    state = MatchState.CONFIRMED if confirm else MatchState.REJECTED
    return tuple(
        replace(match, state=state) if match.topic == topic and match.state in open_states else match
        for match in kept
    )
