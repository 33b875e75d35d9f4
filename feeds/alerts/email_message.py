"""A message as the bytes of a mail.

Enters: a `Message`, its `MailText`, the sender's identity. Leaves: envelope and bytes, the same at each
attempt: Message-ID and boundary are derived from the message's id, the Date is the message's own.
"""

from __future__ import annotations

from binascii import b2a_qp
from collections.abc import Sequence
from dataclasses import dataclass
from email.header import Header
from email.utils import format_datetime, formataddr
from functools import lru_cache

from feeds.alerts.compose import manage_token
from feeds.alerts.envelope import Origin, envelope_sender
from feeds.alerts.links import Links
from feeds.alerts.mail_text import MailText
from tracker.alerts import Message, MessageKind

_MOST_REFERENCES = 20
_LONGEST_LINE = 75  # RFC 2047, 2
_FOLD = "\r\n "

_BY_HAND = frozenset({MessageKind.CONFIRMATION, MessageKind.ACCESS})  # asked for: no list


@dataclass(frozen=True, slots=True)
class MailIdentity:
    """Who sends: address and short display name; the box for reports, the one to write « stop » to.

    `reply_to` is where answers of people go. Without `bounces`, reports come to `address`.
    """

    address: str
    name: str
    links: Links
    bounces: str | None = None
    unsubscribe: str | None = None
    reply_to: str | None = None

    @property
    def domain(self) -> str:
        """The domain of Message-IDs and of the list."""
        return self.address.rpartition("@")[2]

    def message_id(self, id_: str) -> str:
        """The Message-ID of a message's id."""
        return f"<{id_}@{self.domain}>"

    def envelope(self, message: Message) -> str:
        """The envelope sender of a message."""
        if self.bounces is None:
            return self.address
        return envelope_sender(self.bounces, Origin(message.subscriber.ref, message.id))


def mail_bytes(message: Message, said: MailText, identity: MailIdentity) -> bytes:
    """The mail, lines ended by CRLF, ASCII only.

    Put together here: `EmailMessage` loses spaces of long accented subjects when it folds them, writes
    the long addresses of List-Unsubscribe as encoded words that no mail program follows, and takes
    longer for a mail than a relay does.
    """
    boundary = f"=_{message.id}"
    headers = [
        ("Subject", _encoded(said.subject)),
        *_headers(message, identity),
        ("MIME-Version", "1.0"),
        ("Content-Type", f'multipart/alternative; boundary="{boundary}"'),
    ]
    return b"".join(
        [
            _head(headers),
            f"--{boundary}\r\n".encode("ascii"),
            _part(said.text, "plain"),
            f"\r\n--{boundary}\r\n".encode("ascii"),
            _part(said.html, "html"),
            f"\r\n--{boundary}--\r\n".encode("ascii"),
        ]
    )


def _head(headers: Sequence[tuple[str, str]]) -> bytes:
    return ("".join(f"{name}: {value}\r\n" for name, value in headers) + "\r\n").encode("ascii")


def _part(text: str, subtype: str) -> bytes:
    headers = [
        ("Content-Type", f'text/{subtype}; charset="utf-8"'),
        ("Content-Transfer-Encoding", "quoted-printable"),
    ]
    return _head(headers) + b"\r\n".join(map(_quoted, text.split("\n")))


@lru_cache(maxsize=256)
def _quoted(line: str) -> bytes:
    """A line as quoted-printable; most lines of a mail are those of the mail before it."""
    return b2a_qp(line.encode()).replace(b"\n", b"\r\n")


@lru_cache(maxsize=64)
def _encoded(subject: str) -> str:
    """A subject as encoded words (RFC 2047), folded."""
    header = Header(subject, "utf-8", header_name="Subject", maxlinelen=_LONGEST_LINE)
    return header.encode(linesep="\r\n")


def _headers(message: Message, identity: MailIdentity) -> list[tuple[str, str]]:
    headers = [
        ("From", formataddr((identity.name, identity.address))),
        ("To", message.subscriber.address),
        ("Date", format_datetime(message.created_at)),
        ("Message-ID", identity.message_id(message.id)),
        *_threading(message, identity),
        ("Content-Language", "fr"),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
    ]
    if identity.reply_to:
        headers.append(("Reply-To", identity.reply_to))
    if message.kind not in _BY_HAND:
        headers.append(("List-Id", f"<alertes.{identity.domain}>"))
    token = manage_token(message)
    if token is not None:
        ways = [f"<{identity.links.stop(token)}>"]
        if identity.unsubscribe:
            ways.append(f"<mailto:{identity.unsubscribe}?subject=arreter%20{message.subscriber.ref}>")
        headers += [
            ("List-Unsubscribe", f",{_FOLD}".join(ways)),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]
    return headers


def _threading(message: Message, identity: MailIdentity) -> list[tuple[str, str]]:
    """What follows an alert stands under it; a digest is about too many things to stand anywhere."""
    if message.kind is not MessageKind.ALERT or not message.earlier:
        return []
    earlier = [identity.message_id(id_) for id_ in message.earlier[-_MOST_REFERENCES:]]
    return [("In-Reply-To", earlier[-1]), ("References", _FOLD.join(earlier))]
