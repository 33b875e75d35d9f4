"""What the operator is told, once per kind until it is over.

Enters: what is wrong now, and the operator's addresses from the settings. Leaves: rows of
`operator_notices`, OPERATOR messages in the outbox. Implements `tracker.alert_ports.NoticeBoard`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from db import people
from db.alert_mapping import is_reachable, subscriber_of
from db.alert_tables import NOTICES, SUBSCRIBERS
from db.bulk import insert
from db.consent import verify
from db.engine import reading, writing
from db.posting import NewMessage, post
from tracker.alerts import Channel, MessageKind, NoticeKind
from tracker.grouping import derived_id


class SqlNotices:
    """The operator's notices of a place."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def show(self, problems: Mapping[NoticeKind, str], *, at: datetime) -> int:
        """Tell new kinds, close those that are over; the number of kinds that were new."""
        with writing(self._engine) as connection:
            known = set(connection.scalars(select(NOTICES.c.kind)))
            wrong = [kind.value for kind in problems]
            connection.execute(NOTICES.delete().where(NOTICES.c.kind.not_in(wrong)))
            new = [
                {"kind": kind.value, "text": text, "opened_at": at, "told": False}
                for kind, text in problems.items()
                if kind.value not in known
            ]
            insert(connection, NOTICES, new)
            _tell_untold(connection, at)
        return len(new)

    def open_notices(self) -> Sequence[tuple[NoticeKind, str, datetime]]:
        """Kind, text and since when, oldest first."""
        query = select(NOTICES).order_by(NOTICES.c.opened_at, NOTICES.c.kind)
        with reading(self._engine) as connection:
            return [(NoticeKind(row.kind), row.text, row.opened_at) for row in connection.execute(query)]

    def tell(self, addresses: Sequence[tuple[Channel, str]], *, at: datetime) -> None:
        """Make these addresses the operator's, and no others."""
        with writing(self._engine) as connection:
            ids = []
            for channel, address in addresses:
                kept = people.kept_form(channel, address)
                person = people.find(connection, channel, kept) or people.create(
                    connection, channel, kept, at=at, verified=True
                )
                if person.verified_at is None:
                    verify(connection, person.id, at)
                ids.append(person.id)
            connection.execute(SUBSCRIBERS.update().values(operator=SUBSCRIBERS.c.id.in_(ids)))
            _tell_untold(connection, at)


def _tell_untold(connection: Connection, at: datetime) -> None:
    """Owe the operator what nobody could be told of yet."""
    query = select(SUBSCRIBERS).where(SUBSCRIBERS.c.operator, is_reachable())
    operators = [subscriber_of(row) for row in connection.execute(query)]
    if not operators:
        return
    messages = []
    for row in connection.execute(select(NOTICES).where(NOTICES.c.told.is_(False))):
        details = {"notice": row.kind, "text": row.text}
        for person in operators:
            id_ = derived_id(person.ref, MessageKind.OPERATOR, row.kind, row.opened_at.isoformat())
            messages.append(NewMessage(id_, MessageKind.OPERATOR, person.id, person.channel, details=details))
    post(connection, messages, at=at)
    connection.execute(NOTICES.update().values(told=True))
