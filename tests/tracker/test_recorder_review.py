"""Doubtful questions: held, decided by a person, never public before (scenario S13 of the lessons)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.builders import answered, instant, record, text
from tests.tracker.crawls import ASALEE, crawl, told
from tracker.errors import UsageError
from tracker.matching import Topic, TopicSet
from tracker.ports import MatchState
from tracker.recorder import decide_match, record_deadlines
from tracker.selection import Selection

IMPORT = instant("2026-10-01")
NIGHT = instant("2026-10-07")
NEXT = instant("2026-10-14")
DECIDED = instant("2026-10-15")

OLD = record(1, asked="2026-09-01")
TYPO = record(2, title="Avenir d’Azalée (exemple)", html="Les infirmières Azalée s’inquiètent.")
UID = TYPO.uid


@pytest.fixture
def held(store):
    """A place in service where a typo was read last night."""
    crawl(store, [OLD], IMPORT)
    crawl(store, [OLD, TYPO], NIGHT)
    return store


def states(store):
    """What is kept of the typo's matches."""
    return [(match.form, match.place, match.state) for match in store.known([UID])[UID].matches]


def test_s13_a_typo_is_kept_and_invisible(held, reader):
    """Record kept, reason kept, no event, nothing public."""
    assert states(held) == [
        ("azalee", "title", MatchState.REVIEW),
        ("azalee", "question", MatchState.REVIEW),
    ]
    assert held.known([UID])[UID].record == TYPO
    assert held.under_review("asalee") == [UID]
    assert reader.question(UID) is None
    assert [event for event, _ in told(reader)] == ["QANR5L17QE1/published/2026-09-01/1"]
    assert record_deadlines(held, instant("2026-10-15")) == 0


def test_s13_a_confirmed_typo_is_told_then(held, reader):
    """Its history is live, because its reading was; a second confirmation is refused."""
    assert decide_match(held, UID, "asalee", confirm=True, at=DECIDED) == 1
    assert told(reader)[-1] == ("QANR5L17QE2/published/2026-10-06/1", "live")
    assert {state for _, _, state in states(held)} == {MatchState.CONFIRMED}
    (view,) = reader.events(Selection(uid=UID))
    assert view.recorded.listed_at == DECIDED
    with pytest.raises(UsageError, match="déjà publiée"):
        decide_match(held, UID, "asalee", confirm=True, at=DECIDED)
    with pytest.raises(UsageError, match="déjà publiée"):
        decide_match(held, UID, "asalee", confirm=False, at=DECIDED)


def test_s13_what_happened_while_it_was_held_is_told_when_confirmed(held, reader):
    """The answer came before the decision: the whole history is told, then goes on."""
    crawl(held, [OLD, answered(TYPO, "2026-10-13", "Réponse aux infirmières.")], NEXT)
    assert decide_match(held, UID, "asalee", confirm=True, at=DECIDED) == 2
    crawl(held, [OLD, TYPO], instant("2026-10-20"))
    assert [event for event, _ in told(reader)][1:] == [
        "QANR5L17QE2/published/2026-10-06/1",
        "QANR5L17QE2/answered/2026-10-13/1",
        "QANR5L17QE2/reopened/2026-10-20/1",
    ]


def test_s13_a_typo_of_the_first_import_is_confirmed_as_backfill(store, reader):
    """Old history, decided late, pushes nothing."""
    crawl(store, [OLD, TYPO], IMPORT)
    decide_match(store, UID, "asalee", confirm=True, at=DECIDED)
    assert told(reader)[-1] == ("QANR5L17QE2/published/2026-10-06/1", "backfill")


def test_s13_a_rejected_typo_is_not_asked_again(held, reader):
    """Not by another reading of the same form; it stays invisible, and the decision can be taken back."""
    assert decide_match(held, UID, "asalee", confirm=False, at=DECIDED) == 0
    crawl(held, [OLD, replace(TYPO, rubric="santé")], instant("2026-10-20"))
    assert {state for _, _, state in states(held)} == {MatchState.REJECTED}
    assert held.under_review() == []
    assert reader.question(UID) is None
    with pytest.raises(UsageError, match="déjà été écartée"):
        decide_match(held, UID, "asalee", confirm=False, at=DECIDED)
    assert decide_match(held, UID, "asalee", confirm=True, at=instant("2026-10-21")) == 1


def test_a_new_version_of_the_topic_asks_again(held, reader):
    """The rejection was of the topic as it was."""
    decide_match(held, UID, "asalee", confirm=False, at=DECIDED)
    second = TopicSet([replace(ASALEE.topics[0], version=2)])
    crawl(held, [OLD, TYPO], instant("2026-10-20"), topics=second)
    assert held.under_review() == [UID]


def test_a_rejected_question_that_names_the_topic_is_published(held, reader):
    """A sure form needs nobody's decision."""
    decide_match(held, UID, "asalee", confirm=False, at=DECIDED)
    crawl(held, [OLD, answered(TYPO, "2026-10-13", "Le dispositif Asalée.")], instant("2026-10-20"))
    assert [event for event, _ in told(reader)][1:] == [
        "QANR5L17QE2/published/2026-10-06/1",
        "QANR5L17QE2/answered/2026-10-13/1",
    ]


def test_a_corrected_typo_needs_no_decision(held, reader):
    """Once the text has the right name the question is public and nothing is left to review."""
    right = replace(TYPO, question_texts=(text("Les infirmières Asalée s’inquiètent."),))
    crawl(held, [OLD, right], NEXT)
    assert states(held) == [("asalee", "question", MatchState.SURE)]
    assert told(reader)[-1] == ("QANR5L17QE2/published/2026-10-06/1", "live")


def test_a_public_question_is_not_asked_about(held):
    """Another typo in a confirmed question needs no decision."""
    decide_match(held, UID, "asalee", confirm=True, at=DECIDED)
    crawl(held, [OLD, answered(TYPO, "2026-10-13", "Les infirmières Asale.")], instant("2026-10-20"))
    assert held.under_review() == []


def test_a_held_question_that_disappears_from_the_source_stays_silent(held, reader):
    """Nothing public was said of it."""
    for day in range(1, 6):
        assert crawl(held, [OLD], NEXT + timedelta(days=day)) == 0
    assert held.under_review() == [UID]


def test_confirming_for_a_second_topic_tells_nothing_again(store, reader):
    """The question was public already; only its topics change."""
    paths = Topic("chemins", "Chemins", "Chemins", 1, (), ("asalee",), ("infirmi*",))
    both = record(1, asked="2026-09-01", html="Les infirmières Asalée.")
    crawl(store, [both], IMPORT, topics=TopicSet([*ASALEE.topics, paths]))
    before = told(reader)
    assert decide_match(store, both.uid, "chemins", confirm=True, at=DECIDED) == 0
    assert told(reader) == before
    assert reader.question(both.uid).topics == ("asalee", "chemins")


def test_a_typo_that_disappears_is_no_longer_asked(held, reader):
    """Nothing is left to decide."""
    gone = replace(TYPO, title="Avenir (exemple)", question_texts=(text("Les infirmières."),))
    crawl(held, [OLD, gone], NEXT)
    assert held.under_review() == []
    with pytest.raises(UsageError, match="n’est pas à relire"):
        decide_match(held, UID, "asalee", confirm=True, at=DECIDED)


@pytest.mark.parametrize(
    ("uid", "topic", "said"),
    [("QANR5L17QE99", "asalee", "n’est pas suivie"), (UID, "abeilles", "n’est pas à relire")],
)
def test_nothing_to_decide(held, uid, topic, said):
    """An unknown question or topic is refused in French."""
    with pytest.raises(UsageError, match=said):
        decide_match(held, uid, topic, confirm=True, at=DECIDED)
