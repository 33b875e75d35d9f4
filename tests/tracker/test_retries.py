"""How long one goes on trying, and how long a channel in trouble is left alone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tracker.alerts import Channel
from tracker.retries import SCHEDULES, channel_pause, retry_delay

ID = "0123456789abcdef" * 2


def delays(channel, message_id=ID):
    """Every delay of a message that is never accepted."""
    found, attempts = [], 1
    while (delay := retry_delay(channel, attempts, message_id)) is not None:
        found.append(delay)
        attempts += 1
    return found


def test_webhooks_follow_the_standard_schedule():
    """Ten attempts, the delays of the specification, each up to a tenth longer."""
    standard = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
    for delay, seconds in zip(delays(Channel.WEBHOOK), standard, strict=True):
        assert seconds <= delay.total_seconds() < seconds * 1.1


def test_s16_mail_is_tried_for_more_than_nine_days():
    """S16: an address whose server is away for nine days gets its mail on its return."""
    assert sum(delays(Channel.EMAIL), timedelta()) >= timedelta(days=9)
    assert max(delays(Channel.EMAIL)) < timedelta(hours=27)


def test_messages_that_failed_together_part():
    """The amount added differs between messages and is the same each time it is asked."""
    assert len({retry_delay(Channel.EMAIL, 3, f"{n:032x}") for n in range(50)}) > 40
    assert retry_delay(Channel.EMAIL, 3, ID) == retry_delay(Channel.EMAIL, 3, ID)


@pytest.mark.parametrize("channel", Channel)
def test_every_channel_has_a_schedule(channel):
    """The first attempt is at once."""
    assert SCHEDULES[channel][0] == timedelta(0)


def test_a_channel_in_trouble_is_asked_again_within_minutes():
    """Longer at each failure, five minutes at most: on its return all goes out soon."""
    pauses = [channel_pause(failures) for failures in range(1, 3000)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=5)
    assert pauses[-1] == timedelta(minutes=5)
