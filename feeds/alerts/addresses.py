"""Which addresses webhooks and chats may have.

Enters: what someone typed, whether the operator allows private ones. Leaves: the form that is kept, or a
`UsageError` in French that does not repeat it. Where a name leads is looked at when connecting.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit, urlunsplit

from tracker.errors import UsageError

_LONGEST = 1000

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_ASSIGNED = ipaddress.ip_network("2000::/3")  # RFC 4291, 2.4: nothing else of IPv6 is on the Internet
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: an IPv4 address, seen from an IPv6 network
_OF_CLOUDS = (  # services of the machine's own host, at addresses that look public
    ipaddress.ip_network("192.0.0.0/24"),
    ipaddress.ip_network("168.63.129.16/32"),
)


def webhook_address(typed: str, *, allow_private: bool = False) -> str:
    """An address a webhook can be posted to. Raises UsageError on any other."""
    address = typed.strip()
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
        ascii_host = (host or "").encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        raise _refused(allow_private=allow_private) from None
    schemes = {"https", "http"} if allow_private else {"https"}
    if (
        parts.scheme not in schemes
        or not ascii_host
        or len(address) > _LONGEST
        or not address.isprintable()
        or any(character.isspace() or character == "\\" for character in address)
        or parts.username is not None
        or parts.password is not None
    ):
        raise _refused(allow_private=allow_private)
    literal = _ip_of(ascii_host)
    if literal is not None and not allow_private and not is_public(literal):
        raise UsageError("Cette adresse est celle d'un réseau privé ou de cette machine : elle est refusée.")
    shown = f"[{ascii_host}]" if ":" in ascii_host else ascii_host
    netloc = shown if port is None else f"{shown}:{port}"
    return urlunsplit(SplitResult(parts.scheme, netloc, parts.path or "/", parts.query, ""))


def is_public(address: IpAddress) -> bool:
    """True of an address that anyone on the Internet may have, whatever other address it carries."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _TRANSLATED:
            return is_public(ipaddress.IPv4Address(address.packed[-4:]))
        carried = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if carried is not None and not is_public(carried):
            return False
        if address not in _ASSIGNED:
            return False
    elif any(address in one for one in _OF_CLOUDS):
        return False
    return address.is_global and not address.is_multicast


def leads_outside(host: str) -> bool:
    """False when any address of a host is private; one without an address is left to fail by itself.

    Asks for names, and so may block.
    """
    return all(address is None or is_public(address) for address in map(_ip_of, _addresses_of(host)))


def _addresses_of(host: str) -> Iterator[str]:
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return
    for *_, place in found:
        yield str(place[0]).partition("%")[0]


def _ip_of(host: str) -> IpAddress | None:
    """The IP address that a host's name is, if it is one."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _refused(*, allow_private: bool) -> UsageError:
    forms = "https:// (ou http://)" if allow_private else "https://"
    return UsageError(
        f"L'adresse d'un webhook est complète, commence par {forms} et ne contient ni nom d'utilisateur ni "
        "mot de passe. Exemple : https://exemple.fr/crochet."
    )
