"""A place like one of many years: 1,000 questions on the topic, 20,000 in the ledger.

Enters: an empty folder. Leaves: a database with questions of every standing, by 300 deputies of 12 groups,
texts as long as the Assemblée's, written by the real store.
"""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

from db.engine import open_engine
from db.schema import migrate
from tests.bench import prose
from tests.bench.archive import GROUPS, MINISTRIES, SEED
from tests.builders import NOW, answered, closure, record
from tests.feeds.place import FilledPlace
from tracker.events import Origin
from tracker.ports import Batch, LedgerMark, LedgerRow
from tracker.questions import Author, Constituency, Deputy, Mandate, QuestionRecord

ON_TOPIC = 1_000
IN_LEDGER = 20_000
DEPUTIES = 300
FIRST = 1_001  # number of the first question

_TODAY = date(2026, 11, 20)
_ISSUES = 110  # weekly, before that day


def make(folder: Path) -> None:
    """Fill the place."""
    folder.mkdir(parents=True)
    engine = open_engine(f"sqlite:///{folder / 'tracker.sqlite3'}")
    migrate(engine)
    place = FilledPlace(engine)
    chance = random.Random(SEED)
    place.store.save_deputies([_deputy(number) for number in range(DEPUTIES)], [], NOW)
    subjects = prose.subjects(chance, 40)
    records = [_record(number, chance, subjects) for number in range(ON_TOPIC)]
    place.read(*records, at=NOW - timedelta(days=1), origin=Origin.INITIAL)
    place.pass_deadlines(*(one.uid for one in records), at=NOW - timedelta(hours=20))
    ledger = tuple(_ledger_row(number, chance) for number in range(IN_LEDGER - ON_TOPIC))
    place.store.write(Batch(ledger=ledger, at=NOW))
    place.checked(NOW)
    engine.dispose()


def _deputy(number: int) -> Deputy:
    place = Constituency(f"Exemple {number % 90}", f"{number % 90 + 10}", number % 7 + 1)
    mandate = Mandate(f"PM{number}", 17, place, date(2024, 7, 8), None)
    return Deputy(f"PA{number}", "Mme" if number % 2 else "M.", "Camille", f"Exemple-{number}", (mandate,))


def _issue(number: int) -> date:
    return _TODAY - timedelta(days=3, weeks=_ISSUES - number % _ISSUES)


def _record(number: int, chance: random.Random, subjects: list[list[str]]) -> QuestionRecord:
    deputy = chance.randrange(DEPUTIES)
    subject = chance.choice(subjects)
    asked = _issue(number)
    one = record(
        FIRST + number,
        asked=asked,
        title=f"Asalée : {' '.join(subject[0].split()[:6])} (exemple {number})",
        html=f"<p>Le dispositif Asalée. {prose.text(chance, subject, 2_400)}</p>",
        author=Author(f"PA{deputy}", f"PM{deputy}", GROUPS[deputy % len(GROUPS)]),
        ministry=chance.choice(MINISTRIES),
    )
    on = asked + timedelta(days=7 * chance.randint(4, 30))
    if number % 20 == 0:
        return record(FIRST + number, asked=asked, closed=closure("AU", "Question retirée", min(on, _TODAY)))
    if number % 3 and on <= _TODAY:
        return answered(one, on, f"<p>{prose.text(chance, subject, 4_000)}</p>")
    return one


def _ledger_row(number: int, chance: random.Random) -> LedgerRow:
    published = _issue(number)
    on = published + timedelta(days=7 * chance.randint(4, 30))
    return LedgerRow(
        f"QANR5L17QE{FIRST + ON_TOPIC + number}",
        LedgerMark(number, 4_000, "bench"),
        published,
        on if number % 5 and on <= _TODAY else None,
        None,
        chance.choice(MINISTRIES).label,
        chance.choice(GROUPS).abbreviation,
        f"PA{number % 577}",
        "professions de santé",
    )
