"""A person's rights, what is deleted by itself, limits, and what the operator is told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from db.alert_tables import LIMITS
from db.engine import reading
from db.tables import METADATA
from tests.builders import NOW, record
from tests.db.alerts.helpers import EVERYTHING, READER, answer, claim, follow, publish, rows, send
from tracker.alert_ports import Wish
from tracker.alerts import Channel, DisabledReason, MessageKind, NoticeKind, SubscriptionState, TokenPurpose
from tracker.selection import Selection

HOOK = "https://recevoir.exemple.fr/secret"
DAY = timedelta(days=1)
PERSONAL = ("subscribers", "subscriptions", "filters", "link_tokens", "messages", "owed", "bounces")


def counts(engine):
    """Rows in each table that says something of a person."""
    return {table: rows(engine, f"SELECT count(*) FROM {table}")[0][0] for table in PERSONAL}


def lived(store, subscriptions, outbox, address=READER):
    """An address with everything: links, messages sent and waiting, a bounce, a webhook of its own."""
    mine = follow(subscriptions, address)
    follow(subscriptions, HOOK, channel=Channel.WEBHOOK, owner_id=mine.subscriber_id, secret="whsec_exemple")
    subscriptions.ask(address, Wish(Selection(topic="autre")), at=NOW)
    publish(store, record(1))
    messages = send(outbox)
    outbox.record_bounce(messages[-1].subscriber.ref, permanent=True, status="5.1.1", at=NOW)
    answer(store, record(1))
    return mine


def test_export_gives_all_that_is_kept(store, subscriptions, outbox):
    """Ready for JSON; no token, no secret; nothing of others."""
    lived(store, subscriptions, outbox)
    follow(subscriptions, "autre@exemple.fr")
    exported = subscriptions.export(" Lecture@exemple.fr")
    text = json.dumps(exported)
    assert {one["address"] for one in exported["subscribers"]} == {READER, HOOK}
    assert len(exported["subscriptions"]) == 3
    assert [one["kind"] for one in exported["messages"]] == ["confirmation", "alert", "alert"]
    assert exported["events"][0]["event"] == "QANR5L17QE1/published/2026-10-06/1"
    assert (len(exported["links"]), len(exported["bounces"])) == (2, 1)
    assert not any(word in text for word in ("whsec", "autre@exemple.fr", "hash", "token"))
    assert subscriptions.export("inconnu@exemple.fr") is None
    assert subscriptions.export("n'importe quoi") is None


def test_erase_leaves_nothing(store, subscriptions, outbox, engine):
    """Of the address and of the webhooks it owns; nothing else is touched; twice is once."""
    publish(store, record(9))
    follow(subscriptions, "autre@exemple.fr")
    before = counts(engine)
    lived(store, subscriptions, outbox)
    claim(outbox)
    assert subscriptions.erase("Lecture@Exemple.fr")
    left = counts(engine)
    others = rows(engine, "SELECT count(*) FROM owed")[0][0]
    assert {name: left[name] for name in ("subscribers", "subscriptions", "filters")} == {
        name: before[name] for name in ("subscribers", "subscriptions", "filters")
    }
    assert others == 2
    for table in METADATA.tables:
        with reading(engine) as connection:
            content = str(connection.exec_driver_sql(f"SELECT * FROM {table}").all())
        assert READER not in content
        assert HOOK not in content
    assert not subscriptions.erase(READER)


def test_what_was_erased_may_come_again_as_new(store, subscriptions, outbox):
    """Nothing of before is known: not even that it bounced."""
    mine = lived(store, subscriptions, outbox)
    subscriptions.erase(READER)
    again = follow(subscriptions)
    assert again.subscriber_id != mine.subscriber_id
    assert send(outbox) == []


@pytest.mark.parametrize(("days", "left"), [(2.9, 1), (3, 0)])
def test_unconfirmed_addresses_are_deleted_after_a_few_days(subscriptions, outbox, engine, days, left):
    """With the letter and its token; a confirmed one stays."""
    follow(subscriptions, "autre@exemple.fr")
    subscriptions.ask(READER, Wish(EVERYTHING), at=NOW)
    send(outbox)
    assert subscriptions.purge(at=NOW + timedelta(days=days)) == 1 - left
    assert (subscriptions.account(READER) is not None) == bool(left)
    assert rows(engine, "SELECT count(*) FROM link_tokens") == [(0,)] or days < 2
    assert rows(engine, "SELECT count(*) FROM messages") == [(left,)]
    assert subscriptions.account("autre@exemple.fr").subscriptions


def test_an_unconfirmed_wish_of_a_confirmed_address_goes_alone(subscriptions, outbox, engine):
    """What somebody else may have typed leaves the address as it was."""
    mine = follow(subscriptions)
    subscriptions.ask(READER, Wish(Selection(topic="autre")), at=NOW)
    assert subscriptions.purge(at=NOW + 4 * DAY) == 0
    assert subscriptions.account(READER).subscriptions == (mine,)
    assert rows(engine, "SELECT count(*) FROM filters") == [(1,)]


def test_a_stopped_address_is_deleted_a_month_later(store, subscriptions, outbox, engine):
    """Time to change one's mind, then nothing; one that the operator shut out stays shut out."""
    mine, shut = follow(subscriptions), follow(subscriptions, "exclue@exemple.fr")
    publish(store, record(1))
    token = next(message.token for message in send(outbox) if message.subscriber.address == READER)
    for one in (mine, shut):
        subscriptions.move(one.id, SubscriptionState.STOPPED, at=NOW)
    subscriptions.disable(shut.subscriber_id, DisabledReason.OPERATOR, at=NOW)
    assert subscriptions.purge(at=NOW + 29 * DAY) == 0
    assert subscriptions.look_at(token, TokenPurpose.MANAGE, at=NOW + 29 * DAY) is not None
    assert subscriptions.purge(at=NOW + 30 * DAY) == 1
    assert subscriptions.account(READER) is None
    assert subscriptions.account("exclue@exemple.fr") is not None


def test_a_link_to_manage_works_for_two_years(store, subscriptions, outbox, engine):
    """A mail is read and its link used long after; in the end its hash goes too."""
    follow(subscriptions)
    publish(store, record(1))
    token = send(outbox)[0].token
    assert subscriptions.look_at(token, TokenPurpose.MANAGE, at=NOW + 729 * DAY) is not None
    assert subscriptions.look_at(token, TokenPurpose.MANAGE, at=NOW + 730 * DAY) is None
    subscriptions.purge(at=NOW + 730 * DAY)
    assert rows(engine, "SELECT count(*) FROM link_tokens") == [(0,)]
    assert subscriptions.account(READER) is not None


# --- limits --------------------------------------------------------------------------------------------


def test_limits_count_in_a_window(limits):
    """Three in the hour, then no; another value, another deed or the next hour is another count."""
    hour = timedelta(hours=1)

    def ask(value="192.0.2.1", what="ask", at=NOW):
        return limits.allow(what, value, limit=3, window=hour, at=at)

    assert [ask() for _ in range(5)] == [True, True, True, False, False]
    assert ask("192.0.2.2")
    assert ask(what="access")
    assert not ask(at=NOW + timedelta(minutes=59))
    assert ask(at=NOW + hour)


def test_limits_keep_no_address(limits, subscriptions, engine):
    """A keyed hash, for the time of the window."""
    limits.allow("ask", "192.0.2.1", limit=3, window=timedelta(hours=1), at=NOW)
    ((key,),) = rows(engine, "SELECT key FROM rate_limits")
    assert len(key) == 64
    subscriptions.purge(at=NOW + timedelta(hours=1))
    with reading(engine) as connection:
        assert connection.execute(LIMITS.select()).all() == []


# --- what the operator is told ---------------------------------------------------------------------------

OPERATOR = "exploitation@exemple.fr"


def test_the_operator_is_told_once_per_kind(notices, outbox):
    """By mail without confirmation; again when it comes back after it was over."""
    notices.tell([(Channel.EMAIL, OPERATOR)], at=NOW)
    problem = {NoticeKind.SOURCE_STALE: "La source n'a pas été lue depuis un jour."}
    assert notices.show(problem, at=NOW) == 1
    assert notices.show(problem, at=NOW + DAY) == 0
    (message,) = send(outbox, NOW + DAY)
    assert (message.kind, message.subscriber.address) == (MessageKind.OPERATOR, OPERATOR)
    assert message.details == {
        "notice": "source-stale",
        "text": "La source n'a pas été lue depuis un jour.",
    }
    assert notices.open_notices() == [(NoticeKind.SOURCE_STALE, problem[NoticeKind.SOURCE_STALE], NOW)]
    notices.show({}, at=NOW + 2 * DAY)
    assert notices.open_notices() == []
    notices.show(problem, at=NOW + 3 * DAY)
    (again,) = send(outbox, NOW + 3 * DAY)
    assert again.id != message.id


def test_what_nobody_could_be_told_is_told_later(notices, outbox, engine):
    """A notice that came before the operator's address was set; no one else gets it."""
    notices.show({NoticeKind.RUN_FAILED: "Passage échoué."}, at=NOW)
    assert send(outbox) == []
    notices.tell([(Channel.EMAIL, OPERATOR), (Channel.CHAT, "json://salon.exemple.fr")], at=NOW)
    notices.tell([(Channel.EMAIL, OPERATOR), (Channel.CHAT, "json://salon.exemple.fr")], at=NOW)
    assert len(send(outbox)) == 1
    assert len(send(outbox, channel=Channel.CHAT)) == 1
    notices.tell([], at=NOW)
    notices.show({NoticeKind.REVIEW: "Une question attend."}, at=NOW)
    assert send(outbox) == []


def test_the_operator_may_follow_questions_too(store, subscriptions, notices, outbox):
    """One address, both kinds of messages; purging leaves it alone."""
    notices.tell([(Channel.EMAIL, OPERATOR)], at=NOW)
    follow(subscriptions, OPERATOR)
    publish(store, record(1))
    notices.show({NoticeKind.REVIEW: "Une question attend."}, at=NOW)
    assert sorted(message.kind for message in send(outbox)) == [MessageKind.ALERT, MessageKind.OPERATOR]
    assert subscriptions.purge(at=NOW + 400 * DAY) == 0
