"""A real webhook receiver on the loopback, that verifies signatures and answers as a test wants.

Enters: how to answer. Leaves: what it was sent. Signatures are verified with the library that receivers
use.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from standardwebhooks import Webhook, WebhookVerificationError

from tests.feeds.alerts.messages import SECRET


@dataclass
class Received:
    """A request as the receiver got it."""

    path: str
    headers: dict[str, str]
    body: bytes
    verified: bool

    @property
    def said(self):
        """Its JSON."""
        return json.loads(self.body)


@dataclass
class Receiver:
    """Answers with `status`; `hang` waits before, `drip` sends a body without end, `cut` answers nothing."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    hang: float = 0.0
    drip: bool = False
    cut: bool = False
    got: list[Received] = field(default_factory=list)
    connections: int = 0

    async def serve(self, reader, writer):
        """One connection."""
        self.connections += 1
        try:
            while request := await self._request(reader):
                self.got.append(request)
                await asyncio.sleep(self.hang)
                if self.cut:
                    break
                await self._answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _request(self, reader):
        head = await reader.readuntil(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        try:
            Webhook(SECRET).verify(body, headers)
            verified = True
        except WebhookVerificationError:
            verified = False
        return Received(first.split(" ")[1], headers, body, verified)

    async def _answer(self, writer):
        lines = [f"HTTP/1.1 {self.status} Answer"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines.append("Transfer-Encoding: chunked" if self.drip else "Content-Length: 0")
        writer.write("\r\n".join([*lines, "", ""]).encode())
        while self.drip:
            writer.write(b"400\r\n" + b"x" * 1024 + b"\r\n")
            await writer.drain()
        await writer.drain()


@asynccontextmanager
async def receiving(receiver, tls=None, host="127.0.0.1"):
    """Run a receiver; its address."""
    server = await asyncio.start_server(receiver.serve, host, 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    try:
        yield f"{'https' if tls else 'http'}://{'localhost' if tls else host}:{port}/crochet?cle=1"
    finally:
        server.close()
        await server.wait_closed()
