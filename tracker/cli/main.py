"""The command `asalee-tracker`: its parts put together, and what an error looks like.

Enters: the words of the command line. Leaves: an exit code; 0 is success, 2 a command badly written,
the others are those of `tracker.errors`, 130 a Ctrl-C. An error is one clear line on stderr, never a
traceback: what nobody foresaw goes to the log, under a number that the line gives.
"""

from __future__ import annotations

import errno
import logging
import os
import secrets
import sys
import tempfile
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from tracker.cli import alerts, place, questions, service, source, subscribers, topics
from tracker.cli.french import ClickException, FrenchGroup, usage_error
from tracker.cli.output import note, say
from tracker.errors import TrackerError

UNEXPECTED = 1
INTERRUPTED = 130

_FULL = {errno.ENOSPC, errno.EDQUOT}  # no room where stdout goes

_HELP = """Suit les questions écrites sur Asalée à l'Assemblée nationale et publie ce qui leur arrive.

Pour essayer sans réseau : asalee-tracker demo

Pour mettre en service : asalee-tracker run

Pour une question : asalee-tracker status 13983

Les réglages sont des variables TRACKER_… (voir docs/reference/settings.md).
Codes de sortie : 0 bien, 1 erreur, 2 commande mal écrite, 3 réglage, 4 schéma de la base, \
5 source, 6 déjà en cours, 7 données incohérentes, 130 interrompu."""

app = typer.Typer(
    cls=FrenchGroup,
    help=_HELP,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
for part in (service, questions, source, place, alerts):
    part.register(app)
app.add_typer(topics.app, name="topics", rich_help_panel="Consulter")
app.add_typer(subscribers.app, name="subscribers", rich_help_panel="Alertes")
app.add_typer(alerts.app, name="alerts", rich_help_panel="Alertes")


def _show_version(asked: bool) -> None:  # noqa: FBT001  # the form that Typer's callbacks have
    if asked:
        from importlib.metadata import version

        say(f"asalee-tracker {version('asalee-tracker')}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[
        bool, typer.Option("--version", help="Affiche la version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """Options of the command itself."""


def run_command(words: Sequence[str]) -> int:
    """Run one command; its exit code. Writes the error, if any, on stderr."""
    try:
        ended = app(list(words), standalone_mode=False, prog_name="asalee-tracker")
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
        return UNEXPECTED
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        if error.errno not in _FULL:
            return _failed(error)
        _forget_stdout()
        note(f"Erreur : la sortie ne peut pas être écrite ({error.strerror}).")
        return UNEXPECTED
    except Exception as error:  # noqa: BLE001  # the last resort: kept whole, under a number that is told
        return _failed(error)
    return ended if isinstance(ended, int) else 0


def _failed(error: Exception) -> int:
    if told := _told(error):
        note(told)
    code: int = getattr(error, "exit_code", UNEXPECTED)
    return code


def _told(error: Exception) -> str:
    """The line that tells an error, with what to do."""
    if isinstance(error, TrackerError):
        return f"Erreur : {error}"
    if isinstance(error, ClickException):
        return usage_error(error)
    if isinstance(error, typer.Abort):
        return "Abandon."
    return _keep(error)


def _forget_stdout() -> None:
    """The reader of our output has gone: nothing more is to be written to it, not even at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _keep(error: Exception) -> str:
    """Put the whole error where an operator finds it; the line that says where."""
    number = secrets.token_hex(4)
    if logging.getLogger().handlers:
        logging.getLogger(__name__).error("unexpected error %s", number, exc_info=error)
        where = "dans le journal"
    else:
        report = Path(tempfile.gettempdir()) / f"asalee-tracker-{number}.log"
        report.write_text("".join(traceback.format_exception(error)), encoding="utf-8")
        where = f"dans {report}"
    return (
        f"Erreur inattendue n° {number} ({type(error).__name__}) : le détail est {where}. "
        "Recommencez ; si elle revient, joignez ce détail à un signalement."
    )
