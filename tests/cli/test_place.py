"""`migrate`, `backup`, `verify`, `runs`, `issues`, `deadlines`: what an operator asks."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta

from tests.cli.conftest import NOW


def test_migrate_makes_a_place_and_settles_its_identity(command, tmp_path, monkeypatch):
    """An empty folder becomes a place; its tag authority is set once and stays."""
    monkeypatch.setenv("TRACKER_TAG_AUTHORITY", "first.example.org")
    assert command("migrate")[0] == 0
    monkeypatch.setenv("TRACKER_TAG_AUTHORITY", "second.example.org")
    assert command("migrate")[0] == 0

    with closing(sqlite3.connect(tmp_path / "data" / "tracker.sqlite3")) as database:
        kept = dict(database.execute("SELECT key, value FROM place"))
    assert "first.example.org" in kept.values()
    assert "second.example.org" not in kept.values()


def test_the_public_domain_is_the_authority_unless_set(command, tmp_path, monkeypatch):
    """Feed ids carry the service's own domain by default."""
    monkeypatch.setenv("TRACKER_PUBLIC_URL", "https://asalee.example.org/")
    assert command("migrate")[0] == 0

    with closing(sqlite3.connect(tmp_path / "data" / "tracker.sqlite3")) as database:
        kept = dict(database.execute("SELECT key, value FROM place"))
    assert "asalee.example.org" in kept.values()


def test_backup_is_a_place_of_its_own(filled, command, tmp_path, monkeypatch):
    """The copy answers like the original."""
    copy = tmp_path / "copy" / "tracker.sqlite3"
    copy.parent.mkdir()
    code, out, _ = command("backup", str(copy))
    assert code == 0
    assert str(copy) in out

    monkeypatch.setenv("TRACKER_DATA_DIR", str(copy.parent))
    assert "Continuité du dispositif" in command("status", "13983")[1]


def test_backup_overwrites_nothing(filled, command, tmp_path):
    """A file that is there is left as it is."""
    target = tmp_path / "kept.txt"
    target.write_text("kept")

    assert command("backup", str(target))[0] == 2
    assert target.read_text() == "kept"


def test_backup_comes_before_the_migration(filled, command, tmp_path):
    """A base of an older schema, whose refusal asks for a copy first, can be copied."""
    with closing(sqlite3.connect(filled / "tracker.sqlite3")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")

    code, _, err = command("status", "13983")
    assert code == 4
    assert "asalee-tracker backup" in err
    assert command("backup", str(tmp_path / "copy.sqlite3"))[0] == 0


def test_verify_agrees_with_a_sound_place(filled, command):
    """Nothing to say, exit code 0."""
    assert command("verify") == (0, "Tout concorde.\n", "")


def test_verify_tells_what_disagrees(filled, command):
    """A row changed by hand is found: exit code 7, and which question."""
    with closing(sqlite3.connect(filled / "tracker.sqlite3")) as database, database:
        database.execute("UPDATE questions SET due_on = '2030-01-01' WHERE number = 13983")

    code, out, err = command("verify")

    assert code == 7
    assert "13983" in out
    assert err.startswith("Erreur : 1 point")


def test_runs_are_listed(filled, command):
    """Each reading with how it ended; JSON has the last good one beside."""
    code, out, _ = command("runs", "--limite", "1")
    assert code == 0
    assert len(out.splitlines()) == 2
    assert "questions/17" in out

    found = json.loads(command("runs", "--json")[1])
    assert found["last_good_check"].startswith("2026-11-21T11:00")
    assert [run["outcome"] for run in found["runs"]] == ["succeeded", "succeeded"]


def test_issues_tell_what_the_source_sent(filled, command):
    """The unknown closure code of the example is there, and nothing else."""
    code, out, _ = command("issues")
    assert code == 0
    assert "QANR5L17QE9900004" in out
    assert [one["code"] for one in json.loads(command("issues", "--json")[1])] == ["unknown-closure"]


def test_s17_the_daily_job_tells_each_due_date_once(filled, command, monkeypatch):
    """Run again, it adds nothing; run weeks later, it makes up for all that passed meanwhile."""
    assert command("deadlines")[1] == "Échéances dépassées notées : 0.\n"

    monkeypatch.setattr("tracker.wiring.system_clock", lambda: NOW + timedelta(days=60))
    first = command("deadlines")[1]
    assert first == "Échéances dépassées notées : 3.\n"
    assert command("deadlines")[1] == "Échéances dépassées notées : 0.\n"
    assert command("verify")[0] == 0
