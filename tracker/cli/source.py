"""The commands about reading the source: `crawl`, `deadlines`, `runs`, `issues`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from tracker.cli.french import FrenchCommand
from tracker.cli.output import note, say, say_json, say_table
from tracker.clock import PARIS, paris_day
from tracker.ports import CrawlReport

Json = Annotated[bool, typer.Option("--json", help="Écrit du JSON, pour un programme.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (crawl, deadlines, runs, issues):
        app.command(cls=FrenchCommand, rich_help_panel="Lire la source")(command)


def crawl(
    *,
    accept_fewer: Annotated[
        bool,
        typer.Option("--accept-fewer", help="Accepte une archive bien plus petite que la fois d'avant."),
    ] = False,
) -> None:
    """Lit la source maintenant : ce qui a changé depuis la dernière lecture, et rien d'autre.

    Code de sortie 5 si une lecture a échoué (rien n'en est publié), 6 si une autre est en cours.

    Une archive qui a perdu plus de 5 % de ses questions est refusée, par prudence ; si vous avez vérifié
    à la source que c'est vrai, --accept-fewer l'accepte.

    Exemple :
      asalee-tracker crawl
    """
    from tracker.cli.progress import crawl_progress
    from tracker.cli.service import start
    from tracker.crawling import run_crawl
    from tracker.wiring import open_place

    settings = start()
    with open_place(settings, create=True) as place, crawl_progress() as progress:
        reports = run_crawl(place, progress, accept_fewer=accept_fewer)
    for report in reports:
        note(_summary(report))


def deadlines() -> None:
    """Fait maintenant le travail du jour : noter les échéances dépassées qui ne le sont pas encore.

    Exemple :
      asalee-tracker deadlines
    """
    from tracker.deciding import record_due_deadlines
    from tracker.wiring import open_configured_place

    with open_configured_place() as place:
        told = record_due_deadlines(place)
    say(f"Échéances dépassées notées : {told}.")


def runs(
    limit: Annotated[
        int, typer.Option("--limite", min=1, max=1_000_000, help="Nombre de lectures au plus.")
    ] = 20,
    *,
    as_json: Json = False,
) -> None:
    """Les dernières lectures de la source : quand, comment elles ont fini, ce qu'elles ont coûté.

    Exemple :
      asalee-tracker runs --limite 5
    """
    from tracker.wiring import open_configured_place

    with open_configured_place() as place:
        found = place.reader.runs(limit=limit)
        checked = place.reader.last_good_check()
    if as_json:
        say_json({"last_good_check": checked, "runs": [asdict(report) for report in found]})
        return
    if not found:
        say("La source n'a pas encore été lue : asalee-tracker crawl")
        return
    say_table(
        ("DÉBUT", "ISSUE", "REQUÊTES", "OCTETS", "FICHIERS", "CHANGÉS", "FAITS", "SOURCE"),
        [_line(report) for report in found],
    )
    for report in found:
        if report.reason:
            say(f"{_local(report.started_at)} : {report.reason}")


def issues(*, as_json: Json = False) -> None:
    """Ce que la source a envoyé et qui n'a pas été compris : à regarder, sans effet sur le reste.

    Exemple :
      asalee-tracker issues
    """
    from tracker.wiring import open_configured_place

    with open_configured_place() as place:
        found = place.reader.open_issues()
    if as_json:
        say_json([{**asdict(issue), "first_seen_at": first_seen} for issue, first_seen in found])
        return
    if not found:
        say("Rien d'incompris à la source.")
        return
    say_table(
        ("DEPUIS", "QUESTION", "QUOI", "OÙ", "VALEUR"),
        [
            (str(paris_day(first_seen)), issue.uid, issue.code, issue.path, " ".join(issue.raw.split()))
            for issue, first_seen in found
        ],
    )


def _line(report: CrawlReport) -> tuple[str, ...]:
    from feeds import wording

    counts = (report.requests, report.bytes_received, report.entries, report.changed, report.events)
    return (_local(report.started_at), wording.outcome(report.outcome), *map(str, counts), report.source)


def _summary(report: CrawlReport) -> str:
    from feeds import wording
    from feeds.typography import count

    text = (
        f"{report.source} : {wording.outcome(report.outcome).lower()}, "
        f"{count(report.requests, 'requête')}, {count(report.bytes_received, 'octet')}, "
        f"{count(report.changed, 'fichier changé', 'fichiers changés')}, {count(report.events, 'fait')}."
    )
    return f"{text} {report.reason}" if report.reason else text


def _local(instant: datetime) -> str:
    return f"{instant.astimezone(PARIS):%Y-%m-%d %H:%M}"
