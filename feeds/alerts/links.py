"""Addresses that alerts point to, on this service.

Enters: the public address, a token. Leaves: paths and absolute addresses. A token is the key to someone's
subscriptions: it goes to the mailbox it was made for, never into a chat or a webhook. A GET of any of
these changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

HOME = "/alertes"


def confirm_path(token: str) -> str:
    """Where an address is confirmed: GET asks, POST confirms."""
    return f"{HOME}/confirmer/{token}"


def manage_path(token: str) -> str:
    """Where all subscriptions of an address are seen, changed and stopped."""
    return f"{HOME}/gerer/{token}"


def stop_path(token: str) -> str:
    """Where all of them are stopped: GET shows a button, POST stops (RFC 8058)."""
    return f"{HOME}/arreter/{token}"


@dataclass(frozen=True, slots=True)
class Links:
    """The same, absolute; `public_url` has no final slash."""

    public_url: str

    def home(self) -> str:
        """Where one subscribes."""
        return f"{self.public_url}{HOME}"

    def confirm(self, token: str) -> str:
        """See `confirm_path`."""
        return f"{self.public_url}{confirm_path(token)}"

    def manage(self, token: str) -> str:
        """See `manage_path`."""
        return f"{self.public_url}{manage_path(token)}"

    def stop(self, token: str) -> str:
        """See `stop_path`."""
        return f"{self.public_url}{stop_path(token)}"

    def to(self, path: str) -> str:
        """A page of this service."""
        return f"{self.public_url}{path}"
