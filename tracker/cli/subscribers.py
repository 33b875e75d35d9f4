"""The commands about who gets alerts: list, add, suspend, test, export, erase.

Addresses are shown to who runs these commands and asks for them; they are never written to a log.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from tracker.cli.french import FrenchCommand, FrenchGroup
from tracker.cli.output import say, say_json, say_table
from tracker.cli.questions import selection_of
from tracker.errors import TrackerError, UsageError

if TYPE_CHECKING:
    from tracker.alert_ports import Account
    from tracker.alerting import Alerting
    from tracker.alerts import Channel, Frequency
    from tracker.settings import Settings

Json = Annotated[bool, typer.Option("--json", help="Écrit du JSON, pour un programme.")]
Address = Annotated[
    str, typer.Argument(metavar="ADRESSE", help="L'adresse électronique, du webhook ou du salon.")
]
Filters = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FILTRE]...",
        help="Filtres, comme dans les adresses du site : groupe=gdr, question=…, evenement=reponse…",
        show_default=False,
    ),
]

app = typer.Typer(
    cls=FrenchGroup,
    help="Les personnes, webhooks et salons qui reçoivent des alertes.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

_WEB = ("https", "http")
_WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


@app.command("list", cls=FrenchCommand)
def list_subscribers(
    *,
    addresses: Annotated[
        bool, typer.Option("--adresses", help="Montre les adresses entières (données personnelles).")
    ] = False,
    as_json: Json = False,
) -> None:
    """Qui reçoit quoi : canal, état, nombre d'alertes. Les adresses sont abrégées, sauf avec --adresses.

    Exemple :
      asalee-tracker subscribers list
    """
    with _opened() as (alerting, _):
        accounts = alerting.subscriptions.accounts()
    if as_json:
        say_json([_plain(account, whole=addresses) for account in accounts])
        return
    if not accounts:
        say("Personne ne reçoit d'alertes. Pour commencer : la page /alertes, ou subscribers add")
        return
    say_table(
        ("CANAL", "ÉTAT", "ALERTES", "DEPUIS", "ADRESSE"),
        [
            (
                account.subscriber.channel.value,
                _state(account),
                str(len(account.subscriptions)),
                str(account.subscriber.created_at.date()),
                _shown(account.subscriber.address, whole=addresses),
            )
            for account in accounts
        ],
    )


@app.command("add", cls=FrenchCommand)
def add(
    filters: Filters = None,
    *,
    email: Annotated[
        str | None, typer.Option("--email", help="Adresse électronique, dont la personne a consenti.")
    ] = None,
    webhook: Annotated[str | None, typer.Option("--webhook", help="Adresse https d'un webhook.")] = None,
    chat: Annotated[
        str | None,
        typer.Option("--chat", help="Salon, au format d'Apprise (ntfys://…, mmosts://…, slack://…)."),
    ] = None,
    rhythm: Annotated[
        Literal["immediat", "jour", "semaine"], typer.Option("--rythme", help="À quel rythme.")
    ] = "immediat",
    hour: Annotated[int, typer.Option("--heure", min=0, max=23, help="Heure du message groupé (Paris).")] = 8,
    weekday: Annotated[
        Literal["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"],
        typer.Option("--jour", help="Jour du message hebdomadaire."),
    ] = "mercredi",
    heartbeat: Annotated[
        bool, typer.Option("--mensuel", help="Écrit « rien de nouveau » après un mois sans rien.")
    ] = False,
    label: Annotated[str | None, typer.Option("--nom", help="Nom de l'alerte.", show_default=False)] = None,
) -> None:
    """Ajoute une alerte, sans confirmation : l'adresse est la vôtre, ou son titulaire a consenti.

    Le secret d'un webhook est affiché une seule fois.

    Exemples :
      asalee-tracker subscribers add --chat ntfys://ntfy.exemple.fr/asalee
      asalee-tracker subscribers add groupe=gdr evenement=reponse --email redaction@exemple.fr --rythme jour
    """
    from tracker.alert_ports import Wish

    wish = Wish(selection_of(filters or ()), _frequency(rhythm, hour, weekday), heartbeat, label)
    with _opened() as (alerting, settings):
        channel, address = _checked(settings, email=email, webhook=webhook, chat=chat)
        known = alerting.subscriptions.account(address)
        secret = _new_secret() if webhook and known is None else None
        alerting.subscriptions.add(channel, address, wish, at=alerting.now(), secret=secret)
    say("Alerte ajoutée ; elle commence maintenant.")
    if secret:
        say(f"Secret du webhook, affiché cette seule fois : {secret}")


@app.command("test", cls=FrenchCommand)
def test(address: Address) -> None:
    """Envoie un essai à une adresse abonnée et dit ce qui a été répondu.

    Code de sortie 1 si l'essai n'a pas été reçu.

    Exemple :
      asalee-tracker subscribers test ADRESSE
    """
    from tracker.alerts import Outcome

    with _opened() as (alerting, _):
        result = alerting.try_out(_account(alerting, address).subscriber)
    if result.outcome is not Outcome.ACCEPTED:
        raise TrackerError(f"L'essai n'a pas été reçu : {result.reason}.")
    say("L'essai a été reçu.")


@app.command("suspend", cls=FrenchCommand)
def suspend(address: Address) -> None:
    """N'envoie plus rien à une adresse, même si elle demande de nouveau, jusqu'à « resume ».

    Exemple :
      asalee-tracker subscribers suspend lecture@exemple.fr
    """
    from tracker.alerts import DisabledReason

    with _opened() as (alerting, _):
        subscriber = _account(alerting, address).subscriber
        alerting.subscriptions.disable(subscriber.id, DisabledReason.OPERATOR, at=alerting.now())
    say("Plus rien ne lui est envoyé.")


@app.command("resume", cls=FrenchCommand)
def resume(address: Address) -> None:
    """Envoie de nouveau à une adresse suspendue, par vous, par des rebonds ou par des échecs.

    Exemple :
      asalee-tracker subscribers resume lecture@exemple.fr
    """
    with _opened() as (alerting, _):
        alerting.subscriptions.enable(_account(alerting, address).subscriber.id, at=alerting.now())
    say("Les envois reprennent, à partir de maintenant.")


@app.command("secret", cls=FrenchCommand)
def secret(address: Address) -> None:
    """Donne un nouveau secret à un webhook ; affiché une seule fois.

    Exemple :
      asalee-tracker subscribers secret https://exemple.fr/crochet
    """
    from tracker.alerts import Channel

    with _opened() as (alerting, _):
        subscriber = _account(alerting, address).subscriber
        if subscriber.channel is not Channel.WEBHOOK:
            raise UsageError("Seul un webhook a un secret.")
        made = _new_secret()
        alerting.subscriptions.set_secret(subscriber.id, made)
    say(f"Nouveau secret, affiché cette seule fois : {made}")


@app.command("export", cls=FrenchCommand)
def export(address: Address) -> None:
    """Tout ce qui est gardé au sujet d'une adresse, en JSON : pour répondre à qui le demande.

    Exemple :
      asalee-tracker subscribers export lecture@exemple.fr
    """
    with _opened() as (alerting, _):
        found = alerting.subscriptions.export(address)
    if found is None:
        raise UsageError("Rien n'est gardé au sujet de cette adresse.")
    say_json(found)


@app.command("erase", cls=FrenchCommand)
def erase(
    address: Address,
    *,
    yes: Annotated[bool, typer.Option("--oui", help="N'attend pas de confirmation.")] = False,
) -> None:
    """Efface tout ce qui est gardé au sujet d'une adresse, ses webhooks compris. Ne peut pas être défait.

    Exemple :
      asalee-tracker subscribers erase lecture@exemple.fr
    """
    if not yes:
        said = typer.prompt("Tout effacer au sujet de cette adresse ? (oui ou non)", default="non")
        if said.strip().lower() != "oui":
            raise typer.Abort
    with _opened() as (alerting, _):
        if not alerting.subscriptions.erase(address):
            raise UsageError("Rien n'est gardé au sujet de cette adresse.")
    say("Effacé. Les copies de la base faites avant la contiennent encore : remplacez-les.")


@contextmanager
def _opened() -> Iterator[tuple[Alerting, Settings]]:
    from tracker.alerting import Alerting
    from tracker.wiring import open_configured_place

    with open_configured_place() as place:
        yield Alerting(place), place.settings


def _account(alerting: Alerting, address: str) -> Account:
    found = alerting.subscriptions.account(address)
    if found is None:
        raise UsageError(
            "Cette adresse ne reçoit pas d'alertes (asalee-tracker subscribers list --adresses)."
        )
    return found


def _checked(
    settings: Settings, *, email: str | None, webhook: str | None, chat: str | None
) -> tuple[Channel, str]:
    from tracker.alerts import Channel
    from tracker.mail_addresses import mail_address

    given = [one for one in (email, webhook, chat) if one is not None]
    if len(given) != 1:
        raise UsageError("Donnez une adresse, et une seule : --email, --webhook ou --chat.")
    private = settings.alerts_allow_private
    if email is not None:
        return Channel.EMAIL, mail_address(email)
    if webhook is not None:
        from feeds.alerts.addresses import webhook_address

        return Channel.WEBHOOK, webhook_address(webhook, allow_private=private)
    from feeds.alerts.chat import chat_address

    return Channel.CHAT, chat_address(given[0], allow_private=private)


def _frequency(rhythm: str, hour: int, weekday: str) -> Frequency:
    from tracker.alerts import AT_ONCE, Frequency, Rhythm

    if rhythm == "immediat":
        return AT_ONCE
    if rhythm == "jour":
        return Frequency(Rhythm.DAILY, hour)
    return Frequency(Rhythm.WEEKLY, hour, _WEEKDAYS.index(weekday))


def _new_secret() -> str:
    from feeds.alerts.signing import new_secret

    return new_secret()


def _state(account: Account) -> str:
    person = account.subscriber
    if person.disabled_reason is not None:
        return _DISABLED[person.disabled_reason.value]
    return "confirmé" if person.verified_at else "à confirmer"


_DISABLED = {
    "bounces": "suspendu : rebonds",
    "failures": "suspendu : échecs",
    "gone": "suspendu : n'existe plus (410)",
    "operator": "suspendu par vous",
}


def _shown(address: str, *, whole: bool) -> str:
    """`l…@exemple.fr`, `https://exemple.fr/…`: enough to know one's own."""
    if whole:
        return address
    scheme, separator, rest = address.partition("://")
    if separator:  # the host of a webhook; a room's address holds keys anywhere
        host = f"{rest.partition('/')[0]}/" if scheme in _WEB else ""
        return f"{scheme}://{host}…"
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


def _plain(account: Account, *, whole: bool) -> dict[str, Any]:
    from tracker.addresses import to_query

    person = account.subscriber
    return {
        "ref": person.ref,
        "channel": person.channel,
        "address": _shown(person.address, whole=whole),
        "created_at": person.created_at,
        "verified_at": person.verified_at,
        "disabled_at": person.disabled_at,
        "disabled_reason": person.disabled_reason,
        "subscriptions": [
            {
                "id": one.id,
                "filter": to_query(one.selection),
                "frequency": asdict(one.frequency),
                "state": one.state,
                "heartbeat": one.heartbeat,
                "label": one.label,
                "created_at": one.created_at,
            }
            for one in account.subscriptions
        ],
    }
