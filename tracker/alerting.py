"""Where alerts are wired: senders from the settings, the dispatcher, what the pages are handed.

Enters: a place, and for the demonstration another way out for mail. Leaves: an `Alerting`: a dispatcher that
works in a thread or once, a desk for the pages, a test of one address.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from db.limits import SqlLimits
from db.notices import SqlNotices
from db.outbox import SqlOutbox
from db.subscriptions import SqlSubscriptions
from tracker.alert_ports import GroupingRules, Sender
from tracker.alerts import Channel, DeliveryResult, Subscriber
from tracker.errors import SettingsError, UsageError
from tracker.mail_addresses import mail_address
from tracker.settings import Settings
from tracker.wiring import Place, topics_of

if TYPE_CHECKING:
    from feeds.alerts.bounces import Bounce
    from feeds.alerts.compose import Composer
    from feeds.alerts.dispatch import Dispatcher
    from feeds.alerts.email_message import MailIdentity
    from feeds.web.alerts.desk import AlertDesk
    from feeds.web.metrics import Watched

MakeMail = Callable[["Composer", "MailIdentity"], Sender]

_WEBHOOKS_AT_A_TIME = 10
_TRIAL_SECONDS = 50.0


class Alerting:
    """The alerts of one place; `make_mail` takes the place of the settings' relay."""

    def __init__(self, place: Place, make_mail: MakeMail | None = None) -> None:
        self._place = place
        self._make_mail = make_mail or relay_of(place.settings)
        self.subscriptions = SqlSubscriptions(place.engine)
        self.outbox = SqlOutbox(place.engine)
        self.notices = SqlNotices(place.engine)

    @property
    def has_mail(self) -> bool:
        """Whether mail can leave."""
        return self._make_mail is not None

    def dispatcher(self) -> Dispatcher:
        """A dispatcher; make it inside the event loop that runs it."""
        from feeds.alerts.dispatch import Dispatcher, DispatchRules  # noqa: PLC0415  # heavy: see `wiring`
        from feeds.alerts.pace import Pace  # noqa: PLC0415

        settings = self._place.settings
        rules = DispatchRules(
            grouping=GroupingRules(at_once_limit=settings.alerts_at_once),
            paces={
                Channel.EMAIL: Pace(settings.mail_connections, settings.mail_per_minute),
                Channel.WEBHOOK: Pace(_WEBHOOKS_AT_A_TIME),
            },
        )
        return Dispatcher(self.outbox, self._senders(), rules, self._place.clock)

    def send_due(self) -> int:
        """One pass by hand: send all that is due; the number of messages accepted."""

        async def drain() -> int:
            return await self.dispatcher().drain()

        return asyncio.run(drain())

    def try_out(self, subscriber: Subscriber) -> DeliveryResult:
        """Send a test to one address, past the outbox, and wait for what comes of it.

        Raises SettingsError for an e-mail address while no relay is set.
        """
        from feeds.alerts.trial import trial_message  # noqa: PLC0415

        async def send() -> DeliveryResult:
            senders = self._senders()
            if subscriber.channel not in senders:
                raise SettingsError(
                    "Aucun relais de courrier n'est réglé : donnez TRACKER_SMTP_HOST et TRACKER_MAIL_FROM."
                )
            sender = senders[subscriber.channel]
            try:
                async with asyncio.timeout(_TRIAL_SECONDS):
                    return await sender.send(trial_message(subscriber, self._place.clock()))
            finally:
                await sender.close()

        return asyncio.run(send())

    def take_bounce(self, report: Bounce) -> bool:
        """Note a report of mail that came back; True when it disabled the address."""
        ref = report.ref
        if ref is None and report.message_id is not None:
            message = self.outbox.message(report.message_id)
            ref = message.subscriber.ref if message is not None else None
        if ref is None:
            return False
        return self.outbox.record_bounce(
            ref,
            permanent=report.permanent,
            status=report.status,
            at=self.now(),
            message_id=report.message_id,
        )

    def now(self) -> datetime:
        """The instant it is."""
        return self._place.clock()

    def desk(self) -> AlertDesk | None:
        """What the pages work with; None while mail cannot leave: nobody could confirm."""
        from feeds.web.alerts.desk import AlertDesk  # noqa: PLC0415
        from feeds.web.alerts.seal import Seal  # noqa: PLC0415

        if not self.has_mail:
            return None
        place = self._place
        return AlertDesk(
            subscriptions=self.subscriptions,
            limits=SqlLimits(place.engine),
            seal=Seal(place.store.secret("forms"), place.clock),
            clock=place.clock,
            try_out=self.try_out,
            allow_private=place.settings.alerts_allow_private,
            webhooks=not place.settings.demo,
        )

    def watched(self) -> Watched:
        """What health and metrics look at."""
        from feeds.web.metrics import Watched  # noqa: PLC0415

        return Watched(self.notices, self.outbox)

    def _senders(self) -> Mapping[Channel, Sender]:
        from feeds.alerts.on_demand import OnDemand  # noqa: PLC0415

        settings, composer = self._place.settings, self._composer
        senders: dict[Channel, Sender] = {}
        if not settings.demo:  # a demonstration connects to nothing
            senders[Channel.WEBHOOK] = OnDemand(lambda: _webhooks(self._place, composer))
            senders[Channel.CHAT] = OnDemand(lambda: _chats(settings, composer))
        if self._make_mail is not None:
            senders[Channel.EMAIL] = self._make_mail(composer, identity_of(settings))
        return senders

    @cached_property
    def _composer(self) -> Composer:
        from feeds.alerts.compose import Composer  # noqa: PLC0415
        from feeds.alerts.filter_names import FilterNames  # noqa: PLC0415
        from feeds.alerts.site import AlertSite  # noqa: PLC0415

        place = self._place
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


def relay_of(settings: Settings) -> MakeMail | None:
    """How mail leaves by the relay of the settings; None when none is set.

    Raises SettingsError when there is a relay and no address to write from, or half of a login.
    """
    host = settings.smtp_host
    if host is None:
        return None
    if settings.mail_from is None:
        raise SettingsError(
            "TRACKER_SMTP_HOST est réglé sans TRACKER_MAIL_FROM : donnez l'adresse d'expédition des alertes."
        )
    if (settings.smtp_user is None) != (settings.smtp_password is None):
        raise SettingsError(
            "TRACKER_SMTP_USER et TRACKER_SMTP_PASSWORD vont ensemble : donnez les deux, ou aucun."
        )

    def make(composer: Composer, identity: MailIdentity) -> Sender:
        from feeds.alerts.email_sender import EmailSender  # noqa: PLC0415
        from feeds.alerts.mail_text import MailRenderer  # noqa: PLC0415
        from feeds.alerts.relay import Relay  # noqa: PLC0415

        relay = Relay(
            host=host,
            hello=urlsplit(settings.public_base).hostname or "localhost",
            port=settings.smtp_port,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=settings.smtp_password,
        )
        return EmailSender(MailRenderer(composer), identity, relay)

    return make


def identity_of(settings: Settings) -> MailIdentity:
    """Who writes."""
    from feeds.alerts.email_message import MailIdentity  # noqa: PLC0415
    from feeds.alerts.links import Links  # noqa: PLC0415

    address = settings.mail_from or "alertes@localhost"
    return MailIdentity(
        address=address,
        name=settings.mail_name,
        links=Links(settings.public_base),
        bounces=settings.mail_bounces,
        unsubscribe=settings.mail_unsubscribe,
        reply_to=_mailbox(settings.operator_contact),
    )


def operators_of(settings: Settings) -> list[tuple[Channel, str]]:
    """Who is told when the service is unwell."""
    return [
        (Channel.CHAT if "://" in address else Channel.EMAIL, address) for address in settings.operator_alerts
    ]


def _mailbox(contact: str) -> str | None:
    """The operator's contact, when it is a mailbox."""
    try:
        return mail_address(contact)
    except UsageError:
        return None


def _webhooks(place: Place, composer: Composer) -> Sender:
    from feeds.alerts.webhook import WebhookSender  # noqa: PLC0415

    agent = f"asalee-tracker (+{place.settings.public_base})"
    private = place.settings.alerts_allow_private
    return WebhookSender(composer, place.clock, user_agent=agent, allow_private=private)


def _chats(settings: Settings, composer: Composer) -> Sender:
    from feeds.alerts.chat import ChatSender  # noqa: PLC0415

    return ChatSender(composer, allow_private=settings.alerts_allow_private)
