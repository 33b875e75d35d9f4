"""`topics`: what is followed, why a text matches, and decisions on what is doubtful."""

from __future__ import annotations

import io
import json

import pytest


def test_topics_are_listed(command):
    """Asalée ships inside; no place is needed to ask."""
    code, out, _ = command("topics", "list")
    assert code == 0
    assert "asalee" in out
    assert [topic["slug"] for topic in json.loads(command("topics", "list", "--json")[1])] == ["asalee"]


@pytest.mark.parametrize(
    ("text", "code", "told"),
    [
        ("les infirmières ASALÉE", 0, "sûr"),
        ("l'action de santé\nlibérale en équipe", 0, "sûr"),
        ("les infirmières azalée", 1, "douteux : à relire (infirmieres)"),
        ("une azalée en pot", 1, "écarté"),
        ("rien", 1, "Aucune forme d'aucun sujet dans le texte « rien »."),
    ],
)
def test_s13_a_text_is_explained(command, text, code, told):
    """What matches, why, and an exit code for scripts."""
    ended, out, _ = command("topics", "test", text)

    assert ended == code
    assert told in out


def test_a_file_or_the_standard_input_is_read(command, tmp_path, monkeypatch):
    """A text may be long: a file's name, or `-`."""
    file = tmp_path / "discours.txt"
    file.write_text("x " * 30_000 + "Asalée", encoding="utf-8")
    assert command("topics", "test", str(file))[0] == 0

    monkeypatch.setattr("sys.stdin", io.StringIO("Asalée"))
    found = json.loads(command("topics", "test", "-", "--json")[1])
    assert found[0]["verdict"] == "sure"


def test_what_was_looked_at_is_said_when_nothing_is_found(command, tmp_path):
    """A mistyped name is seen to have been taken for a text."""
    file = tmp_path / "discours.txt"
    file.write_text("Rien.", encoding="utf-8")

    assert f"dans le fichier {file}." in command("topics", "test", str(file))[1]
    assert f"dans le texte « {file}x »." in command("topics", "test", f"{file}x")[1]


def test_a_file_that_is_no_text_is_refused(command, tmp_path):
    """A picture is told apart from a text without the topic."""
    file = tmp_path / "image.png"
    file.write_bytes(b"\x89PNG\xff\xfe")

    assert command("topics", "test", str(file))[0] == 2


def test_a_wrong_topic_file_names_itself(command, tmp_path, monkeypatch):
    """An operator's own topic with a slip is refused with the file's name."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.toml").write_text('slug = "x"\n', encoding="utf-8")
    monkeypatch.setenv("TRACKER_TOPICS_DIR", str(tmp_path / "own"))

    code, _, err = command("topics", "list")

    assert code == 3
    assert "mine.toml" in err


def test_doubtful_questions_wait_for_a_person(filled, command):
    """Review shows them with the words around; before a decision nothing of them is public."""
    code, out, _ = command("topics", "review")
    assert code == 0
    assert "QANR5L17QE9900005" in out
    assert "infirmieres azalee" in out

    held = json.loads(command("topics", "review", "--json")[1])
    assert [one["uid"] for one in held] == ["QANR5L17QE9900005"]
    assert command("status", "9900005")[0] == 2


def test_confirmed_it_is_published(filled, command):
    """After `confirm` the question is public, with its events; it waits no more."""
    code, out, _ = command("topics", "confirm", "QANR5L17QE9900005")

    assert code == 0
    assert "faits ajoutés : 1" in out
    assert command("status", "9900005")[0] == 0
    assert json.loads(command("topics", "review", "--json")[1]) == []
    assert command("verify")[0] == 0


def test_rejected_it_stays_unseen(filled, command):
    """After `reject` the question stays unseen, and waits no more."""
    assert command("topics", "reject", "QANR5L17QE9900005")[0] == 0

    assert command("status", "9900005")[0] == 2
    assert command("topics", "review")[1] == "Aucune question à relire.\n"


def test_there_must_be_something_to_decide(filled, command):
    """A sure question, or an unknown one, is no matter for a decision."""
    for uid in ("QANR5L17QE13983", "QANR5L17QE1", "13983"):
        code, _, err = command("topics", "confirm", uid)
        assert code == 2
        assert uid in err
