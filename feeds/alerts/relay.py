"""Connections to the mail relay, kept open for the messages that follow.

Enters: where the relay is and who we are to it. Leaves: connections ready for a message, or
`RelayUnavailableError`, whose words hold no address and no password. aiosmtplib speaks SMTP.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from ssl import SSLContext, SSLError
from typing import Literal

from aiosmtplib import SMTP, SMTPException, SMTPResponseException, SMTPTimeoutError

COMMAND_SECONDS = 15.0
_MOST_MESSAGES = 100  # through one connection: relays close those that never end
_MOST_IDLE_SECONDS = 20.0
_GOODBYE_SECONDS = 2.0

Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail is handed over; `hello` is the name we say we are (EHLO).

    STARTTLS is demanded, never only tried. `tls` None means the certificates this machine trusts.
    """

    host: str
    hello: str
    port: int | None = None
    security: Security = "starttls"
    user: str | None = None
    password: str | None = field(default=None, repr=False)
    tls: SSLContext | None = field(default=None, repr=False)
    timeout: float = COMMAND_SECONDS


class RelayUnavailableError(Exception):
    """Nothing can be handed over to anybody: the reason, in French."""


class Connection:
    """One open connection, and how often it was used."""

    def __init__(self, smtp: SMTP, opened_at: float) -> None:
        self.smtp = smtp
        self.messages = 0
        self.used_at = opened_at


class Connections:
    """Opens connections and keeps those that went well. For one event loop."""

    def __init__(self, relay: Relay, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._relay = relay
        self._monotonic = monotonic
        self._idle: list[Connection] = []

    async def take(self) -> Connection:
        """A connection: an idle one if any is still good, else a new one."""
        now = self._monotonic()
        while self._idle:
            kept = self._idle.pop()
            if kept.smtp.is_connected and now - kept.used_at < _MOST_IDLE_SECONDS:
                return kept
            kept.smtp.close()
        return await self.open()

    async def open(self) -> Connection:
        """A new connection, encrypted and logged in as the relay's settings say."""
        relay = self._relay
        smtp = SMTP(
            hostname=relay.host,
            port=relay.port,
            username=relay.user,
            password=relay.password,
            local_hostname=relay.hello,
            timeout=relay.timeout,
            use_tls=relay.security == "tls",
            start_tls=relay.security == "starttls",
            tls_context=relay.tls,
        )
        try:
            await smtp.connect()
        except (SMTPException, OSError, ValueError) as error:
            smtp.close()
            raise RelayUnavailableError(_reason(error)) from error
        return Connection(smtp, self._monotonic())

    async def give_back(self, connection: Connection) -> None:
        """Keep a connection for the next message, unless it has served enough."""
        connection.messages += 1
        connection.used_at = self._monotonic()
        if not connection.smtp.is_connected:
            return
        if connection.messages >= _MOST_MESSAGES:
            await _goodbye(connection.smtp)
        else:
            self._idle.append(connection)

    async def close(self) -> None:
        """Close what is kept."""
        idle, self._idle = self._idle, []
        for connection in idle:
            await _goodbye(connection.smtp)


async def _goodbye(smtp: SMTP) -> None:
    try:
        await smtp.quit(timeout=_GOODBYE_SECONDS)
    except (SMTPException, OSError):
        smtp.close()


def _reason(error: Exception) -> str:
    """Why there is no connection: kinds and codes, not the server's words."""
    if isinstance(error, SMTPResponseException):
        return f"le relais refuse la connexion ou l'identification ({error.code})"
    if isinstance(error, SMTPTimeoutError):
        return "le relais ne répond pas à temps"
    if isinstance(error, SSLError) or isinstance(error.__cause__, SSLError):
        return "le certificat du relais n'est pas reconnu, ou le chiffrement échoue"
    if isinstance(error, OSError):
        return "le relais n'est pas joignable"
    return f"le relais ne peut pas être employé ({type(error).__name__})"
