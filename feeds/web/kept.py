"""What is costly to make and holds as long as nothing public changes.

Enters: the reader's version, the day. Leaves: values made once for each key, until either moves.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import date
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Kept(Generic[Value]):
    """Remembers values under the version and day they were made in; safe in threads.

    Keys must come from what exists here, never straight from an address: nothing bounds their number.
    """

    def __init__(self, version: Callable[[], str]) -> None:
        self._version = version
        self._lock = Lock()
        self._holds: tuple[str, date] | None = None
        self._values: dict[Hashable, Value] = {}

    def get(self, today: date, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of a key, made now if it no longer holds."""
        with self._lock:
            holds = (self._version(), today)
            if holds != self._holds:
                self._holds, self._values = holds, {}
            if key not in self._values:
                self._values[key] = make()
            return self._values[key]
