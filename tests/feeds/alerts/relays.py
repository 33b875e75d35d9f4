"""A real mail relay on the loopback, that answers as a test wants.

Enters: rules. Leaves: the mails it took, with their envelopes. aiosmtpd speaks SMTP; STARTTLS and AUTH
are demanded as relays do, with a certificate of the test's own authority.
"""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import trustme
from aiosmtpd.smtp import SMTP, AuthResult

from feeds.alerts.relay import Relay

USER, PASSWORD = "alertes", "secret-d-essai"


@dataclass
class Taken:
    """A mail as the relay took it."""

    sender: str
    receivers: list[str]
    data: bytes


@dataclass
class Rules:
    """What the relay answers; each answer is used for the receivers it names, else for all.

    `cut_at` is where it cuts the line: "mail", "rcpt", "data" (after the bytes, before its answer).
    """

    mail: str | None = None
    rcpt: dict[str, str] = field(default_factory=dict)
    data: list[str] = field(default_factory=list)  # answers to the first mails, then all is well
    cut_at: str | None = None
    cuts: int = 1_000
    slow: float = 0.0
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    open_now: int = 0
    most_open: int = 0

    async def handle_MAIL(self, server, session, envelope, address, mail_options):  # noqa: N802  # aiosmtpd's
        self._cut(server, "mail")
        if self.mail:
            return self.mail
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):  # noqa: N802  # aiosmtpd's
        self._cut(server, "rcpt")
        answer = self.rcpt.get(address) or self.rcpt.get("*")
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # noqa: N802  # aiosmtpd's
        await asyncio.sleep(self.slow)
        if self.data:
            answer = self.data.pop(0)
            if not answer.startswith("250"):
                return answer
        self.taken.append(Taken(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content))
        self._cut(server, "data")
        return "250 OK"

    def _cut(self, server, place):
        if self.cut_at == place and self.cuts:
            self.cuts -= 1
            server.transport.abort()


class _Server(SMTP):
    """Counts connections."""

    def connection_made(self, transport):
        rules = self.event_handler
        if self.transport is None:
            rules.connections += 1
            rules.open_now += 1
            rules.most_open = max(rules.most_open, rules.open_now)
        super().connection_made(transport)

    def connection_lost(self, error):
        self.event_handler.open_now -= 1
        super().connection_lost(error)


class Authority:
    """A certificate authority of its own, for server and client."""

    def __init__(self) -> None:
        self._authority = trustme.CA()

    def server(self, *names: str) -> ssl.SSLContext:
        """For a server of these names."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._authority.issue_cert(*(names or ("127.0.0.1", "localhost"))).configure_cert(context)
        return context

    def client(self) -> ssl.SSLContext:
        """For who trusts it."""
        context = ssl.create_default_context()
        self._authority.configure_trust(context)
        return context


@asynccontextmanager
async def relay(rules, authority=None, *, timeout=5.0, password=PASSWORD):
    """Run a relay; the `Relay` to reach it by. Without an authority it speaks in the clear."""
    tls = authority.server() if authority else None
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: _Server(
            rules,
            hostname="relais.exemple.fr",
            loop=loop,
            tls_context=tls,
            require_starttls=tls is not None,
            auth_required=tls is not None,
            authenticator=_authenticated,
            enable_SMTPUTF8=False,
        ),
        "127.0.0.1",
        0,
    )
    try:
        yield Relay(
            host="127.0.0.1",
            hello="exemple.fr",
            port=server.sockets[0].getsockname()[1],
            security="starttls" if tls else "none",
            user=USER if tls else None,
            password=password if tls else None,
            tls=authority.client() if authority else None,
            timeout=timeout,
        )
    finally:
        server.close()
        await server.wait_closed()


def _authenticated(server, session, envelope, mechanism, given):
    right = (given.login, given.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)
