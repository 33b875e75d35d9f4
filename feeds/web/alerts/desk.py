"""What the pages of alerts work with.

Enters: the stores of subscriptions and limits, how a webhook is tried, from `tracker.alerting`. Leaves: an
`AlertDesk`, handed to each router of this package.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import AddressValueError, IPv6Address, IPv6Network

from starlette.requests import Request

from feeds.web.alerts.seal import Seal
from tracker.alert_ports import Account, Limits, SubscriptionStore
from tracker.alerts import DeliveryResult, Subscriber, TokenPurpose
from tracker.clock import Clock

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
REQUESTS_OF_AN_IP = 20  # in an hour
REQUESTS_FOR_AN_ADDRESS = 10  # in a day; far fewer letters leave (`db.consent.DAILY_LETTERS`)
TRIALS_OF_AN_OWNER = 10  # in an hour
WEBHOOKS_OF_AN_OWNER = 10
_IPV6_NETWORK = 64  # bits that one home or office has in common


@dataclass(frozen=True, slots=True)
class AlertDesk:
    """`try_out` sends a test to a webhook and waits for its answer, some seconds at most.

    Without `webhooks` there are none: a demonstration connects to nothing.
    """

    subscriptions: SubscriptionStore
    limits: Limits
    seal: Seal
    clock: Clock
    try_out: Callable[[Subscriber], DeliveryResult]
    allow_private: bool = False
    webhooks: bool = True

    def now(self) -> datetime:
        """The instant it is."""
        return self.clock()

    def held_by(self, token: str) -> Account:
        """Whom a link to manage is for. Raises LostLinkError when it is not, or no longer, good."""
        account = self.subscriptions.look_at(token, TokenPurpose.MANAGE, at=self.now())
        if account is None:
            raise LostLinkError
        return account

    def may_ask(self, request: Request, address: str) -> bool:
        """Whether a letter may be asked for: not too often from one place, nor for one address.

        Raises TooOftenError for the place alone: what was asked for an address is told to nobody.
        """
        now = self.now()
        ip = network_of(request)
        if not self.limits.allow("alert-request", ip, limit=REQUESTS_OF_AN_IP, window=_HOUR, at=now):
            raise TooOftenError
        return self.limits.allow("alert-address", address, limit=REQUESTS_FOR_AN_ADDRESS, window=_DAY, at=now)

    def may_try(self, owner: Subscriber) -> bool:
        """Whether an owner may send one more test."""
        limit = TRIALS_OF_AN_OWNER
        return self.limits.allow("webhook-trial", owner.ref, limit=limit, window=_HOUR, at=self.now())


class LostLinkError(Exception):
    """A link that opens nothing: unknown, expired, used for something else."""


class TooOftenError(Exception):
    """Too many requests from one place."""


def network_of(request: Request) -> str:
    """Where a request comes from: an IPv4 address, or the network of an IPv6 one."""
    host = request.client.host if request.client else ""
    try:
        address = IPv6Address(host)
    except AddressValueError:
        return host
    return str(address.ipv4_mapped or IPv6Network((address, _IPV6_NETWORK), strict=False))
