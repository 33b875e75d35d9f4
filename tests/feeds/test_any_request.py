"""Whatever is asked, the answer is a page or a body that says so: never a failure, never a cookie."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import html

from db.engine import open_engine
from feeds.web.app import WebOptions, create_app
from tests.builders import NOW, answered, instant, record
from tests.feeds.place import FilledPlace
from tests.feeds.served import PUBLIC, TOPICS, Moving
from tracker.addresses import KIND_WORDS, PARAMETERS, STATUS_WORDS

ADDRESSES = (
    "/",
    "/questions",
    "/questions.csv",
    "/questions.json",
    "/questions.ics",
    "/questions/QANR5L17QE13983",
    "/questions/QANR5L17QE13983.ics",
    "/q/13983",
    "/ministeres",
    "/ministeres/sante",
    "/groupes",
    "/groupes/exemple",
    "/deputes",
    "/deputes/PA900100",
    "/departements",
    "/flux",
    "/flux/asalee.atom",
    "/flux/questions.atom",
    "/flux/questions.json",
    "/flux/opml",
    "/a-propos",
    "/etat",
    "/api",
    "/api/v1/questions",
    "/api/v1/questions/QANR5L17QE13983",
    "/api/v1/events",
    "/api/v1/figures",
    "/api/v1/feeds",
    "/api/v1/health",
    "/api/v1/openapi.json",
    "/static/style.css",
    "/healthz",
    "/readyz",
    "/nulle-part",
)
SHELVES = ("/questions/{}", "/q/{}", "/ministeres/{}", "/groupes/{}", "/deputes/{}", "/departements/{}",
           "/flux/{}", "/flux/{}.atom", "/static/{}", "/api/v1/{}", "/api/v1/questions/{}", "/{}",
           "/questions/{}.ics")  # fmt: skip
REQUIRED = {
    "content-security-policy",
    "x-content-type-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
}
NAMES = st.sampled_from(
    [*PARAMETERS, "tri", "page", "apres", "limite", "curseur", "section", "x", "utm_source"]
)
VALUES = st.one_of(
    st.text(max_size=30),
    st.integers().map(str),
    st.dates().map(str),
    st.sampled_from([*STATUS_WORDS.values(), *KIND_WORDS.values(), "gdr", "oui", "publication", "17"]),
    st.sampled_from(
        ["", " ", "\x00", "a" * 300, "9" * 30, "-1", "0", "1e9", "null", "'\"<script>", "%", "\u202e"]
    ),
)
QUERIES = st.one_of(
    st.lists(st.tuples(NAMES, VALUES), max_size=8).map(
        lambda pairs: "&".join(f"{quote(name)}={quote(value)}" for name, value in pairs).encode()
    ),
    st.binary(max_size=40),
    st.sampled_from(
        [b"q=" + b"a" * 70_000, b"&".join([b"statut=en-attente"] * 5_000), b"%", b"%ff%fe=%00", b"=", b"&&"]
    ),
)


class Server:
    """The application as a server calls it, one request at a time on one event loop."""

    def __init__(self, app, runner):
        self._app, self._runner = app, runner

    def ask(self, path: str, query: bytes = b"", method: str = "GET", headers=()):
        """Status, headers, body."""
        return self._runner.run(self._ask(path, query, method, headers))

    async def _ask(self, path, query, method, headers):
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": "https",
            "path": path,
            "raw_path": quote(path).encode(),
            "query_string": query,
            "root_path": "",
            "headers": [(b"host", b"suivi.exemple.fr"), *headers],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 8000),
        }
        sent = []

        bodies = [{"type": "http.request", "body": b"", "more_body": False}]

        async def receive():
            return bodies.pop() if bodies else await asyncio.Event().wait()  # nobody hangs up

        async def send(message):
            sent.append(message)

        try:
            await self._app(scope, receive, send)
        except Exception:
            if not sent:
                raise  # what a server would answer with a failure of its own
        found = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
        assert len(found) == len(sent[0]["headers"]), "a header twice"
        return sent[0]["status"], found, b"".join(message.get("body", b"") for message in sent[1:])


@pytest.fixture(scope="module")
def server(migrated_file, tmp_path_factory):
    """A server of a place with two questions."""
    file = tmp_path_factory.mktemp("any") / "base.sqlite3"
    shutil.copyfile(migrated_file, file)
    engine = open_engine(f"sqlite:///{file}")
    place = FilledPlace(engine)
    first = record(13983, asked="2026-10-06", title="Continuité (exemple)")
    place.read(first, record(14358, asked="2026-10-13"), at=instant("2026-10-13"))
    place.read(answered(first, "2026-11-17"), at=instant("2026-11-17"))
    place.checked(NOW)
    app = create_app(place.reader, TOPICS, WebOptions(public_url=PUBLIC), Moving())
    with asyncio.Runner() as runner:
        yield Server(app, runner)
    engine.dispose()


def check(path, query, status, headers, body, *, method="GET"):
    """What holds for every answer."""
    told = (path, query, status, headers, body[:300])
    assert status < 500, told
    assert set(headers) >= REQUIRED, told
    assert "'unsafe" not in headers["content-security-policy"], told
    assert "set-cookie" not in headers, told
    assert "server" not in headers, told
    if status >= 400 and method != "HEAD":
        if path.startswith("/api/v1") and "\n" not in path:  # such a path is under no mount
            assert headers["content-type"] == "application/problem+json", told
            assert len(json.loads(body)["detail"]) > 10, told
        else:
            assert headers["content-type"] == "text/html; charset=utf-8", told
            page = html.fromstring(body.decode())
            assert len(page.xpath("//h1")) == 1, told
            assert not page.xpath("//script | //*[@style] | //*[starts-with(name(@*), 'on')]"), told
            assert len(body) < 40_000, told  # nothing huge is repeated
    assert not re.search(b"Traceback|sqlite3|sqlalchemy", body), told


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("path", ADDRESSES)
def test_every_answer_has_its_headers_and_no_cookie(server, path, method):
    """Pages, feeds, files, API, health, errors; HEAD without a body."""
    status, headers, body = server.ask(path, method=method)
    check(path, b"", status, headers, body, method=method)
    assert status == {"/nulle-part": 404, "/q/13983": 302}.get(path, 200), path
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert "script-src" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    if method == "HEAD":
        assert body == b"" or headers.get("content-length") == str(len(body))


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "X" * 50])
@pytest.mark.parametrize("path", ADDRESSES)
def test_what_only_reads_is_only_read(server, path, method):
    """405 with what is allowed, for any other method."""
    status, headers, body = server.ask(path, method=method)
    check(path, method.encode(), status, headers, body)
    assert status == (404 if path == "/nulle-part" else 405), path
    if status == 405:
        assert "GET" in headers["allow"]


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(ADDRESSES), query=QUERIES)
@example(path="/questions", query=b"\xff=\xfe")
@example(path="/api/v1/questions", query=b"\xff=\xfe")
@example(path="/", query=b"\xff")
@example(path="/questions.csv", query=b"q=%ed%a0%80")
@example(path="/questions", query=b"page=9999")
@example(path="/questions", query=b"page=" + b"9" * 5000)
def test_any_query_is_answered(server, path, query):
    """A page of the list, or what is wrong with the parameter."""
    check(path, query, *server.ask(path, query))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(shelf=st.sampled_from(SHELVES), name=st.text(min_size=1, max_size=40), query=QUERIES)
@example(shelf="/q/{}", name="9" * 400, query=b"")
@example(shelf="/q/{}", name="٣", query=b"")
@example(shelf="/questions/{}", name="QANR5L17QE13983\x00", query=b"")
@example(shelf="/static/{}", name="../app.py", query=b"")
@example(shelf="/static/{}", name="\x00", query=b"")
@example(shelf="/static/{}", name="a" * 5000, query=b"")
@example(shelf="/flux/{}.atom", name="asalee/archives/9999-99", query=b"")
@example(shelf="/{}", name="a" * 60_000, query=b"")
def test_any_path_is_answered(server, shelf, name, query):
    """What there is, or a page that helps."""
    path = shelf.format(name)
    check(path, query, *server.ask(path, query))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.sampled_from(["/", "/questions", "/api/v1/events", "/flux/asalee.atom", "/questions.csv"]),
    name=st.sampled_from(
        [b"if-none-match", b"accept-encoding", b"if-modified-since", b"host", b"origin", b"range", b"accept",
         b"cookie", b"x-forwarded-host", b"content-length"]
    ),
    value=st.one_of(
        st.binary(max_size=60).filter(lambda value: b"\n" not in value and b"\r" not in value),
        st.sampled_from([b"x/?", b"x/questions?q=1#", b"*", b'W/"', b"gzip;q=x", b"a" * 9000]),
    ),
)  # fmt: skip
def test_any_header_is_answered(server, path, name, value):
    """And what one client sends never shows in what another is given."""
    before = server.ask(path)
    check(path, value, *server.ask(path, headers=((name, value),)))
    assert server.ask(path) == before
