"""Topic files: read with care, wrong ones refused with the file and the key."""

import pytest

from tracker.errors import SettingsError
from tracker.topics import Milestone, load_topics, parse_topic

GOOD = """
slug = "abeilles"
name = "Abeilles"
version = 2
[sure]
forms = ["abeille(s)"]
"""


def test_asalee_ships_inside():
    """Without any folder the service follows Asalée."""
    (topic,) = load_topics(None).topics
    assert (topic.slug, topic.name, topic.version) == ("asalee", "Asalée", 1)


def test_a_folder_adds_topics(tmp_path):
    """TOML files are read, others left alone; the label is the name unless given."""
    (tmp_path / "abeilles.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "lisez-moi.txt").write_text("rien", encoding="utf-8")
    topics = load_topics(tmp_path).topics
    assert [topic.slug for topic in topics] == ["asalee", "abeilles"]
    assert (topics[1].label, topics[1].within, topics[1].milestones) == ("Abeilles", 200, ())


def test_a_file_may_replace_asalee(tmp_path):
    """The same slug in the folder wins over the shipped topic."""
    (tmp_path / "a.toml").write_text(GOOD.replace("abeilles", "asalee"), encoding="utf-8")
    (topic,) = load_topics(tmp_path).topics
    assert topic.version == 2


def test_two_files_with_one_slug_are_refused(tmp_path):
    """Nothing says which one is meant."""
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_text(GOOD, encoding="utf-8")
    with pytest.raises(SettingsError, match=r"Deux fichiers .* « abeilles »"):
        load_topics(tmp_path)


def test_a_missing_folder_is_refused(tmp_path):
    """The error names the setting."""
    with pytest.raises(SettingsError, match="TRACKER_TOPICS_DIR"):
        load_topics(tmp_path / "absent")


def test_an_unreadable_file_is_refused(tmp_path):
    """Not UTF-8: the error names the file."""
    (tmp_path / "a.toml").write_bytes(b'name = "\xe9"')
    with pytest.raises(SettingsError, match=r"a\.toml ne peut pas être lu"):
        load_topics(tmp_path)


def test_milestones():
    """Dated facts with their source; the note may be left out."""
    text = GOOD + '[[milestones]]\ndate = "2024-06"\ntext = "Fait."\nsource = "Exemple"\n'
    assert parse_topic(text, "a.toml").milestones == (Milestone("2024-06", "Fait.", "Exemple"),)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('slug = "abeilles"', "", "« slug » doit contenir un texte"),
        ('slug = "abeilles"', "slug = 3", "« slug » doit contenir un texte"),
        ('"abeilles"', '"Les Abeilles"', "« slug » doit contenir lettres minuscules"),
        ('name = "Abeilles"', 'name = ""', "« name » doit contenir un texte"),
        ("version = 2", "version = 0", "« version » doit contenir un nombre entier à partir de 1"),
        ("version = 2", "version = true", "« version » doit contenir un nombre entier"),
        ("version = 2", 'version = "2"', "« version » doit contenir un nombre entier"),
        ("version = 2", "version = 2\nverison = 3", "clé inconnue « verison »"),
        ('["abeille(s)"]', "[]", "« sure.forms » doit contenir au moins une forme"),
        ('["abeille(s)"]', '["…"]', "« sure.forms » doit contenir des textes avec une lettre"),
        ('["abeille(s)"]', "[1]", "« sure.forms » doit contenir des textes avec une lettre"),
        ('["abeille(s)"]', '"abeille"', "« sure.forms » doit contenir une liste"),
        ("[sure]", "[sur]", "« sure.forms » doit contenir au moins une forme"),
        ("[sure]", '[doubtful]\nforms = ["a"]\n[sure]', "« doubtful.near » doit contenir au moins un mot"),
        ("[sure]", "[doubtful]\nwithin = 0\n[sure]", "« doubtful.within » doit contenir un nombre"),
        ("[sure]", "[exceptions]\nforms = []\n[sure]", "clé inconnue « exceptions.forms »"),
        ("[sure]", "[milestones]\n[sure]", "« milestones » doit contenir une liste"),
        ("version = 2", "version = 2\nmilestones = [1]", "« milestones » doit contenir des sections"),
        ("[sure]", '[[milestones]]\ndate = "juin"\n[sure]', "« milestones[1].date » doit contenir une année"),
        ("[sure]", "[sure", "n’est pas un fichier TOML valable"),
    ],
)
def test_a_wrong_file_is_refused_with_its_key(old, new, said):
    """The operator is told the file, the key and what it should hold, in French."""
    assert old in GOOD
    with pytest.raises(SettingsError) as refusal:
        parse_topic(GOOD.replace(old, new, 1), "sujets/abeilles.toml")
    assert "sujets/abeilles.toml" in str(refusal.value)
    assert said in str(refusal.value)
