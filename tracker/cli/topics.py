"""The commands about topics: what is followed, what a text matches, what waits for a decision."""

from __future__ import annotations

import sys
import textwrap
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.french import FrenchCommand, FrenchGroup
from tracker.cli.output import say, say_json, say_table
from tracker.errors import UsageError

if TYPE_CHECKING:
    from tracker.topics import Finding

Json = Annotated[bool, typer.Option("--json", help="Écrit du JSON, pour un programme.")]
Question = Annotated[
    str,
    typer.Argument(metavar="QUESTION", help="L'identifiant de la question, par exemple QANR5L17QE13983."),
]
TopicName = Annotated[
    str | None, typer.Option("--sujet", help="Le sujet, quand plusieurs sont suivis.", show_default=False)
]

app = typer.Typer(
    cls=FrenchGroup,
    help="Les sujets suivis, et les questions douteuses à confirmer ou à rejeter.",
    no_args_is_help=True,
    rich_markup_mode="rich",
)

_VERDICTS = {
    "sure": "sûr : publié",
    "doubtful": "douteux : à relire",
    "alone": "écarté : aucun mot de santé à côté",
    "excepted": "écarté : expression exclue",
}
_PLACES = {"title": "titre", "question": "question", "answer": "réponse", "text": "texte"}


@app.command("list", cls=FrenchCommand)
def list_topics(*, as_json: Json = False) -> None:
    """Les sujets suivis : nom, version, formes cherchées.

    Exemple :
      asalee-tracker topics list
    """
    from tracker.settings import load_settings
    from tracker.topics import load_topics

    topics = load_topics(load_settings().topics_dir).topics
    if as_json:
        say_json([asdict(topic) for topic in topics])
        return
    say_table(
        ("SUJET", "VERSION", "NOM", "FORMES SÛRES", "FORMES DOUTEUSES"),
        [(t.slug, str(t.version), t.label, ", ".join(t.sure), ", ".join(t.doubtful)) for t in topics],
    )


@app.command("test", cls=FrenchCommand)
def explain(
    text: Annotated[
        str,
        typer.Argument(metavar="TEXTE|FICHIER", help="Un texte, un fichier, ou - pour l'entrée standard."),
    ],
    *,
    as_json: Json = False,
) -> None:
    """Dit ce qu'un texte fait correspondre, et pourquoi.

    Code de sortie 0 s'il est sûrement sur un sujet, 1 sinon.

    Exemples :
      asalee-tracker topics test "les infirmières ASALÉE"
      asalee-tracker topics test discours.txt
    """
    from tracker.settings import load_settings
    from tracker.topics import Verdict, load_topics

    findings = load_topics(load_settings().topics_dir).explain(_read(text))
    if as_json:
        say_json([asdict(finding) for finding in findings])
    elif not findings:
        say(f"Aucune forme d'aucun sujet dans {_named(text)}.")
    for finding in findings if not as_json else ():
        say(_explained(finding))
    if not any(finding.verdict is Verdict.SURE for finding in findings):
        raise typer.Exit(1)


@app.command("review", cls=FrenchCommand)
def review(topic: TopicName = None, *, as_json: Json = False) -> None:
    """Les questions douteuses, jamais publiées avant qu'une personne décide.

    Exemple :
      asalee-tracker topics review
    """
    from tracker.deciding import held_for_review
    from tracker.wiring import open_configured_place

    with open_configured_place() as place:
        held = held_for_review(place, topic)
    if as_json:
        say_json([asdict(question) for question in held])
        return
    if not held:
        say("Aucune question à relire.")
        return
    for question in held:
        say(f"{question.uid}  {question.title}")
        for reason in question.reasons:
            where = _PLACES[reason.place]
            say(f"  {reason.topic} : « {reason.form} » ({where}) : … {reason.excerpt} …")
        say(f"  {question.official_url}")
    say("Pour décider : asalee-tracker topics confirm QUESTION, ou asalee-tracker topics reject QUESTION")


@app.command("confirm", cls=FrenchCommand)
def confirm(question: Question, topic: TopicName = None) -> None:
    """Confirme qu'une question douteuse est bien sur le sujet : elle est publiée.

    Exemple :
      asalee-tracker topics confirm QANR5L17QE9900005
    """
    from tracker.deciding import decide
    from tracker.wiring import open_configured_place

    with open_configured_place() as place:
        events = decide(place, question, topic, confirmed=True)
    say(f"{question} est publiée ; faits ajoutés : {events}.")


@app.command("reject", cls=FrenchCommand)
def reject(question: Question, topic: TopicName = None) -> None:
    """Rejette une question douteuse : elle n'est pas publiée, et la même forme n'est plus demandée.

    Exemple :
      asalee-tracker topics reject QANR5L17QE9900005
    """
    from tracker.deciding import decide
    from tracker.wiring import open_configured_place

    with open_configured_place() as place:
        decide(place, question, topic, confirmed=False)
    say(f"{question} est rejetée.")


def _read(text: str) -> str:
    """The text itself, or what a file of that name or the standard input holds."""
    try:
        if text == "-":
            return sys.stdin.read()
        path = Path(text)
        return path.read_text(encoding="utf-8") if len(text) < _LONGEST_NAME and path.is_file() else text
    except UnicodeDecodeError as error:
        raise UsageError(f"{text} n'est pas un texte en UTF-8.") from error
    except OSError as error:
        raise UsageError(f"{text} ne peut pas être lu : {error.strerror}.") from error


def _named(text: str) -> str:
    """What was looked at, so that a mistyped name of a file is seen to have been taken for a text."""
    if text == "-":
        return "l'entrée standard"
    if len(text) < _LONGEST_NAME and Path(text).is_file():
        return f"le fichier {text}"
    shown = textwrap.shorten(text, _MOST_SHOWN, placeholder=" …")
    return f"le texte « {shown} »"


_LONGEST_NAME = 256
_MOST_SHOWN = 200


def _explained(finding: Finding) -> str:
    because = f" ({finding.because})" if finding.because else ""
    return (
        f"{finding.topic} v{finding.version} : « {finding.form} » ({_PLACES[finding.place]}), "
        f"{_VERDICTS[finding.verdict]}{because} : … {finding.excerpt} …"
    )
