"""The web server: a socket that is free or a clear word, and uvicorn on it.

Enters: an ASGI application, where to listen. Leaves: a server that runs until a signal asks it to
stop, and that then lets the code around it end cleanly.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from typing import Any

from tracker.errors import UsageError
from tracker.stopping import leave_if_asked, tell

_GRACE_SECONDS = 5


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes any free one.

    Raises UsageError when the port is taken, not allowed, or the address is none of this machine's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listening = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise UsageError(_refusal(error, host, port)) from error
    # asyncio sets it only where a socket names its protocol, and this one does not: headers and body
    # are two writes, and without it the body of an answer on a kept connection waits 40 ms
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def address_of(listening: socket.socket) -> str:
    """The address to open in a browser on this machine."""
    host, port = listening.getsockname()[:2]
    if host in {"0.0.0.0", "::"}:  # noqa: S104  # compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(app: Callable[..., Any], listening: socket.socket) -> None:
    """Serve until SIGINT or SIGTERM, then raise SystemExit once the last answers are sent."""
    import uvicorn  # noqa: PLC0415  # commands that serve nothing do without it

    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    server = uvicorn.Server(config)

    def stop() -> None:
        server.should_exit = True

    tell(stop)  # for a signal that comes before uvicorn listens to them
    server.run(sockets=[listening])
    leave_if_asked()


def _refusal(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Le port {port} est déjà pris sur {host} : un autre service y écoute. "
            "Arrêtez-le, ou choisissez un autre port avec --port."
        )
    if error.errno == errno.EACCES:
        return f"Le port {port} est réservé au système : choisissez un port à partir de 1024 avec --port."
    return f"Impossible d'écouter sur {host}, port {port} : {error.strerror or error}."
