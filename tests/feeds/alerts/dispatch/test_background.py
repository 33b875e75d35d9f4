"""The dispatcher beside other work: it starts, sends, and ends when told."""

from __future__ import annotations

import threading

from feeds.alerts.background import BackgroundDispatcher
from feeds.alerts.dispatch import Dispatcher, DispatchRules
from tests.builders import NOW, record
from tests.db.alerts.helpers import follow, publish
from tests.feeds.alerts.dispatch.senders import Clock, FakeSender
from tracker.alerts import Channel


def test_it_sends_until_it_is_stopped(store, subscriptions, outbox):
    """What happens while it runs is sent; what happens after waits."""
    follow(subscriptions)
    mail = FakeSender()
    rules = DispatchRules(poll_seconds=0.01)
    background = BackgroundDispatcher(Dispatcher(outbox, {Channel.EMAIL: mail}, rules, Clock(NOW)))
    background.start()
    publish(store, record(1))
    while not outbox.figures().sent:
        threading.Event().wait(0.01)
    background.stop()
    background.stop()
    publish(store, record(2))
    assert (len(mail.sent), mail.closed) == (1, 1)
    assert outbox.figures().owed == 1


def test_stopping_what_never_started_does_nothing(outbox):
    """A service that fails while it starts can stop all its parts."""
    BackgroundDispatcher(Dispatcher(outbox, {}, DispatchRules(), Clock(NOW))).stop()
