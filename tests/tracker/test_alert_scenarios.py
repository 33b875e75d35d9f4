"""From what the source says to who is told: the scenarios of the lessons that concern alerts.

A real recorder on a real store; what would be sent is asked of the outbox.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from db.outbox import SqlOutbox
from db.subscriptions import SqlSubscriptions
from tests.builders import answered, instant, record
from tests.db.alerts.helpers import EVERYTHING, follow, send
from tests.tracker.crawls import ASALEE, crawl, reading
from tracker.alerts import OFFERED_KINDS
from tracker.matching import TopicSet
from tracker.recorder import decide_match, record_deadlines

IMPORT = instant("2026-10-01")
SUBSCRIBED = instant("2026-10-02")
NIGHT = instant("2026-10-07")
NEXT = instant("2026-10-14")
LATER = instant("2026-12-08")

OLD = record(1, asked="2026-09-01")
NEW = record(2, asked="2026-10-06")
TYPO = record(3, title="Avenir d’Azalée (exemple)", html="Les infirmières Azalée s’inquiètent.")


@pytest.fixture
def outbox(store):
    """What is owed and sent."""
    return SqlOutbox(store._engine)


@pytest.fixture
def subscriptions(store):
    """Who asked for what."""
    return SqlSubscriptions(store._engine)


@pytest.fixture
def followed(store, subscriptions):
    """A place in service for a day, with a reader who wants everything that is offered."""
    crawl(store, [OLD], IMPORT)
    follow(subscriptions, selection=replace(EVERYTHING, kinds=OFFERED_KINDS), at=SUBSCRIBED)
    return store


def told(outbox, at):
    """What is sent now: for each message, what happened to which questions."""
    return [
        [(one.view.recorded.event.kind.value, one.view.record.id.number) for one in message.events]
        for message in send(outbox, at)
    ]


def test_s01_an_answer_is_one_alert(followed, outbox):
    """S1: the morning after; the second crawl of the same archive tells nothing more."""
    crawl(followed, [answered(OLD, "2026-10-06")], NIGHT)
    assert told(outbox, NIGHT) == [[("answered", 1)]]
    crawl(followed, [answered(OLD, "2026-10-06")], NEXT)
    assert told(outbox, NEXT) == []


def test_s02_a_question_seen_late_is_told(followed, outbox):
    """S2: found ten days after its publication."""
    crawl(followed, [OLD, NEW], instant("2026-10-16"))
    assert told(outbox, instant("2026-10-16")) == [[("published", 2)]]


def test_s03_a_date_in_the_future_is_one_alert(followed, outbox):
    """S3: told when it is seen, and not when its day comes."""
    ahead = record(2, asked="2026-10-20")
    crawl(followed, [OLD, ahead], NIGHT)
    assert told(outbox, NIGHT) == [[("published", 2)]]
    crawl(followed, [OLD, ahead], instant("2026-10-21"))
    assert told(outbox, instant("2026-10-21")) == []


def test_s07_a_re_read_tells_nobody(followed, outbox):
    """S7: a mended parser finds an answer in a file that has not moved: recorded, not told."""
    silent = [replace_record(OLD, answered(OLD, "2026-09-29"))]
    crawl(followed, silent, NIGHT, parser="2")
    assert told(outbox, NIGHT) == []
    assert [event.event.kind.value for event in followed.known([OLD.uid])[OLD.uid].events][-1] == "answered"


def replace_record(before, after):
    """A file as read by another parser: the bytes of one record, the words of the other."""
    return replace(reading(before), record=after)


def test_s12_one_answer_to_twelve_questions_is_one_alert(followed, outbox):
    """S12: in batches of five, all in one message, oldest number first."""
    twelve = [record(number, asked="2026-10-06") for number in range(11, 23)]
    crawl(followed, [OLD, *twelve], NIGHT)
    send(outbox, NIGHT)
    same = [answered(one, "2026-10-13", "<p>Une réponse pour douze (exemple).</p>") for one in twelve]
    crawl(followed, [OLD, *same], NEXT, batch_size=5)
    assert told(outbox, NEXT) == [[("answered", number) for number in range(11, 23)]]


def test_s13_a_doubtful_match_is_told_once_confirmed(followed, outbox):
    """S13: held, nobody is told; confirmed, everybody is; rejected, nobody ever."""
    other = replace(TYPO, id=record(4).id)
    crawl(followed, [OLD, TYPO, other], NIGHT)
    assert told(outbox, NIGHT) == []
    decide_match(followed, TYPO.uid, "asalee", confirm=True, at=NEXT)
    decide_match(followed, other.uid, "asalee", confirm=False, at=NEXT)
    assert told(outbox, NEXT) == [[("published", 3)]]


def test_s17_a_due_date_passed_is_told_once_to_who_asked(followed, outbox):
    """S17: by the daily job, even a week late."""
    crawl(followed, [OLD, NEW], NIGHT)
    send(outbox, NIGHT)
    record_deadlines(followed, LATER)
    assert told(outbox, LATER) == [[("deadline-passed", 1)], [("deadline-passed", 2)]]
    record_deadlines(followed, LATER + timedelta(days=1))
    assert told(outbox, LATER + timedelta(days=1)) == []


def test_s20_a_changed_topic_tells_nobody(followed, outbox):
    """S20: what newly matches is history; what happens to it from then on is told."""
    found = record(5, asked="2026-09-08", title="Autre (exemple)", html="Le dispositif Nouveau (exemple).")
    crawl(followed, [OLD, found], NIGHT)
    (topic,) = ASALEE.topics
    wider = TopicSet([replace(topic, version=topic.version + 1, sure=(*topic.sure, "dispositif nouveau"))])
    crawl(followed, [OLD, found], NEXT, topics=wider)
    assert told(outbox, NEXT) == []
    crawl(followed, [OLD, answered(found, "2026-10-20")], instant("2026-10-21"), topics=wider)
    assert told(outbox, instant("2026-10-21")) == [[("answered", 5)]]


def test_the_first_import_tells_nobody(store, subscriptions, outbox):
    """Someone who subscribed to an empty place hears nothing of its history."""
    follow(subscriptions, at=instant("2026-09-30"))
    crawl(store, [OLD, NEW], IMPORT)
    assert told(outbox, IMPORT) == []
