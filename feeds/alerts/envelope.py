"""The envelope sender of a mail: it says who could not be reached, and with what (VERP).

Enters: the box that takes reports, an address's `ref`, a message's id. Leaves: an address such as
`rebonds+…@exemple.fr`, and back. Both are 32 hexadecimal digits, written in base 32 so that the local
part stays within 64 characters (RFC 5321, 4.5.3.1.1).
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass

_PADDING = "======"
_EXTENDED = re.compile(r"[^@+\s]+\+([a-z2-7]{26})([a-z2-7]{26})@", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Origin:
    """What an envelope says: the receiver's `ref`, the message's id."""

    ref: str
    message_id: str


def envelope_sender(box: str, origin: Origin) -> str:
    """The address that reports about one message to one receiver come back to."""
    local, _, domain = box.rpartition("@")
    return f"{local}+{_written(origin.ref)}{_written(origin.message_id)}@{domain}"


def origin_of(address: str) -> Origin | None:
    """What such an address says, wherever it stands in `address`; None when there is none."""
    found = _EXTENDED.search(address)
    if found is None:
        return None
    try:
        return Origin(_read(found[1]), _read(found[2]))
    except binascii.Error:
        return None


def _written(digits: str) -> str:
    return base64.b32encode(bytes.fromhex(digits)).decode("ascii").rstrip("=").lower()


def _read(text: str) -> str:
    return base64.b32decode(text.upper() + _PADDING).hex()
