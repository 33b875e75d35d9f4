"""Who asked for what: `SqlSubscriptions`, for the web and the command line.

Enters: addresses, wishes, tokens of links. Leaves: accounts and subscriptions; confirmations in the
outbox. Each call is one transaction. Implements `tracker.alert_ports.SubscriptionStore`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, true

from db import consent, people, personal
from db.alert_tables import SUBSCRIBERS, SUBSCRIPTIONS
from db.dropping import drop_unsent
from db.engine import reading, writing
from db.owing import last_sequence
from tracker.alert_ports import Account, Wish
from tracker.alerts import (
    Channel,
    DisabledReason,
    MessageKind,
    Subscription,
    SubscriptionState,
    TokenPurpose,
)
from tracker.errors import UsageError


class SqlSubscriptions:
    """Subscriptions as they are kept."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # --- asking and confirming ---

    def ask(self, address: str, wish: Wish, *, at: datetime) -> None:
        """Keep an unconfirmed subscription and owe a CONFIRMATION, the same whoever it is."""
        kept = people.kept_form(Channel.EMAIL, address)
        with writing(self._engine) as connection:
            person = people.find(connection, Channel.EMAIL, kept) or people.create(
                connection, Channel.EMAIL, kept, at=at, verified=False
            )
            if person.disabled_reason is DisabledReason.OPERATOR or not consent.may_write_to(
                connection, person, at
            ):
                return
            subscription_id = consent.unconfirmed(connection, person, wish, at)
            if subscription_id is not None:
                consent.write_to(connection, person, MessageKind.CONFIRMATION, at, subscription_id)

    def ask_access(self, address: str, *, at: datetime) -> None:
        """Owe an ACCESS message to a verified e-mail address; nothing happens for another."""
        kept = people.kept_form(Channel.EMAIL, address)
        with writing(self._engine) as connection:
            person = people.find(connection, Channel.EMAIL, kept)
            if person is not None and person.reachable and consent.may_write_to(connection, person, at):
                consent.write_to(connection, person, MessageKind.ACCESS, at)

    def look_at(self, token: str, purpose: TokenPurpose, *, at: datetime) -> Account | None:
        """Whom a link is for, changing nothing."""
        with reading(self._engine) as connection:
            found = consent.held_by(connection, token, purpose, at)
            if found is None:
                return None
            subscriber_id, subscription_id = found
            if purpose is TokenPurpose.MANAGE:
                return people.accounts(connection, SUBSCRIBERS.c.id == subscriber_id)[0]
            asked = people.subscriptions(connection, SUBSCRIPTIONS.c.id == subscription_id)
            return Account(people.by_id(connection, subscriber_id), tuple(asked))

    def confirm(self, token: str, *, at: datetime) -> Subscription | None:
        """Verify the address and start the subscription from now; the same again changes nothing."""
        with writing(self._engine) as connection:
            found = consent.held_by(connection, token, TokenPurpose.CONFIRM, at)
            if found is None or found[1] is None:
                return None
            subscriber_id, subscription_id = found[0], found[1]
            if people.by_id(connection, subscriber_id).disabled_reason is DisabledReason.OPERATOR:
                return None
            asked = people.subscription(connection, subscription_id, subscriber_id)
            if asked.state is not SubscriptionState.UNCONFIRMED:
                return asked
            consent.verify(connection, subscriber_id, at)
            return consent.start(connection, consent.merged(connection, asked), at)

    # --- what an operator or an owner does ---

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
        """Verified and active at once. Raises UsageError when it belongs to another owner."""
        kept = people.kept_form(channel, address)
        with writing(self._engine) as connection:
            person = people.find(connection, channel, kept)
            if person is None:
                person = people.create(
                    connection, channel, kept, at=at, verified=True, secret=secret, owner_id=owner_id
                )
            elif owner_id is not None and person.owner_id != owner_id:
                raise UsageError("Cette adresse est déjà utilisée par un autre abonné.")
            if person.verified_at is None:
                consent.verify(connection, person.id, at)
            subscription_id = consent.unconfirmed(connection, person, wish, at)
            if subscription_id is None:
                raise UsageError(f"Une adresse a au plus {consent.MOST_SUBSCRIPTIONS} abonnements.")
            asked = people.subscription(connection, subscription_id, None)
            return consent.start(connection, consent.merged(connection, asked), at)

    def change(
        self, subscription_id: int, wish: Wish, *, at: datetime, subscriber_id: int | None = None
    ) -> Subscription:
        """Put another wish in place; a filter that changes starts from now."""
        with writing(self._engine) as connection:
            kept = people.subscription(connection, subscription_id, subscriber_id)
            if kept.state not in consent.STANDING:
                raise UsageError("Cet abonnement n'est pas en cours : il ne peut pas être modifié.")
            columns = people.wish_columns(connection, wish, at)
            if wish.followed != kept.selection:
                columns["since_sequence"] = last_sequence(connection)
            consent.update(connection, subscription_id, columns)
            if wish.followed != kept.selection:
                drop_unsent(connection, [subscription_id])
                people.forget_unused_filters(connection)
            return people.subscription(connection, subscription_id, None)

    def move(
        self,
        subscription_id: int,
        state: SubscriptionState,
        *,
        at: datetime,
        subscriber_id: int | None = None,
    ) -> Subscription:
        """Suspend, resume (from now) or stop; what was owed and unsent is dropped."""
        with writing(self._engine) as connection:
            kept = people.subscription(connection, subscription_id, subscriber_id)
            if state is SubscriptionState.ACTIVE:
                person = people.by_id(connection, kept.subscriber_id)
                if person.verified_at is None:
                    raise UsageError(
                        "Cette adresse n'est pas confirmée : son abonnement ne peut pas commencer."
                    )
                return kept if kept.state is state else consent.start(connection, kept, at)
            consent.update(connection, subscription_id, {"state": state.value, "changed_at": at})
            drop_unsent(connection, [subscription_id])
            return people.subscription(connection, subscription_id, None)

    def stop_all(self, token: str, *, at: datetime) -> bool:
        """One-click stop: all subscriptions of the address; True again if repeated."""
        with writing(self._engine) as connection:
            found = consent.held_by(connection, token, TokenPurpose.MANAGE, at)
            if found is None:
                return False
            mine = people.subscriptions(connection, SUBSCRIPTIONS.c.subscriber_id == found[0])
            ids = [one.id for one in mine if one.state is not SubscriptionState.STOPPED]
            connection.execute(
                SUBSCRIPTIONS.update()
                .where(SUBSCRIPTIONS.c.id.in_(ids))
                .values(state=SubscriptionState.STOPPED.value, changed_at=at)
            )
            drop_unsent(connection, ids)
            return True

    def enable(self, subscriber_id: int, *, at: datetime) -> None:
        """Send to an address again, from now."""
        with writing(self._engine) as connection:
            people.by_id(connection, subscriber_id)
            consent.verify(connection, subscriber_id, at)
            connection.execute(
                SUBSCRIPTIONS.update()
                .where(SUBSCRIPTIONS.c.subscriber_id == subscriber_id)
                .values(since_sequence=last_sequence(connection))
            )

    def disable(self, subscriber_id: int, reason: DisabledReason, *, at: datetime) -> None:
        """Send nothing more to an address."""
        with writing(self._engine) as connection:
            consent.disable(connection, subscriber_id, reason, at)

    def set_secret(self, subscriber_id: int, secret: str) -> None:
        """Replace a webhook's signing secret."""
        with writing(self._engine) as connection:
            people.by_id(connection, subscriber_id)
            consent.update_person(connection, subscriber_id, {"secret": secret})

    # --- looking ---

    def accounts(self, *, channel: Channel | None = None) -> Sequence[Account]:
        """Everyone, for the operator."""
        with reading(self._engine) as connection:
            which = true() if channel is None else SUBSCRIBERS.c.channel == channel.value
            return people.accounts(connection, which)

    def account(self, address: str) -> Account | None:
        """One address as it was typed."""
        with reading(self._engine) as connection:
            return next(iter(people.accounts(connection, people.named(address))), None)

    # --- the person's rights ---

    def export(self, address: str) -> Mapping[str, Any] | None:
        """All that is kept about an address."""
        with reading(self._engine) as connection:
            return personal.export(connection, people.named(address))

    def erase(self, address: str) -> bool:
        """Delete all of it, webhooks it owns included."""
        with writing(self._engine) as connection:
            return personal.erase(connection, people.named(address)) > 0

    def purge(self, *, at: datetime) -> int:
        """Delete what need not be kept; the number of addresses deleted."""
        with writing(self._engine) as connection:
            return personal.purge(connection, at)
