"""Reports of mail that could not be delivered, read from mailboxes, files or a pipe.

Enters: the bytes of mails. Leaves: `Bounce`s: who was not reached, with what, for good or not.
`flufl.bounce` reads the many forms of such reports; whom they are about is told by the envelope they
came back to, or else by the Message-ID of the mail they return.
"""

from __future__ import annotations

import logging
import mailbox
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message as Mail
from email.policy import compat32
from pathlib import Path

from flufl.bounce import all_failures

from feeds.alerts.envelope import origin_of
from tracker.logs import get_logger

_CAME_TO = ("X-Original-To", "Delivered-To", "Envelope-To", "X-Envelope-To", "To")
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([0-9a-f]{32})@", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(rb"^Status:\s*([245]\.\d{1,3}\.\d{1,3})", re.IGNORECASE | re.MULTILINE)
_LARGEST = 2_000_000  # bytes; a report is small
_NEVER = logging.CRITICAL + 1


@dataclass(frozen=True, slots=True)
class Bounce:
    """One report. `ref` is None when only the message is known; `status` is RFC 3463's, or empty."""

    ref: str | None
    message_id: str | None
    permanent: bool
    status: str


def bounce_of(mail: bytes) -> Bounce | None:
    """What a mail reports; None when it is no report, or about no message of ours."""
    mail = mail[:_LARGEST]
    parsed = message_from_bytes(mail, policy=compat32)
    temporary, permanent = _failures(parsed)
    if not temporary and not permanent:
        return None
    status = _STATUS.search(mail)
    told = status[1].decode("ascii") if status else ""
    origin = next((found for address in _came_to(parsed) if (found := origin_of(address))), None)
    if origin is not None:
        return Bounce(origin.ref, origin.message_id, permanent, told)
    returned = _MESSAGE_ID.findall(mail)
    if not returned:
        return None
    return Bounce(None, returned[-1].decode("ascii").lower(), permanent, told)


def mails_in(place: Path) -> Iterator[bytes]:
    """The unread mails of a Maildir, each marked as read once the next one is asked for; or one file's."""
    if not (place / "cur").is_dir():
        yield place.read_bytes()
        return
    box = mailbox.Maildir(place, create=False)
    for key in sorted(box.keys()):
        mail = box.get_message(key)
        if "S" in mail.get_flags():
            continue
        yield box.get_bytes(key)
        mail.add_flag("S")
        mail.set_subdir("cur")
        box[key] = mail


def _failures(parsed: Mail) -> tuple[bool, bool]:
    """Whether a mail reports temporary failures, and permanent ones."""
    # it logs whole tracebacks of what it raises anyway, with words of the mail
    logging.getLogger("flufl.bounce").setLevel(_NEVER)
    try:
        temporary, permanent = all_failures(parsed)
    except Exception as error:  # noqa: BLE001  # seventeen detectors, any mail: no other may wait for it
        get_logger(__name__).warning("report not understood", error=type(error).__name__)
        return False, False
    return bool(temporary), bool(permanent)


def _came_to(mail: Mail) -> Iterator[str]:
    for name in _CAME_TO:
        for value in mail.get_all(name, []):
            yield str(value)
