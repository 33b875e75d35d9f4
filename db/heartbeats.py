"""« Rien de nouveau » for who asked for it and was sent nothing for a month.

Enters: an engine, the rules, the instant. Leaves: HEARTBEAT messages with the last good check of the
source, whatever it is: a heartbeat never says that all is well when the source was not read.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from db import runs
from db.alert_mapping import is_active, is_reachable
from db.alert_tables import OWED, SUBSCRIBERS, SUBSCRIPTIONS
from db.bulk import chunks
from db.engine import reading, writing
from db.posting import NewMessage, post
from tracker.alert_ports import GroupingRules
from tracker.alerts import Channel, MessageKind
from tracker.grouping import derived_id
from tracker.timetable import heartbeat_due

_SHORTEST_MONTH = timedelta(days=27)
_ADDRESSES_AT_ONCE = 500


def make_heartbeats(engine: Engine, rules: GroupingRules, *, at: datetime) -> int:
    """Make the heartbeats that are due; how many."""
    mine = SUBSCRIPTIONS.c.subscriber_id == SUBSCRIBERS.c.id
    wanted = select(SUBSCRIPTIONS.c.id).where(mine, is_active(), SUBSCRIPTIONS.c.heartbeat)
    owed = (
        select(OWED.c.sequence)
        .join(SUBSCRIPTIONS, SUBSCRIPTIONS.c.id == OWED.c.subscription_id)
        .where(mine, OWED.c.message.is_(None))
    )
    query = select(SUBSCRIBERS).where(
        is_reachable(),
        SUBSCRIBERS.c.last_message_at <= at - _SHORTEST_MONTH,
        wanted.exists(),
        ~owed.exists(),
    )
    with reading(engine) as connection:
        checked = runs.last_good_end(connection)
        quiet = connection.execute(query).all()
    details = {"checked_at": "" if checked is None else checked.isoformat()}
    due = [
        NewMessage(
            id=derived_id(row.ref, MessageKind.HEARTBEAT, when.isoformat()),
            kind=MessageKind.HEARTBEAT,
            subscriber_id=row.id,
            channel=Channel(row.channel),
            details=details,
        )
        for row in quiet
        if (when := heartbeat_due(row.last_message_at, rules.heartbeat_hour)) <= at
    ]
    made = 0
    for part in chunks(due, _ADDRESSES_AT_ONCE):
        with writing(engine) as connection:
            # those who were told something since, perhaps by another process, are left out
            still = set(
                connection.scalars(
                    SUBSCRIBERS.update()
                    .where(SUBSCRIBERS.c.id.in_([message.subscriber_id for message in part]))
                    .where(SUBSCRIBERS.c.last_message_at <= at - _SHORTEST_MONTH)
                    .values(last_message_at=at)
                    .returning(SUBSCRIBERS.c.id)
                )
            )
            post(connection, [message for message in part if message.subscriber_id in still], at=at)
            made += len(still)
    return made
