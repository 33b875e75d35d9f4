"""S4 with real processes: killed between "event stored" and "message accepted", nothing is lost.

The receiver kills the sender itself, before or after it has answered, so that each side of the
acceptance is met for certain.
"""

from __future__ import annotations

import json
import os
import random
import signal
import socketserver
import subprocess
import sys
import threading
from collections import defaultdict

import pytest

from db.engine import open_engine
from db.outbox import SqlOutbox
from db.schema import migrate
from db.subscriptions import SqlSubscriptions
from tests.db.alerts.helpers import follow, rows
from tracker.selection import Selection

pytestmark = pytest.mark.e2e

QUESTIONS = 6
EVENTS = 2 * QUESTIONS


class Receiver(socketserver.ThreadingTCPServer):
    """Keeps every line it is sent; at chosen ones it kills who sent it, before or after its answer."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Line)
        self.lines: list[dict[str, object]] = []
        self.guard = threading.Lock()
        self.sender: subprocess.Popen[bytes] | None = None
        self.before: set[int] = set()
        self.after: set[int] = set()

    def kill(self):
        """End the sender as a power cut would."""
        os.kill(self.sender.pid, signal.SIGKILL)


class _Line(socketserver.StreamRequestHandler):
    def handle(self):
        line = self.rfile.readline()
        if not line.endswith(b"\n"):
            return  # cut while it was written
        with self.server.guard:
            self.server.lines.append(json.loads(line))
            number = len(self.server.lines)
            if number in self.server.before:
                self.server.kill()
                return
            self.wfile.write(b"ok\n")
            if number in self.server.after:
                self.server.kill()


@pytest.fixture
def receiver():
    """A receiver on a free port."""
    server = Receiver()
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def url(tmp_path):
    """A place with three subscribers, one of them twice."""
    address = f"sqlite:///{tmp_path / 'base.sqlite3'}"
    engine = open_engine(address)
    migrate(engine)
    subscriptions = SqlSubscriptions(engine)
    for name in "abc":
        follow(subscriptions, f"{name}@exemple.fr")
    follow(subscriptions, "a@exemple.fr", Selection(group="exemple"))
    engine.dispose()
    return address


def start(*words, stdout=subprocess.DEVNULL):
    """A process of `tests.e2e.alert_process`."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.alert_process", *map(str, words)],
        stdout=stdout,
        stderr=subprocess.DEVNULL,
    )


def write_all(url):
    """Record everything, undisturbed."""
    assert start("write", url, QUESTIONS).wait(60) == 0


def send_all(url, receiver):
    """Start senders until nothing waits; how many were killed."""
    killed = 0
    for _ in range(40):
        receiver.sender = start("send", url, receiver.server_address[1])
        killed += receiver.sender.wait(60) == -signal.SIGKILL
        engine = open_engine(url)
        figures = SqlOutbox(engine).figures()
        engine.dispose()
        if not figures.owed and not figures.waiting:
            return killed
    raise AssertionError("messages are still waiting")


def received(receiver):
    """Receiver and event to the ids of the messages that told it; each id to what it held each time."""
    ids, contents = defaultdict(set), defaultdict(list)
    for line in receiver.lines:
        contents[line["id"]].append(line)
        for event in line["events"]:
            ids[line["to"], event].add(line["id"])
    return ids, contents


def test_s04_a_sender_killed_around_acceptance_loses_nothing(url, receiver):
    """Every event reaches everyone, under one id; a message that comes twice is the same message."""
    write_all(url)
    receiver.before, receiver.after = {2, 9, 15}, {5, 12, 19}
    assert send_all(url, receiver) >= 1  # one death may stand at several of these moments: lines run together
    ids, contents = received(receiver)
    assert len(ids) == 3 * EVENTS
    assert all(len(found) == 1 for found in ids.values())
    assert any(len(copies) > 1 for copies in contents.values())
    for copies in contents.values():
        assert all(copy == copies[0] for copy in copies)


def test_s04_a_writer_killed_anywhere_owes_what_an_undisturbed_one_does(url, receiver):
    """Killed after each of its lines at a random moment and started again: no event without its alert."""
    chance = random.Random(4)  # noise, not secrets
    for _ in range(4):
        with start("write", url, QUESTIONS, stdout=subprocess.PIPE) as writer:
            for _ in range(chance.randrange(1, QUESTIONS)):
                writer.stdout.readline()
            threading.Event().wait(chance.uniform(0, 0.02))
            writer.kill()
        engine = open_engine(url)
        owed, events = rows(engine, "SELECT (SELECT count(*) FROM owed), (SELECT count(*) FROM events)")[0]
        engine.dispose()
        assert owed == 4 * events
    write_all(url)
    send_all(url, receiver)
    ids, _ = received(receiver)
    assert len(ids) == 3 * EVENTS
    assert all(len(found) == 1 for found in ids.values())


def test_s04_writers_and_senders_killed_together(url, receiver):
    """Both at once, at random: in the end everything arrived, each event of a receiver under one id."""
    chance = random.Random(16)  # noise, not secrets
    receiver.before = {chance.randrange(1, 40) for _ in range(3)}
    receiver.after = {chance.randrange(1, 40) for _ in range(3)} - receiver.before
    for _ in range(3):
        writer = start("write", url, QUESTIONS)
        receiver.sender = start("send", url, receiver.server_address[1])
        threading.Event().wait(chance.uniform(0.5, 2))
        for process in (writer, receiver.sender):
            process.kill()
            process.wait()
    write_all(url)
    send_all(url, receiver)
    ids, contents = received(receiver)
    assert len(ids) == 3 * EVENTS
    assert all(len(found) == 1 for found in ids.values())
    assert all(copy["events"] == copies[0]["events"] for copies in contents.values() for copy in copies)
