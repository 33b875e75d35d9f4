"""The dispatcher: what is owed becomes messages, and each channel sends its own.

Enters: an outbox, a sender for each channel, rules, a clock. Leaves: messages sent, until it is told
to stop. Channels do not wait for one another, nor addresses: what fails is put off, in the outbox.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from feeds.alerts.line import Line
from feeds.alerts.pace import Pace
from tracker.alert_ports import GroupingRules, Outbox, Sender
from tracker.alerts import Channel
from tracker.clock import Clock
from tracker.logs import get_logger


@dataclass(frozen=True, slots=True)
class DispatchRules:
    """How messages are arranged and sent. The lease must outlast a send by far."""

    grouping: GroupingRules = field(default_factory=GroupingRules)
    paces: Mapping[Channel, Pace] = field(default_factory=dict)
    poll_seconds: float = 2.0
    send_timeout: timedelta = timedelta(seconds=60)
    lease: timedelta = timedelta(minutes=5)


class Dispatcher:
    """Arranges and sends; several may run on one place, each message goes to one of them."""

    def __init__(
        self, outbox: Outbox, senders: Mapping[Channel, Sender], rules: DispatchRules, clock: Clock
    ) -> None:
        self._outbox = outbox
        self._senders = senders
        self._rules = rules
        self._clock = clock
        self._log = get_logger(__name__)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; what is being sent is finished first."""
        lines = self._lines()
        try:
            async with asyncio.TaskGroup() as tasks:
                for line in lines:
                    tasks.create_task(line.run(stop))
                await self._arrange_until(stop, lines)
        finally:
            await self._close()

    async def drain(self) -> int:
        """Send all that is due now, then end; the number of messages accepted."""
        lines = self._lines()
        try:
            await asyncio.to_thread(self._outbox.arrange, self._rules.grouping, at=self._clock())
            never = asyncio.Event()
            await asyncio.gather(*(line.run(never, until_idle=True) for line in lines))
        finally:
            await self._close()
        return sum(line.accepted for line in lines)

    def _lines(self) -> list[Line]:
        return [
            Line(
                channel,
                sender,
                self._outbox,
                pace=self._rules.paces.get(channel, Pace()),
                clock=self._clock,
                lease=self._rules.lease,
                send_timeout=self._rules.send_timeout,
                poll_seconds=self._rules.poll_seconds,
            )
            for channel, sender in self._senders.items()
        ]

    async def _arrange_until(self, stop: asyncio.Event, lines: list[Line]) -> None:
        while not stop.is_set():
            try:
                made = await asyncio.to_thread(self._outbox.arrange, self._rules.grouping, at=self._clock())
            except Exception as error:  # noqa: BLE001  # a busy database: tried again
                self._log.exception("messages not arranged", error=type(error).__name__)
                made = 0
            if made:
                self._log.info("messages made", messages=made)
                for line in lines:
                    line.wake()
            try:
                await asyncio.wait_for(stop.wait(), self._rules.poll_seconds)
            except TimeoutError:
                continue

    async def _close(self) -> None:
        for sender in self._senders.values():
            await sender.close()
