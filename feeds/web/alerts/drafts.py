"""An alert being asked for: what a form holds, right or not yet.

Enters: pairs of an address or of a posted form, or a subscription. Leaves: a `Draft`, which a template
shows and `Draft.wish` turns into what is kept. The names of a filter's fields are those of
`tracker.addresses`; the others are here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from feeds.typography import typeset
from feeds.web.asked import Pairs, single
from tracker.addresses import PARAMETERS, from_query
from tracker.alert_ports import Wish
from tracker.alerts import OFFERED_KINDS, PRESELECTED_KINDS, Frequency, Rhythm, Subscription
from tracker.errors import UsageError
from tracker.events import EventKind
from tracker.selection import Selection
from tracker.status import Status

RHYTHMS: Mapping[str, Rhythm] = {
    "immediat": Rhythm.AT_ONCE,
    "jour": Rhythm.DAILY,
    "semaine": Rhythm.WEEKLY,
}
_HOURS = range(24)
_WEEKDAYS = range(7)

WHILE_WAITING = frozenset({EventKind.ANSWERED, EventKind.WITHDRAWN, EventKind.LAPSED, EventKind.CLOSED})
"""What is preselected for one question that waits: its answer, or that there will be none."""

ONCE_SETTLED = frozenset({EventKind.ANSWERED, EventKind.CORRECTED, EventKind.REOPENED})
"""The same for one that has an answer or is closed."""

_OPEN = frozenset({Status.PENDING, Status.OVERDUE})


@dataclass(frozen=True, slots=True)
class Draft:
    """A form's values. `selection` has no kinds: they are beside, and may be none yet."""

    selection: Selection = Selection()  # noqa: RUF009  # frozen
    kinds: frozenset[EventKind] = PRESELECTED_KINDS
    rhythm: Rhythm = Rhythm.AT_ONCE
    hour: int = 8
    weekday: int = 2  # Wednesday: questions and answers appear on Tuesdays
    heartbeat: bool = False
    label: str = ""
    address: str = ""

    def wish(self) -> Wish:
        """What is asked for. Raises UsageError, in French, when something is missing."""
        if not self.kinds:
            raise UsageError("Choisissez au moins un événement.")
        return Wish(
            replace(self.selection, kinds=self.kinds),
            Frequency(
                self.rhythm,
                None if self.rhythm is Rhythm.AT_ONCE else self.hour,
                self.weekday if self.rhythm is Rhythm.WEEKLY else None,
            ),
            heartbeat=self.heartbeat,
            label=self.label or None,
        )


def preselected(status: Status) -> frozenset[EventKind]:
    """What is offered first to who follows one question with that status."""
    return WHILE_WAITING if status in _OPEN else ONCE_SETTLED


def draft_of_address(pairs: Pairs, kinds: frozenset[EventKind] = PRESELECTED_KINDS) -> Draft:
    """What a link prefills; `kinds` unless it names some. Raises UsageError on what is no filter."""
    selection = from_query(pair for pair in pairs if pair[0] in PARAMETERS)
    asked = selection.kinds & OFFERED_KINDS
    return Draft(replace(selection, kinds=frozenset()), asked or kinds)


def draft_of_form(pairs: Pairs) -> Draft:
    """What was posted. Raises UsageError on values that no form of ours sends."""
    selection = from_query(pair for pair in pairs if pair[0] in PARAMETERS)
    return Draft(
        replace(selection, kinds=frozenset()),
        selection.kinds & OFFERED_KINDS,
        _rhythm(single(pairs, "rythme")),
        _within(single(pairs, "heure"), _HOURS, Draft().hour),
        _within(single(pairs, "jour"), _WEEKDAYS, Draft().weekday),
        single(pairs, "mensuel") is not None,
        single(pairs, "nom") or "",
        single(pairs, "adresse") or "",
    )


def draft_of_subscription(asked: Subscription) -> Draft:
    """What someone already gets."""
    usual = Draft()
    return Draft(
        replace(asked.selection, kinds=frozenset()),
        asked.selection.kinds,
        asked.frequency.rhythm,
        usual.hour if asked.frequency.hour is None else asked.frequency.hour,
        usual.weekday if asked.frequency.weekday is None else asked.frequency.weekday,
        asked.heartbeat,
        asked.label or "",
    )


def _rhythm(word: str | None) -> Rhythm:
    if word is not None and word not in RHYTHMS:
        raise UsageError(f"« {word[:40]} » n'est pas un rythme. Rythmes possibles : {', '.join(RHYTHMS)}.")
    return RHYTHMS[word] if word else Rhythm.AT_ONCE


def _within(word: str | None, possible: range, usual: int) -> int:
    if word is None:
        return usual
    if word not in map(str, possible):
        raise UsageError(typeset(f"« {word[:40]} » n'est pas un nombre de {possible[0]} à {possible[-1]}."))
    return int(word)
