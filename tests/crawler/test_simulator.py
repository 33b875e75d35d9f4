"""The simulated source answers as HTTP says a source does."""

from __future__ import annotations

import http.client
from collections.abc import Mapping

import pytest

from crawler.multipart import pieces_of
from crawler.simulator.archives import questions_zip
from crawler.simulator.question_json import question_json
from crawler.simulator.ranges_asked import ranges_asked
from crawler.simulator.server import SourceServer

DATA = bytes(range(100))


@pytest.fixture(autouse=True)
def served(source: SourceServer) -> None:
    """A hundred bytes."""
    source.put("/file", DATA)


def ask(source: SourceServer, method: str = "GET", **headers: str) -> tuple[int, Mapping[str, str], bytes]:
    """One request; underscores in header names stand for hyphens."""
    connection = http.client.HTTPConnection("127.0.0.1", int(source.url.rsplit(":", 1)[1]), timeout=5)
    try:
        connection.request(
            method, "/file", headers={name.replace("_", "-"): value for name, value in headers.items()}
        )
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def test_a_whole_file_has_its_validators(source: SourceServer) -> None:
    """ETag, Last-Modified, length; HEAD the same without the body."""
    status, headers, body = ask(source)
    assert (status, body) == (200, DATA)
    assert headers["ETag"].startswith('"')
    assert headers["Last-Modified"] == "Sat, 10 Oct 2026 01:11:00 GMT"
    assert headers["Content-Length"] == "100"
    assert ask(source, "HEAD")[1:] == (headers | {"Date": ask(source, "HEAD")[1]["Date"]}, b"")


def test_unchanged_is_304(source: SourceServer) -> None:
    """By ETag, which decides alone, else by date."""
    etag, date = ask(source)[1]["ETag"], ask(source)[1]["Last-Modified"]
    assert ask(source, If_None_Match=etag)[0] == 304
    assert ask(source, If_Modified_Since=date)[0] == 304
    assert ask(source, If_None_Match='"other"', If_Modified_Since=date)[0] == 200
    assert ask(source, If_None_Match=etag, Range="bytes=-10")[2] == b""


def test_ranges_are_given(source: SourceServer) -> None:
    """From the start, from the end, open; several as parts; none that can be: 416."""
    assert ask(source, Range="bytes=2-4")[::2] == (206, DATA[2:5])
    assert ask(source, Range="bytes=-3")[::2] == (206, DATA[-3:])
    assert ask(source, Range="bytes=98-")[::2] == (206, DATA[98:])
    assert ask(source, Range="bytes=100-")[0] == 416
    status, headers, body = ask(source, Range="bytes=0-1,50-52")
    assert status == 206
    assert [(one.start, one.data) for one in pieces_of(headers["Content-Type"], body)] == [
        (0, DATA[:2]),
        (50, DATA[50:53]),
    ]


def test_if_range_guards_a_build(source: SourceServer) -> None:
    """Another ETag or date: the whole file."""
    headers = ask(source)[1]
    assert ask(source, Range="bytes=0-1", If_Range=headers["ETag"])[0] == 206
    assert ask(source, Range="bytes=0-1", If_Range=headers["Last-Modified"])[0] == 206
    assert ask(source, Range="bytes=0-1", If_Range='"other"')[0] == 200


@pytest.mark.parametrize(
    ("header", "ranges"),
    [
        (None, None), ("items=0-1", None), ("bytes=a-b", None), ("bytes=-", None), ("bytes=0-", [(0, 10)]),
        ("bytes=-200", [(0, 10)]), ("bytes=8-20, 0-0", [(8, 10), (0, 1)]), ("bytes=10-11", []),
        ("bytes=-0", []),
    ],
)  # fmt: skip
def test_the_range_header_is_read(header: str | None, ranges: list[tuple[int, int]] | None) -> None:
    """Ignored when it is no header of ranges; cut to the file otherwise."""
    assert ranges_asked(header, 10) == ranges


def test_an_archive_is_the_same_every_time() -> None:
    """The same content and date give the same bytes, in lexical order of names."""
    questions = {uid: question_json(uid) for uid in ("QANR5L17QE2", "QANR5L17QE10")}
    assert questions_zip(questions) == questions_zip(dict(reversed(questions.items())))
    whole = questions_zip(questions)
    assert whole.index(b"json/QANR5L17QE10.json") < whole.index(b"json/QANR5L17QE2.json")
