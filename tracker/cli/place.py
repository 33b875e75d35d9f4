"""The commands about what is kept: `migrate`, `backup`, `verify`, `export`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from tracker.cli.french import FrenchCommand
from tracker.cli.output import note, say, write_file
from tracker.cli.questions import Filter, selection_of
from tracker.errors import IntegrityError


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (migrate, backup, verify, export):
        app.command(cls=FrenchCommand, rich_help_panel="Garder les données")(command)


def migrate() -> None:
    """Crée la base, ou la met au schéma de cette version. Faites d'abord une copie (backup).

    Code de sortie 4 si la base vient d'une version plus récente.

    Exemple :
      asalee-tracker migrate
    """
    from tracker.settings import load_settings
    from tracker.wiring import migrate_place

    migrate_place(load_settings())
    say("La base est au schéma de cette version.")


def backup(
    file: Annotated[
        Path, typer.Argument(metavar="FICHIER", help="Où écrire la copie ; ne doit pas exister.")
    ],
) -> None:
    """Copie la base dans un fichier, d'un seul tenant, même pendant que le service tourne.

    Pour la reprendre : service arrêté, remettre ce fichier à la place de la base.

    Exemple :
      asalee-tracker backup copie-2026-11-21.sqlite3
    """
    from tracker.wiring import backup_place, open_configured_place

    with open_configured_place(any_schema=True) as place:  # what is to be migrated is copied first
        backup_place(place, file)
    say(f"Copie écrite : {file} ({file.stat().st_size} octets).")


def verify() -> None:
    """Rejoue les faits gardés et dit où les données se contredisent.

    Code de sortie 7 si quelque chose ne concorde pas.

    Exemple :
      asalee-tracker verify
    """
    from tracker.wiring import open_configured_place, verify_place

    with open_configured_place() as place:
        disagreements = verify_place(place)
    for line in disagreements:
        say(line)
    if disagreements:
        raise IntegrityError(
            f"{len(disagreements)} point(s) ne concordent pas : revenez à une copie (backup) d'avant, "
            "ou signalez-le avec ces lignes."
        )
    say("Tout concorde.")


def export(
    filters: Filter = None,
    *,
    form: Annotated[Literal["csv", "json"], typer.Option("--format", help="Forme du fichier.")] = "csv",
    output: Annotated[
        Path | None,
        typer.Option("--sortie", help="Fichier à écrire ; sinon, la sortie standard.", show_default=False),
    ] = None,
) -> None:
    """Écrit les questions suivies en CSV ou en JSON (UTF-8, colonnes stables), avec les filtres du site.

    Exemples :
      asalee-tracker export --sortie questions.csv
      asalee-tracker export statut=en-attente --format json
    """
    from tracker.wiring import export_questions, open_configured_place

    selection = selection_of(filters or ())
    with open_configured_place() as place:
        text = export_questions(place, selection, form)
    if output is None:
        say(text.rstrip("\n"))
        return
    write_file(output, text)
    note(f"Écrit : {output}")
