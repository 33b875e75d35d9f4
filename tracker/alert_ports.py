"""The doors of alerts: what the web and the command line, the dispatcher and the senders are handed.

Enters: nothing. Leaves: Protocols and the shapes that cross them. `db.subscriptions.SqlSubscriptions`
is a `SubscriptionStore`, `db.outbox.SqlOutbox` an `Outbox`, `db.notices.SqlNotices` a `NoticeBoard`;
`feeds.alerts` has the senders. Instants are aware UTC. Nothing that acts is meant for a GET.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from tracker.alerts import (
    AT_ONCE,
    PRESELECTED_KINDS,
    Channel,
    DeliveryResult,
    DisabledReason,
    Frequency,
    Message,
    NoticeKind,
    Subscriber,
    Subscription,
    SubscriptionState,
    TokenPurpose,
)
from tracker.errors import UsageError
from tracker.selection import Selection

LONGEST_LABEL = 100


@dataclass(frozen=True, slots=True)
class Wish:
    """What someone asks for; a selection without kinds gets the preselected ones.

    Raises UsageError on a label that is too long or holds anything but plain characters.
    """

    selection: Selection
    frequency: Frequency = AT_ONCE
    heartbeat: bool = False
    label: str | None = None

    def __post_init__(self) -> None:
        if self.label is not None and (len(self.label) > LONGEST_LABEL or not self.label.isprintable()):
            raise UsageError(
                f"Le nom d'un abonnement tient sur une ligne de {LONGEST_LABEL} caractères au plus."
            )

    @property
    def followed(self) -> Selection:
        """The selection with its kinds."""
        if self.selection.kinds:
            return self.selection
        return replace(self.selection, kinds=PRESELECTED_KINDS)


@dataclass(frozen=True, slots=True)
class Account:
    """An address with all it asked for (stopped ones left out), and the webhooks it owns."""

    subscriber: Subscriber
    subscriptions: tuple[Subscription, ...]
    webhooks: tuple[Account, ...] = ()


class SubscriptionStore(Protocol):
    """Subscriptions, for the web and the command line.

    Methods taking a `token` want the clear one of a link and give None or False on one that is
    unknown, expired or for another purpose, without saying which.
    """

    def ask(self, address: str, wish: Wish, *, at: datetime) -> None:
        """Someone typed an e-mail address: keep an unconfirmed subscription and owe a CONFIRMATION.

        Nothing tells the caller whether the address was known. At most a few confirmations a day go
        to one address; beyond, nothing is sent.
        """
        ...

    def ask_access(self, address: str, *, at: datetime) -> None:
        """Owe an ACCESS message to a verified e-mail address; nothing happens for another."""
        ...

    def look_at(self, token: str, purpose: TokenPurpose, *, at: datetime) -> Account | None:
        """Whom a link is for, changing nothing (what a GET shows).

        For CONFIRM, `subscriptions` holds only the one to be confirmed.
        """
        ...

    def confirm(self, token: str, *, at: datetime) -> Subscription | None:
        """Verify the address and start the subscription from now; the same again changes nothing."""
        ...

    def add(
        self,
        channel: Channel,
        address: str,
        wish: Wish,
        *,
        at: datetime,
        secret: str | None = None,
        owner_id: int | None = None,
    ) -> Subscription:
        """What an operator, or an owner on the manage page, adds: verified and active at once.

        The caller has checked the address's form, and for an e-mail that its owner agreed. Adding a
        second wish to an address keeps its first secret. Raises UsageError when the webhook belongs
        to another owner.
        """
        ...

    def change(
        self, subscription_id: int, wish: Wish, *, at: datetime, subscriber_id: int | None = None
    ) -> Subscription:
        """Put another wish in place; a filter that changes starts from now.

        With `subscriber_id` (what a token gave), only a subscription of that address or of a webhook
        it owns. Raises UsageError when there is none.
        """
        ...

    def move(
        self,
        subscription_id: int,
        state: SubscriptionState,
        *,
        at: datetime,
        subscriber_id: int | None = None,
    ) -> Subscription:
        """Suspend, resume (from now) or stop one subscription; what was owed and unsent is dropped.

        As `change` about `subscriber_id`. Raises UsageError when there is none.
        """
        ...

    def stop_all(self, token: str, *, at: datetime) -> bool:
        """One-click stop (RFC 8058): stop all subscriptions of the address; True again if repeated."""
        ...

    def enable(self, subscriber_id: int, *, at: datetime) -> None:
        """Undo `disabled_at` (the operator, or an owner, has mended it); it starts from now."""
        ...

    def disable(self, subscriber_id: int, reason: DisabledReason, *, at: datetime) -> None:
        """Send nothing more to an address."""
        ...

    def set_secret(self, subscriber_id: int, secret: str) -> None:
        """Replace a webhook's signing secret."""
        ...

    def accounts(self, *, channel: Channel | None = None) -> Sequence[Account]:
        """Everyone, for the operator."""
        ...

    def account(self, address: str) -> Account | None:
        """One address, in the form it is kept."""
        ...

    def export(self, address: str) -> Mapping[str, Any] | None:
        """All that is kept about an address, ready for JSON; None when nothing is."""
        ...

    def erase(self, address: str) -> bool:
        """Delete all of it, webhooks it owns included; False when nothing was kept."""
        ...

    def purge(self, *, at: datetime) -> int:
        """Delete unconfirmed requests, expired tokens and limits, addresses stopped long ago.

        The number of addresses deleted. A daily job.
        """
        ...


class Limits(Protocol):
    """How often something may be done; addresses and IPs are kept hashed, for the window only."""

    def allow(self, what: str, value: str, *, limit: int, window: timedelta, at: datetime) -> bool:
        """Count one more use of `what` by `value`; False when it is over `limit` in the window."""
        ...


# --- sending -------------------------------------------------------------------------------------------


class Sender(Protocol):
    """One channel's way out. It logs no address and never raises for what a network can do."""

    async def send(self, message: Message) -> DeliveryResult:
        """Try once. Must end within its own timeout, shorter than the dispatcher's."""
        ...

    async def close(self) -> None:
        """Give back what it holds (connections)."""
        ...


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message handed to this process alone until `lease_until`."""

    number: int
    message: Message
    lease_until: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """What came of a claimed message."""

    claimed: Claimed
    result: DeliveryResult
    at: datetime


@dataclass(frozen=True, slots=True)
class GroupingRules:
    """`at_once_limit`: more at-once messages than this waiting for one address become one digest."""

    at_once_limit: int = 5
    heartbeat_hour: int = 9  # in Paris


@dataclass(frozen=True, slots=True)
class OutboxFigures:
    """The outbox at a glance, for `/metrics`, `/readyz` and the command line."""

    owed: int  # events owed and not yet in a message
    waiting: Mapping[Channel, int] = field(default_factory=dict)  # messages to send, being sent included
    failed: Mapping[Channel, int] = field(default_factory=dict)  # given up
    sent: Mapping[Channel, int] = field(default_factory=dict)
    oldest_waiting: datetime | None = None
    paused: Mapping[Channel, datetime] = field(default_factory=dict)  # until when, channels in trouble
    disabled: Mapping[DisabledReason, int] = field(default_factory=dict)  # addresses
    last_disabled: Mapping[DisabledReason, datetime] = field(default_factory=dict)


class Outbox(Protocol):
    """What is owed, arranged in messages and handed out to be sent."""

    def arrange(self, rules: GroupingRules, *, at: datetime) -> int:
        """Put what is owed and due in messages, and heartbeats; the number of messages made.

        Does nothing while someone records events, so that one run's events are arranged together.
        """
        ...

    def claim(
        self, channel: Channel, owner: str, *, limit: int, lease: timedelta, at: datetime
    ) -> list[Claimed]:
        """Messages due on a channel, at most one per address; a lease that ran out is handed out again."""
        ...

    def record(self, attempts: Sequence[Attempt], owner: str) -> None:
        """Note what came of messages this owner claimed, in one transaction."""
        ...

    def release(self, numbers: Sequence[int], owner: str) -> None:
        """Give back messages that were claimed and not tried."""
        ...

    def paused_until(self, channel: Channel) -> datetime | None:
        """Until when a channel in trouble is left alone; None when it is well."""
        ...

    def figures(self) -> OutboxFigures:
        """Counts."""
        ...

    def record_bounce(
        self, ref: str, *, permanent: bool, status: str, at: datetime, message_id: str | None = None
    ) -> bool:
        """A delivery report for the address behind `ref` (VERP); True when it disabled the address.

        Two permanent failures of different messages disable it; a report read twice counts once.
        """
        ...

    def message(self, message_id: str) -> Message | None:
        """One message by its derived id, whatever its state."""
        ...


class NoticeBoard(Protocol):
    """What the operator is told, once per kind until it is over."""

    def show(self, problems: Mapping[NoticeKind, str], *, at: datetime) -> int:
        """What is wrong now, in French: new kinds are told, those not named any more are over.

        The number of kinds that were new.
        """
        ...

    def open_notices(self) -> Sequence[tuple[NoticeKind, str, datetime]]:
        """Kind, text and since when, oldest first."""
        ...

    def tell(self, addresses: Sequence[tuple[Channel, str]], *, at: datetime) -> None:
        """Who the operator is: addresses of the settings, which need no confirmation.

        Those told before and not named any more are told nothing more.
        """
        ...
