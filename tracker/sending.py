"""What is owed, sent: the ways out that the settings open, and reports that come back.

Enters: a place. Leaves: the dispatcher with its senders, or one sender for a test; what reports say,
noted in the outbox. What is heavy is imported by the function that needs it, as in `tracker.wiring`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

from db.outbox import SqlOutbox
from tracker.alert_ports import GroupingRules, Sender
from tracker.alerts import Channel
from tracker.errors import SettingsError, UsageError
from tracker.mail_addresses import mail_address
from tracker.wiring import Place, topics_of

if TYPE_CHECKING:
    from feeds.alerts.compose import Composer
    from feeds.alerts.dispatch import Dispatcher

_WEBHOOKS_AT_A_TIME = 8
_CHATS_AT_A_TIME = 2


@dataclass(slots=True)
class BounceCount:
    """What came of some reports: how many were read, were about us, disabled an address."""

    mails: int = 0
    reports: int = 0
    disabled: int = 0


def make_composer(place: Place) -> Composer:
    """What puts the messages of a place in words."""
    from feeds.alerts.compose import Composer  # noqa: PLC0415  # see the module's docstring
    from feeds.alerts.filter_names import FilterNames  # noqa: PLC0415
    from feeds.alerts.site import AlertSite  # noqa: PLC0415

    settings = place.settings
    topics = {topic.slug: topic.name for topic in topics_of(settings).topics}
    return Composer(
        AlertSite(
            public_url=settings.public_base,
            operator_name=settings.operator_name,
            operator_contact=settings.operator_contact,
            demo=settings.demo,
            stale_after=timedelta(hours=settings.stale_after_hours),
            describe=FilterNames(place.reader, topics, place.clock),
        )
    )


def make_senders(place: Place) -> dict[Channel, Sender]:
    """A sender for each channel that the settings open; mail needs a relay.

    Raises SettingsError when the settings of mail are not whole.
    """
    from feeds.alerts.on_demand import OnDemand  # noqa: PLC0415  # see the module's docstring

    composer = make_composer(place)
    senders: dict[Channel, Sender] = {
        Channel.WEBHOOK: OnDemand(lambda: _webhooks(place, composer)),
        Channel.CHAT: OnDemand(lambda: _chats(place, composer)),
    }
    if place.settings.smtp_host:
        senders[Channel.EMAIL] = _mail(place, composer, place.settings.smtp_host)
    return senders


def make_dispatcher(place: Place) -> Dispatcher:
    """The dispatcher of a place, paced as its settings say."""
    from feeds.alerts.dispatch import Dispatcher, DispatchRules  # noqa: PLC0415  # see the module's docstring
    from feeds.alerts.pace import Pace  # noqa: PLC0415

    settings = place.settings
    rules = DispatchRules(
        grouping=GroupingRules(at_once_limit=settings.alerts_at_once),
        paces={
            Channel.EMAIL: Pace(settings.mail_connections, settings.mail_per_minute),
            Channel.WEBHOOK: Pace(_WEBHOOKS_AT_A_TIME),
            Channel.CHAT: Pace(_CHATS_AT_A_TIME),
        },
    )
    return Dispatcher(SqlOutbox(place.engine), make_senders(place), rules, place.clock)


def operator_addresses(place: Place) -> list[tuple[Channel, str]]:
    """Who the settings say is told when things go wrong. Raises SettingsError on a wrong address."""
    found = []
    for typed in place.settings.operator_alerts:
        try:
            if "://" in typed:
                found.append((Channel.CHAT, _chat_address(place, typed)))
            else:
                found.append((Channel.EMAIL, mail_address(typed)))
        except UsageError as error:
            raise SettingsError(f"Réglage TRACKER_OPERATOR_ALERTS : {error}") from error
    return found


def take_bounces(place: Place, mails: Iterable[bytes]) -> BounceCount:
    """Note what mails report of messages that could not be delivered."""
    from feeds.alerts.bounces import bounce_of  # noqa: PLC0415  # see the module's docstring

    outbox, count = SqlOutbox(place.engine), BounceCount()
    for mail in mails:
        count.mails += 1
        bounce = bounce_of(mail)
        if bounce is None:
            continue
        ref = bounce.ref
        if ref is None and bounce.message_id is not None:
            message = outbox.message(bounce.message_id)
            ref = message.subscriber.ref if message else None
        if ref is None:
            continue
        count.reports += 1
        count.disabled += outbox.record_bounce(
            ref,
            permanent=bounce.permanent,
            status=bounce.status,
            at=place.clock(),
            message_id=bounce.message_id,
        )
    return count


def _mail(place: Place, composer: Composer, host: str) -> Sender:
    from feeds.alerts.email_message import MailIdentity  # noqa: PLC0415  # see the module's docstring
    from feeds.alerts.email_sender import EmailSender  # noqa: PLC0415
    from feeds.alerts.mail_text import MailRenderer  # noqa: PLC0415
    from feeds.alerts.relay import Relay  # noqa: PLC0415

    settings = place.settings
    if settings.mail_from is None:
        raise SettingsError(
            "TRACKER_SMTP_HOST est réglé, mais pas TRACKER_MAIL_FROM : donnez l'adresse d'expédition "
            "des alertes."
        )
    identity = MailIdentity(
        address=settings.mail_from,
        name=settings.mail_name,
        links=composer.site.links,
        bounces=settings.mail_bounces,
        unsubscribe=settings.mail_unsubscribe,
        reply_to=_reply_to(settings.operator_contact),
    )
    relay = Relay(
        host=host,
        hello=identity.domain,
        port=settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password,
    )
    return EmailSender(MailRenderer(composer), identity, relay)


def _webhooks(place: Place, composer: Composer) -> Sender:
    from feeds.alerts.webhook import WebhookSender  # noqa: PLC0415  # see the module's docstring

    settings = place.settings
    about = f"asalee-tracker/{version('asalee-tracker')} (+{settings.public_base})"
    return WebhookSender(composer, place.clock, user_agent=about, allow_private=settings.alerts_allow_private)


def _chats(place: Place, composer: Composer) -> Sender:
    from feeds.alerts.chat import ChatSender  # noqa: PLC0415  # see the module's docstring

    return ChatSender(composer, allow_private=place.settings.alerts_allow_private)


def _chat_address(place: Place, typed: str) -> str:
    from feeds.alerts.chat import chat_address  # noqa: PLC0415  # see the module's docstring

    return chat_address(typed, allow_private=place.settings.alerts_allow_private)


def _reply_to(contact: str) -> str | None:
    """The operator's contact when it is a mailbox; a page of contact is none."""
    try:
        return mail_address(contact)
    except UsageError:
        return None
