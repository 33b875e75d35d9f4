"""Topic files: read with care, wrong ones refused with the file and the key."""

import re
from pathlib import Path

import pytest

from tracker.errors import SettingsError
from tracker.milestones import Citation, Milestone
from tracker.topics import TopicSet, load_topics, parse_topic

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


MILESTONE = """
[[milestones]]
date = "2024-06"
text = "Fait."
sources = [{ name = "Exemple", url = "https://exemple.fr/page" }, { name = "Courrier" }]
"""


def test_milestones():
    """Dated facts, each with who says so; the note and addresses may be left out."""
    (milestone,) = parse_topic(GOOD + MILESTONE, "a.toml").milestones
    sources = (Citation("Exemple", "https://exemple.fr/page"), Citation("Courrier"))
    assert milestone == Milestone("2024-06", "Fait.", sources)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('date = "2024-06"', "", "« milestones[1].date » doit contenir un texte"),
        ('"2024-06"', "2024-06-21", "« milestones[1].date » doit contenir un texte"),
        ('"2024-06"', '"2024-02-30"', "« milestones[1].date » doit contenir une année, un mois ou un jour"),
        ('"2024-06"', '"24-06"', "« milestones[1].date » doit contenir une année"),
        ('"2024-06"', '"2024-6"', "« milestones[1].date » doit contenir une année"),
        ('text = "Fait."', "", "« milestones[1].text » doit contenir un texte"),
        ("sources = [", "sources = []\nautres = [", "« milestones[1].sources » doit contenir au moins une"),
        ("sources = [{", "sources = 1\nautres = [{", "« milestones[1].sources » doit contenir une liste"),
        ('name = "Courrier"', "", "« milestones[1].sources[2].name » doit contenir un texte"),
        (
            "https://exemple.fr/page",
            "exemple.fr",
            "« milestones[1].sources[1].url » doit contenir une",
        ),
        ("https://exemple.fr/page", "javascript:x", "« milestones[1].sources[1].url » doit contenir une"),
        ('"Courrier"', '"Courrier", page = "2"', "clé inconnue « milestones[1].sources[2].page »"),
        ('text = "Fait."', 'text = "Fait."\nsource = "X"', "clé inconnue « milestones[1].source »"),
    ],
)
def test_a_wrong_milestone_is_refused_with_its_key(old, new, said):
    """Which one, and what it should hold."""
    assert old in MILESTONE
    with pytest.raises(SettingsError) as refusal:
        parse_topic(GOOD + MILESTONE.replace(old, new, 1), "sujets/abeilles.toml")
    assert said in str(refusal.value)


def test_the_milestones_of_asalee_are_dated_and_sourced():
    """Every one has a source; where sources disagree, a note says it."""
    (topic,) = load_topics(None).topics
    assert len(topic.milestones) >= 20
    assert all(milestone.sources for milestone in topic.milestones)
    creation = topic.milestones[0]
    assert creation.when == "2004"
    assert "2003" in (creation.note or "")
    assert list(topic.milestones) == sorted(topic.milestones, key=lambda one: one.first_day)


def test_the_example_of_the_reference_page_is_a_good_topic():
    """What `docs/reference/topics.md` shows can be copied, and it names every key."""
    page = (Path(__file__).parents[2] / "docs" / "reference" / "topics.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    topic = parse_topic(example, "topics.md")
    assert (topic.slug, topic.version, len(topic.milestones)) == ("abeilles", 1, 1)
    assert topic.sure
    assert topic.doubtful
    assert topic.near
    assert topic.exceptions


def test_milestones_change_nothing_of_what_matches():
    """Nothing is read again because a milestone was added."""
    without, with_one = (TopicSet([parse_topic(GOOD + more, "a.toml")]) for more in ("", MILESTONE))
    assert without.fingerprint == with_one.fingerprint


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
        (
            "[sure]",
            '[[milestones]]\ndate = "juin"\ntext = "A"\n[sure]',
            "« milestones[1].date » doit contenir une année",
        ),
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
