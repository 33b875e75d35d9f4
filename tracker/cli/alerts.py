"""The commands about what is sent: `alerts send`, `alerts status`, and `bounces`."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tracker.cli.french import FrenchCommand, FrenchGroup
from tracker.cli.output import say, say_json, say_pairs
from tracker.errors import UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from tracker.alerts import Channel

Json = Annotated[bool, typer.Option("--json", help="Écrit du JSON, pour un programme.")]

app = typer.Typer(
    cls=FrenchGroup,
    help="L'envoi des alertes : où il en est, et un envoi à la main.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)


def register(parent: typer.Typer) -> None:
    """Add this module's commands."""
    parent.command(cls=FrenchCommand, rich_help_panel="Alertes")(bounces)


@app.command("send", cls=FrenchCommand)
def send() -> None:
    """Envoie maintenant tout ce qui est dû, puis s'arrête. Le service en marche le fait de lui-même.

    Exemple :
      asalee-tracker alerts send
    """
    from tracker.alerting import Alerting
    from tracker.cli.service import start
    from tracker.wiring import open_place

    with open_place(start()) as place:
        accepted = Alerting(place).send_due()
    say(f"Messages acceptés : {accepted}.")


@app.command("status", cls=FrenchCommand)
def status(*, as_json: Json = False) -> None:
    """Ce qui attend, ce qui est parti, ce qui ne va pas. Aucune adresse n'est montrée.

    Exemple :
      asalee-tracker alerts status
    """
    from feeds.typography import instant
    from tracker.alerting import Alerting
    from tracker.troubles import troubles
    from tracker.watching import snapshot_of
    from tracker.wiring import open_configured_place

    with open_configured_place() as place:
        snapshot = snapshot_of(place, Alerting(place))
    figures, problems = snapshot.outbox, troubles(snapshot)
    if as_json:
        say_json(
            {
                "owed": figures.owed,
                "waiting": figures.waiting,
                "failed": figures.failed,
                "sent": figures.sent,
                "oldest_waiting": figures.oldest_waiting,
                "paused": figures.paused,
                "disabled": figures.disabled,
                "problems": problems,
            }
        )
        return
    say_pairs(
        [
            ("Faits à annoncer", str(figures.owed)),
            ("Messages en attente", _counted(figures.waiting)),
            ("Messages partis", _counted(figures.sent)),
            ("Messages abandonnés", _counted(figures.failed)),
            ("Le plus ancien", instant(figures.oldest_waiting) if figures.oldest_waiting else ""),
            ("Canaux en pause", ", ".join(_paused(*one) for one in figures.paused.items())),
            ("Adresses suspendues", _counted(figures.disabled)),
        ]
    )
    for text in problems.values():
        say(text)


def bounces(
    place_of_mails: Annotated[
        Path, typer.Argument(metavar="MAILDIR|FICHIER|-", help="La boîte des rapports, un message, ou - .")
    ],
) -> None:
    """Lit les rapports de non-remise ; deux échecs définitifs suspendent une adresse.

    D'une boîte Maildir, lit ce qui n'y est pas encore marqué comme lu. Un relais peut aussi donner chaque
    rapport sur l'entrée standard.

    Exemples :
      asalee-tracker bounces /var/mail/rebonds
      asalee-tracker bounces - < rapport.eml
    """
    from feeds.alerts.bounces import bounce_of, mails_in
    from tracker.alerting import Alerting
    from tracker.cli.service import start
    from tracker.wiring import open_place

    from_pipe = str(place_of_mails) == "-"
    if not from_pipe and not place_of_mails.exists():
        raise UsageError(f"{place_of_mails} n'existe pas.")
    read = understood = disabled = 0
    with open_place(start()) as place:
        alerting = Alerting(place)
        mails = [sys.stdin.buffer.read()] if from_pipe else mails_in(place_of_mails)
        for mail in mails:
            read += 1
            report = bounce_of(mail)
            if report is not None:
                understood += 1
                disabled += alerting.take_bounce(report)
    say(f"Messages lus : {read} ; rapports compris : {understood} ; adresses suspendues : {disabled}.")


def _paused(channel: Channel, until: datetime) -> str:
    from feeds.typography import instant

    return f"{channel.value} jusqu'au {instant(until)}"


def _counted(counts: Mapping[Any, int]) -> str:
    return ", ".join(f"{name.value} {count}" for name, count in counts.items() if count) or "0"
