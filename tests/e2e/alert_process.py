"""A process to be killed: `write` records questions, `send` dispatches to a receiver on a local port.

Enters: a database address, then how many questions or which port. Leaves: rows, or one line of JSON
for each message on a connection of its own, accepted when the receiver answers.
"""

from __future__ import annotations

import asyncio
import json
import sys
from datetime import timedelta

from db.engine import open_engine
from db.outbox import SqlOutbox
from db.store import SqlStore
from feeds.alerts.dispatch import Dispatcher, DispatchRules
from tests.builders import NOW, answered, record
from tests.db.writes import planned, question
from tracker.alerts import ACCEPTED, Channel, DeliveryResult, Message, Outcome
from tracker.clock import system_clock
from tracker.events import EventKind
from tracker.ports import Batch

RULES = DispatchRules(send_timeout=timedelta(seconds=1), lease=timedelta(seconds=2), poll_seconds=0.02)
ANSWERED_ON = NOW.date()


class LineSender:
    """Sends one line for each message to a port of this machine."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def send(self, message: Message) -> DeliveryResult:
        """Accepted when the receiver answers."""
        line = {
            "id": message.id,
            "to": message.subscriber.ref,
            "events": [one.view.recorded.event.id for one in message.events],
            "token": message.token,
            "earlier": message.earlier,
        }
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            writer.write(json.dumps(line).encode() + b"\n")
            await writer.drain()
            answer = await reader.readline()
        finally:
            writer.close()
        if answer != b"ok\n":
            return DeliveryResult(Outcome.TEMPORARY, "ligne coupée", uncertain=True)
        return ACCEPTED

    async def close(self) -> None:
        """Holds nothing."""


def write(url: str, questions: int) -> None:
    """Publish, then answer, questions one batch each; what is there already stays as it is."""
    engine = open_engine(url)
    store = SqlStore(engine, clock=system_clock)
    for number in range(1, questions + 1):
        asked = record(number)
        known = answered(asked, ANSWERED_ON, f"Réponse {number} (exemple).")
        events = (
            (asked, planned(asked)),
            (known, planned(known, EventKind.ANSWERED, ANSWERED_ON)),
        )
        for state, event in events:
            store.write(Batch(questions=(question(state, event, revised=True),), at=NOW))
        print(number, flush=True)
    engine.dispose()


def send(url: str, port: int) -> None:
    """Send what is due; go on until killed or nothing is left."""
    engine = open_engine(url)
    outbox = SqlOutbox(engine)
    dispatcher = Dispatcher(outbox, {Channel.EMAIL: LineSender(port)}, RULES, system_clock)
    asyncio.run(dispatcher.drain())
    engine.dispose()


if __name__ == "__main__":
    {"write": write, "send": send}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
