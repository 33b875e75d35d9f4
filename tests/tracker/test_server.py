"""Where the service listens, and what it says when it cannot."""

from __future__ import annotations

import socket

import pytest

from tracker.errors import UsageError
from tracker.server import address_of, listen


def test_any_free_port_can_be_taken():
    """Port 0 takes a free one, and the address says which."""
    with listen("127.0.0.1", 0) as listening:
        assert address_of(listening) == f"http://127.0.0.1:{listening.getsockname()[1]}"


def test_a_port_that_is_taken_is_told_in_one_sentence():
    """The refusal names the port and the way out."""
    with listen("127.0.0.1", 0) as listening:
        port = listening.getsockname()[1]
        with pytest.raises(UsageError, match=rf"port {port} est déjà pris.*--port"):
            listen("127.0.0.1", port)


def test_an_address_of_another_machine_is_refused():
    """One listens on one's own addresses only."""
    with pytest.raises(UsageError, match=r"192\.0\.2\.1"):
        listen("192.0.2.1", 0)


def test_a_host_name_that_does_not_exist_is_refused():
    """A name that nothing resolves is told too, not thrown."""
    with pytest.raises(UsageError, match=r"nowhere\.invalid"):
        listen("nowhere.invalid", 0)


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 on this machine")
def test_ipv6_addresses_are_written_with_brackets():
    """An IPv6 address in a URL stands in brackets."""
    try:
        listening = listen("::1", 0)
    except UsageError:
        pytest.skip("no IPv6 loopback on this machine")
    with listening:
        assert address_of(listening).startswith("http://[::1]:")


def test_all_addresses_are_shown_as_the_loopback():
    """0.0.0.0 is no address to open in a browser."""
    with listen("0.0.0.0", 0) as listening:
        assert address_of(listening).startswith("http://127.0.0.1:")


def test_the_body_of_an_answer_does_not_wait_for_an_acknowledgement():
    """Accepted connections have Nagle's algorithm off: asyncio would not do it for this socket."""
    with (
        listen("127.0.0.1", 0) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as accepted,
    ):
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
