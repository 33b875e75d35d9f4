"""The dispatcher in a thread of its own, beside the scheduler or the demonstration.

Enters: how to make a dispatcher. Leaves: messages sent from `start` to `stop`; a dispatcher that fell is
started again after a while, and the log says so.
"""

from __future__ import annotations

import asyncio
import threading

from tracker.alerting import Alerting
from tracker.logs import get_logger

_AGAIN_SECONDS = 15.0
_STOP_SECONDS = 60.0  # what is being sent is finished; a send ends within less


class DispatchThread:
    """Runs the dispatcher of one place."""

    def __init__(self, alerting: Alerting) -> None:
        self._alerting = alerting
        self._log = get_logger(__name__)
        self._ending = threading.Event()
        self._guard = threading.Lock()
        self._running: tuple[asyncio.AbstractEventLoop, asyncio.Event] | None = None
        self._thread = threading.Thread(target=self._work, name="dispatcher", daemon=True)

    def start(self) -> None:
        """Start sending."""
        self._thread.start()

    def stop(self) -> None:
        """Start no other send, and wait for those under way. What is not sent waits in the outbox."""
        with self._guard:
            self._ending.set()
            if self._running is not None:
                loop, stop = self._running
                loop.call_soon_threadsafe(stop.set)
        if self._thread.ident is not None:
            self._thread.join(_STOP_SECONDS)

    def _work(self) -> None:
        while not self._ending.is_set():
            try:
                asyncio.run(self._dispatch())
            except Exception as error:  # noqa: BLE001  # messages wait in the outbox: it is started again
                self._log.exception("dispatcher fell", error=type(error).__name__)
                self._ending.wait(_AGAIN_SECONDS)

    async def _dispatch(self) -> None:
        stop = asyncio.Event()
        with self._guard:
            if self._ending.is_set():
                return
            self._running = asyncio.get_running_loop(), stop
        try:
            await self._alerting.dispatcher().run(stop)
        finally:
            with self._guard:
                self._running = None
