"""`health`: whether a service lives here, for a person and for an automatic check."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@pytest.fixture
def answering():
    """Starts a server that gives one answer to everything; gives its port."""
    servers = []

    def start(status, body):
        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args):
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        servers.append(server)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}).start()
        return str(server.server_port)

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_service_that_lives_is_said_to(command, answering):
    """Exit code 0."""
    assert command("health", "--port", answering(200, b"ok\n")) == (0, "Le service répond.\n", "")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (
            b'{"ready": false, "message": "La source n\\u2019a pas encore \\u00e9t\\u00e9 lue."}',
            "pas encore été lue.\n",
        ),
        (b"<h1>Bad gateway</h1>", " : <h1>Bad gateway</h1>\n"),
        (b"[]", " : []\n"),
    ],
    ids=["ours", "another's", "other JSON"],
)
def test_why_a_service_is_not_ready_is_told_in_a_sentence(command, answering, body, told):
    """The sentence alone when it is ours; otherwise what was answered, whoever did."""
    code, out, err = command("health", "--ready", "--port", answering(503, body))

    assert (code, out) == (1, "")
    assert "Le service répond 503" in err
    assert err.endswith(told)
    assert '"ready"' not in err


def test_no_service_is_said(command, answering):
    """A port where nobody listens."""
    code, _, err = command("health", "--port", "1")

    assert code == 1
    assert "ne répond pas" in err
