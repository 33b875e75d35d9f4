"""How many messages may go at an instant."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from feeds.alerts.pace import Pacer
from tests.builders import NOW


def test_without_a_limit_all_may_go():
    """As many as there is room for."""
    pacer = Pacer(None)
    pacer.spend(1000)
    assert pacer.allowance(NOW, 50) == 50
    assert pacer.wait(NOW) == timedelta(0)


def test_thirty_a_minute_are_one_every_two_seconds():
    """No burst after a silence."""
    pacer = Pacer(30)
    assert pacer.allowance(NOW, 50) == 1
    pacer.spend(1)
    assert pacer.allowance(NOW + timedelta(seconds=1), 50) == 0
    assert pacer.wait(NOW + timedelta(seconds=1)) == timedelta(seconds=1)
    assert pacer.allowance(NOW + timedelta(hours=1), 50) == 1


@given(st.integers(1, 3000), st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 50)), max_size=60))
def test_no_minute_sees_more_than_its_share(per_minute, looks):
    """Whatever the rhythm of asking: in any minute, the limit and what a second may save up."""
    pacer, at, spent = Pacer(per_minute), NOW, []
    for milliseconds, wanted in looks:
        at += timedelta(milliseconds=milliseconds)
        allowed = pacer.allowance(at, wanted)
        assert 0 <= allowed <= wanted
        pacer.spend(allowed)
        spent.append((at, allowed))
    for start, _ in spent:
        minute = sum(n for when, n in spent if start <= when < start + timedelta(minutes=1))
        assert minute <= per_minute + per_minute // 60 + 1
