"""Being asked to stop: noted at once, obeyed where nothing can be lost."""

from __future__ import annotations

import signal
import threading

import pytest

from tracker.stopping import leave_if_asked, note_stop_signals, tell, wait


@pytest.fixture(autouse=True)
def _handlers_as_they_were():
    """Handlers are the process's, which here is that of all tests."""
    kept = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    note_stop_signals()
    yield
    note_stop_signals()
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_signal_is_noted_then_obeyed(number, code):
    """Nothing happens where it comes; the next look leaves, with the code that shells expect."""
    leave_if_asked()
    signal.raise_signal(number)

    with pytest.raises(SystemExit) as left:
        leave_if_asked()

    assert left.value.code == code


def test_a_signal_in_a_callback_is_not_lost():
    """Where Python would drop an exception, the note stays."""

    class Collected:
        """Signals from its destructor, as a weakref callback might."""

        def __del__(self):
            signal.raise_signal(signal.SIGINT)

    Collected()

    with pytest.raises(SystemExit):
        leave_if_asked()


def test_waiting_ends_when_asked():
    """A wait, for a thread or for ever, ends soon after a signal."""
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    signal.raise_signal(signal.SIGTERM)

    for waited in (thread, None):
        with pytest.raises(SystemExit):
            wait(waited)
    done.set()
    thread.join()


def test_waiting_for_a_thread_ends_with_it():
    """Without a signal, a wait is over when the thread is."""
    thread = threading.Thread(target=lambda: None)
    thread.start()

    wait(thread)

    assert not thread.is_alive()


def test_who_must_know_is_told_now_or_later():
    """A server that starts after the signal came is told as one that was there before."""
    told: list[str] = []
    tell(lambda: told.append("before"))
    signal.raise_signal(signal.SIGTERM)
    tell(lambda: told.append("after"))

    assert told == ["before", "after"]


def test_a_second_ctrl_c_interrupts():
    """Who presses it twice does not want to wait."""
    signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGINT)
