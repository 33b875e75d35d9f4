"""A way out that goes nowhere: it keeps what it is handed, and answers as it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tracker.alerts import ACCEPTED, DeliveryResult, Message


class FakeSender:
    """Accepts everything, unless `answer` says otherwise of a message or raises.

    `most` is how many were being sent at the same time at most.
    """

    def __init__(self, answer: Callable[[Message], DeliveryResult] | None = None) -> None:
        self.sent: list[Message] = []
        self.most = 0
        self.closed = 0
        self.gate: asyncio.Event | None = None  # sending waits for it
        self._answer = answer
        self._now = 0

    async def send(self, message: Message) -> DeliveryResult:
        """Keep it, then answer."""
        self._now += 1
        self.most = max(self.most, self._now)
        try:
            if self.gate is not None:
                await self.gate.wait()
            else:
                await asyncio.sleep(0)
            self.sent.append(message)
            return ACCEPTED if self._answer is None else self._answer(message)
        finally:
            self._now -= 1

    async def close(self) -> None:
        """Count."""
        self.closed += 1


class Clock:
    """A clock that is moved by hand, or a little at each look."""

    def __init__(self, at, step=None):
        self.at = at
        self._step = step

    def __call__(self):
        if self._step is not None:
            self.at += self._step
        return self.at
