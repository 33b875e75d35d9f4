"""Mails as a person reads them: what comes first, what is named, what is never there."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from feeds.alerts.compose import Composer
from feeds.alerts.mail_text import MailRenderer
from feeds.alerts.site import AlertSite
from feeds.sanitise import plain_text
from tests.builders import NOW, closure, record, replace
from tests.feeds.alerts.messages import TOKEN, answer_to, message, published, subscription
from tests.feeds.views import event_views
from tracker.alerts import Frequency, MessageKind, Rhythm
from tracker.selection import Selection

NBSP = "\u00a0"
HOSTILE = (
    "<script>alert(1)</script><img src='https://espion.exemple/p.gif'><a href='javascript:x'>ici</a>"
    '<p onclick="x()">Texte \u202ecaché</p><table><tr><td>une case'
)


def plain(html):
    """What the HTML part says."""
    return plain_text(html[html.index("<body>") :])


def test_a_new_question_says_all_of_it(renderer):
    """Title, author, group, constituency, ministry, due date, text, reference to cite, both links."""
    mail = renderer.render(message(published(13983, title="Continuité du dispositif (exemple)")))

    assert mail.subject == f"Nouvelle question n°{NBSP}13983{NBSP}: Continuité du dispositif (exemple)"
    for said in (
        f"Mme{NBSP}Camille Exemple, Groupe Exemple (EXEMPLE), Seine-Maritime (3e circonscription)",
        "Ministère de la santé (exemple)",
        "réponse attendue au plus tard le 6 décembre 2026",
        "M. Exemple interroge Mme la ministre de la santé sur le dispositif Asalée.",
        "Journal officiel, Questions de l’Assemblée nationale, 6 octobre 2026",
        f"À citer{NBSP}: Question écrite n°{NBSP}13983 (17e législature)",
    ):
        assert said in mail.text
        assert said in plain(mail.html)
    for address in (
        "https://questions.exemple.fr/questions/QANR5L17QE13983#nouvelle-question-2026-10-06-1",
        "https://questions.assemblee-nationale.fr/q17/17-13983QE.htm",
    ):
        assert address in mail.text
        assert f'href="{address}"' in mail.html


def test_a_telephone_shows_what_matters_first(renderer):
    """After the subject, the first words of either part say when, and how long it took."""
    mail = renderer.render(message(answer_to(record(13983))))
    first = (
        f"Réponse publiée au Journal officiel le 17 novembre 2026, 42{NBSP}jours après la question, "
        "avant l’échéance du 6 décembre 2026."
    )

    assert mail.subject.startswith(f"Réponse à la question n°{NBSP}13983{NBSP}: ")
    assert mail.text.startswith(first)
    assert plain(mail.html).startswith(first)


def test_an_answer_comes_before_its_question(renderer):
    """The answer's text, then the question's."""
    for said in _both(renderer.render(message(answer_to(record(13983))))):
        assert said.index("Le Gouvernement est attentif") < said.index("M. Exemple interroge")


def test_s12_one_answer_to_twelve_questions_is_one_mail_that_names_them(renderer):
    """Each question with its author and its link; the answer once."""
    views = [answer_to(record(number), first=number) for number in range(101, 113)]
    mail = renderer.render(message(*views))

    assert mail.subject == (
        f"Réponse à 12{NBSP}questions (n°{NBSP}101, n°{NBSP}102, n°{NBSP}103, n°{NBSP}104 et "
        f"8{NBSP}autres){NBSP}: Situation du dispositif Asalée (exemple)"
    )
    for said in _both(mail):
        assert said.count("Le Gouvernement est attentif") == 1
        for number in range(101, 113):
            assert f"n°{NBSP}{number}{NBSP}:" in said
    for number in range(101, 113):
        assert f"/questions/QANR5L17QE{number}#reponse-2026-11-17-1" in mail.text


def test_an_answer_to_two_questions_holds_both_texts(renderer):
    """A few questions are shown whole beside the answer they share."""
    asked = [record(1, html="Première question (exemple)."), record(2, html="Seconde question (exemple).")]
    mail = renderer.render(message(*(answer_to(one, first=one.id.number) for one in asked)))

    for said in _both(mail):
        assert "Première question (exemple)." in said
        assert "Seconde question (exemple)." in said


@pytest.mark.parametrize("beside", [(), (published(3),)], ids=["alone", "in a digest"])
def test_each_question_that_shares_an_answer_has_its_own_delay(renderer, beside):
    """Asked on two days, answered on one: neither delay nor due date is said of both."""
    asked = [record(1, asked="2026-10-06"), record(2, asked="2026-09-08")]
    mail = renderer.render(message(*(answer_to(one, first=one.id.number) for one in asked), *beside))

    for said in _both(mail):
        assert "Réponse publiée au Journal officiel le 17 novembre 2026." in said
        assert said.count(f"42{NBSP}jours après la question, avant l’échéance du 6 décembre 2026") == 1
        assert said.count(f"70{NBSP}jours après la question, après l’échéance du 8 novembre 2026") == 1


def test_several_filters_are_named(renderer):
    """One event that two subscriptions match: the mail says which."""
    mine = (
        subscription(1, label="Asalée"),
        subscription(2, Selection(topic="asalee", group="gdr")),
    )
    for said in _both(renderer.render(message(published(), subscriptions=mine))):
        assert (
            f"Ce message répond à plusieurs de vos abonnements{NBSP}: Asalée\u202f; "
            "filtre sujet=asalee&groupe=gdr"
        ) in said


def test_a_single_filter_is_named_too(renderer):
    """Who forgot having subscribed sees to what."""
    said = renderer.render(message(published(), subscriptions=(subscription(1, label="Ma veille"),))).text

    assert f"Vous suivez{NBSP}: Ma veille\n" in said


def test_a_digest_says_how_many_of_what(renderer):
    """Answers are counted first; each story has its line, its beginning and its link."""
    views = [
        published(7),
        answer_to(record(8), first=2),
        answer_to(record(9), first=3, html="Autre réponse."),
    ]
    mail = renderer.render(message(*views, kind=MessageKind.DIGEST))

    assert mail.subject == (f"2{NBSP}réponses, 1{NBSP}nouvelle question (n°{NBSP}7, n°{NBSP}8 et n°{NBSP}9)")
    for said in _both(mail):
        assert said.index(f"Nouvelle question n°{NBSP}7") < said.index(f"Réponse à la question n°{NBSP}8")
        assert "M. Exemple interroge" in said
        assert "Autre réponse." in said


def test_a_digest_groups_what_one_answer_tells(renderer):
    """Three questions with one answer are one story of the digest."""
    views = [published(7), *(answer_to(record(number), first=number) for number in (101, 102, 103))]
    mail = renderer.render(message(*views, kind=MessageKind.DIGEST))

    assert (
        mail.subject
        == f"1{NBSP}réponse, 1{NBSP}nouvelle question (n°{NBSP}7, n°{NBSP}101, n°{NBSP}102 et n°{NBSP}103)"
    )
    assert mail.text.count("Le Gouvernement est attentif") == 1


def test_a_digest_of_one_thing_has_its_title(renderer):
    """Nobody reads « 1 réponse » when the answer can be named."""
    mail = renderer.render(message(answer_to(record(8)), kind=MessageKind.DIGEST))

    assert mail.subject.startswith(f"Réponse à la question n°{NBSP}8")


def test_s16_a_digest_of_hundreds_stays_readable(renderer):
    """After nine days away: the first ones in full, a line for each of the others."""
    views = [published(number, first=number) for number in range(1, 301)]
    mail = renderer.render(message(*views, kind=MessageKind.DIGEST))

    assert mail.subject == f"300{NBSP}nouvelles questions"
    assert mail.text.count("/questions/QANR5L17QE") == 300
    assert len(mail.html) < 200_000


@pytest.mark.parametrize(
    ("now", "old", "said"),
    [
        (record(5, signalled=["2026-11-16"]), record(5), "Question signalée le 16 novembre 2026"),
        (
            record(5, closed=closure("RET", "Question retirée", "2026-11-10")),
            record(5),
            "Question retirée le 10 novembre 2026",
        ),
        (
            record(5, html="Un texte tout autre (exemple)."),
            record(5, html="Un texte (exemple)."),
            "[ajouté\u00a0: tout autre",
        ),
    ],
)
def test_other_events_say_what_happened(renderer, now, old, said):
    """Signalled, withdrawn, corrected with its difference."""
    history = [view.recorded.event for view in event_views(old)]
    [view] = event_views(now, old, history)

    assert said in renderer.render(message(view)).text


def test_a_correction_shows_its_difference_in_html(renderer):
    """What was added is marked."""
    old, now = record(5, html="Un texte (exemple)."), record(5, html="Un texte revu (exemple).")
    [view] = event_views(now, old, [one.recorded.event for one in event_views(old)])

    assert "<ins>" in renderer.render(message(view)).html


def test_links_to_manage_and_to_stop_are_in_each(renderer):
    """Without an account: one link to change, one to stop."""
    for kind in (MessageKind.ALERT, MessageKind.DIGEST, MessageKind.HEARTBEAT):
        views = [published()] if kind is not MessageKind.HEARTBEAT else []
        mail = renderer.render(message(*views, kind=kind))
        for path in ("gerer", "arreter"):
            address = f"https://questions.exemple.fr/alertes/{path}/{TOKEN}"
            assert address in mail.text
            assert f'href="{address}"' in mail.html


def test_nothing_is_fetched_when_a_mail_is_opened(renderer):
    """No image, font, frame, script or style from anywhere; every link leads where it says."""
    for views in ([published(html=HOSTILE)], [answer_to(record(1, html=HOSTILE), html=HOSTILE)]):
        html = renderer.render(message(*views)).html
        assert not re.search(r"<(?:img|script|iframe|link|object|video|audio|svg|form)\b", html)
        assert not re.search(r"url\(|@import|javascript:|onclick", html)
        hosts = set(re.findall(r'href="https?://([^/"]+)', html))
        assert hosts == {"questions.exemple.fr", "questions.assemblee-nationale.fr", "www.etalab.gouv.fr"}


def test_a_hostile_text_is_harmless_in_both_parts(renderer):
    """The source's words stay, nothing of what they would do."""
    mail = renderer.render(message(published(html=HOSTILE, title="<b>Titre</b> \u202egras")))

    assert mail.subject.endswith("<b>Titre</b> gras")
    assert "&lt;b&gt;Titre&lt;/b&gt; gras" in mail.html
    assert "Texte caché" in mail.text
    assert mail.html.rstrip().endswith("</html>")


def test_an_absurdly_long_text_is_shortened(renderer):
    """The mail stays small and says that the page has the rest."""
    mail = renderer.render(message(published(html="mot " * 100_000)))

    assert len(mail.html) < 60_000
    assert "Texte abrégé ici" in mail.text


def test_the_answer_that_the_source_does_not_give(renderer):
    """Answered without a text: said so."""
    asked = record(5)
    now = (
        replace(asked, closed=None)
        if False
        else record(5, closed=closure("REP_PUB", "Réponse publiée", "2026-11-17"))
    )
    [view] = event_views(now, asked, [one.recorded.event for one in event_views(asked)])

    assert "elle n’en donne pas le texte" in renderer.render(message(view)).text


def test_a_demonstration_says_that_it_is_one():
    """In the subject, where it cannot be missed."""
    renderer = MailRenderer(Composer(AlertSite("http://127.0.0.1:8000", demo=True)))

    assert renderer.render(message(published())).subject.startswith(f"Démonstration{NBSP}: Nouvelle question")


# --- letters that tell no event ---------------------------------------------------------------------


def test_a_letter_to_confirm_says_what_was_asked_and_what_to_do_otherwise(renderer):
    """What, how often, one link, and that doing nothing is enough."""
    daily = subscription(1, frequency=Frequency(Rhythm.DAILY, hour=8))
    mail = renderer.render(message(kind=MessageKind.CONFIRMATION, subscriptions=(daily,)))

    for said in _both(mail):
        assert f"filtre sujet=asalee, chaque jour à 8{NBSP}h" in said
        assert "sans confirmation, rien ne sera envoyé" in said
    assert f"https://questions.exemple.fr/alertes/confirmer/{TOKEN}" in mail.text
    assert "/alertes/gerer/" not in mail.text


def test_nobody_writes_to_others_through_letters_to_confirm(renderer):
    """Neither a label nor searched words that a stranger typed are in them."""
    asked = subscription(
        1, Selection(topic="asalee", words="gagnez mille euros"), label="cliquez exemple.com"
    )
    mail = renderer.render(message(kind=MessageKind.CONFIRMATION, subscriptions=(asked,)))

    for said in _both(mail):
        assert "gagnez" not in said
        assert "cliquez" not in said


def test_an_access_letter_brings_the_link(renderer):
    """To see, change or stop, and not to be passed on."""
    mail = renderer.render(message(kind=MessageKind.ACCESS, subscriptions=()))

    assert f"https://questions.exemple.fr/alertes/gerer/{TOKEN}" in mail.text
    assert "ne le transmettez pas" in mail.text


def test_nothing_new_is_said_with_the_last_check(renderer):
    """« Rien de nouveau, le suivi fonctionne », and when the source was last read."""
    mail = renderer.render(_heartbeat(NOW - timedelta(hours=2)))

    assert mail.subject == "Rien de nouveau, le suivi fonctionne"
    assert f"dernière vérification de la source le 20 novembre 2026 à 7{NBSP}h{NBSP}00" in mail.text


@pytest.mark.parametrize("checked_at", [NOW - timedelta(days=4), None])
def test_nothing_new_never_hides_a_silent_source(renderer, checked_at):
    """A source that is not read any more is said to be so."""
    mail = renderer.render(_heartbeat(checked_at))

    assert "fonctionne" not in mail.subject + mail.text
    assert "n’est plus lue" in mail.subject


def test_the_owner_of_a_webhook_hears_that_it_was_disabled(renderer):
    """Which one, why, and where to mend it."""
    details = {"notice": "webhook-disabled", "text": "crochet.exemple.fr", "reason": "gone"}
    mail = renderer.render(message(kind=MessageKind.NOTICE, subscriptions=(), details=details))

    assert mail.subject == "Votre webhook vers crochet.exemple.fr est désactivé"
    assert "410" in mail.text
    assert "/alertes/gerer/" in mail.text


def test_the_operator_is_told_what_is_wrong(renderer):
    """The kind in the subject, the words of the service in the text, the page of its state."""
    details = {"notice": "source-stale", "text": "La source n’a pas été lue depuis 30 heures."}
    mail = renderer.render(message(kind=MessageKind.OPERATOR, subscriptions=(), token=None, details=details))

    assert mail.subject == f"Suivi des questions écrites{NBSP}: la source n’est plus lue"
    assert "depuis 30 heures" in mail.text
    assert "https://questions.exemple.fr/etat" in mail.text
    assert "alertes/" not in mail.text


def _heartbeat(checked_at):
    details = {"checked_at": checked_at.isoformat() if checked_at else ""}
    return message(kind=MessageKind.HEARTBEAT, details=details)


def _both(mail):
    return mail.text, plain(mail.html)
