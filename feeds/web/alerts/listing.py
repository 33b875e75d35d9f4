"""The page of all that an address asked for.

Enters: an `Account`, the token of its link. Leaves: HTML.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse

from feeds import wording
from feeds.alerts.frequencies import told_how_often
from feeds.alerts.links import manage_path, stop_path
from feeds.described import described
from feeds.typography import listed, typeset
from feeds.web.site import Site
from feeds.web.templating import Pages
from tracker.alert_ports import Account
from tracker.alerts import (
    OFFERED_KINDS,
    PRESELECTED_KINDS,
    DisabledReason,
    Subscription,
    SubscriptionState,
)
from tracker.events import EventKind

_STATES = {
    SubscriptionState.ACTIVE: "en cours",
    SubscriptionState.SUSPENDED: "suspendue",
    SubscriptionState.UNCONFIRMED: "pas encore confirmée",
    SubscriptionState.STOPPED: "arrêtée",
}
_WHY = {
    DisabledReason.BOUNCES: "des messages sont revenus",
    DisabledReason.FAILURES: "les envois ont échoué pendant plusieurs jours",
    DisabledReason.GONE: "il a répondu qu'il n'existait plus",
    DisabledReason.OPERATOR: "qui tient ce service l'a décidé",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One alert, in words."""

    id: int
    name: str
    about: str
    kinds: str
    how_often: str
    state: str
    heartbeat: bool
    suspended: bool
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Hook:
    """A webhook: `name` is its host, with a rank when several are there.

    The whole address may hold a secret of its owner's.
    """

    id: int
    address: str
    name: str
    disabled: str
    can_enable: bool
    asked: tuple[Asked, ...]


def listing(
    site: Site,
    pages: Pages,
    request: Request,
    account: Account,
    token: str,
    *,
    said: str = "",
    failed: str = "",
) -> HTMLResponse:
    """The page; `said` is what was just done, `failed` what could not be."""
    person = account.subscriber
    context = {
        "address": person.address,
        "disabled": _disabled(account),
        "can_enable": person.disabled_reason is not DisabledReason.OPERATOR,
        "asked": asked_of(site, account.subscriptions),
        "webhooks": _hooks(site, account.webhooks),
        "base": manage_path(token),
        "stop": stop_path(token),
        "said": typeset(said),
        "failed": typeset(failed),
    }
    status = HTTPStatus.BAD_GATEWAY if failed else HTTPStatus.OK
    return pages.response(request, "alertes-gerer.html", context, status=status)


def asked_of(site: Site, subscriptions: Iterable[Subscription]) -> tuple[Asked, ...]:
    """Subscriptions in words."""
    labels = site.labels()
    found = []
    for one in subscriptions:
        about = described(replace(one.selection, kinds=frozenset()), labels)
        found.append(
            Asked(
                one.id,
                one.label or about,
                about if one.label else "",
                kinds_told(one.selection.kinds),
                told_how_often(one.frequency),
                _STATES[one.state],
                one.heartbeat,
                one.state is SubscriptionState.SUSPENDED,
                one.state is not SubscriptionState.UNCONFIRMED,
            )
        )
    return tuple(found)


def kinds_told(kinds: frozenset[EventKind]) -> str:
    """Kinds of event in words."""
    if kinds == PRESELECTED_KINDS:
        return typeset("les événements habituels")
    if kinds == OFFERED_KINDS:
        return typeset("tous les événements")
    names = [wording.event(kind) for kind in EventKind if kind in kinds]
    return listed([name[0].lower() + name[1:] for name in names], len(names))


def _hooks(site: Site, accounts: Iterable[Account]) -> list[Hook]:
    hosts: Counter[str] = Counter()
    found = []
    for account in accounts:
        host = urlsplit(account.subscriber.address).netloc
        hosts[host] += 1
        name = f"{host} ({hosts[host]})" if hosts[host] > 1 else host
        found.append(_hook(site, account, name))
    return found


def _hook(site: Site, account: Account, name: str) -> Hook:
    person = account.subscriber
    return Hook(
        person.id,
        person.address,
        name,
        _disabled(account),
        person.disabled_reason is not DisabledReason.OPERATOR,
        asked_of(site, account.subscriptions),
    )


def _disabled(account: Account) -> str:
    reason = account.subscriber.disabled_reason
    return typeset(_WHY[reason]) if reason is not None else ""
