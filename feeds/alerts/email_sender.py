"""Mail, handed over to a relay.

Enters: a `Message`. Leaves: what the relay said, as a `DeliveryResult`. Before the receiver is named, any
refusal concerns everybody; afterwards, this message alone; once its bytes are on their way, a cut line
says nothing about whether they arrived.
"""

from __future__ import annotations

import asyncio
import re
from enum import Enum, auto

from aiosmtplib import SMTPException, SMTPResponseException, SMTPTimeoutError

from feeds.alerts.email_message import MailIdentity, mail_bytes
from feeds.alerts.mail_text import MailRenderer
from feeds.alerts.relay import Connection, Connections, Relay, RelayUnavailableError
from tracker.alerts import ACCEPTED, DeliveryResult, Message, Outcome

SEND_SECONDS = 45.0  # all in all, less than the dispatcher waits

_CLOSING = 421  # RFC 5321, 4.2.3: the service goes away, for everybody
_WITHOUT_LOGIN = frozenset({530, 534, 535, 538})  # RFC 4954, 6: our login, not the receiver
_TOO_BIG = 552
_REFUSAL = 400  # below: an answer that is none to what was said
_PERMANENT = 500
_ENHANCED = re.compile(r"([245]\.\d{1,3}\.\d{1,3})\b", re.ASCII)
_POLICY = "5.7."  # RFC 3463, 3.8: a rule of the relay or of the receiver's server, most often about us


class _Stage(Enum):
    """How far one attempt got."""

    HELLO = auto()
    RECEIVER = auto()
    BYTES = auto()


class EmailSender:
    """The `Sender` of the channel EMAIL."""

    def __init__(self, renderer: MailRenderer, identity: MailIdentity, relay: Relay) -> None:
        self._renderer = renderer
        self._identity = identity
        self._connections = Connections(relay)

    async def send(self, message: Message) -> DeliveryResult:
        """Hand one message over."""
        said = self._renderer.render(message)
        mail = mail_bytes(message, said, self._identity)
        return await _Attempt(
            self._connections, self._identity.envelope(message), message.subscriber.address, mail
        ).result()

    async def close(self) -> None:
        """Close the connections."""
        await self._connections.close()


class _Attempt:
    """One message through one connection."""

    def __init__(self, connections: Connections, sender: str, receiver: str, mail: bytes) -> None:
        self._connections = connections
        self._sender = sender
        self._receiver = receiver
        self._mail = mail
        self._stage = _Stage.HELLO

    async def result(self) -> DeliveryResult:
        """Try, and say what came of it."""
        try:
            async with asyncio.timeout(SEND_SECONDS):
                await self._hand_over()
        except RelayUnavailableError as error:
            return DeliveryResult(Outcome.TEMPORARY, str(error), whole_channel=True)
        except SMTPResponseException as error:
            return self._refused(error.code, error.message)
        except (SMTPTimeoutError, TimeoutError):
            return self._cut("pas de réponse à temps")
        except (SMTPException, OSError):
            return self._cut("connexion coupée")
        return ACCEPTED

    async def _hand_over(self) -> None:
        connection = await self._begin()
        ended = False
        try:
            self._stage = _Stage.RECEIVER
            await connection.smtp.rcpt(self._receiver)
            self._stage = _Stage.BYTES
            await connection.smtp.data(self._mail)
            ended = True
        except SMTPResponseException:
            ended = await _is_reset(connection)
            raise
        finally:
            if ended:
                await self._connections.give_back(connection)
            else:
                connection.smtp.close()

    async def _begin(self) -> Connection:
        """A connection that has taken the envelope sender; one kept too long is replaced, once."""
        connection = await self._connections.take()
        try:
            await self._name_sender(connection)
        except (SMTPException, OSError) as error:
            if not connection.messages or isinstance(error, SMTPTimeoutError):
                raise
            connection = await self._connections.open()
            await self._name_sender(connection)
        return connection

    async def _name_sender(self, connection: Connection) -> None:
        try:
            await connection.smtp.mail(self._sender)
        except BaseException:
            connection.smtp.close()
            raise

    def _cut(self, reason: str) -> DeliveryResult:
        return DeliveryResult(
            Outcome.TEMPORARY,
            reason,
            uncertain=self._stage is _Stage.BYTES,
            whole_channel=self._stage is _Stage.HELLO,
        )

    def _refused(self, code: int, words: str) -> DeliveryResult:
        """What a refusal means; the server's words may hold an address and are left out."""
        if code < _REFUSAL:
            return self._cut("réponse incompréhensible")
        enhanced = _ENHANCED.match(words)
        status = enhanced[1] if enhanced else ""
        reason = f"refusé : {code} {status}".strip()
        about_us = self._stage is _Stage.HELLO and code != _TOO_BIG
        if about_us or code == _CLOSING or code in _WITHOUT_LOGIN:
            return DeliveryResult(Outcome.TEMPORARY, reason, whole_channel=True)
        if code < _PERMANENT or status.startswith(_POLICY):
            return DeliveryResult(Outcome.TEMPORARY, reason)
        return DeliveryResult(Outcome.PERMANENT, reason)


async def _is_reset(connection: Connection) -> bool:
    """Whether a connection is ready for another message after a refusal."""
    try:
        await connection.smtp.rset()
    except (SMTPException, OSError):
        return False
    return True
