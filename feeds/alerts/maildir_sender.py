"""Mail put in a folder of this machine in place of a relay: the demonstration's catch-all.

Enters: a `Message`. Leaves: the very bytes a relay would get, in a Maildir; nothing leaves the machine.
"""

from __future__ import annotations

import asyncio
import mailbox
from pathlib import Path

from feeds.alerts.email_message import MailIdentity, mail_bytes
from feeds.alerts.mail_text import MailRenderer
from tracker.alerts import ACCEPTED, DeliveryResult, Message


class MaildirSender:
    """The `Sender` of the channel EMAIL, for a demonstration."""

    def __init__(self, renderer: MailRenderer, identity: MailIdentity, folder: Path) -> None:
        self._renderer = renderer
        self._identity = identity
        self._box = mailbox.Maildir(folder, create=True)

    async def send(self, message: Message) -> DeliveryResult:
        """Put one mail in the folder."""
        mail = mail_bytes(message, self._renderer.render(message), self._identity)
        await asyncio.to_thread(self._box.add, mail)
        return ACCEPTED

    async def close(self) -> None:
        """Nothing is kept open."""
