"""The settings: read from the environment, refused in French, told in one page, passed to children."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tracker.errors import SettingsError
from tracker.settings import Settings, child_environment, load_settings, unknown_variables

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "settings.md"


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch, tmp_path):
    """No variable of this machine, no `.env` of its folder."""
    for name in [name for name in os.environ if name.startswith("TRACKER_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_defaults_need_nothing():
    """With no variable at all, the live source and the 17th legislature are followed."""
    settings = load_settings()

    assert settings.legislatures == (17,)
    assert str(settings.source_url).startswith("https://data.assemblee-nationale.fr/")


@pytest.mark.parametrize(
    ("written", "read"),
    [("17", (17,)), ("16,17", (16, 17)), (" 15 , 16,,17 ", (15, 16, 17)), ("17,17", (17,))],
)
def test_legislatures_are_a_list_with_commas(monkeypatch, written, read):
    """Legislatures are written as people write lists; spaces and repeats do no harm."""
    monkeypatch.setenv("TRACKER_LEGISLATURES", written)

    assert load_settings().legislatures == read


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("TRACKER_PORT", "abc", "un nombre entier"),
        ("TRACKER_PORT", "70000", "inférieur ou égal à 65535"),
        ("TRACKER_CRAWL_TIMEOUT", "0", "supérieur à 0"),
        ("TRACKER_DOWNLOAD_DELAY", "-1", "supérieur ou égal à 0"),
        ("TRACKER_LEGISLATURES", "dix-sept", "séparés par des virgules"),
        ("TRACKER_LEGISLATURES", "", "séparés par des virgules"),
        ("TRACKER_LEGISLATURES", "14", "à partir de la 15e"),
        ("TRACKER_LEGISLATURES", "17,100", "à partir de la 15e"),
        ("TRACKER_PUBLIC_URL", "example", "une adresse complète"),
        ("TRACKER_PUBLIC_URL", "ftp://example.org", "https://"),
        ("TRACKER_DEMO", "peut-être", "true ou false"),
        ("TRACKER_MAIL_FROM", "alertes", "une adresse électronique"),
        ("TRACKER_MAIL_BOUNCES", "rapports-de-rebond@exemple.fr", "11 caractères au plus"),
        ("TRACKER_MAIL_NAME", "x" * 31, "30 caractères au plus"),
        ("TRACKER_SMTP_SECURITY", "ssl", "'starttls', 'tls' ou 'none'"),
        ("TRACKER_LOG_FORMAT", "xml", "'text' ou 'json'"),
    ],
)
def test_a_wrong_value_is_refused_in_french(monkeypatch, name, value, expected):
    """The refusal names the variable, the value and what is expected."""
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError) as refused:
        load_settings()

    assert name in str(refused.value)
    assert f"« {value} »" in str(refused.value)
    assert expected in str(refused.value)
    assert "Input should" not in str(refused.value)


def test_all_wrong_values_are_told_at_once(monkeypatch):
    """Two mistakes make two lines, so that an operator mends both."""
    monkeypatch.setenv("TRACKER_PORT", "x")
    monkeypatch.setenv("TRACKER_DEMO", "x")

    with pytest.raises(SettingsError, match=r"TRACKER_PORT[^\n]*\n[^\n]*TRACKER_DEMO"):
        load_settings()


def test_options_win_over_the_environment(monkeypatch):
    """An option given on the command line counts; one not given leaves the variable its value."""
    monkeypatch.setenv("TRACKER_PORT", "8001")
    monkeypatch.setenv("TRACKER_HOST", "::1")

    settings = load_settings(port=8002, host=None)

    assert (settings.port, settings.host) == (8002, "::1")


def test_the_database_is_a_file_of_the_data_folder_unless_set(tmp_path):
    """No address means SQLite in the data folder; an address given is used as it is."""
    assert load_settings(data_dir=tmp_path).store_url == f"sqlite:///{tmp_path}/tracker.sqlite3"
    assert load_settings(database_url="sqlite:////elsewhere.db").store_url == "sqlite:////elsewhere.db"


def test_a_dotenv_file_is_read(tmp_path):
    """A `.env` file beside the service holds settings too."""
    (tmp_path / ".env").write_text("TRACKER_PORT=9001\n", encoding="utf-8")

    assert load_settings().port == 9001


def test_a_child_runs_with_exactly_the_same_settings(monkeypatch, tmp_path):
    """What is passed to a child reads back equal, whatever a `.env` file says beside it."""
    (tmp_path / ".env").write_text("TRACKER_DATABASE_URL=sqlite:///other.db\n", encoding="utf-8")
    settings = load_settings(
        database_url="",
        legislatures="16,17",
        port=8003,
        demo=True,
        topics_dir=tmp_path,
        contact="a@example.org",
        smtp_password="A:b,c d",
        operator_alerts="a@example.org,ntfys://ntfy.example.org/sujet",
    )

    for name, value in child_environment(settings).items():
        monkeypatch.setenv(name, value)

    assert load_settings() == settings
    assert load_settings().database_url is None


def test_misspelt_variables_are_noticed(monkeypatch):
    """A variable with our prefix that is no setting is told, so that a slip does not go unseen."""
    monkeypatch.setenv("TRACKER_PROT", "8000")

    assert unknown_variables() == ["TRACKER_PROT"]


def test_the_page_lists_every_setting_as_the_class_does():
    """`docs/reference/settings.md` has one row for each field: name, default, what it is for."""
    rows = re.findall(
        r"^\| `(TRACKER_\w+)` \| (.*?) \| (.*?) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )

    assert rows == [
        (f"TRACKER_{name.upper()}", _shown(field.default), field.description)
        for name, field in Settings.model_fields.items()
    ]


def _shown(default: object) -> str:
    """A default as an operator writes it."""
    if default in (None, "", ()):
        return "(vide)"
    if isinstance(default, tuple):
        return f"`{','.join(map(str, default))}`"
    return f"`{str(default).lower()}`" if isinstance(default, bool) else f"`{str(default).rstrip('/')}`"
