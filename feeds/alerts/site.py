"""What every alert of one installation shares.

Enters: the settings and the labels of filters, from the wiring. Leaves: an `AlertSite`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache

from feeds.alerts.links import Links
from feeds.described import Labels, described
from feeds.publisher import SERVICE_NAME
from feeds.sanitise import one_line
from tracker.alerts import Subscription
from tracker.selection import Selection

Describe = Callable[[Selection], str]
"""Says a filter, on one line, without control characters."""


@lru_cache(maxsize=1000)
def plainly(selection: Selection) -> str:
    """A filter in words, with the slugs of its address as they are."""
    return described(selection, Labels())


@dataclass(frozen=True, slots=True)
class AlertSite:
    """The public address without a final slash, who runs the service, how filters are said."""

    public_url: str
    operator_name: str = ""
    operator_contact: str = ""
    demo: bool = False
    stale_after: timedelta = timedelta(hours=26)
    describe: Describe = plainly
    name: str = SERVICE_NAME

    @property
    def links(self) -> Links:
        """Addresses on this service."""
        return Links(self.public_url)

    def called(self, subscription: Subscription) -> str:
        """What a subscription is called: its owner's name for it, else its filter but the kinds of event."""
        if subscription.label:
            return one_line(subscription.label)
        return self.describe(replace(subscription.selection, kinds=frozenset()))

    def described_to_a_stranger(self, subscription: Subscription) -> str:
        """The same without a word that someone typed: nobody writes to others through our letters."""
        nameless = replace(subscription.selection, kinds=frozenset(), words=None)
        return self.describe(nameless)
