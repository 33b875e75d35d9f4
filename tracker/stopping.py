"""Being asked to stop: SIGINT and SIGTERM are noted at once, and obeyed where nothing can be lost.

Enters: signals. Leaves: a SystemExit from `leave_if_asked` and `wait`, with 0 after SIGTERM and 130
after Ctrl-C. An exception raised by the signal itself can come between any two instructions: inside a
weakref callback Python drops it and the process runs on; inside Popen a child is left behind.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

INTERRUPTED = 130  # the exit code of a command that Ctrl-C ended, as shells have it

_POLL_SECONDS = 0.2
_asked: list[int] = []
_told: list[Callable[[], None]] = []


def note_stop_signals() -> None:
    """From now on the first signal is only noted; a second Ctrl-C interrupts at once."""
    _asked.clear()
    _told.clear()
    signal.signal(signal.SIGTERM, _note)
    signal.signal(signal.SIGINT, _note)


def tell(stop: Callable[[], None]) -> None:
    """Call `stop`, which must be quick and cannot fail, when a signal comes, or now if one has come."""
    _told.append(stop)
    if _asked:
        stop()


def leave_if_asked() -> None:
    """Raise SystemExit if a signal has come."""
    if _asked:
        raise SystemExit(INTERRUPTED if _asked[0] == signal.SIGINT else 0)


def wait(thread: threading.Thread | None = None) -> None:
    """Wait for a thread to end, or for ever; raises SystemExit as soon as a signal has come."""
    while thread is None or thread.is_alive():
        leave_if_asked()
        if thread is None:
            time.sleep(_POLL_SECONDS)
        else:
            thread.join(_POLL_SECONDS)


def _note(number: int, _frame: FrameType | None) -> None:
    if _asked and number == signal.SIGINT:
        raise KeyboardInterrupt
    _asked.append(number)
    for stop in _told:
        stop()
