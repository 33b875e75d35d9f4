"""HTTP caching of one body."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from feeds.conditional import answer, holds, represent, takes_gzip
from feeds.shelf import Shelf

MODIFIED = datetime(2026, 11, 17, 8, 0, 0, 999, tzinfo=UTC)
BODY = b"<feed>" + b"Asalee " * 200 + b"</feed>"
DOCUMENT = represent(BODY, "application/atom+xml", MODIFIED)


def get(method="GET", document=DOCUMENT, **headers):
    """Status, headers, body of a request; underscores in header names stand for hyphens."""
    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    status, found, body = answer(document, method, given)
    return status, {name.decode(): value.decode() for name, value in found}, body


def test_a_first_get_has_everything_a_client_may_keep():
    """Strong ETag, Last-Modified in whole seconds, Cache-Control, Vary, length, type."""
    status, headers, body = get()
    assert (status, body) == (200, BODY)
    assert headers["etag"].startswith('"')
    assert headers["last-modified"] == "Tue, 17 Nov 2026 08:00:00 GMT"
    assert headers["cache-control"] == "public, max-age=900"
    assert headers["vary"] == "Accept-Encoding"
    assert headers["content-length"] == str(len(BODY))
    assert headers["content-type"] == "application/atom+xml; charset=utf-8"


def test_the_etag_is_that_of_the_bytes():
    """Same bytes, same tag; other bytes, another."""
    assert get(document=represent(BODY, "x/y", MODIFIED))[1]["etag"] == get()[1]["etag"]
    assert get(document=represent(BODY + b" ", "x/y", MODIFIED))[1]["etag"] != get()[1]["etag"]


def test_head_says_the_same_without_the_body():
    """Headers and length included."""
    status, headers, body = get("HEAD")
    assert (status, headers, body) == (200, get()[1], b"")


def test_gzip_is_a_variant_with_its_own_etag():
    """The same compressed bytes each time."""
    _, headers, body = get(accept_encoding="br, gzip;q=0.8")
    assert headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == BODY
    assert headers["etag"] != get()[1]["etag"]
    assert get(document=represent(BODY, "x/y", MODIFIED), accept_encoding="gzip")[2] == body


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.0", "identity"])
def test_gzip_is_not_sent_to_who_refuses_it(accepted):
    """Quality zero is a refusal."""
    assert "content-encoding" not in get(accept_encoding=accepted)[1]


def test_who_holds_it_is_told_so():
    """304 with the headers a cache updates and no body; weak tags, lists and `*` included."""
    tag, zipped = get()[1]["etag"], get(accept_encoding="gzip")[1]["etag"]
    for named in (tag, f"W/{tag}", f'"autre", {tag}', f'"autre",W/{tag} ', "*", zipped):
        status, headers, body = get(if_none_match=named)
        assert (status, body) == (304, b"")
        assert {"etag", "cache-control", "vary", "last-modified"} == set(headers)
    assert get(if_none_match=zipped, accept_encoding="gzip")[1]["etag"] == zipped
    assert get(if_none_match=tag, accept_encoding="gzip")[1]["etag"] == tag
    assert get("HEAD", if_none_match=tag)[0] == 304


def test_who_holds_something_else_gets_it():
    """Whatever the date says: If-None-Match has precedence."""
    assert get(if_none_match='"autre"', if_modified_since="Tue, 17 Nov 2026 08:00:00 GMT")[0] == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Tue, 17 Nov 2026 08:00:00 GMT", 304),
        ("Wed, 18 Nov 2026 08:00:00 GMT", 304),
        ("Tue, 17 Nov 2026 07:59:59 GMT", 200),
        ("Tue, 17 Nov 2026 08:00:00", 304),
        ("hier", 200),
        ("Tue, 99 Nov 2026 08:00:00 GMT", 200),
    ],
)
def test_a_date_alone_is_compared_to_the_second(since, status):
    """An invalid date is ignored."""
    assert get(if_modified_since=since)[0] == status


def test_repeated_headers_are_one_list():
    """A client may send a list over several lines."""
    tag = get()[1]["etag"].encode()
    assert answer(DOCUMENT, "GET", [(b"if-none-match", b'"x"'), (b"if-none-match", tag)])[0] == 304


def test_the_shelf_keeps_what_is_used_within_its_bounds():
    """The least used leaves first; another stamp is another document."""
    document = represent(b"x" * 1000, "x/y", MODIFIED)
    shelf = Shelf(most_bytes=3 * document.size)
    for key in "abc":
        shelf.put(key, 1, document)
    assert shelf.get("a", 1) is document
    shelf.put("d", 1, document)
    assert [shelf.get(key, 1) is not None for key in "abcd"] == [True, False, True, True]
    assert shelf.get("a", 2) is None
    shelf.put("a", 2, document)
    assert shelf.get("a", 2) is document
    assert [shelf.get(key, 1) is not None for key in "cd"] == [True, True]


def test_a_document_larger_than_the_shelf_is_still_kept_alone():
    """Better than rendering it at each request."""
    shelf = Shelf(most_bytes=10)
    shelf.put("a", 1, DOCUMENT)
    assert shelf.get("a", 1) is DOCUMENT
    shelf.put("b", 1, DOCUMENT)
    assert shelf.get("a", 1) is None


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (b'W/"a"', True),
        (b'"a"', True),
        (b'"b", W/"a"', True),
        (b"*", True),
        (b'"b"', False),
        (b"a", False),
    ],
)
def test_a_tag_that_is_held_is_known_again(given, expected):
    """By weak comparison, among several, or whatever it is."""
    headers = [(b"accept", b"*/*"), (b"if-none-match", given)]
    assert holds(headers, 'W/"a"') is expected


def test_without_a_tag_nothing_is_held():
    """Nothing is asked about, nothing is known."""
    assert not holds([], '"a"')
    assert not takes_gzip([])
    assert takes_gzip([(b"accept-encoding", b"br, gzip")])
