"""What composing rests on: names of filters, values kept a while, senders made when needed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from feeds.alerts.filter_names import FilterNames
from feeds.alerts.frequencies import told_how_often
from feeds.alerts.on_demand import OnDemand
from feeds.alerts.recent import Recent
from feeds.typography import listed
from feeds.wording import events_counted
from tests.builders import NOW, record
from tests.feeds.alerts.messages import TOKEN, answer_to, message, published, subscription
from tracker.alerts import ACCEPTED, Frequency, MessageKind, Rhythm
from tracker.events import EventKind
from tracker.ports import Facet, Facets
from tracker.selection import Selection

NBSP = "\u00a0"


class _Reader:
    """Facets, and how often they were asked for."""

    def __init__(self) -> None:
        self.asked = 0
        self.group = "Groupe Exemple"

    def facets(self, topic):
        self.asked += 1
        return Facets(groups=(Facet("exemple", self.group, 1),))


def test_a_filter_is_said_with_the_names_of_today():
    """Labels are read now and then, not for each message; a renamed group is known minutes later."""
    reader, now = _Reader(), [NOW]
    say = FilterNames(reader, {"asalee": "Asalée"}, lambda: now[0])
    asked = Selection(topic="asalee", group="exemple")

    assert "Groupe Exemple" in say(asked)
    reader.group = "Groupe Renommé (exemple)"
    say(asked)
    assert reader.asked == 1
    now[0] += timedelta(minutes=6)
    assert "Groupe Renommé (exemple)" in say(asked)


def test_what_was_asked_for_lately_is_kept():
    """The least asked for leaves first."""
    made, recent = [], Recent(2)

    def make(key):
        return recent.get(key, lambda: made.append(key) or key)

    for key in "abacab":
        assert make(key) == key
    assert made == ["a", "b", "c", "b"]


async def test_a_sender_is_made_when_it_is_needed():
    """Once, however many ask together; never for a channel without messages."""
    made = []

    class Sender:
        closed = False

        async def send(self, _message):
            return ACCEPTED

        async def close(self):
            self.closed = True

    def make():
        made.append(Sender())
        return made[-1]

    idle, used = OnDemand(make), OnDemand(make)
    await idle.close()
    results = await asyncio.gather(*(used.send(message(published(n))) for n in range(1, 4)))
    await used.close()

    assert results == [ACCEPTED] * 3
    assert [sender.closed for sender in made] == [True]


def test_receivers_of_the_same_thing_share_its_rendering_and_not_their_keys(renderer):
    """Each gets its own links in the same words."""
    one = renderer.render(message(published(), token=TOKEN))
    other = renderer.render(message(published(), token="b" * 43))

    assert TOKEN in one.text
    assert TOKEN not in other.text + other.html
    assert one.text.replace(TOKEN, "b" * 43) == other.text
    assert one.html.replace(TOKEN, "b" * 43) == other.html


def test_what_is_kept_never_goes_to_who_asked_for_something_else(renderer):
    """The same event for another reason, as another kind, or with another's name, is rendered anew."""
    mine = renderer.render(message(published(), subscriptions=(subscription(1, label="La mienne"),)))
    theirs = renderer.render(message(published(), subscriptions=(subscription(2, label="La leur"),)))
    several = renderer.render(message(published(), answer_to(record(5), first=3), kind=MessageKind.DIGEST))

    assert "La mienne" in mine.text
    assert "La mienne" not in theirs.text
    assert several.subject != mine.subject


@pytest.mark.parametrize(
    ("frequency", "said"),
    [
        (Frequency(), "dès que cela est connu"),
        (Frequency(Rhythm.DAILY, hour=8), f"chaque jour à 8{NBSP}h"),
        (Frequency(Rhythm.WEEKLY, hour=18, weekday=0), f"chaque lundi à 18{NBSP}h"),
    ],
)
def test_how_often(frequency, said):
    """As people say it."""
    assert told_how_often(frequency) == said


@pytest.mark.parametrize(
    ("items", "said"),
    [
        ([], ""),
        (["a"], "a"),
        (["a", "b"], "a et b"),
        (["a", "b", "c"], "a, b et c"),
        (["a", "b", "c", "d"], f"a, b, c et 1{NBSP}autre"),
        (["a", "b", "c", "d", "e"], f"a, b, c et 2{NBSP}autres"),
    ],
)
def test_lists_in_a_sentence(items, said):
    """Three are named at most."""
    assert listed(items, 3) == said


def test_events_are_counted_with_the_most_awaited_first():
    """Answers before questions; singular below two."""
    kinds = [EventKind.PUBLISHED, EventKind.CLOSED, EventKind.ANSWERED, EventKind.PUBLISHED]

    assert events_counted(kinds) == f"1{NBSP}réponse, 2{NBSP}nouvelles questions, 1{NBSP}clôture sans réponse"
    for kind in EventKind:
        assert events_counted([kind]).startswith(f"1{NBSP}")
        assert events_counted([kind, kind]).endswith("s") or "s " in events_counted([kind, kind])
