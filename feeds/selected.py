"""The feed of any selection: `/flux/questions.atom?statut=echeance-depassee&groupe=gdr`.

Enters: a `Selection`. Leaves: a `Feed` that follows it, at the address of the one filter
(`tracker.addresses`). What a selection asks may be true today and not tomorrow (a status, a signalement,
words): such a feed has no archives, since a month that is over would still change.
"""

from __future__ import annotations

from dataclasses import replace

from feeds.catalogue import Feed, Section
from feeds.described import Labels, described
from feeds.typography import typeset
from tracker.addresses import to_query
from tracker.selection import Selection

PATH = "questions"


def selected_feed(selection: Selection, labels: Labels) -> Feed:
    """The feed of a selection; equal selections have equal feeds."""
    query = to_query(selection)
    page = to_query(replace(selection, kinds=frozenset()))
    title = described(selection, labels)
    return Feed(
        path=PATH,
        title=title,
        label=title,
        description=typeset(
            "Tout ce qui arrive aux questions de cette liste, telle qu'elle est aujourd'hui."
        ),
        selection=selection,
        section=Section.SELECTED,
        page=f"/questions?{page}" if page else "/questions",
        with_questions=not selection.kinds,
        query=query,
        archived=not (selection.statuses or selection.words or selection.signalled is not None),
    )
