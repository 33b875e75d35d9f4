"""Typer's own words, in French.

Enters: Typer's help texts and usage errors, which are English. Leaves: command classes whose help is
French, and one French line for a usage error.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pydantic_core import ValidationError
from typer import BadParameter
from typer._click.exceptions import (  # the classes of Typer's own command line, with no public name
    ClickException,
    MissingParameter,
    NoSuchOption,
)
from typer.core import TyperCommand, TyperGroup

if TYPE_CHECKING:
    from typer._click.core import Context
    from typer.core import TyperOption

__all__ = ["ClickException", "FrenchCommand", "FrenchGroup", "usage_error"]

_HELP = "Affiche cette aide."
_UNKNOWN_COMMAND = re.compile(r"No such command '(?P<name>[^']*)'\.(?: Did you mean (?P<others>.*)\?)?")
_NOT_ONE_OF = re.compile(r"is not one of (?P<values>.*?)\.?$")
_EXTRA = re.compile(r"Got unexpected extra argument\(?s?\)? \((?P<words>.*)\)")


class FrenchCommand(TyperCommand):
    """A command whose help speaks French."""

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """The help option, with a French text."""
        return _in_french(super().get_help_option(ctx))

    def format_help(self, ctx: Context, formatter: Any) -> None:  # noqa: ANN401  # Typer's own class
        """Write the help with French headings."""
        _french_headings()
        super().format_help(ctx, formatter)


class FrenchGroup(TyperGroup):
    """A group of commands whose help speaks French."""

    def get_help_option(self, ctx: Context) -> TyperOption | None:
        """The help option, with a French text."""
        return _in_french(super().get_help_option(ctx))

    def format_help(self, ctx: Context, formatter: Any) -> None:  # noqa: ANN401  # Typer's own class
        """Write the help with French headings."""
        _french_headings()
        super().format_help(ctx, formatter)


def usage_error(error: ClickException) -> str:
    """What was wrong with the command's words, and which help to ask; empty when help was shown."""
    what = _what(error)
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "asalee-tracker"
    return f"Erreur : {what} Pour l'aide : {command} --help" if what else ""


def _what(error: ClickException) -> str:
    message = error.format_message()
    if isinstance(error, NoSuchOption):
        others = f" Option proche : {', '.join(error.possibilities)}." if error.possibilities else ""
        return f"Option inconnue : {error.option_name}.{others}"
    if isinstance(error, MissingParameter):
        return f"Il manque {_hint(error)}."
    if isinstance(error, BadParameter):
        return f"Valeur refusée pour {_hint(error)} ; attendu : {_expected(error)}."
    if unknown := _UNKNOWN_COMMAND.match(message):
        others = f" Commande proche : {unknown['others']}." if unknown["others"] else ""
        return f"Commande inconnue : {unknown['name']}.{others}"
    extra = _EXTRA.match(message)
    return f"Mots en trop : {extra['words']}." if extra else message


def _hint(error: BadParameter) -> str:
    hint = error.param_hint or (error.param.get_error_hint() if error.param else None) or "un mot"
    return hint if isinstance(hint, str) else " / ".join(hint)


def _expected(error: BadParameter) -> str:
    from tracker.settings import expected_of

    if choices := _NOT_ONE_OF.search(error.message):
        return f"l'une de ces valeurs : {choices['values']}"
    details = error.__cause__.errors() if isinstance(error.__cause__, ValidationError) else []
    return expected_of(details[0]) if details else error.message


def _in_french(option: TyperOption | None) -> TyperOption | None:
    if option is not None:
        option.help = _HELP
    return option


def _french_headings() -> None:
    from typer import rich_utils

    rich_utils.ARGUMENTS_PANEL_TITLE = "Arguments"
    rich_utils.OPTIONS_PANEL_TITLE = "Options"
    rich_utils.COMMANDS_PANEL_TITLE = "Commandes"
    rich_utils.DEFAULT_STRING = "[par défaut : {}]"
    rich_utils.REQUIRED_LONG_STRING = "[obligatoire]"
