"""What alerts are matched with says the same as SQL, field by field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import true

from db.engine import reading
from db.owing import event_facts
from tests.builders import HEALTH, LABOUR, NOW, answered, attribution, closure, record
from tests.db.writes import match, planned, question
from tracker.events import EventKind
from tracker.ports import Batch, MatchState
from tracker.questions import Author, Constituency, Deputy, Group, Mandate
from tracker.selecting import selects
from tracker.selection import Selection
from tracker.status import Status

# few, so that limits are met: asked on 9 April, due on 9 June, when the 16th legislature ended
DAYS = st.sampled_from([date(2024, 4, 9), date(2024, 4, 10), date(2024, 6, 9), date(2024, 6, 10)])
GROUPS = ("GDR", "EPR", "Écologiste et Social")
DEPUTIES = [
    Deputy(
        f"PA{n}", "Mme", "Camille", name, (Mandate(f"PM{n}", 17, Constituency(None, code, 1), None, None),)
    )
    for n, name, code in [(1, "Exemple", "76"), (2, "Dupont-Exemple", "2A")]
]
CLOSURES = st.sampled_from(
    [
        None,
        None,
        closure("REP_PUB", "Réponse publiée", "2024-06-11"),
        closure("FM", "Fin de mandat", None),
        closure("RET", "Question retirée", "2024-07-02"),
        closure("XYZ", "Autre", "2024-07-02"),
    ]
)


@st.composite
def questions(draw):
    """A question in two states: as published, and as it became."""
    author = Author(
        draw(st.sampled_from([None, "PA1", "PA2", "PA3"])),
        None,
        Group(None, draw(st.sampled_from(GROUPS)), None),
    )
    before = record(
        draw(st.integers(1, 3)),
        legislature=draw(st.sampled_from([16, 17])),
        asked=draw(st.none() | DAYS),
        title=draw(st.sampled_from(["Le cœur d’Asalée", "Infirmières déléguées (exemple)", None])),
        rubric=draw(st.sampled_from(["santé", "professions de santé", None])),
        ministry=draw(st.sampled_from([HEALTH, LABOUR, None])),
        author=author,
        html=draw(st.sampled_from(["Les infirmières.", "Question 12 de M. Exemple.", ""])),
    )
    after = replace(before, signalled_on=tuple(draw(st.lists(DAYS, max_size=1))), closure=draw(CLOSURES))
    if draw(st.booleans()):
        after = answered(after, draw(DAYS), draw(st.sampled_from(["Le cœur.", "Rien."])))
    if draw(st.booleans()):
        after = replace(after, author=replace(author, group=Group(None, draw(st.sampled_from(GROUPS)), None)))
    if draw(st.booleans()):
        after = replace(after, attributions=(*after.attributions, attribution(LABOUR, "2024-06-04")))
    return before, after


FIELDS = {
    "topic": st.sampled_from(["asalee", "autre", "inconnu"]),
    "statuses": st.frozensets(st.sampled_from(Status), min_size=1, max_size=2),
    "group": st.sampled_from(["gdr", "epr", "ecologiste-et-social"]),
    "ministry": st.sampled_from(["sante", "travail"]),
    "deputy": st.sampled_from(["PA1", "PA2", "PA3"]),
    "department": st.sampled_from(["76", "2A", "27"]),
    "rubric": st.sampled_from(["sante", "professions-de-sante"]),
    "legislature": st.sampled_from([16, 17]),
    "uid": st.sampled_from(["QANR5L17QE1", "QANR5L16QE2"]),
    "signalled": st.booleans(),
    "published_from": DAYS,
    "published_to": DAYS,
    "words": st.sampled_from(["  ", "?!", "coeur", "infirmier", "cœurs", "12", "1", "dupont", "rien coeur"]),
    "kinds": st.frozensets(st.sampled_from([EventKind.PUBLISHED, EventKind.ANSWERED]), max_size=2),
}
# one or two fields: with more, hardly anything is ever selected
SELECTIONS = st.lists(st.sampled_from(sorted(FIELDS)), max_size=2, unique=True).flatmap(
    lambda names: st.builds(Selection, **{name: FIELDS[name] for name in names})
)
STATES = st.sampled_from([MatchState.SURE, MatchState.CONFIRMED, MatchState.REVIEW, MatchState.REJECTED])


@given(
    asked=st.lists(
        st.tuples(questions(), STATES), min_size=1, max_size=3, unique_by=lambda one: one[0][0].uid
    ),
    selections=st.lists(SELECTIONS, min_size=1, max_size=12),
    today=DAYS,
    named=st.booleans(),
)
@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@example(
    asked=[((record(1), record(1)), MatchState.SURE)], selections=[Selection()], today=NOW.date(), named=True
)
def test_python_and_sql_select_the_same_events(  # noqa: PLR0917  # hypothesis passes by name
    store, reader, engine, asked, selections, today, named
):
    """On random questions, whatever is asked: the same events, so that an alert is what its feed shows."""
    for (before, after), state in asked:
        on = before.published_on or date(2024, 4, 2)
        published = question(
            before,
            planned(before, on=on),
            matches=[match(state, topic=t) for t in ("asalee", "autre")],
            revised=True,
        )
        answer = planned(after, EventKind.ANSWERED, date(2024, 6, 11))
        later = question(after, answer, matches=[match(state)], revised=True)
        store.write(Batch(questions=(published,), at=NOW))
        store.write(Batch(questions=(later,), at=NOW))
    if named:
        store.save_deputies(DEPUTIES, [], NOW)
    with reading(engine) as connection:
        facts = event_facts(connection, true())
    for selection in selections:
        by_sql = {view.recorded.sequence for view in reader.events(selection, today=today)}
        assert {number for number, one in facts.items() if selects(selection, one, today)} == by_sql, (
            selection
        )
