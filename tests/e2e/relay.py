"""A mail relay on the loopback for real processes: aiosmtpd, which keeps what it accepts.

Enters: a port, or any free one. Leaves: mails, parsed. It can be slow to accept.
"""

from __future__ import annotations

import asyncio
import email
import socket
import threading
import time
from email.message import EmailMessage
from email.policy import default

from aiosmtpd.smtp import SMTP

from tests.e2e.processes import wait_until


class Relay:
    """Runs in a loop of its own thread, from `__enter__` to `__exit__`."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self.mails: list[EmailMessage] = []
        self.seconds = 0.0
        self.begun = 0

    async def handle_DATA(self, _server, _session, envelope):  # noqa: N802  # aiosmtpd's name
        """Accept one mail, after a while."""
        self.begun += 1
        await asyncio.sleep(self.seconds)
        self.mails.append(email.message_from_bytes(envelope.original_content, policy=default))
        return "250 OK"

    def settings(self) -> dict[str, object]:
        """Settings of a service that sends through it."""
        return {
            "smtp_host": "127.0.0.1",
            "smtp_port": self.port,
            "smtp_security": "none",
            "mail_from": "alertes@exemple.fr",
            "mail_per_minute": 6000,
        }

    def to(self, address: str, count: int = 1) -> list[EmailMessage]:
        """The mails to someone, once there are so many."""

        def found():
            mails = [mail for mail in self.mails if mail["To"] == address]
            return mails if len(mails) >= count else None

        return wait_until(found, f"{count} mails to {address}")

    def stays_at(self, count: int, seconds: float = 5.0) -> None:
        """Nothing more comes for a while."""
        time.sleep(seconds)
        more = [mail["Subject"] for mail in self.mails[count:]]
        assert more == [], more

    def __enter__(self):
        listening = socket.create_server(("127.0.0.1", self.port))
        self.port = listening.getsockname()[1]
        self._loop = asyncio.new_event_loop()
        started = threading.Event()

        def run():
            asyncio.set_event_loop(self._loop)
            self._server = self._loop.run_until_complete(
                self._loop.create_server(lambda: SMTP(self, loop=self._loop), sock=listening)
            )
            started.set()
            self._loop.run_forever()
            self._server.close()
            for task in asyncio.all_tasks(self._loop):
                task.cancel()
            self._loop.run_until_complete(asyncio.sleep(0.05))
            self._loop.close()

        self._thread = threading.Thread(target=run, daemon=True)
        self._thread.start()
        started.wait(10)
        return self

    def __exit__(self, *_error):
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
