"""Bench of sending: the dispatcher against a bare loop of aiosmtplib, over as many connections.

Enters: nothing; a place of its own in a scratch folder, a mail server in a process of its own. Leaves: a
figure. Each round, one new event is owed to every address; the dispatcher arranges, composes, sends and
notes. The loop sends the same mails, made beforehand, and notes nothing.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from aiosmtplib import SMTP
from sqlalchemy import Engine

from db.alert_tables import FILTERS, SUBSCRIBERS, SUBSCRIPTIONS
from db.bulk import Row, insert
from db.engine import open_engine, writing
from db.outbox import SqlOutbox
from db.queries import SqlReader
from db.schema import migrate
from db.store import SqlStore
from feeds.alerts.compose import Composer
from feeds.alerts.dispatch import Dispatcher, DispatchRules
from feeds.alerts.email_message import MailIdentity, mail_bytes
from feeds.alerts.email_sender import EmailSender
from feeds.alerts.mail_text import MailRenderer
from feeds.alerts.pace import Pace
from feeds.alerts.relay import Relay
from feeds.alerts.site import AlertSite
from tests.bench.measure import Figure
from tests.builders import NOW, record
from tests.db.writes import planned, question
from tracker.addresses import to_query
from tracker.alerts import PRESELECTED_KINDS, Channel, MatchedEvent, Message, MessageKind, Subscriber
from tracker.ports import Batch, EventView
from tracker.selection import Selection

ADDRESSES = 1_000
CONNECTIONS = 4
SENDER = "alertes@exemple.fr"

_SITE = AlertSite("https://questions.exemple.fr", operator_name="Association Exemple")
_IDENTITY = MailIdentity(SENDER, "Questions écrites", _SITE.links, bounces="rebonds@exemple.fr")
_TEXT = (
    "M. Exemple appelle l’attention de Mme la ministre de la santé sur l’avenir du dispositif Asalée, qui "
    "associe des infirmières et des médecins généralistes (exemple, sans valeur).<br><br>"
) * 8


def run(scratch: Path, rounds: int) -> list[Figure]:
    """Time the dispatcher takes, over that of the loop."""
    engine = open_engine(f"sqlite:///{scratch / 'sending.sqlite3'}")
    migrate(engine)
    _subscribe(engine)
    dispatched: list[float] = []
    bare: list[float] = []
    with _mail_server() as port:
        for number in range(1, 2 * rounds + 1):
            at = NOW + timedelta(hours=number)
            view = _publish(engine, number, at)
            dispatched.append(_timed(lambda at=at: _dispatch(engine, port, at)))
            mail = _mail(view, at)
            bare.append(_timed(lambda mail=mail: _loop(port, mail)))
    engine.dispose()
    # Two processes share two processors: what else the machine does only adds, so the best round counts.
    mine, reference = ADDRESSES / min(dispatched), ADDRESSES / min(bare)
    return [
        Figure(
            what=f"sending {ADDRESSES:,} mails of {len(mail) / 1000:.0f} kB over {CONNECTIONS} connections",
            measured=f"{mine:,.0f} a second, {mine / reference:.2f} of the loop's",
            reference=f"bare aiosmtplib loop: {reference:,.0f} a second",
            value=reference / mine,
            wanted=1 / 0.7,
        )
    ]


def _timed(work: Callable[[], Coroutine[None, None, None]]) -> float:
    start = time.perf_counter()
    asyncio.run(work())
    return time.perf_counter() - start


async def _dispatch(engine: Engine, port: int, at: datetime) -> None:
    relay = Relay("127.0.0.1", "exemple.fr", port, "none")
    sender = EmailSender(MailRenderer(Composer(_SITE)), _IDENTITY, relay)
    rules = DispatchRules(paces={Channel.EMAIL: Pace(at_a_time=CONNECTIONS)})
    sent = await Dispatcher(SqlOutbox(engine), {Channel.EMAIL: sender}, rules, lambda: at).drain()
    if sent != ADDRESSES:
        raise RuntimeError(f"{sent} messages accepted instead of {ADDRESSES}")


async def _loop(port: int, mail: bytes) -> None:
    waiting = iter(range(1, ADDRESSES + 1))

    async def one_connection() -> None:
        async with SMTP(hostname="127.0.0.1", port=port, start_tls=False) as smtp:
            for number in waiting:
                await smtp.sendmail(SENDER, f"{number}@exemple.fr", mail)

    await asyncio.gather(*(one_connection() for _ in range(CONNECTIONS)))


def _publish(engine: Engine, number: int, at: datetime) -> EventView:
    """A new question, owed to everybody."""
    one = record(number, html=_TEXT)
    write = question(one, planned(one, listed_at=at), at=at)
    SqlStore(engine).write(Batch(questions=(write,), at=at))
    [view] = SqlReader(engine).events(Selection(uid=one.uid))
    return view


def _mail(view: EventView, at: datetime) -> bytes:
    """The mail that one of them gets."""
    receiver = Subscriber(1, f"{1:032x}", Channel.EMAIL, "1@exemple.fr", NOW, NOW)
    token = "a" * 43
    message = Message("0" * 32, MessageKind.ALERT, receiver, at, (MatchedEvent(view, ()),), token=token)
    return mail_bytes(message, MailRenderer(Composer(_SITE)).render(message), _IDENTITY)


@contextmanager
def _mail_server() -> Iterator[int]:
    """The mail server in a process of its own; its port."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.mail_server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert server.stdout is not None
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.communicate(timeout=20)


def _subscribe(engine: Engine) -> None:
    """Everybody follows everything, at once."""
    selection = Selection(topic="asalee", kinds=PRESELECTED_KINDS)
    with writing(engine) as connection:
        insert(connection, FILTERS, [{"id": 1, "query": to_query(selection)}])
        numbers = range(1, ADDRESSES + 1)
        insert(connection, SUBSCRIBERS, [_subscriber_row(number) for number in numbers])
        insert(connection, SUBSCRIPTIONS, [_subscription_row(number) for number in numbers])


def _subscriber_row(number: int) -> Row:
    return {
        "id": number,
        "ref": f"{number:032x}",
        "channel": "email",
        "address": f"{number}@exemple.fr",
        "created_at": NOW,
        "verified_at": NOW,
        "operator": False,
        "failures": 0,
    }


def _subscription_row(number: int) -> Row:
    return {
        "subscriber_id": number,
        "filter_id": 1,
        "rhythm": "at-once",
        "heartbeat": False,
        "state": "active",
        "since_sequence": 0,
        "created_at": NOW,
        "changed_at": NOW,
    }
