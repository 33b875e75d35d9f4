"""Webhooks: a message posted to another program, signed.

Enters: a `Message`, a clock. Leaves: what the receiver answered, as a `DeliveryResult`. Nothing private is
ever connected to unless the operator allows it: a name is looked up first, since an attempt to connect would
already tell what listens on our own network; then `httpx-secure` looks at the address that is really
connected to, whatever its name led to before. Redirects are not followed, proxies of the environment not
used.
"""

from __future__ import annotations

import asyncio
import contextlib
import ssl

import httpx
from httpx_secure import SSRFProtectionError, httpx_ssrf_protection

from feeds.alerts.addresses import IpAddress, is_public, leads_outside
from feeds.alerts.compose import Composer
from feeds.alerts.payload import payload_bytes
from feeds.alerts.signing import signed_headers
from tracker.alerts import ACCEPTED, DeliveryResult, Message, Outcome
from tracker.clock import Clock

ANSWER_SECONDS = 15.0
_MOST_ANSWER_BYTES = 16_384
_REST_SECONDS = 1.0  # for the body of an answer whose status is known
_NAMES_SECONDS = 60.0  # how long an address that was found good is used again
_CONNECTIONS = httpx.Limits(max_connections=50, max_keepalive_connections=20, keepalive_expiry=10)
_SERVER_ERROR = 500

_REFUSED = DeliveryResult(Outcome.TEMPORARY, "adresse d'un réseau privé, refusée")
_FAILURES: tuple[tuple[type[Exception] | tuple[type[Exception], ...], DeliveryResult], ...] = (
    (SSRFProtectionError, _REFUSED),
    (
        (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout),
        DeliveryResult(Outcome.TEMPORARY, "destinataire injoignable"),
    ),
    (
        (httpx.TimeoutException, TimeoutError),
        DeliveryResult(Outcome.TEMPORARY, "pas de réponse à temps", uncertain=True),
    ),
    (
        (httpx.InvalidURL, httpx.UnsupportedProtocol),
        DeliveryResult(Outcome.PERMANENT, "adresse mal formée"),
    ),
    (httpx.HTTPError, DeliveryResult(Outcome.TEMPORARY, "connexion coupée", uncertain=True)),
)
"""What each failure means; the first that fits."""


class WebhookSender:
    """The `Sender` of the channel WEBHOOK. Make it inside the event loop that sends."""

    def __init__(
        self,
        composer: Composer,
        clock: Clock,
        *,
        user_agent: str = "asalee-tracker",
        allow_private: bool = False,
        tls: ssl.SSLContext | None = None,
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._composer = composer
        self._clock = clock
        self._allow_private = allow_private
        self._answer_seconds = answer_seconds
        client = httpx.AsyncClient(
            headers={"User-Agent": user_agent, "Accept": "*/*"},
            timeout=answer_seconds,
            follow_redirects=False,
            trust_env=False,
            limits=_CONNECTIONS,
            verify=ssl.create_default_context() if tls is None else tls,
        )
        if not allow_private:
            httpx_ssrf_protection(client, custom_validator=_may_connect, dns_cache_ttl=_NAMES_SECONDS)
        self._client = client

    async def send(self, message: Message) -> DeliveryResult:
        """Post one message."""
        person = message.subscriber
        if person.secret is None:
            return DeliveryResult(Outcome.PERMANENT, "pas de secret pour signer")
        if not self._allow_private and not person.address.startswith("https://"):
            return DeliveryResult(Outcome.TEMPORARY, "adresse sans chiffrement, refusée")
        body = payload_bytes(message, self._composer)
        headers = signed_headers(person.secret, message.id, body, self._clock())
        try:
            async with asyncio.timeout(self._answer_seconds):
                host = _host_of(person.address)
                if not self._allow_private and not await asyncio.to_thread(leads_outside, host):
                    return _REFUSED
                return _result_of(await self._post(person.address, body, headers))
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            return next(result for kinds, result in _FAILURES if isinstance(error, kinds))

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _post(self, address: str, body: bytes, headers: dict[str, str]) -> int:
        """The status of the answer; of its body, only a little is read, so that the line can be kept."""
        async with self._client.stream(
            "POST", address, content=body, headers={"Content-Type": "application/json", **headers}
        ) as answer:
            with contextlib.suppress(httpx.HTTPError, TimeoutError):  # the status is the answer
                async with asyncio.timeout(_REST_SECONDS):
                    await _read_a_little(answer)
            return answer.status_code


async def _read_a_little(answer: httpx.Response) -> None:
    read = 0
    async for part in answer.aiter_raw():
        read += len(part)
        if read > _MOST_ANSWER_BYTES:
            break


def _host_of(address: str) -> str:
    return httpx.URL(address).raw_host.decode("ascii")


def _may_connect(_host: str, address: IpAddress, _port: int) -> bool:
    return is_public(address)


def _result_of(status: int) -> DeliveryResult:
    if httpx.codes.is_success(status):
        return ACCEPTED
    reason = f"réponse {status}"
    if status == httpx.codes.GONE:
        return DeliveryResult(Outcome.GONE, reason)
    if httpx.codes.is_redirect(status):
        return DeliveryResult(Outcome.TEMPORARY, f"{reason} : les redirections ne sont pas suivies")
    # a server that fails may have taken the message before it did
    return DeliveryResult(Outcome.TEMPORARY, reason, uncertain=status >= _SERVER_ERROR)
