"""The one form in which an e-mail address is kept, compared and written to.

Enters: what someone typed. Leaves: the address in lower case, its domain in ASCII, or a `UsageError`
in French that does not repeat it. Whether anybody reads it, only a confirmation tells.
"""

from __future__ import annotations

import re

from tracker.errors import UsageError

_LONGEST = 254  # RFC 5321, 4.5.3.1.3, less the brackets
_LONGEST_LOCAL = 64
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*", re.ASCII)
_DOMAIN = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])",
    re.ASCII,
)


def mail_address(typed: str) -> str:
    """The kept form of an address. Raises UsageError when it is none that mail can be sent to."""
    local, at, domain = typed.strip().rpartition("@")
    try:
        domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        domain = ""
    address = f"{local}@{domain}".lower()
    if (
        not at
        or len(address) > _LONGEST
        or len(local) > _LONGEST_LOCAL
        or not _LOCAL.fullmatch(local)
        or not _DOMAIN.fullmatch(domain)
    ):
        raise UsageError("Cette adresse électronique n'a pas la bonne forme. Exemple : nom@exemple.fr.")
    return address
