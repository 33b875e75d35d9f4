"""Chats that the operator has chosen, through Apprise.

Enters: a `Message` whose address is one of Apprise's (`mmosts://…`, `ntfys://…`). Leaves: whether the
service took it. Such an address holds tokens, and Apprise and what it uses log addresses: their loggers
are silenced here, for the whole process.
"""

from __future__ import annotations

import asyncio
import logging

import apprise
from apprise import NotifyBase
from apprise.result import AppriseResultStatus

from feeds.alerts.addresses import leads_outside
from feeds.alerts.chat_text import ChatText, chat_text
from feeds.alerts.compose import Composer
from tracker.alerts import ACCEPTED, DeliveryResult, Message, Outcome
from tracker.errors import UsageError

SERVICE_SECONDS = 40.0

_TALKATIVE = ("apprise", "urllib3", "requests_oauthlib", "oauthlib")
_NEVER = logging.CRITICAL + 1

_UNENCRYPTED = "adresse sans chiffrement, refusée"
_PRIVATE = "adresse d'un réseau privé, refusée"


class ChatSender:
    """The `Sender` of the channel CHAT."""

    def __init__(
        self, composer: Composer, *, allow_private: bool = False, service_seconds: float = SERVICE_SECONDS
    ) -> None:
        _silence()
        self._composer = composer
        self._allow_private = allow_private
        self._asset = apprise.AppriseAsset(
            app_id="asalee-tracker",
            app_desc="asalee-tracker",
            async_mode=False,
            storage_mode=apprise.PersistentStoreMode.MEMORY,
            service_timeout=service_seconds,
        )

    async def send(self, message: Message) -> DeliveryResult:
        """Tell one room; Apprise blocks, so in a thread."""
        said = chat_text(message, self._composer)
        return await asyncio.to_thread(self._tell, message.subscriber.address, said)

    async def close(self) -> None:
        """Nothing is kept open."""

    def _tell(self, address: str, said: ChatText) -> DeliveryResult:
        service = _service_of(address, self._asset)
        if service is None:
            return DeliveryResult(Outcome.PERMANENT, "adresse de salon inconnue d'Apprise")
        if not self._allow_private:
            refused = _refused(address, service)
            if refused is not None:
                return DeliveryResult(Outcome.TEMPORARY, refused)
        manager = apprise.Apprise(asset=self._asset)
        manager.add(service)
        result = manager.notify(body=said.body, title=said.title, body_format=apprise.NotifyFormat.TEXT)
        if result:
            return ACCEPTED
        if result.status is AppriseResultStatus.TIMEOUT:
            return DeliveryResult(Outcome.TEMPORARY, "pas de réponse à temps", uncertain=True)
        return DeliveryResult(Outcome.TEMPORARY, "le service de discussion n'a pas pris le message")


def chat_address(typed: str, *, allow_private: bool = False) -> str:
    """An address of Apprise's that messages can go to. Raises UsageError, which does not repeat it."""
    _silence()
    address = typed.strip()
    service = _service_of(address, apprise.AppriseAsset())
    if service is None:
        raise UsageError(
            "Cette adresse n'est pas de celles qu'Apprise connaît. Exemple : ntfys://ntfy.exemple.fr/sujet."
        )
    if not allow_private and not _is_encrypted(address, service):
        raise UsageError(
            "Cette adresse n'est pas chiffrée : employez sa forme chiffrée (ntfys://, mmosts://, …)."
        )
    return address


def _service_of(address: str, asset: apprise.AppriseAsset) -> NotifyBase | None:
    service = apprise.Apprise.instantiate(address, asset=asset, suppress_exceptions=True)
    if not isinstance(service, NotifyBase):
        return None
    service.redirects = False
    return service


def _refused(address: str, service: NotifyBase) -> str | None:
    """Why a room is not written to, looked up at each sending; None when it may be."""
    if not _is_encrypted(address, service):
        return _UNENCRYPTED
    forms: tuple[str, ...] = service.templates
    if any("{host}" in form for form in forms) and not leads_outside(str(service.host)):
        return _PRIVATE
    return None


def _is_encrypted(address: str, service: NotifyBase) -> bool:
    secure = service.secure_protocol or ()
    schemes: tuple[str, ...] = (secure,) if isinstance(secure, str) else tuple(secure)
    return address.partition("://")[0].lower() in {"https", *schemes}


def _silence() -> None:
    for name in _TALKATIVE:
        logger = logging.getLogger(name)
        logger.setLevel(_NEVER)
        logger.propagate = False
