"""What is taken out of a record just read: its ledger row, its texts to search, its odd dates.

Enters: a record. Leaves: plain values for the recorder.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tracker.ports import LedgerMark, LedgerRow
from tracker.questions import PublishedText, QuestionRecord, SourceIssue
from tracker.status import answered_on


def ledger_row(record: QuestionRecord, mark: LedgerMark) -> LedgerRow:
    """The small row kept of every question, on a topic or not."""
    ministry, group = record.ministry_attributed, record.author.group
    return LedgerRow(
        uid=record.uid,
        mark=mark,
        published_on=record.published_on,
        answered_on=answered_on(record),
        closure=record.closure,
        ministry=ministry.label if ministry else None,
        group=group.abbreviation if group else None,
        actor_ref=record.author.actor_ref,
        rubric=record.rubric,
    )


def whole(texts: Sequence[PublishedText]) -> str:
    """All publications of a text, errata included, as one fragment to search."""
    if len(texts) == 1 and texts[0].erratum is None:
        return texts[0].html
    return "<p>".join(part for text in texts for part in (text.html, text.erratum) if part)


def future_dates(record: QuestionRecord, today: date) -> tuple[SourceIssue, ...]:
    """The dates of a followed question that have not come yet: shown as they are, told to the operator."""
    dates = {
        "textesQuestion": [text.jo.on for text in record.question_texts],
        "textesReponse": [text.jo.on for text in record.answer_texts],
        "minAttribs": [attribution.on for attribution in record.attributions],
        "cloture": [record.closure.on] if record.closure else [],
        "signalement": record.signalled_on,
        "renouvellements": record.renewed_on,
    }
    return tuple(
        SourceIssue(record.uid, "future-date", path, on.isoformat())
        for path, found in dates.items()
        for on in dict.fromkeys(found)
        if on is not None and on > today
    )
