"""How often one is told, in French.

Enters: a `Frequency`. Leaves: « dès que cela est connu », « chaque lundi à 8 h ».
"""

from __future__ import annotations

from feeds.typography import NBSP
from tracker.alerts import Frequency, Rhythm

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")


def told_how_often(frequency: Frequency) -> str:
    """Rhythm and hour, in Paris."""
    hour = f"à {frequency.hour}{NBSP}h"
    if frequency.rhythm is Rhythm.DAILY:
        return f"chaque jour {hour}"
    if frequency.rhythm is Rhythm.WEEKLY:
        return f"chaque {WEEKDAYS[frequency.weekday or 0]} {hour}"
    return "dès que cela est connu"
