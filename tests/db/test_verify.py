"""What is kept is made to disagree with itself, and `verify` says where."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from db.engine import open_engine, writing
from db.queries import SqlReader
from db.schema import migrate
from db.verify import verify
from tests.builders import LABOUR, NOW, answered, attribution, closure, instant, record
from tests.db.writes import match, planned, question, write_all
from tests.tracker.crawls import crawl, unreadable
from tracker.errors import SettingsError
from tracker.events import EventKind, Origin
from tracker.ports import Batch, MatchState
from tracker.questions import Author, Constituency, Deputy, Group, Mandate
from tracker.recorder import decide_match, record_deadlines
from tracker.selection import Selection


@pytest.fixture
def place(store, engine):
    """Some questions with a history: revised, answered, held for review, by a known deputy."""
    write_all(store, record(1), record(2), record(3, author=Author("PA2", None, None)))
    mandate = Mandate("PM900100", 17, Constituency("Eure", "27", 5), None, None)
    store.save_deputies([Deputy("PA900100", "Mme", "Camille", "Exemple", (mandate,))], ["PA2"], NOW)
    changed = answered(
        record(1, author=Author("PA900100", "PM900100", Group(None, "AUTRE", None))), "2026-11-17"
    )
    answer = planned(changed, EventKind.ANSWERED, date(2026, 11, 17), listed_at=NOW + timedelta(hours=1))
    old = planned(record(5), listed_at=NOW - timedelta(days=30), origin=Origin.INITIAL)
    held = question(record(4), matches=[match(MatchState.REVIEW)])
    store.write(
        Batch(questions=(question(changed, answer, revised=True), held, question(record(5), old)), at=NOW)
    )
    return engine


def test_a_sound_place_has_nothing_to_say(place):
    """Neither a full one nor an empty one."""
    assert verify(place) == []


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE matches SET state = 'review' WHERE uid = 'QANR5L17QE1'", "aucune correspondance"),
        ("DELETE FROM matches WHERE uid = 'QANR5L17QE1'", "aucune correspondance"),
        ("UPDATE matches SET state = 'confirmed' WHERE uid = 'QANR5L17QE4'", "sans aucun événement"),
    ],
)
def test_a_history_that_nobody_sees_is_told(place, statement, told):
    """Events of a question that is not public, and a public one without any."""
    with writing(place) as connection:
        connection.execute(text(statement))

    assert any(told in line for line in verify(place))


def test_an_empty_place_has_nothing_to_say(engine):
    """As it is after `migrate`."""
    assert verify(engine) == []


def test_a_place_that_a_recorder_filled_has_nothing_to_say(store, engine):
    """Months of readings: every kind of event, a review, an unreadable file, a backfill, two legislatures."""
    first = [record(number, asked="2026-03-03") for number in range(1, 8)]
    doubtful = record(9, asked="2026-03-03", title="Infirmières", html="Azalée, des infirmières.")
    old = record(1, legislature=16, asked="2024-05-14")
    crawl(store, [*first, doubtful, unreadable("QANR5L17QE8")], instant("2026-03-10"))
    record_deadlines(store, instant("2026-05-04"))
    decide_match(store, doubtful.uid, "asalee", confirm=True, at=instant("2026-05-05"))
    corrected = replace(answered(first[0], "2026-04-14"), title="Titre rectifié (exemple)")
    states = [
        [answered(first[0], "2026-04-14"), replace(first[1], signalled_on=(date(2026, 5, 11),)), *first[2:]],
        [
            corrected,
            replace(first[1], closure=closure("RET", "Retrait de la question", "2026-05-19")),
            replace(first[2], renewed_on=(date(2026, 5, 19),)),
            replace(first[3], attributions=(*first[3].attributions, attribution(LABOUR, "2026-05-19"))),
            replace(first[4], closure=closure("FM", "Fin de mandat")),
            first[5],
        ],
        [replace(corrected, answer_texts=(), closure=None), first[1], *first[2:6]],
        [replace(corrected, answer_texts=(), closure=None), first[1], *first[2:6]],
    ]
    for week, state in enumerate(states):
        crawl(store, [*state, doubtful], instant("2026-05-12") + timedelta(weeks=week))
    crawl(store, [*states[-1], doubtful], instant("2026-06-16"), parser="2")
    crawl(store, [old], instant("2026-06-17"))
    store.save_deputies([Deputy("PA900100", "Mme", "Camille", "Exemple", ())], [], NOW)
    kinds = {view.recorded.event.kind for view in SqlReader(engine).events(Selection())}
    assert kinds >= set(EventKind) - {EventKind.CLOSED}
    assert verify(engine) == []


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE questions SET fact = 'open' WHERE uid = 'QANR5L17QE1'", "QANR5L17QE1 : fact vaut 'open'"),
        ("UPDATE questions SET due_on = '2030-01-01' WHERE uid = 'QANR5L17QE2'", "QANR5L17QE2 : due_on vaut"),
        ("UPDATE questions SET last_sequence = 99 WHERE uid = 'QANR5L17QE2'", "dernier événement 99"),
        ("UPDATE questions SET revision = 3 WHERE uid = 'QANR5L17QE1'", "révisions [1, 2]"),
        (
            "UPDATE revisions SET record = '{}' WHERE uid = 'QANR5L17QE2'",
            "QANR5L17QE2 : révision ou événement illisible",
        ),
        (
            "UPDATE revisions SET record = 'x' WHERE uid = 'QANR5L17QE2'",
            "QANR5L17QE2 : révision ou événement illisible",
        ),
        (
            "UPDATE events SET kind = 'inconnu' WHERE uid = 'QANR5L17QE2'",
            "QANR5L17QE2 : révision ou événement illisible",
        ),
        (
            "UPDATE events SET id = 'autre' WHERE uid = 'QANR5L17QE2'",
            "autre : cet identifiant devrait être QANR5L17QE2/",
        ),
        ("UPDATE events SET revision = 3 - revision WHERE uid = 'QANR5L17QE1'", "révision antérieure"),
        (
            "UPDATE events SET listed_at = '2020-01-01 00:00:00.000000' WHERE kind = 'answered'",
            "ou avant lui",
        ),
        ("DELETE FROM events WHERE kind = 'answered'", "QANR5L17QE1/answered/2026-11-17/1 : les lectures"),
        (
            "UPDATE events SET detail = '{}', kind = 'closed', id = replace(id, 'answered', 'closed')",
            "closed/",
        ),
        ("DELETE FROM question_labels WHERE uid = 'QANR5L17QE2'", "QANR5L17QE2 : les valeurs de tri"),
        (
            "UPDATE question_labels SET label = 'x' WHERE kind = 'department'",
            "QANR5L17QE1 : les valeurs de tri",
        ),
        ("UPDATE deputies SET last_name = 'Autre'", "QANR5L17QE1 : les mots de la recherche"),
        ("UPDATE search_documents SET title = 'x' WHERE uid = 'QANR5L17QE2'", "QANR5L17QE2 : les mots"),
        ("DELETE FROM search_documents WHERE uid = 'QANR5L17QE2'", "QANR5L17QE2 : les mots"),
        ("DELETE FROM search_index", "L'index de recherche"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM deputies", "mandates"),
    ],
)
def test_each_disagreement_is_said(place, damage, said):
    """Where, and what was expected."""
    connection = place.raw_connection()
    for statement in damage.split("; "):
        connection.cursor().execute(statement)
    connection.commit()
    connection.close()
    place.dispose()
    assert any(said in problem for problem in verify(place)), verify(place)


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE questions SET fact = 'lapsed', due_on = NULL, title = 'x', signalled = 1",
        "DELETE FROM question_labels",
        "UPDATE question_labels SET slug = 'autre' || slug",
        "DELETE FROM search_documents",
        "UPDATE search_documents SET question = 'x', author = ''",
    ],
)
def test_migrating_makes_what_is_derived_again(place, reader, damage):
    """As after an upgrade whose rules read the same records otherwise; nothing learned is lost."""
    events, questions = reader.events(Selection()), reader.questions(Selection(), today=NOW.date())
    with writing(place) as connection:
        connection.execute(text(damage))
    assert verify(place)
    version = reader.version()
    migrate(place)
    assert verify(place) == []
    assert reader.events(Selection()) == events
    assert reader.questions(Selection(), today=NOW.date()) == questions
    assert reader.version() != version


def test_a_damaged_file_is_said(place, tmp_path):
    """Pages overwritten on the disk, one after the other: said, not a crash."""
    place.dispose()
    file = tmp_path / "base.sqlite3"
    sound = file.read_bytes()
    noise = random.Random(0)  # noise, not secrets
    said = 0
    for start in range(4096, len(sound), 5 * 4096):
        for suffix in ("-wal", "-shm"):
            file.with_name(file.name + suffix).unlink(missing_ok=True)
        file.write_bytes(sound[:start] + noise.randbytes(4096) + sound[start + 4096 :])
        damaged = open_engine(f"sqlite:///{file}")
        try:
            said += bool(verify(damaged))
        except SettingsError:  # a page of the schema itself: it does not open at all
            said += 1
        damaged.dispose()
    assert said >= len(range(4096, len(sound), 5 * 4096)) - 1  # a free page may lie anywhere
