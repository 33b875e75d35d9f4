"""Where the Assemblée publishes its archives.

Enters: the root of the open data repository and a legislature. Leaves: addresses, and the short
names under which runs are kept. Nothing here opens a connection.
"""

from __future__ import annotations

from tracker.errors import UsageError
from tracker.ports import QUESTION_RUNS

DEPUTIES = "deputies"  # the run that reads the deputies' archives

_FIRST_WITH_ONE_FILE_PER_QUESTION = 15
_DEPUTIES_DIRECTORY = 17  # kept up to date for every legislature since the 11th; the copy of the 15th is not
_QUESTION_FILES = {15: "Questions_ecrites_XV.json.zip"}  # from the 16th on the name has no numeral
_AMO30 = (
    "tous_acteurs_mandats_organes_xi_legislature/"
    "AMO30_tous_acteurs_tous_mandats_tous_organes_historique.json.zip"
)
_AMO10 = "deputes_actifs_mandats_actifs_organes/AMO10_deputes_actifs_mandats_actifs_organes.json.zip"


def questions_run(legislature: int) -> str:
    """The name of the runs that read a legislature's questions, e.g. `questions/17`."""
    return f"{QUESTION_RUNS}{legislature}"


def questions_archive(root: str, legislature: int) -> str:
    """Address of the written questions of a legislature. Raises UsageError before the 15th."""
    if legislature < _FIRST_WITH_ONE_FILE_PER_QUESTION:
        raise UsageError(
            f"La {legislature}e législature n'est pas lue : jusqu'à la 14e, l'Assemblée publie toutes les "
            "questions en un seul gros fichier. Choisissez la 15e, la 16e ou la 17e."
        )
    name = _QUESTION_FILES.get(legislature, "Questions_ecrites.json.zip")
    return f"{root.rstrip('/')}/{legislature}/questions/questions_ecrites/{name}"


def deputies_archives(root: str) -> tuple[str, str]:
    """Addresses of AMO30 (everybody since the 11th legislature) and AMO10 (who sits now), in order of use."""
    base = f"{root.rstrip('/')}/{_DEPUTIES_DIRECTORY}/amo"
    return f"{base}/{_AMO30}", f"{base}/{_AMO10}"
