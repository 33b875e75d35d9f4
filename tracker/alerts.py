"""The words of alerts: who is told, of what, how often, in which message, and how that went.

Enters: nothing (plain data). Leaves: frozen dataclasses and enums that `db` keeps, `tracker.grouping`
arranges and `feeds.alerts` sends. An address is personal data: `repr` never shows one, so that no log
or traceback does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from tracker.events import EventKind
from tracker.ports import EventView
from tracker.selection import Selection


class Channel(StrEnum):
    """The ways out; each has its own sender, its own pace and its own troubles."""

    EMAIL = "email"
    WEBHOOK = "webhook"
    CHAT = "chat"


class Rhythm(StrEnum):
    """How often one is told."""

    AT_ONCE = "at-once"
    DAILY = "daily"
    WEEKLY = "weekly"


@dataclass(frozen=True, slots=True)
class Frequency:
    """At once, or a digest at an hour in Paris (0 to 23), weekly ones on a weekday (0 is Monday)."""

    rhythm: Rhythm = Rhythm.AT_ONCE
    hour: int | None = None
    weekday: int | None = None

    def __post_init__(self) -> None:
        has_hour, has_weekday = self.rhythm is not Rhythm.AT_ONCE, self.rhythm is Rhythm.WEEKLY
        if has_hour != (self.hour is not None) or has_weekday != (self.weekday is not None):
            raise ValueError(f"not a frequency: {self.rhythm}, hour {self.hour}, weekday {self.weekday}")
        if self.hour is not None and self.hour not in range(24):
            raise ValueError(f"not an hour: {self.hour}")
        if self.weekday is not None and self.weekday not in range(7):
            raise ValueError(f"not a weekday: {self.weekday}")


AT_ONCE = Frequency()


class SubscriptionState(StrEnum):
    """Where one subscription stands; only an active one of a verified address is ever owed anything.

    `SUSPENDED` is the person's own pause. What suspends a whole address (bounces, a webhook that
    fails for long) is `Subscriber.disabled_at`.
    """

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    STOPPED = "stopped"


class DisabledReason(StrEnum):
    """Why nothing is sent to an address any more, until it is confirmed or enabled again."""

    BOUNCES = "bounces"  # two permanent failures
    FAILURES = "failures"  # a long run of failed deliveries
    GONE = "gone"  # the receiver said that it is no more (410)
    OPERATOR = "operator"


PRESELECTED_KINDS = frozenset(
    {
        EventKind.PUBLISHED,
        EventKind.REATTRIBUTED,
        EventKind.RENEWED,
        EventKind.ANSWERED,
        EventKind.CORRECTED,
        EventKind.WITHDRAWN,
        EventKind.LAPSED,
        EventKind.CLOSED,
        EventKind.REOPENED,
    }
)
"""What a new subscription follows unless told; DEADLINE_PASSED and SIGNALLED are offered beside."""

OFFERED_KINDS = PRESELECTED_KINDS | {EventKind.DEADLINE_PASSED, EventKind.SIGNALLED}
"""What one can ask for; DELISTED says something of the source, not of the question."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """An address on a channel. `ref` is random and stands for it in links, envelopes and logs.

    A webhook's `secret` signs its deliveries (`whsec_…`). `owner_id` is the e-mail subscriber who
    made it from the web; None when the operator did.
    """

    id: int
    ref: str
    channel: Channel
    address: str = field(repr=False)
    created_at: datetime
    verified_at: datetime | None = None
    disabled_at: datetime | None = None
    disabled_reason: DisabledReason | None = None
    owner_id: int | None = None
    secret: str | None = field(default=None, repr=False)

    @property
    def reachable(self) -> bool:
        """Whether alerts may be sent to it at all."""
        return self.verified_at is not None and self.disabled_at is None


@dataclass(frozen=True, slots=True)
class Subscription:
    """What one address asked for. `selection.kinds` is never empty here.

    `since_sequence` is the place in our sequence it starts after: a new subscriber starts from now.
    `heartbeat` asks for « rien de nouveau » once a month when nothing else was sent.
    """

    id: int
    subscriber_id: int
    selection: Selection
    frequency: Frequency
    state: SubscriptionState
    since_sequence: int
    created_at: datetime
    heartbeat: bool = False
    label: str | None = None  # the name its owner gave it


class TokenPurpose(StrEnum):
    """What a token in a link allows: confirming one subscription, or managing all of an address."""

    CONFIRM = "confirm"
    MANAGE = "manage"


# --- what is owed, and the message it goes out in -----------------------------------------------------


@dataclass(frozen=True, slots=True)
class Owed:
    """One event owed to one subscription, not yet in a message.

    `story` is equal for events that are one thing to tell: one answer given to several questions.
    """

    subscriber_id: int
    subscription_id: int
    sequence: int
    event_id: str
    story: str
    frequency: Frequency
    due: bool  # at once, or its digest's hour has come


class MessageKind(StrEnum):
    """What a message is.

    ALERT tells one story at once: one event, or one answer given to several questions. DIGEST tells
    several: the day's, the week's, or what would have been a storm. CONFIRMATION asks an address to
    confirm a subscription, ACCESS brings a link to manage one's own, NOTICE tells an owner about a
    webhook of theirs, OPERATOR tells the operator.
    """

    ALERT = "alert"
    DIGEST = "digest"
    HEARTBEAT = "heartbeat"
    CONFIRMATION = "confirmation"
    ACCESS = "access"
    NOTICE = "notice"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class MatchedEvent:
    """An event, and the subscriptions of the receiver that it matches: the message says which."""

    view: EventView
    subscriptions: tuple[Subscription, ...]


@dataclass(frozen=True, slots=True)
class Message:
    """One message, the same at each attempt to send it.

    `id` is 32 hexadecimal digits, derived from the receiver and what is told: the Message-ID and the
    webhook-id are made from it. `created_at` never moves: the Date of a mail, the timestamp of the
    content. `events` come oldest first. `earlier` are ids of messages to the same receiver about the
    same questions, oldest first: for References. `token` (purpose MANAGE) makes the links to manage
    and stop; for a CONFIRMATION it is the token to confirm with (purpose CONFIRM).

    `details`, by kind: HEARTBEAT `checked_at` (ISO instant, empty when the source was never read);
    OPERATOR `notice` (a `NoticeKind`) and `text`; NOTICE `notice` (`webhook-disabled`), `text` (the
    webhook's host) and `reason` (a `DisabledReason`).
    """

    id: str
    kind: MessageKind
    subscriber: Subscriber
    created_at: datetime
    events: tuple[MatchedEvent, ...] = ()
    subscriptions: tuple[Subscription, ...] = ()  # all that it is about, those of `events` included
    earlier: tuple[str, ...] = ()
    token: str | None = field(default=None, repr=False)
    details: Mapping[str, str] = field(default_factory=dict, repr=False)
    attempt: int = 1


class Outcome(StrEnum):
    """How one attempt ended. GONE disables the address at once (a webhook's 410)."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """What a sender says of one attempt. `reason` is short, for the operator, without any address.

    `uncertain`: the receiver may have accepted it all the same (the line was cut after the last
    byte): it will be sent again as it is, never merged with others. `whole_channel`: nothing could be
    sent to anybody (the relay is away): the attempt is not counted against the message.
    """

    outcome: Outcome
    reason: str = ""
    uncertain: bool = False
    whole_channel: bool = False


ACCEPTED = DeliveryResult(Outcome.ACCEPTED)


class NoticeKind(StrEnum):
    """What the operator is told of, once per kind until it is over."""

    SOURCE_STALE = "source-stale"
    RUN_FAILED = "run-failed"
    SOURCE_ISSUES = "source-issues"
    REVIEW = "review"  # doubtful topic matches wait for a decision
    OUTBOX_GROWING = "outbox-growing"
    BOUNCES = "bounces"
    WEBHOOK_DISABLED = "webhook-disabled"
