"""A sender made when it is first needed: what some channels load is heavy, and most places lack them.

Enters: how to make a sender. Leaves: a `Sender`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from tracker.alert_ports import Sender
from tracker.alerts import DeliveryResult, Message


class OnDemand:
    """Stands for a sender that may never be made."""

    def __init__(self, make: Callable[[], Sender]) -> None:
        self._make = make
        self._made: Sender | None = None
        self._making = asyncio.Lock()

    async def send(self, message: Message) -> DeliveryResult:
        """Send through it."""
        async with self._making:
            if self._made is None:
                self._made = await asyncio.to_thread(self._make)
        return await self._made.send(message)

    async def close(self) -> None:
        """Close it if it was made."""
        if self._made is not None:
            await self._made.close()
