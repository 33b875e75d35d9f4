"""Whether what a run read can be believed.

Enters: the figures of a run. Leaves: reasons, in French, for which it must change nothing public; and
remarks on a run that may. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass

LEAST_SHARE = 0.95  # of the questions listed last time
MOST_UNREADABLE_SHARE = 0.02  # of the files read
MOST_UNREADABLE = 4  # fewer than five bad files are an accident, whatever their share
SAMPLE = 20  # files read, from which it means something that none has a text

_NAMED = 5


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures of a run: files listed now and last time, read, unreadable, and with a question's text."""

    listed: int
    listed_before: int | None
    read: int
    with_text: int
    unreadable: tuple[str, ...]
    everything: bool = False  # the run read every file listed, as a first import does


def failures(tally: Tally, *, accept_fewer: bool = False) -> list[str]:
    """Why the run must be refused; empty when it may be committed.

    `accept_fewer` is an operator's word that a fall of the number of questions is right.
    """
    reasons: list[str] = []
    if tally.listed == 0:
        reasons.append("L'archive ne contient aucune question écrite.")
    elif not accept_fewer and tally.listed_before and tally.listed < LEAST_SHARE * tally.listed_before:
        reasons.append(
            f"L'archive ne contient que {tally.listed} questions, contre {tally.listed_before} "
            f"à la dernière bonne lecture (moins de {LEAST_SHARE * 100:.0f}\u00a0%)."
        )
    if tally.read and not tally.with_text and (tally.everything or tally.read >= SAMPLE):
        reasons.append(f"Aucune des {tally.read} questions lues n'a de texte lisible.")
    bad = len(tally.unreadable)
    if bad > MOST_UNREADABLE and bad > MOST_UNREADABLE_SHARE * tally.read:
        reasons.append(
            f"{bad} fichiers illisibles sur {tally.read} lus "
            f"(plus de {MOST_UNREADABLE_SHARE * 100:.0f}\u00a0%) : {_some(tally.unreadable)}."
        )
    return reasons


def remarks(tally: Tally) -> list[str]:
    """What went wrong in a run that may be committed all the same."""
    bad = len(tally.unreadable)
    if not bad:
        return []
    files = "fichier illisible" if bad == 1 else "fichiers illisibles"
    return [f"{bad} {files} : {_some(tally.unreadable)}."]


def _some(names: tuple[str, ...]) -> str:
    return ", ".join(names[:_NAMED]) + ("…" if len(names) > _NAMED else "")
