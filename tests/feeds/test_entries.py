"""Events and questions as entries."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from feeds.entries import event_anchor, event_entry, question_entry
from feeds.sanitise import plain_text
from tests.builders import (
    HEALTH,
    LABOUR,
    NOW,
    QUESTION_HTML,
    answered,
    attribution,
    closure,
    jo,
    record,
    replace,
    text,
)
from tests.feeds.views import AUTHOR_VIEW, event_views, question_view, recorded
from tracker.events import Event, EventKind, Origin
from tracker.questions import PublishedText

NBSP = "\u00a0"


def entries_of(question, old=None, history=(), **reading):
    """The entries that one reading gives, by kind."""
    return {
        view.recorded.event.kind: event_entry(view) for view in event_views(question, old, history, **reading)
    }


def words(entry):
    """What a person reads of the content."""
    return plain_text(entry.html)


def test_s01_an_answer_is_an_entry_of_its_own():
    """A new id, a title that says what it is, and the question beside the answer."""
    asked = record(13983, title="Continuité du dispositif (exemple)")
    first = event_views(asked)
    question = answered(asked, "2026-11-17")
    history = [view.recorded.event for view in first]
    entries = entries_of(question, asked, history)
    assert list(entries) == [EventKind.ANSWERED]
    entry = entries[EventKind.ANSWERED]
    assert entry.id == "evenement/QANR5L17QE13983/answered/2026-11-17/1"
    assert entry.title == f"Réponse à la question n°{NBSP}13983{NBSP}: Continuité du dispositif (exemple)"
    assert "Le Gouvernement est attentif" in entry.html
    assert QUESTION_HTML in entry.html
    assert entry.author == "Ministère de la santé (exemple)"
    assert entry.replies_to == "question/QANR5L17QE13983"


def test_a_new_question_can_be_read_in_the_reader():
    """Who asks whom, since when, status, due date, text, reference, source, licence, official page."""
    question = record(
        13983,
        questions=[PublishedText(QUESTION_HTML, jo("2026-10-06", page="2650"))],
    )
    entry = entries_of(question)[EventKind.PUBLISHED]
    read = words(entry)
    for expected in (
        f"Mme{NBSP}Camille Exemple, Groupe Exemple (EXEMPLE), Seine-Maritime (3e circonscription)",
        f"Ministère interrogé{NBSP}: Ministère de la santé (exemple)",
        f"Publiée{NBSP}: le 6 octobre 2026",
        f"Statut au 6 octobre 2026{NBSP}: En attente",
        f"Réponse attendue au plus tard{NBSP}: le 6 décembre 2026",
        "M. Exemple interroge Mme la ministre",
        f"Journal officiel, Questions de l’Assemblée nationale, 6 octobre 2026, page{NBSP}2650",
        "Licence Ouverte",
        "Fait relevé le 20 novembre 2026",
    ):
        assert expected in read
    assert "https://questions.assemblee-nationale.fr/q17/17-13983QE.htm" in entry.html
    assert entry.author == f"Mme{NBSP}Camille Exemple"
    assert entry.summary.startswith("Question publiée au Journal officiel le 6 octobre 2026. Auteur")


def test_the_answer_s_reference_has_no_page():
    """The source's page is the first of its section."""
    question = replace(
        record(1), answer_texts=(PublishedText("Réponse (exemple).", jo("2026-11-17", page="4348")),)
    )
    assert "4348" not in entries_of(question)[EventKind.ANSWERED].html


def test_published_is_the_day_of_the_journal_and_updated_when_it_is_listed():
    """Midnight in Paris of the JO date; our own instant."""
    view = event_views(record(1, asked="2026-10-06"))[0]
    entry = event_entry(view)
    assert entry.published == datetime(2026, 10, 5, 22, tzinfo=UTC)
    assert entry.updated == view.recorded.listed_at


def test_s03_a_date_in_the_future_shows_in_no_feed_date():
    """A record dated next year: published is the instant we read it."""
    entry = entries_of(record(1, asked="2027-03-02"))[EventKind.PUBLISHED]
    assert entry.published == NOW


def test_a_date_that_no_feed_can_hold_is_not_shown_as_one():
    """The year 1, which the source could send by mistake, has no instant in UTC."""
    entry = entries_of(record(1, asked="0001-01-01"))[EventKind.PUBLISHED]
    assert entry.published == datetime(1969, 12, 31, 23, tzinfo=UTC)


def test_s08_two_changes_of_one_day_are_two_entries():
    """Ranks keep ids and anchors apart."""
    moves = [
        attribution(HEALTH, "2026-10-06"),
        attribution(LABOUR, "2026-10-13"),
        attribution(HEALTH, "2026-10-13"),
    ]
    views = [
        view
        for view in event_views(record(1, attributions=moves))
        if view.recorded.event.kind is EventKind.REATTRIBUTED
    ]
    assert len({event_entry(view).id for view in views}) == 2
    assert [event_anchor(view.recorded.event) for view in views] == [
        "changement-attribution-2026-10-13-1",
        "changement-attribution-2026-10-13-2",
    ]


def test_s09_a_correction_shows_the_difference_and_a_withdrawn_answer_stays_readable():
    """`<del>` and `<ins>` in the first; the answer taken back in the second."""
    question = answered(record(1), "2026-11-10", html="<p>Une réponse attentive (exemple).</p>")
    history = [view.recorded.event for view in event_views(question)]
    edited = replace(
        question, answer_texts=(text("<p>Une réponse très attentive (exemple).</p>", "2026-11-10"),)
    )
    corrected = event_views(edited, question, history, at=NOW + timedelta(days=1))
    entry = event_entry(corrected[0])
    assert "Une réponse <ins>très </ins>attentive" in entry.html
    assert entry.title.startswith(f"Texte rectifié de la question n°{NBSP}1")
    history += [view.recorded.event for view in corrected]
    taken_back = replace(edited, answer_texts=(), closure=None)
    reopened = event_views(taken_back, edited, history, at=NOW + timedelta(days=2))
    entry = event_entry(reopened[0])
    assert entry.title.startswith("Réouverture de la question")
    assert "Réponse retirée par la source" in entry.html
    assert "très attentive" in entry.html


def test_a_hostile_text_is_harmless_text():
    """Scripts, handlers, illegal characters and bidi controls, in the text and in the title."""
    question = record(
        1, title="Titre\x00 <b>gras</b> \u202e", html="<script>alert(1)</script><p onclick=x>\x0bTexte"
    )
    entry = entries_of(question)[EventKind.PUBLISHED]
    assert "<script" not in entry.html
    assert "onclick" not in entry.html
    assert "<p>Texte</p>" in entry.html
    assert entry.title.endswith(": Titre <b>gras</b>")


def test_an_answer_that_the_source_announces_without_its_text():
    """Answered according to the source, text not available, no crash, no delay made up."""
    question = record(1, asked="2026-03-31", closed=closure("REP_PUB", "Réponse publiée", None))
    entry = entries_of(question)[EventKind.ANSWERED]
    assert "elle n’en donne pas le texte" in entry.html
    assert "jours après la question" not in entry.html


def test_s10_a_lapsed_question_shows_no_running_delay():
    """End of mandate: closed on a day, no due date, no delay."""
    question = record(1, asked="2026-03-31", closed=closure("FM", "Fin de mandat", "2026-05-05"))
    read = words(entries_of(question)[EventKind.LAPSED])
    assert f"Statut au 5 mai 2026{NBSP}: Caduque" in read
    assert f"Close{NBSP}: le 5 mai 2026" in read
    assert "attendue" not in read
    assert "jours" not in read


def test_categories_are_ascii_terms_with_french_labels():
    """Event, status, topic, group, ministry, rubric; each with its vocabulary."""
    categories = entries_of(record(1))[EventKind.PUBLISHED].categories
    assert [(one.vocabulary, one.term) for one in categories] == [
        ("evenements", "nouvelle-question"),
        ("statuts", "en-attente"),
        ("sujets", "asalee"),
        ("groupes", "exemple"),
        ("ministeres", "sante"),
        ("rubriques", "professions-de-sante"),
    ]
    assert categories[4].label == "Santé"


def test_the_question_s_own_entry_is_refreshed_by_each_event():
    """Same id, another title, later `updated`; it comes just before the event that refreshed it."""
    asked = record(1)
    events = [view.recorded for view in event_views(asked)]
    before = question_entry(question_view(asked, events))
    question = answered(asked, "2026-11-17")
    history = [one.event for one in events]
    news = [view.recorded for view in event_views(question, asked, history, at=NOW + timedelta(hours=1))]
    after = question_entry(question_view(question, events + news))
    assert before.id == after.id == "question/QANR5L17QE1"
    assert f"Question n°{NBSP}1 (en attente){NBSP}:" in before.title
    assert f"Question n°{NBSP}1 (réponse publiée){NBSP}:" in after.title
    assert before.updated < after.updated < news[0].listed_at
    assert before.published == after.published
    assert "Historique" in after.html


def test_a_later_backfill_does_not_push_the_question_s_entry():
    """S7, S20: what a re-read brings moves no `updated`; with nothing else there is no entry at all."""
    events = recorded([view.recorded.event for view in event_views(record(1))])
    late = Event("QANR5L17QE1", EventKind.SIGNALLED, events[0].event.occurred_on, NOW + timedelta(days=3))
    backfill = recorded([late], Origin.BACKFILL, first=9)
    entry = question_entry(question_view(record(1), events + backfill))
    assert entry.updated < NOW + timedelta(days=1)
    assert question_entry(question_view(record(1), backfill)) is None


def test_an_overdue_question_says_so_after_its_event():
    """S17: the title follows the event made by the daily job."""
    question = record(1, asked="2026-03-31")
    views = event_views(question)
    assert [view.recorded.event.kind for view in views] == [EventKind.PUBLISHED, EventKind.DEADLINE_PASSED]
    entry = question_entry(question_view(question, [view.recorded for view in views]))
    assert "(échéance dépassée)" in entry.title
    assert "Statut au 1er juin 2026" in event_entry(views[1]).html


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_of_event_makes_an_entry(kind):
    """Also with no detail at all, on a record with next to nothing in it."""
    bare = record(7, asked=None, title=None, rubric=None, ministry=None, questions=())
    view = replace(
        event_views(record(7))[0],
        recorded=recorded([Event(bare.uid, kind, NOW.date(), NOW)])[0],
        record=bare,
        author=replace(AUTHOR_VIEW, name=None, civility=None, constituency=None),
    )
    entry = event_entry(view)
    assert entry.title
    assert entry.id.isascii()
    assert "sans titre à la source" in entry.title
    assert "n’est pas disponible" in entry.html
