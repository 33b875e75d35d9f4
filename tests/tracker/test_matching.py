"""What is on the topic, and why (scenarios S13 and S14 of the lessons)."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.matching import Topic, TopicMatch, TopicSet, Verdict, spellings
from tracker.topics import load_topics

ASALEE = load_topics(None)
BEES = Topic("abeilles", "Abeilles", "Abeilles", 3, ("abeille(s)", "apicult*"))


def on(text, topics=ASALEE):
    """Form and sureness of each match of a question's text."""
    return [(match.form, match.sure) for match in topics.match("", text, "")]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("le dispositif Asalée.", "asalee"),
        ("le dispositif ASALEE", "asalee"),
        ("(ASALÉE)", "asalee"),
        ("Asale\u0301e", "asalee"),
        ("«\u00a0Asalée\u00a0»", "asalee"),
        ("l’Asalée", "asalee"),
        ("l&#8217;asal&eacute;e", "asalee"),
        ("Asa\u00adlée", "asalee"),
        ("<b>Asal</b>ée", "asalee"),
        ("Asalée<sup>1</sup>", "asalee"),
        ("infirmières Asalées", "asalees"),
        ("asalee-ipa", "asalee"),
        ("#Asalée_2026", "asalee"),
        ("A.S.A.L.É.E.", "a.s.a.l.e.e."),
        ("A.S.A.L.E.E", "a.s.a.l.e.e."),
        ("a. s. a. l. é. e.", "a.s.a.l.e.e."),
        ("Action de santé libérale en équipe", "action de sante liberale en equipe"),
        ("« action de santé libèrale en équipe »", "action de sante liberale en equipe"),
        ("ACTIONS DE SANTÉ LIBÉRALE EN ÉQUIPES", "actions de sante liberale en equipes"),
        ("actions de santé libérales en équipe", "actions de sante liberales en equipe"),
        ("action de santé\nlibérale<br/>en&nbsp;équipe", "action de sante liberale en equipe"),
        ("action de santé libérale en</p><p>équipe", "action de sante liberale en equipe"),
    ],
)
def test_s13_sure_forms(text, form):
    """All spellings seen in real questions, whole words, however they are written."""
    assert on(text) == [(form, True)]


@pytest.mark.parametrize(
    "text",
    [
        "asaleeb",
        "Lasée",
        "Casalée",
        "asal ée",
        "action de santé publique libérale en équipe",
        "une action de santé libérale, en bonne équipe",
        "une azalée en pot",
        "un massif d’azalées " + "et de buis " * 30 + "près d’un infirmier",
        "rhododendrons et azalées offerts aux infirmières",
        "fleurs d’azalée pour les médecins",
        '<a href="https://exemple.fr/asalee">lien</a>',
        "",
    ],
)
def test_s13_what_is_not_the_topic(text):
    """Other words, a flower with no health word near, a flower among flowers, a link's address."""
    assert on(text) == []


@pytest.mark.parametrize(
    ("text", "form", "near"),
    [
        ("les infirmières azalée", "azalee", "infirmieres"),
        ("Les Azalées et la CNAM", "azalees", "cnam"),
        ("le protocole Asale, en médecine générale : les médecins", "asale", "medecins"),
        ("Asale et l’assurance\u00a0maladie", "asale", "assurance maladie"),
        ("soins ASALES", "asales", "soins"),
    ],
)
def test_s13_a_typo_waits_for_review(text, form, near):
    """A doubtful form with a health word near is held, with the word that made it look likely."""
    assert on(text) == [(form, False)]
    (finding,) = ASALEE.explain(text)
    assert (finding.verdict, finding.because) == (Verdict.DOUBTFUL, near)


def test_s13_near_is_a_number_of_characters():
    """A word that starts within the distance counts, one farther does not, on either side."""
    for filler, count in (("x" * 9 + " ", 19), ("x" * 9 + " ", 21)):
        close = count == 19
        assert bool(on(f"azalee {filler * count}medecin")) == close
        assert bool(on(f"medecin {filler * count}azalee")) == close


def test_a_sure_form_makes_doubt_needless():
    """A typo beside the right name is not held for review."""
    assert on("Asalée, parfois écrit Azalée, et ses infirmières") == [("asalee", True)]


def test_s14_the_word_only_in_the_answer_or_far_in():
    """Title, question and answer are searched whole, and the match says where."""
    far = "mot " * 10_000 + "Asalée"
    assert ASALEE.match("Titre", "Question", far) == (TopicMatch("asalee", "asalee", "answer", 1, sure=True),)
    assert [match.place for match in ASALEE.match("ASALEE", far, "")] == ["title", "question"]


def test_a_form_does_not_span_two_texts():
    """The end of a title and the start of a question are no phrase."""
    assert ASALEE.match("Action de santé libérale", "en équipe", "") == ()


def test_a_word_near_may_stand_in_the_next_text():
    """A title alone says little: the question begins beside it."""
    (match,) = ASALEE.match("Avenir d’Azalée", "Les infirmières s’inquiètent.", "")
    assert (match.place, match.sure) == ("title", False)


def test_several_topics_at_once():
    """Each has its own reasons and version."""
    both = TopicSet([*ASALEE.topics, BEES])
    assert both.match("Apiculteurs et Asalée", "", "") == (
        TopicMatch("abeilles", "apicult*", "title", 3, sure=True),
        TopicMatch("asalee", "asalee", "title", 1, sure=True),
    )


def test_two_topics_may_share_a_form():
    """Both are found, and what is sure for one may be doubtful for the other."""
    other = Topic("autre", "Autre", "Autre", 1, (), ("asalee",), ("sante",))
    found = TopicSet([*ASALEE.topics, other]).match("Asalée et santé", "", "")
    assert {(match.topic, match.sure) for match in found} == {("asalee", True), ("autre", False)}


def test_explain_also_says_what_does_not_count():
    """A flower alone and an excepted phrase are shown with the reason."""
    findings = ASALEE.explain("Une azalée. " + "Rien. " * 60 + "Rhododendron et azalée.")
    assert [(f.form, f.verdict, f.because) for f in findings] == [
        ("azalee", Verdict.ALONE, ""),
        ("azalee", Verdict.EXCEPTED, "rhododendron et azalee"),
    ]
    assert findings[0].excerpt.startswith("une azalee rien")


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("Asalée(s)", {" asalee ": "Asalée", " asalees ": "Asalées"}),
        ("infirmi*", {" infirmi": "infirmi*"}),
        ("a(b)c(d)", {" ac ": "ac", " abc ": "abc", " acd ": "acd", " abcd ": "abcd"}),
        ("…", {}),
        ("*", {}),
    ],
)
def test_spellings(form, expected):
    """Optional letters double a form, a star opens its end."""
    assert spellings(form) == expected


def test_the_fingerprint_follows_what_may_match():
    """A new version, form or topic changes it; order and labels do not."""
    base = TopicSet([*ASALEE.topics, BEES])
    assert base.fingerprint == TopicSet([BEES, *ASALEE.topics]).fingerprint
    assert (
        base.fingerprint == TopicSet([*ASALEE.topics, Topic("abeilles", "A", "B", 3, BEES.sure)]).fingerprint
    )
    others = [
        ASALEE,
        TopicSet([*ASALEE.topics, Topic("abeilles", "A", "B", 4, BEES.sure)]),
        TopicSet([*ASALEE.topics, Topic("abeilles", "A", "B", 3, (*BEES.sure, "ruche"))]),
    ]
    assert len({base.fingerprint, *(other.fingerprint for other in others)}) == 4


WORDS = st.lists(
    st.sampled_from(["asalee", "asaleeb", "azalee", "sante", "mot", "a", "s", "l", "e"]), max_size=30
)


@given(WORDS)
def test_a_sure_word_is_found_exactly_when_it_is_there(words):
    """Neighbours, repeated forms and look-alikes change nothing."""
    dotted = "a s a l e e" in " ".join(words)
    expected = {form for form, there in (("asalee", "asalee" in words), ("a.s.a.l.e.e.", dotted)) if there}
    assert {form for form, sure in on(" ".join(words)) if sure} == expected


@given(WORDS, st.integers(0, 2**32))
def test_other_topics_change_nothing_for_one(words, seed):
    """What is found for a topic is the same alone and among many."""
    letters = random.Random(seed)
    many = [Topic(f"t{n}", "T", "T", 1, ("".join(letters.choices("aselz", k=4)) + "(e)",)) for n in range(20)]
    alone = ASALEE.match("", " ".join(words), "")
    among = TopicSet([*many, *ASALEE.topics]).match("", " ".join(words), "")
    assert [match for match in among if match.topic == "asalee"] == list(alone)
