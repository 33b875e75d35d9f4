"""A small HTTP server that behaves like the Assemblée's, and badly when told to.

Enters: files and the faults to show. Leaves: answers over real HTTP on the loopback (ETag,
Last-Modified, 304, one range or several, HEAD, robots.txt), and the list of what was asked.
"""

from __future__ import annotations

import hashlib
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from crawler.simulator.ranges_asked import ranges_asked

ROBOTS = "/robots.txt"
REPOSITORY = "/static/openData/repository"

_PAGE = b"<!DOCTYPE html><html><head><title>503</title></head><body>Service indisponible</body></html>"
_BOUNDARY = "simulated-source-boundary"


@dataclass(frozen=True, slots=True)
class Served:
    """A file as served."""

    data: bytes
    modified: datetime
    content_type: str
    etag: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that came, and the body bytes sent back."""

    method: str
    path: str
    headers: Mapping[str, str]
    status: int
    sent: int


@dataclass(slots=True)
class Faults:
    """How the source misbehaves, but for its robots.txt; may be changed while it serves."""

    ranges: bool = True  # False: `Range` is ignored
    several: Literal["parts", "first", "whole", "refused"] = "parts"  # the answer to several ranges
    from_the_end: bool = True  # False: `bytes=-N` is answered 416
    etags: bool = True
    other_etags: bool = False  # each answer has another one, as from a farm of servers
    dates: bool = True
    statuses: list[int] = field(default_factory=list)  # of the next answers
    retry_after: str | None = None
    lengths: bool = True  # False: no Content-Length, the body ends with the connection
    cut_after: int | None = None  # body bytes after which the connection drops…
    cuts: int = 0  # …in so many answers
    page: bool = False  # an HTML page with status 200
    redirect_to: str | None = None
    delay: float = 0.0  # seconds before each answer


class SourceServer:
    """Serves files on 127.0.0.1, on a free port unless one is given. A context manager."""

    def __init__(self, *, port: int = 0, faults: Faults | None = None) -> None:
        self.faults = faults or Faults()
        self.asked: list[Asked] = []
        self.before_answer: Callable[[str], None] | None = None  # called with the path of each request
        self._files: dict[str, Served] = {}
        self._server = _Server(("127.0.0.1", port), type("Handler", (_Handler,), {"source": self}))
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )
        self.put(ROBOTS, b"User-agent: *\nAllow: /\n", content_type="text/plain")

    @property
    def url(self) -> str:
        """`http://127.0.0.1:port`."""
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def root(self) -> str:
        """What the setting `source_url` has to be."""
        return self.url + REPOSITORY

    def put(
        self,
        address: str,
        data: bytes,
        *,
        modified: datetime | None = None,
        content_type: str = "application/zip",
    ) -> None:
        """Serve `data` at an address or path, from the next request on."""
        at = (modified or datetime(2026, 10, 10, 1, 11, tzinfo=UTC)).replace(microsecond=0)
        etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        self._files[urlsplit(address).path] = Served(data, at, content_type, etag)

    def remove(self, address: str) -> None:
        """Answer 404 there from now on."""
        self._files.pop(urlsplit(address).path, None)

    def file_at(self, path: str) -> Served | None:
        """What is served at a path."""
        return self._files.get(path)

    def start(self) -> Self:
        """Begin to serve."""
        self._thread.start()
        return self

    def stop(self) -> None:
        """Serve no more."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  # passed on as it came
        """Say nothing of a client that hangs up."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    source: SourceServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # headers and body leave together

    def do_GET(self) -> None:  # the name http.server calls
        self._answer()

    def do_HEAD(self) -> None:  # the name http.server calls
        self._answer()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the signature of http.server
        """Say nothing: `SourceServer.asked` keeps what was asked."""

    def _answer(self) -> None:
        path = urlsplit(self.path).path
        if self.source.before_answer is not None:
            self.source.before_answer(path)
        faults = Faults() if path == ROBOTS else self.source.faults
        time.sleep(faults.delay)
        file = self.source.file_at(path)
        if faults.statuses:
            waiting = {"Retry-After": faults.retry_after} if faults.retry_after else {}
            self._send(faults.statuses.pop(0), waiting, b"")
        elif faults.redirect_to is not None:
            self._send(HTTPStatus.FOUND, {"Location": faults.redirect_to}, b"")
        elif faults.page:
            self._send(HTTPStatus.OK, {"Content-Type": "text/html; charset=utf-8"}, _PAGE)
        elif file is None:
            self._send(HTTPStatus.NOT_FOUND, {"Content-Type": "text/html"}, b"<html>404</html>")
        else:
            self._serve(file, faults)

    def _serve(self, file: Served, faults: Faults) -> None:
        validators = {}
        if faults.etags:
            validators["ETag"] = f'"{len(self.source.asked)}"' if faults.other_etags else file.etag
        if faults.dates:
            validators["Last-Modified"] = format_datetime(file.modified, usegmt=True)
        if self._is_unchanged(file, faults):
            self._send(HTTPStatus.NOT_MODIFIED, validators, b"")
            return
        common = {**validators, "Content-Type": file.content_type}
        if faults.ranges:
            common["Accept-Ranges"] = "bytes"
        whole = len(file.data)
        ranges = (
            ranges_asked(self.headers.get("Range"), whole)
            if faults.ranges and self._is_same_build(file)
            else None
        )
        if ranges is not None and len(ranges) > 1:
            ranges = {"parts": ranges, "first": ranges[:1], "whole": None, "refused": []}[faults.several]
        if not faults.from_the_end and (self.headers.get("Range") or "").startswith("bytes=-"):
            ranges = []
        if ranges is None:
            self._send(HTTPStatus.OK, common, file.data)
        elif not ranges:
            self._send(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, {"Content-Range": f"bytes */{whole}"}, b"")
        elif len(ranges) == 1:
            start, stop = ranges[0]
            common["Content-Range"] = f"bytes {start}-{stop - 1}/{whole}"
            self._send(HTTPStatus.PARTIAL_CONTENT, common, file.data[start:stop])
        else:
            parts = [
                f"\r\n--{_BOUNDARY}\r\nContent-Type: {file.content_type}\r\n"
                f"Content-Range: bytes {start}-{stop - 1}/{whole}\r\n\r\n".encode()
                + file.data[start:stop]
                for start, stop in ranges
            ]
            common["Content-Type"] = f"multipart/byteranges; boundary={_BOUNDARY}"
            body = b"".join([*parts, f"\r\n--{_BOUNDARY}--\r\n".encode()])
            self._send(HTTPStatus.PARTIAL_CONTENT, common, body)

    def _is_unchanged(self, file: Served, faults: Faults) -> bool:
        """RFC 9110, 13.2.2: If-None-Match decides alone when it is there."""
        tags, since = self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")
        if tags is not None and faults.etags:
            return not faults.other_etags and file.etag in tags
        return since is not None and faults.dates and file.modified <= parsedate_to_datetime(since)

    def _is_same_build(self, file: Served) -> bool:
        """Whether `If-Range` lets ranges be given."""
        condition = self.headers.get("If-Range")
        return condition in {None, file.etag, format_datetime(file.modified, usegmt=True)}

    def _send(self, status: int, headers: Mapping[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        faults = self.source.faults
        if not faults.lengths:
            self.send_header("Connection", "close")
        elif status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        body = b"" if self.command == "HEAD" else body
        if faults.cuts > 0 and faults.cut_after is not None and len(body) > faults.cut_after:
            faults.cuts -= 1
            body = body[: faults.cut_after]
            self.close_connection = True
        self.source.asked.append(
            Asked(self.command, urlsplit(self.path).path, dict(self.headers.items()), int(status), len(body))
        )
        self.wfile.write(body)
        self.wfile.flush()
