"""The status of a question: one stored fact, plus today's date.

Enters: a record and the day in Paris. Leaves: a `Status`. The French words are in
`feeds.wording`, the only place that renders a status.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from tracker.deadlines import due_on
from tracker.questions import Closure, QuestionRecord


class Status(StrEnum):
    """Where a question stands; `OVERDUE` is computed from a date and never stored as truth."""

    PENDING = "pending"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CLOSED = "closed"
