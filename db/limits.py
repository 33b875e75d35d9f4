"""How often something may be done by one address or one IP.

Enters: what is done, by whom, when. Leaves: yes or no; counts in `rate_limits` under a keyed hash,
deleted when their window is over (`db.personal.purge`). The key is random and made once for a place.
Implements `tracker.alert_ports.Limits`.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine
from sqlalchemy.dialects import postgresql, sqlite

from db import place
from db.alert_tables import LIMITS
from db.engine import writing

_KEY = "limits"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class SqlLimits:
    """Limits that all processes on a place share."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def allow(self, what: str, value: str, *, limit: int, window: timedelta, at: datetime) -> bool:
        """Count one more use of `what` by `value`; False when it is over `limit` in the window."""
        until = at + window - (at - _EPOCH) % window
        with writing(self._engine) as connection:
            digest = hmac.new(
                place.secret(connection, _KEY), f"{what}\n{value}".encode(), hashlib.sha256
            ).hexdigest()
            dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
            counted = dialect.insert(LIMITS).values(key=digest, until=until, count=1)
            counted = counted.on_conflict_do_update(
                index_elements=["key", "until"], set_={"count": LIMITS.c.count + 1}
            )
            count: int = connection.execute(counted.returning(LIMITS.c.count)).scalar_one()
        return count <= limit
