"""The dispatcher in a thread of its own, for a process that does other things too.

Enters: a dispatcher. Leaves: `start` and `stop`; `stop` returns when what was being sent is finished.
"""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress

from feeds.alerts.dispatch import Dispatcher


class BackgroundDispatcher:
    """Runs a dispatcher from `start` to `stop`, once."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._dispatcher = dispatcher
        self._stop = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="alerts")

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()
        self._ready.wait()

    def stop(self) -> None:
        """Send nothing more; wait for what is being sent."""
        if self._loop is None:
            return
        with suppress(RuntimeError):  # the loop is closed: it has ended by itself
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        asyncio.run(self._work())

    async def _work(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ready.set()
        await self._dispatcher.run(self._stop)
