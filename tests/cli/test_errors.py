"""How commands end: exit codes, one line on stderr, never a traceback."""

from __future__ import annotations

import logging
import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from db.store import SqlStore
from tracker.cli.main import app
from tracker.cli.topics import app as topics_app
from tracker.errors import TrackerError


def test_exit_codes_are_told_apart():
    """Each kind of error has a code of its own, and the help lists them."""
    codes = [TrackerError.exit_code, *(kind.exit_code for kind in TrackerError.__subclasses__())]

    assert len(set(codes)) == len(codes)
    listed = re.search(r"Codes de sortie : (.*)", app.info.help.replace("\\\n", "")).group(1)
    assert {int(number) for number in re.findall(r"\d+", listed)} >= set(codes)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["statu"], "Commande inconnue : statu"),
        (["status"], "Il manque 'NUMÉRO'"),
        (["status", "abc"], "attendu : un nombre entier"),
        (["status", "0"], "supérieur ou égal à 1"),
        (["status", "99999999999999999999"], "inférieur ou égal à 9999999"),
        (["questions", "--limite", "99999999999999999999"], "inférieur ou égal à 9999999"),
        (["runs", "--limite", "99999999999999999999"], "inférieur ou égal à 1000000"),
        (["status", "1", "2"], "Mots en trop : 2"),
        (
            ["status", "1", "--legislatur", "17"],
            "Option inconnue : --legislatur. Option proche : --legislature",
        ),
        (["export", "--format", "xml"], "l'une de ces valeurs : 'csv', 'json'"),
        (["topics", "revoir"], "Commande inconnue : revoir"),
    ],
)
def test_a_command_badly_written_is_told_in_french(command, words, told):
    """Exit code 2, one line that says what and which help to ask."""
    code, out, err = command(*words)

    assert (code, out) == (2, "")
    assert told in err
    assert "--help" in err
    assert len(err.splitlines()) == 1


def test_help_is_french(command):
    """Every command's help is in French and has an example."""
    names = [(one.name or one.callback.__name__,) for one in app.registered_commands]
    names += [("topics", one.name) for one in topics_app.registered_commands]
    assert len(names) >= 20
    for words in names:
        code, out, _ = command(*words, "--help")
        assert code == 0
        assert "Exemple" in out, words
        assert "Show this message" not in out
        assert "asalee-tracker " + words[0] in out


def test_no_command_shows_the_help(command):
    """Without a word, the help, and exit code 2 as a script expects; no error line."""
    code, out, err = command()

    assert code == 2
    assert "asalee-tracker demo" in out + err
    assert "Erreur" not in err


def test_the_version_is_told(command):
    """`--version` is one line."""
    code, out, _ = command("--version")

    assert code == 0
    assert re.fullmatch(r"asalee-tracker \d+\.\d+\.\d+\n", out)


def test_a_wrong_setting_is_exit_code_3(command, monkeypatch):
    """The variable is named before anything else happens."""
    monkeypatch.setenv("TRACKER_PORT", "beaucoup")

    code, _, err = command("runs")

    assert code == 3
    assert "TRACKER_PORT" in err


def test_no_place_yet_is_exit_code_4_and_makes_none(command, tmp_path):
    """Asking makes no database; the line says how to make one."""
    code, _, err = command("status", "13983")

    assert code == 4
    assert "asalee-tracker run" in err
    assert not (tmp_path / "data").exists()


def test_an_unknown_schema_is_refused_with_exit_code_4(filled, command):
    """A database of a later version is left alone; `run` and `migrate` refuse it too."""
    with closing(sqlite3.connect(filled / "tracker.sqlite3")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")

    for words in (["status", "13983"], ["migrate"], ["run", "--port", "0"], ["crawl"]):
        code, _, err = command(*words)
        assert code == 4
        assert "9999" in err


def test_busy_is_exit_code_6(filled, command, monkeypatch):
    """A job that another process holds is not begun."""
    monkeypatch.setattr("tracker.deciding.record_due_deadlines.__kwdefaults__", {"wait_seconds": 0.0})
    monkeypatch.setattr(SqlStore, "acquire_lock", lambda *_args: False)
    monkeypatch.setattr(SqlStore, "lock_owner", lambda *_args: "elsewhere/1/x/1")

    assert command("deadlines")[0] == 6
    assert command("crawl")[0] == 6


def test_what_nobody_foresaw_is_kept_under_a_number(filled, command, monkeypatch):
    """One line with a number and a place; the traceback is there and not on the screen."""
    monkeypatch.setattr("db.queries.SqlReader.runs", _break)
    monkeypatch.setattr(logging.getLogger(), "handlers", [])

    code, out, err = command("runs")

    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1
    number, report = re.search(r"n° (\w+) \(ZeroDivisionError\) : le détail est dans (\S+)\.", err).groups()
    assert number in report
    kept = Path(report)
    assert "ZeroDivisionError" in kept.read_text(encoding="utf-8")
    kept.unlink()


def _break(*_args, **_options):
    raise ZeroDivisionError


@pytest.mark.parametrize("words", [["questions"], ["--help"]])
def test_a_reader_that_goes_away_is_no_error(filled, words):
    """`asalee-tracker questions | head -0`: nothing on stderr."""
    ended = subprocess.run(
        f"{sys.executable} -m tracker {' '.join(words)} | head -c 0",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.stderr == ""


@pytest.mark.parametrize(
    ("redirection", "code", "told"),
    [
        (">&-", 0, ""),
        ("> /dev/full", 1, "Erreur : la sortie ne peut pas être écrite (No space left on device).\n"),
    ],
)
@pytest.mark.parametrize("words", ["questions", "export", "--help"])
def test_a_closed_or_full_output_is_one_line_at_most(filled, words, redirection, code, told):
    """Nothing goes wrong without a stdout; a full one is told, once."""
    ended = subprocess.run(
        f"{sys.executable} -m tracker {words} {redirection}",
        shell=True,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (code, told)


@pytest.mark.parametrize("words", ["questions", "export", "status 13983"])
def test_a_pipe_gets_utf_8_whatever_the_locale(filled, words):
    """« œ », « é » and typographic apostrophes pass through a pipe of a latin-1 or ASCII locale."""
    ended = subprocess.run(
        f"{sys.executable} -m tracker {words} | cat",
        shell=True,
        capture_output=True,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        check=False,
    )

    assert ended.stderr == b""
    assert "é" in ended.stdout.decode("utf-8")


@pytest.mark.parametrize("target", ["missing/x.csv", "."])
def test_an_export_that_cannot_be_written_names_the_file(filled, command, target):
    """Exit code 2 and what the system said."""
    code, _, err = command("export", "--sortie", target)

    assert code == 2
    assert f"{target} ne peut pas être écrit" in err


def test_a_ctrl_c_while_loading_is_no_traceback(tmp_path):
    """Exit code 130 and nothing said, before the first command is even known."""
    (tmp_path / "typer.py").write_text("raise KeyboardInterrupt", encoding="utf-8")

    ended = subprocess.run(
        [sys.executable, "-m", "tracker", "runs"],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (130, "")


def test_status_loads_neither_scrapy_nor_the_web(filled):
    """`status` answers at once: what it does not need is not even imported."""
    code = (
        "import sys; from tracker.cli.main import run_command; code = run_command(['status', '13983']);"
        "heavy = {'scrapy', 'twisted', 'fastapi', 'starlette', 'uvicorn', 'feedgen', 'apscheduler', 'httpx'};"
        "sys.exit(f'{code} {heavy & set(sys.modules)}' if code or heavy & set(sys.modules) else 0)"
    )

    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert (ended.returncode, ended.stderr) == (0, "")
