"""Counting what really passes between a crawl and its source.

Enters: a server on the loopback. Leaves: an address that behaves as it does, and how many bytes came
from it, headers included. It stands between the two, so neither has to be trusted.
"""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

_CHUNK = 65_536


class Relay:
    """Passes connections on to `127.0.0.1:port` and counts. A context manager."""

    def __init__(self, port: int) -> None:
        self.received = 0  # bytes from the source
        self._target = port
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._counting = threading.Lock()

    @property
    def port(self) -> int:
        """Where to connect instead."""
        port: int = self._listening.getsockname()[1]
        return port

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):  # closed: the end
            while True:
                client, _ = self._listening.accept()
                source = socket.create_connection(("127.0.0.1", self._target))
                for end in (client, source):
                    end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                threading.Thread(target=self._pass, args=(client, source, False), daemon=True).start()
                threading.Thread(target=self._pass, args=(source, client, True), daemon=True).start()

    def _pass(self, come: socket.socket, go: socket.socket, count: bool) -> None:
        with suppress(OSError):  # one side has gone: so does the other
            while data := come.recv(_CHUNK):
                if count:
                    with self._counting:
                        self.received += len(data)
                go.sendall(data)
        for end in (come, go):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
