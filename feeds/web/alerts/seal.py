"""A mark on our own forms: without any cookie, it tells them from a form on someone else's page.

Enters: a key of the place, the clock. Leaves: a mark that holds for a day. It binds no one: it only says
that the page with the form was asked for here.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta

from tracker.clock import Clock

LIFE = timedelta(hours=24)


class Seal:
    """Makes marks and knows them again."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        self._key = key
        self._clock = clock

    def mark(self) -> str:
        """The mark of a form shown now."""
        made = str(int(self._clock().timestamp()))
        return f"{made}.{self._signed(made)}"

    def holds(self, mark: str) -> bool:
        """Whether a mark is ours and not too old."""
        made, _, signature = mark.partition(".")
        if not hmac.compare_digest(signature.encode(), self._signed(made).encode()):
            return False
        return abs(self._clock().timestamp() - int(made)) <= LIFE.total_seconds()

    def _signed(self, made: str) -> str:
        return hmac.new(self._key, made.encode(), hashlib.sha256).hexdigest()
