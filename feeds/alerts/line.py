"""One channel's line: messages claimed, sent a few at a time, and what came of them noted.

Enters: an outbox, a sender, a pace. Leaves: messages sent. A message is tried only while its lease
outlives the try, so nobody else is sending it; what came of it is noted at once, together with what
ended meanwhile. Killed at any point, the lease runs out and the same message is sent again.
"""

from __future__ import annotations

import asyncio
import secrets
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from feeds.alerts.pace import Pace, Pacer
from tracker.alert_ports import Attempt, Claimed, Outbox, Sender
from tracker.alerts import Channel, DeliveryResult, Outcome
from tracker.clock import Clock
from tracker.logs import get_logger

Value = TypeVar("Value")

_RETRY_SECONDS = 1.0
_TRIES = 5
_SMALLEST_BATCH = 200
_TOGETHER_SECONDS = 0.05  # what ends meanwhile is noted in the same transaction

_NO_ANSWER = DeliveryResult(Outcome.TEMPORARY, "pas de réponse à temps", uncertain=True)


class Line:
    """Sends the messages of one channel from `run` to the end of `run`."""

    def __init__(
        self,
        channel: Channel,
        sender: Sender,
        outbox: Outbox,
        *,
        pace: Pace,
        clock: Clock,
        lease: timedelta,
        send_timeout: timedelta,
        poll_seconds: float,
    ) -> None:
        self._channel = channel
        self._sender = sender
        self._outbox = outbox
        self._pacer = Pacer(pace.per_minute)
        self._workers = pace.at_a_time
        self._batch = max(_SMALLEST_BATCH, 4 * pace.at_a_time)
        self._clock = clock
        self._lease = lease
        self._send_timeout = send_timeout
        self._poll_seconds = poll_seconds
        self._owner = secrets.token_hex(8)
        self._log = get_logger(__name__).bind(channel=channel.value)
        self._queue: asyncio.Queue[Claimed | None] = asyncio.Queue()
        self._attempts: list[Attempt] = []
        self._attempted = asyncio.Event()
        self._moved = asyncio.Event()  # a message was taken or settled, or there may be new ones
        self._open = 0  # claimed and not yet settled
        self._in_trouble = False  # until the outbox knows it
        self._ending = False
        self.accepted = 0

    def wake(self) -> None:
        """There may be something to send: look now."""
        self._moved.set()

    async def run(self, stop: asyncio.Event, *, until_idle: bool = False) -> None:
        """Send until told to stop, or until nothing is due; what is being sent is finished."""
        async with asyncio.TaskGroup() as tasks:
            workers = [tasks.create_task(self._work()) for _ in range(self._workers)]
            recorder = tasks.create_task(self._record())
            await self._feed(stop, until_idle=until_idle)
            await self._give_back()
            for _ in workers:
                self._queue.put_nowait(None)
            await asyncio.gather(*workers)
            self._ending = True
            self._attempted.set()
            await recorder

    # --- what is to be sent ---

    async def _feed(self, stop: asyncio.Event, *, until_idle: bool) -> None:
        while not stop.is_set():
            self._moved.clear()
            quiet = not self._open  # before asking: what is settled meanwhile may let more go
            claimed, wait = await self._claim()
            for one in claimed:
                self._queue.put_nowait(one)
            if claimed and self._in_trouble:  # since it was asked for
                await self._give_back()
            if claimed:
                continue
            if until_idle and quiet and wait is None:
                return
            await _first_of(stop, self._moved, seconds=self._poll_seconds if wait is None else wait)

    async def _claim(self) -> tuple[list[Claimed], float | None]:
        """Messages to send now; without any, how long to wait when it is known."""
        room = self._batch - self._queue.qsize()
        if self._in_trouble or 2 * room < self._batch:
            return [], self._poll_seconds  # whoever changes that says so
        until = await self._asked(self._outbox.paused_until, self._channel)
        now = self._clock()
        if until is not None:  # in trouble: nothing until then, then one message to see
            if until > now:
                return [], None
            room = 0 if self._open else 1
        limit = self._pacer.allowance(now, room)
        if not limit:
            return [], self._pacer.wait(now).total_seconds() or self._poll_seconds
        claimed = await self._asked(
            lambda: self._outbox.claim(
                self._channel, self._owner, limit=limit, lease=self._lease, at=self._clock()
            )
        )
        self._open += len(claimed or ())
        self._pacer.spend(len(claimed or ()))
        return claimed or [], None

    async def _give_back(self) -> None:
        """Return what is claimed and not being sent."""
        numbers = []
        while not self._queue.empty():
            one = self._queue.get_nowait()
            if one is not None:
                numbers.append(one.number)
        if numbers:
            await self._done(self._outbox.release, numbers, self._owner)
            self._open -= len(numbers)

    # --- sending it ---

    async def _work(self) -> None:
        while (claimed := await self._queue.get()) is not None:
            if 2 * self._queue.qsize() <= self._batch:
                self._moved.set()
            if claimed.lease_until - self._clock() < self._send_timeout:
                await self._done(self._outbox.release, [claimed.number], self._owner)
                self._open -= 1
                continue
            result = await self._try(claimed)
            self._in_trouble |= result.whole_channel
            self._attempts.append(Attempt(claimed, result, self._clock()))
            self._attempted.set()
            if result.whole_channel:
                await self._give_back()

    async def _try(self, claimed: Claimed) -> DeliveryResult:
        try:
            async with asyncio.timeout(self._send_timeout.total_seconds()):
                return await self._sender.send(claimed.message)
        except TimeoutError:
            return _NO_ANSWER
        except Exception as error:  # noqa: BLE001  # a fault of a sender must not stop the others' messages
            # not its words, which may hold an address
            where = traceback.extract_tb(error.__traceback__)[-1]
            self._log.error(
                "sender failed", error=type(error).__name__, at=f"{where.filename}:{where.lineno}"
            )
            reason = f"erreur du programme ({type(error).__name__})"
            return DeliveryResult(Outcome.TEMPORARY, reason, uncertain=True)

    # --- what came of it ---

    async def _record(self) -> None:
        while not (self._ending and not self._attempts):
            await self._attempted.wait()
            await asyncio.sleep(_TOGETHER_SECONDS)
            self._attempted.clear()
            attempts, self._attempts = self._attempts, []
            if not attempts:
                continue
            for attempt in attempts:
                self._tell(attempt)
            for _ in range(_TRIES):  # beyond, the lease runs out and the message is sent again
                if await self._done(self._outbox.record, attempts, self._owner):
                    break
            self._open -= len(attempts)
            if not self._attempts:
                self._in_trouble = False
            if self._queue.empty():
                self._moved.set()

    def _tell(self, attempt: Attempt) -> None:
        message, result = attempt.claimed.message, attempt.result
        if result.outcome is Outcome.ACCEPTED:
            self.accepted += 1
            return
        self._log.warning(
            "message not accepted",
            message=message.id,
            subscriber=message.subscriber.ref,
            kind=message.kind.value,
            attempt=message.attempt,
            outcome=result.outcome.value,
            reason=result.reason,
            whole_channel=result.whole_channel,
        )

    async def _asked(self, ask: Callable[..., Value], *words: object) -> Value | None:
        """What the outbox says, or None after a pause when the database cannot answer."""
        try:
            return await asyncio.to_thread(ask, *words)
        except Exception as error:  # noqa: BLE001  # a busy database: whoever asked asks again
            self._log.exception("outbox not available", error=type(error).__name__)
            await asyncio.sleep(_RETRY_SECONDS)
            return None

    async def _done(self, act: Callable[..., None], *words: object) -> bool:
        """Whether the outbox could do something."""

        def acted() -> bool:
            act(*words)
            return True

        return bool(await self._asked(acted))


async def _first_of(*events: asyncio.Event, seconds: float) -> None:
    """Wait until one of the events is set, at most so long."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
