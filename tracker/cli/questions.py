"""The commands that answer about questions: `status`, `questions`, `feeds`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.french import FrenchCommand
from tracker.cli.output import say, say_json, say_pairs, say_table
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.ports import QuestionView
    from tracker.selection import Selection

Json = Annotated[bool, typer.Option("--json", help="Écrit du JSON, pour un programme.")]
MOST = 9_999_999  # a question's number has seven digits at most
Filter = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[FILTRE]...",
        help="Filtres, comme dans les adresses du site : statut=echeance-depassee, groupe=gdr…",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (status, questions, feeds):
        app.command(cls=FrenchCommand, rich_help_panel="Consulter")(command)


def status(
    number: Annotated[
        int, typer.Argument(metavar="NUMÉRO", help="Le numéro de la question.", min=1, max=MOST)
    ],
    *,
    legislature: Annotated[
        int | None, typer.Option(help="La législature, quand plusieurs ont ce numéro.", show_default=False)
    ] = None,
    as_json: Json = False,
) -> None:
    """L'état d'une question : qui, à qui, depuis quand, pour quand, réponse, signalement, adresse.

    Code de sortie 2 si la question n'est pas suivie ou si plusieurs législatures ont ce numéro.

    Exemples :
      asalee-tracker status 13983
      asalee-tracker status 13983 --legislature 17 --json
    """
    from tracker.clock import paris_day
    from tracker.wiring import open_configured_place

    with open_configured_place() as place:
        found = [
            view
            for view in place.reader.by_number(number)
            if legislature is None or view.record.id.legislature == legislature
        ]
        checked = place.reader.last_good_check()
        today = paris_day(place.clock())
    view = _only(found, number, legislature)
    if as_json:
        from tracker.export import values_of

        say_json({**values_of(view, today), "source_lue_le": checked})
        return
    from tracker.cli.sheet import sheet

    title, *pairs = sheet(view, today, checked)
    say(title[1])
    say_pairs(pairs)


def questions(
    filters: Filter = None,
    *,
    order: Annotated[
        str,
        typer.Option(
            "--tri",
            help="Comme sur le site : publication, echeance, reponse ou numero, aussi suivi de -inverse, "
            "ou changement.",
        ),
    ] = "publication",
    limit: Annotated[
        int | None, typer.Option("--limite", min=1, max=MOST, help="Nombre de lignes au plus.")
    ] = None,
    as_json: Json = False,
) -> None:
    """La liste des questions suivies, avec les filtres du site.

    Exemples :
      asalee-tracker questions statut=echeance-depassee groupe=gdr
      asalee-tracker questions statut=en-attente --tri echeance
      asalee-tracker questions q=infirmières du=2026-01-01 --json
    """
    from feeds.web.list_address import ORDERS
    from tracker.clock import paris_day
    from tracker.wiring import open_configured_place

    selection = selection_of(filters or ())
    if order not in ORDERS:
        raise UsageError(f"Tri inconnu : « {order[:40]} ». Tris possibles : {', '.join(ORDERS)}.")
    by = ORDERS[order]
    with open_configured_place() as place:
        today = paris_day(place.clock())
        views = place.reader.questions(
            selection, today=today, order=by.reader, descending=by.descending, limit=limit
        )
    if as_json:
        from tracker.export import values_of

        say_json([values_of(view, today) for view in views])
        return
    if not views:
        say("Aucune question suivie ne correspond.")
        return
    from tracker.cli.sheet import HEADINGS, line

    say_table(HEADINGS, [line(view, today) for view in views])


def feeds(
    topic: Annotated[str | None, typer.Option("--sujet", help="Un seul sujet.", show_default=False)] = None,
    *,
    as_json: Json = False,
) -> None:
    """Les adresses de tous les flux.

    Exemples :
      asalee-tracker feeds
      asalee-tracker feeds --json
    """
    from tracker.wiring import list_feeds, open_configured_place

    with open_configured_place() as place:
        listed = list_feeds(place)
    found = [feed for feed in listed if topic is None or feed["topic"] == topic]
    if not found:
        followed = ", ".join(dict.fromkeys(feed["topic"] for feed in listed))
        raise UsageError(f"Le sujet « {topic} » n'est pas suivi. Sujets suivis : {followed}.")
    if as_json:
        say_json(found)
        return
    for feed in found:
        say(f"{feed['title']}\n  {feed['atom']}")


def selection_of(filters: Sequence[str]) -> Selection:
    """The selection of filters written `name=value`. Raises UsageError on any other form."""
    from tracker.addresses import from_query

    pairs = []
    for word in filters:
        name, equals, value = word.partition("=")
        if not equals:
            raise UsageError(
                f"« {word[:40]} » n'est pas un filtre. Forme attendue : nom=valeur, par exemple groupe=gdr."
            )
        pairs.append((name, value))
    return from_query(pairs)


def _only(found: Sequence[QuestionView], number: int, legislature: int | None) -> QuestionView:
    if not found:
        where = f" de la {legislature}e législature" if legislature else ""
        raise UsageError(
            f"La question n° {number}{where} n'est pas parmi les questions suivies : ou son numéro est faux, "
            "ou elle ne porte pas sur un sujet suivi, ou la source n'a pas encore été lue "
            "(asalee-tracker runs)."
        )
    if len(found) > 1:
        choices = ", ".join(str(view.record.id.legislature) for view in found)
        raise UsageError(
            f"Plusieurs questions portent le n° {number}, dans les législatures {choices} : "
            f"précisez, par exemple --legislature {found[0].record.id.legislature}."
        )
    return found[0]
