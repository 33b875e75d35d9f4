"""Manners towards the source: waits, redirects, encryption, the name it is told, and how a run is stopped."""

from __future__ import annotations

import os
import signal
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from scrapy.http import Request, Response

from crawler.courtesy import LONGEST_WAIT, SameHostRedirectMiddleware, retry_after, wait_before
from crawler.settings import CrawlOptions, scrapy_settings, user_agent
from crawler.simulator.server import SourceServer
from tests.crawler.crawling import NOW, Place, Watch, in_child, run_in_child, serve, some_questions
from tracker.errors import SettingsError, SourceError
from tracker.ports import RunOutcome


def test_waits_double_up_to_a_bound() -> None:
    """Two seconds, four, eight…, give or take a quarter, never far over the bound."""
    for attempt, expected in enumerate([2, 4, 8, 16], start=1):
        assert 0.75 * expected <= wait_before(attempt, 2.0) <= 1.25 * expected
    assert wait_before(1_000, 2.0) <= 1.25 * LONGEST_WAIT


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": "Sat, 10 Oct 2026 06:02:00 GMT", "Date": "Sat, 10 Oct 2026 06:00:00 GMT"}, 120.0),
        ({"Retry-After": "Sat, 10 Oct 2026 05:00:00 GMT", "Date": "Sat, 10 Oct 2026 06:00:00 GMT"}, 0.0),
        ({"Retry-After": "Sat, 10 Oct 2026 06:02:00 GMT"}, None),
        ({"Retry-After": "soon", "Date": "Sat, 10 Oct 2026 06:00:00 GMT"}, None),
    ],
)
def test_retry_after_is_read(headers: dict[str, str], seconds: float | None) -> None:
    """Seconds, or a date against the answer's own; anything else is no wish."""
    assert retry_after(Response("http://127.0.0.1/", status=503, headers=headers)) == seconds


@pytest.mark.parametrize(
    ("location", "reason"),
    [("https://elsewhere.example/a.zip", "autre hôte"), ("http://source.example/a.zip", "sans chiffrement")],
)
def test_redirects_that_leave_are_refused(location: str, reason: str) -> None:
    """Another host, or the same without encryption."""
    crawler = scrapy_crawler()
    request = Request("https://source.example/a.zip")
    response = Response(request.url, status=302, headers={"Location": location})
    with pytest.raises(SourceError, match=reason):
        SameHostRedirectMiddleware.from_crawler(crawler).process_response(request, response)


def test_a_redirect_to_encryption_is_followed() -> None:
    """From http to https on the same host."""
    request = Request("http://source.example/a.zip", headers={"Range": "bytes=-10"})
    response = Response(request.url, status=301, headers={"Location": "https://source.example/a.zip"})
    redirected = SameHostRedirectMiddleware.from_crawler(scrapy_crawler()).process_response(request, response)
    assert isinstance(redirected, Request)
    assert redirected.url == "https://source.example/a.zip"
    assert redirected.headers["Range"] == b"bytes=-10"


def scrapy_crawler() -> object:
    """What a middleware is built from."""
    from scrapy import Spider  # noqa: PLC0415  # heavy, and only these tests need them
    from scrapy.crawler import Crawler  # noqa: PLC0415

    return Crawler(Spider, scrapy_settings(CrawlOptions(root="http://127.0.0.1")))


def test_the_name_says_who_and_how_to_reach_them() -> None:
    """Without a contact the name stands alone."""
    assert user_agent("").startswith("asalee-tracker/")
    assert user_agent("https://example.org/contact").endswith(" (+https://example.org/contact)")


@pytest.mark.parametrize("contact", ["é@example.org", "a\r\nX-Evil: 1", "a)b"])
def test_a_contact_that_cannot_stand_in_a_header_is_refused(contact: str) -> None:
    """With the setting's name."""
    with pytest.raises(SettingsError, match="TRACKER_CONTACT"):
        user_agent(contact)


@pytest.mark.parametrize(
    ("root", "used"),
    [("http://127.0.0.1:8000", False), ("http://localhost", False), ("https://data.example", True)],
)
def test_a_proxy_is_not_used_on_the_loopback(root: str, used: bool) -> None:
    """A demonstration must work behind a company's proxy."""
    assert scrapy_settings(CrawlOptions(root=root))["HTTPPROXY_ENABLED"] is used


# --- encryption ----------------------------------------------------------------------------------------


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 that vouches for itself, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "certificate.pem"
    path.write_bytes(
        built.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path


@pytest.fixture
def encrypted(certificate: Path) -> Iterator[SourceServer]:
    """A source over TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = SourceServer()
    server._server.socket = context.wrap_socket(
        server._server.socket, server_side=True, do_handshake_on_connect=False
    )
    with server:
        serve(server, some_questions([1, 2]))
        yield server


def test_a_certificate_nobody_vouches_for_is_refused(encrypted: SourceServer, place: Place) -> None:
    """Scrapy alone would take any: this service publishes what it reads."""
    report = place.crawl(encrypted, root=encrypted.root.replace("http:", "https:"), retries=0)
    assert report.outcome is RunOutcome.FAILED
    assert encrypted.asked == []


def trusting(certificate: str, *arguments: object) -> Place:
    """A crawl on a machine that trusts this certificate."""
    os.environ["SSL_CERT_FILE"] = certificate
    return run_in_child(*arguments)  # type: ignore[arg-type]


def test_a_trusted_certificate_is_taken(encrypted: SourceServer, place: Place, certificate: Path) -> None:
    """The machine's own trust decides."""
    options = CrawlOptions(root=encrypted.root.replace("http:", "https:"), download_delay=0.0, retries=0)
    place = in_child(trusting, str(certificate), place, options, [("questions", 17)], NOW)
    assert [report.outcome for report in place.reports] == [RunOutcome.SUCCEEDED]


# --- being stopped -----------------------------------------------------------------------------------------


def stopped_while_reading(*arguments: object) -> Place:
    """A crawl in a process that is told to end, a little later."""
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()
    return run_in_child(*arguments)  # type: ignore[arg-type]


def stopped_at_once(*arguments: object) -> Place:
    """A crawl in a process that is told to end between its beginning and its first request."""
    Watch.run_started = lambda *_: os.kill(os.getpid(), signal.SIGTERM)  # type: ignore[method-assign]
    return run_in_child(*arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize("stopped", [stopped_while_reading, stopped_at_once])
def test_a_run_that_is_stopped_still_reports(
    source: SourceServer, place: Place, stopped: Callable[..., Place]
) -> None:
    """SIGTERM: the run under way and those after it end as failed, with that reason; nothing is committed."""
    serve(source, some_questions([1]))
    source.faults.delay = 1.0
    parts = [("questions", 17), ("questions", 16)]
    options = CrawlOptions(root=source.root, download_delay=0.0)
    place = in_child(stopped, place, options, parts, NOW)
    assert [report.outcome for report in place.reports] == [RunOutcome.FAILED] * 2
    assert {report.reason for report in place.reports} == {"La lecture a été interrompue."}
    assert place.intake.committed == []
