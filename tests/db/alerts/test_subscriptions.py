"""Asking, confirming, changing, stopping; and what a stranger learns from any of it: nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import NOW, record
from tests.db.alerts.helpers import (
    EVERYTHING,
    READER,
    RULES,
    answer,
    claim,
    follow,
    owed,
    publish,
    rows,
    send,
    settle,
)
from tracker.alert_ports import Wish
from tracker.alerts import (
    PRESELECTED_KINDS,
    Channel,
    DisabledReason,
    Frequency,
    MessageKind,
    Rhythm,
    SubscriptionState,
    TokenPurpose,
)
from tracker.errors import UsageError
from tracker.events import EventKind
from tracker.selection import Selection

ONE = record(1)
DAILY = Frequency(Rhythm.DAILY, 8)
LATER = NOW + timedelta(hours=1)
CONFIRM, MANAGE = TokenPurpose.CONFIRM, TokenPurpose.MANAGE


def letter(outbox, at=NOW):
    """The token in the only message that is sent now."""
    (message,) = send(outbox, at)
    return message.token


def confirmed(subscriptions, outbox, address=READER, wish=None, at=NOW):
    """A subscription asked for and confirmed."""
    subscriptions.ask(address, wish or Wish(EVERYTHING), at=at)
    return subscriptions.confirm(letter(outbox, at), at=at)


def manage_link(store, outbox, number=1, at=NOW):
    """The token in the alert about a new question."""
    publish(store, record(number), at=at)
    return letter(outbox, at)


# --- asking and confirming -----------------------------------------------------------------------------


def test_an_address_is_asked_to_confirm(subscriptions, outbox):
    """One message, that says what was asked for and carries a token to confirm it."""
    subscriptions.ask(" Lecture@Exemple.fr", Wish(Selection(group="gdr"), DAILY, label="Groupe"), at=NOW)
    (message,) = send(outbox)
    assert (message.kind, message.subscriber.address) == (MessageKind.CONFIRMATION, READER)
    (asked,) = message.subscriptions
    assert asked.selection == Selection(group="gdr", kinds=PRESELECTED_KINDS)
    assert (asked.frequency, asked.label, asked.state) == (DAILY, "Groupe", SubscriptionState.UNCONFIRMED)
    seen = subscriptions.look_at(message.token, CONFIRM, at=NOW)
    assert seen.subscriptions == (asked,)


def test_s15_looking_at_a_link_changes_nothing(subscriptions, outbox, store, engine):
    """S15: a scanner that opens every link confirms nothing, stops nothing, and uses no token up."""
    subscriptions.ask(READER, Wish(EVERYTHING), at=NOW)
    token = letter(outbox)
    before = rows(engine, "SELECT * FROM subscribers, subscriptions")
    for _ in range(3):
        assert subscriptions.look_at(token, CONFIRM, at=NOW) is not None
        assert subscriptions.look_at(token, MANAGE, at=NOW) is None
    assert rows(engine, "SELECT * FROM subscribers, subscriptions") == before
    publish(store, ONE)
    assert send(outbox) == []
    assert subscriptions.confirm(token, at=NOW).state is SubscriptionState.ACTIVE


def test_a_confirmed_subscription_starts_from_then(subscriptions, outbox, store):
    """What came between asking and confirming is not told."""
    subscriptions.ask(READER, Wish(EVERYTHING), at=NOW)
    token = letter(outbox)
    publish(store, ONE)
    mine = subscriptions.confirm(token, at=LATER)
    assert mine.since_sequence == 1
    publish(store, record(2))
    assert [message.events[0].view.record.id.number for message in send(outbox)] == [2]


def test_confirming_twice_is_confirming_once(subscriptions, outbox, store):
    """A second click neither moves the start nor brings a stopped subscription back."""
    subscriptions.ask(READER, Wish(EVERYTHING), at=NOW)
    token = letter(outbox)
    mine = subscriptions.confirm(token, at=NOW)
    publish(store, ONE)
    assert subscriptions.confirm(token, at=LATER) == mine
    subscriptions.move(mine.id, SubscriptionState.STOPPED, at=LATER)
    assert subscriptions.confirm(token, at=LATER).state is SubscriptionState.STOPPED


@pytest.mark.parametrize("token", ["", "x", "é", "a" * 43, "\x00"])
def test_an_unknown_token_does_nothing(subscriptions, token):
    """The same answer as for an expired one."""
    assert subscriptions.look_at(token, CONFIRM, at=NOW) is None
    assert subscriptions.confirm(token, at=NOW) is None
    assert not subscriptions.stop_all(token, at=NOW)


def test_a_confirmation_is_good_for_two_days(subscriptions, outbox):
    """And no longer; asking again brings another."""
    subscriptions.ask(READER, Wish(EVERYTHING), at=NOW)
    token = letter(outbox)
    assert subscriptions.confirm(token, at=NOW + timedelta(hours=48)) is None
    assert subscriptions.look_at(token, CONFIRM, at=NOW + timedelta(hours=47)) is not None


def test_tokens_are_kept_hashed(subscriptions, outbox, engine):
    """256 random bits; once the message is accepted, nothing kept gives the token back."""
    subscriptions.ask(READER, Wish(EVERYTHING), at=NOW)
    token = letter(outbox)
    assert len(token) >= 43
    kept = rows(engine, "SELECT hash FROM link_tokens") + rows(engine, "SELECT token FROM messages")
    assert token not in {value for (value,) in kept}
    assert kept[-1] == (None,)


def test_the_message_is_the_same_at_each_attempt(subscriptions, outbox):
    """S4: the token too, so that whichever copy arrives, its link works."""
    subscriptions.ask(READER, Wish(EVERYTHING), at=NOW)
    first = claim(outbox)
    again = claim(outbox, NOW + timedelta(hours=1), owner="b")
    assert [one.message for one in first] == [one.message for one in again]


def test_asking_again_before_confirming_is_one_subscription(subscriptions, outbox, engine):
    """Three letters at most in a day, one subscription, as last asked for; either token confirms it."""
    tokens = []
    for hours in range(5):
        subscriptions.ask(READER, Wish(EVERYTHING, label=f"{hours}"), at=NOW + timedelta(hours=hours))
        tokens += [message.token for message in send(outbox, NOW + timedelta(hours=hours))]
    assert len(tokens) == 3
    assert rows(engine, "SELECT count(*) FROM subscriptions") == [(1,)]
    assert subscriptions.confirm(tokens[0], at=NOW + timedelta(hours=5)).label == "2"
    subscriptions.ask(READER, Wish(Selection(topic="autre")), at=NOW + timedelta(hours=25))
    assert len(send(outbox, NOW + timedelta(hours=25))) == 1


def test_someone_who_types_my_address_changes_nothing_of_mine(subscriptions, outbox, store):
    """An unconfirmed wish leaves the subscription, its rhythm and its name as they are."""
    mine = confirmed(subscriptions, outbox)
    subscriptions.ask(READER, Wish(EVERYTHING, DAILY, label="autre"), at=NOW)
    assert subscriptions.account(READER).subscriptions[0] == mine
    publish(store, ONE)
    kinds = [message.kind for message in send(outbox)]
    assert sorted(kinds) == [MessageKind.ALERT, MessageKind.CONFIRMATION]


def test_confirming_what_one_has_brings_it_up_to_date(subscriptions, outbox):
    """One subscription for one filter, with the rhythm just confirmed and the old place."""
    mine = confirmed(subscriptions, outbox)
    again = confirmed(subscriptions, outbox, wish=Wish(EVERYTHING, DAILY), at=LATER)
    assert (again.id, again.frequency, again.since_sequence) == (mine.id, DAILY, mine.since_sequence)
    assert len(subscriptions.account(READER).subscriptions) == 1


def test_an_access_link_goes_to_verified_addresses_alone(subscriptions, outbox):
    """To a stranger nothing is sent, and the caller cannot tell."""
    assert subscriptions.ask_access("inconnu@exemple.fr", at=NOW) is None
    subscriptions.ask(READER, Wish(EVERYTHING), at=NOW)
    subscriptions.confirm(letter(outbox), at=NOW)
    assert subscriptions.ask_access(READER, at=NOW) is None
    (message,) = send(outbox)
    assert message.kind is MessageKind.ACCESS
    assert subscriptions.look_at(message.token, MANAGE, at=NOW).subscriber.address == READER


def test_an_address_the_operator_shut_out_stays_so(subscriptions, outbox):
    """Asking brings no letter, an old token confirms nothing."""
    subscriptions.ask(READER, Wish(EVERYTHING), at=NOW)
    token = letter(outbox)
    account = subscriptions.account(READER)
    subscriptions.disable(account.subscriber.id, DisabledReason.OPERATOR, at=NOW)
    subscriptions.ask(READER, Wish(EVERYTHING), at=NOW)
    assert send(outbox) == []
    assert subscriptions.confirm(token, at=NOW) is None


def test_a_bounced_address_may_be_confirmed_again(subscriptions, outbox, store):
    """Somebody reads it after all: alerts go on, from then."""
    mine = confirmed(subscriptions, outbox)
    subscriptions.disable(mine.subscriber_id, DisabledReason.BOUNCES, at=NOW)
    publish(store, ONE)
    confirmed(subscriptions, outbox, at=LATER)
    publish(store, record(2), at=LATER)
    assert [message.events[0].view.record.id.number for message in send(outbox, LATER)] == [2]


# --- managing ------------------------------------------------------------------------------------------


def test_each_alert_has_a_link_to_manage_ones_subscriptions(subscriptions, outbox, store):
    """All that the address asked for, webhooks it owns included, what was stopped left out."""
    mine = confirmed(subscriptions, outbox)
    hook = follow(
        subscriptions,
        "https://exemple.fr/recevoir",
        channel=Channel.WEBHOOK,
        secret="whsec_exemple",
        owner_id=mine.subscriber_id,
    )
    stopped = follow(subscriptions, READER, Selection(topic="autre"))
    subscriptions.move(stopped.id, SubscriptionState.STOPPED, at=NOW)
    account = subscriptions.look_at(manage_link(store, outbox), MANAGE, at=NOW)
    assert account.subscriptions == (mine,)
    (webhook,) = account.webhooks
    assert (webhook.subscriptions, webhook.subscriber.secret) == ((hook,), "whsec_exemple")


def test_one_sees_and_changes_only_what_is_ones_own(subscriptions, store, outbox):
    """Another's subscription does not exist for me; that of a webhook I own does."""
    mine = follow(subscriptions)
    theirs = follow(subscriptions, "autre@exemple.fr")
    hook = follow(subscriptions, "https://exemple.fr/", channel=Channel.WEBHOOK, owner_id=mine.subscriber_id)
    me = mine.subscriber_id
    for act in (
        lambda id_: subscriptions.move(id_, SubscriptionState.STOPPED, at=NOW, subscriber_id=me),
        lambda id_: subscriptions.change(id_, Wish(EVERYTHING), at=NOW, subscriber_id=me),
    ):
        with pytest.raises(UsageError, match="n'existe pas"):
            act(theirs.id)
    assert subscriptions.change(hook.id, Wish(EVERYTHING, DAILY), at=NOW, subscriber_id=me).frequency == DAILY
    with pytest.raises(UsageError, match="déjà utilisée"):
        follow(subscriptions, "https://exemple.fr/", channel=Channel.WEBHOOK, owner_id=theirs.subscriber_id)


def test_one_click_stops_everything(subscriptions, outbox, store, engine):
    """Also what was owed and not sent yet; the same again says yes again."""
    follow(subscriptions, selection=Selection(group="exemple"))
    follow(subscriptions)
    token = manage_link(store, outbox)
    publish(store, record(2))
    assert subscriptions.stop_all(token, at=NOW)
    assert subscriptions.stop_all(token, at=NOW)
    publish(store, record(3))
    assert send(outbox) == []
    assert subscriptions.account(READER).subscriptions == ()


def test_a_stopped_subscription_takes_along_what_waits_for_it(subscriptions, outbox, store, engine):
    """Messages made and not tried are taken apart; what the other follows is told for it alone."""
    stopped, kept = follow(subscriptions, selection=Selection(uid=ONE.uid)), follow(subscriptions)
    publish(store, ONE, record(2))
    outbox.arrange(RULES, at=NOW)
    subscriptions.move(stopped.id, SubscriptionState.STOPPED, at=NOW)
    assert {asked for asked, _ in owed(engine)} == {kept.id}
    messages = send(outbox)
    assert len(messages) == 2
    assert {one.id for message in messages for one in message.subscriptions} == {kept.id}


def test_what_may_have_arrived_is_never_taken_apart(subscriptions, outbox, store):
    """S4: sent again as it was, though one of its subscriptions was stopped meanwhile."""
    stopped = follow(subscriptions, selection=Selection(uid=ONE.uid))
    follow(subscriptions)
    publish(store, ONE)
    (first,) = claim(outbox)
    subscriptions.move(stopped.id, SubscriptionState.STOPPED, at=NOW)
    (again,) = claim(outbox, LATER, owner="b")
    assert again.message.id == first.message.id
    assert len(again.message.subscriptions) == 2


def test_what_may_have_arrived_is_not_sent_again_to_who_stopped(subscriptions, outbox, store, engine):
    """S15: with nobody left who wants it, it is cancelled."""
    mine = follow(subscriptions)
    publish(store, ONE)
    claim(outbox)
    subscriptions.move(mine.id, SubscriptionState.STOPPED, at=NOW)
    assert claim(outbox, LATER) == []
    subscriptions.purge(at=LATER)
    assert rows(engine, "SELECT state FROM messages") == [("cancelled",)]


def test_a_pause_is_a_pause(subscriptions, outbox, store):
    """Nothing of what happens during it is told, then or later."""
    mine = follow(subscriptions)
    subscriptions.move(mine.id, SubscriptionState.SUSPENDED, at=NOW)
    publish(store, ONE)
    assert send(outbox) == []
    subscriptions.move(mine.id, SubscriptionState.ACTIVE, at=LATER)
    publish(store, record(2))
    assert [message.events[0].view.record.id.number for message in send(outbox, LATER)] == [2]


def test_another_filter_starts_from_now_another_rhythm_does_not(subscriptions, outbox, store, engine):
    """What was owed under the old filter is dropped; a new hour keeps what is owed."""
    mine = follow(subscriptions, frequency=DAILY)
    publish(store, ONE)
    subscriptions.change(mine.id, Wish(EVERYTHING, Frequency(Rhythm.DAILY, 10)), at=NOW)
    assert len(owed(engine)) == 1
    changed = subscriptions.change(mine.id, Wish(Selection(uid=ONE.uid), DAILY), at=NOW)
    assert owed(engine) == []
    assert changed.since_sequence == 1
    answer(store, ONE)
    assert len(owed(engine)) == 1
    assert rows(engine, "SELECT count(*) FROM filters") == [(1,)]


def test_an_unconfirmed_or_stopped_subscription_is_not_changed(subscriptions, outbox):
    """Nor started by the operator when its address is not confirmed."""
    subscriptions.ask(READER, Wish(EVERYTHING), at=NOW)
    (asked,) = subscriptions.account(READER).subscriptions
    with pytest.raises(UsageError, match="n'est pas en cours"):
        subscriptions.change(asked.id, Wish(EVERYTHING), at=NOW)
    with pytest.raises(UsageError, match="n'est pas confirmée"):
        subscriptions.move(asked.id, SubscriptionState.ACTIVE, at=NOW)


def test_what_an_operator_adds_is_active_at_once(subscriptions, outbox, store):
    """A chat, a webhook with its secret; a second wish keeps the first secret."""
    first = follow(subscriptions, "https://exemple.fr/", channel=Channel.WEBHOOK, secret="whsec_un")
    second = follow(
        subscriptions, "https://exemple.fr/", Selection(uid=ONE.uid), channel=Channel.WEBHOOK, secret="x"
    )
    (account,) = subscriptions.accounts(channel=Channel.WEBHOOK)
    assert account.subscriptions == (first, second)
    assert account.subscriber.secret == "whsec_un"
    assert subscriptions.accounts(channel=Channel.CHAT) == []
    subscriptions.set_secret(account.subscriber.id, "whsec_deux")
    publish(store, ONE)
    (message,) = send(outbox, channel=Channel.WEBHOOK)
    assert (message.subscriber.secret, message.token) == ("whsec_deux", None)


def test_an_address_has_a_bounded_number_of_subscriptions(subscriptions, outbox):
    """The fifty-first is refused to an operator, and quietly to anybody else."""
    for number in range(50):
        follow(subscriptions, selection=Selection(legislature=17, uid=record(number + 1).uid))
    with pytest.raises(UsageError, match="50"):
        follow(subscriptions)
    subscriptions.ask(READER, Wish(EVERYTHING), at=NOW)
    assert send(outbox) == []


def test_a_wish_has_a_short_name():
    """One line, a hundred characters."""
    for label in ("a" * 101, "a\nb"):
        with pytest.raises(UsageError, match="100"):
            Wish(EVERYTHING, label=label)


def test_kinds_asked_for_are_kept_as_they_are():
    """« me prévenir quand elle aura une réponse »."""
    only = Selection(uid=ONE.uid, kinds=frozenset({EventKind.ANSWERED}))
    assert Wish(only).followed == only


def test_enabling_starts_from_now(subscriptions, outbox, store):
    """What was missed meanwhile stays missed, the next event is told."""
    mine = follow(subscriptions)
    subscriptions.disable(mine.subscriber_id, DisabledReason.FAILURES, at=NOW)
    publish(store, ONE)
    subscriptions.enable(mine.subscriber_id, at=LATER)
    publish(store, record(2))
    assert [message.events[0].view.record.id.number for message in send(outbox, LATER)] == [2]
    with pytest.raises(UsageError, match="n'existe pas"):
        subscriptions.enable(999, at=NOW)


def test_disabling_drops_what_waits(subscriptions, outbox, store, engine):
    """Owed or in a message: nothing more is sent."""
    mine = follow(subscriptions)
    publish(store, ONE)
    (claimed,) = claim(outbox)
    outbox.release([claimed.number], "a")
    publish(store, record(2))
    subscriptions.disable(mine.subscriber_id, DisabledReason.BOUNCES, at=NOW)
    assert send(outbox) == []
    assert rows(engine, "SELECT state FROM messages") == [("cancelled",)]
    settle(outbox, [])
