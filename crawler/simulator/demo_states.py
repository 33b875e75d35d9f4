"""What the demonstration's archive holds, in its first and in its second state.

Enters: the day in Paris. Leaves: two `ArchiveState`s, built with `question_json`. Two questions are
real (13983 and 14358: true facts, texts of our own that say they are summaries) and do not change
from one state to the other. All others are invented and say so: « [Exemple fictif] » in the title,
fictional authors, groups, ministries and départements; their dates are Tuesdays before the day given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crawler.simulator.question_json import actor_json, jo_of, question_json
from tracker.questions import (
    Attribution,
    Closure,
    Constituency,
    Group,
    Mandate,
    Ministry,
    PublishedText,
    QuestionId,
)

LEGISLATURE = 17
FIRST_INVENTED = 9_900_001  # far above any number of a real question

_TUESDAY = 1
_HEALTH = Ministry(
    "PO873673",
    "Santé, familles, autonomie et personnes handicapées",
    "Ministère de la santé, des familles, de l’autonomie et des personnes handicapées",
)
_MINISTRY = Ministry("PO00000011", "Exemple", "Ministère de l’exemple (fictif)")
_OTHER_MINISTRY = Ministry("PO00000012", "Illustration", "Ministère de l’illustration (fictif)")
_GROUP_A = Group("PO00000021", "EXA", "Groupe Exemple A (fictif)")
_GROUP_B = Group("PO00000022", "EXB", "Groupe Exemple B (fictif)")


@dataclass(frozen=True, slots=True)
class ArchiveState:
    """The archives at one moment: the files' contents, by question uid and by actor reference."""

    questions: Mapping[str, dict[str, object]]
    actors: Mapping[str, dict[str, object]]


@dataclass(frozen=True, slots=True)
class _Person:
    """A deputy of the demonstration; `listed` is false for one the deputies' archive lacks."""

    actor_ref: str
    civility: str
    first_name: str
    last_name: str
    group: Group
    mandate: Mandate
    listed: bool = True

    @property
    def opening(self) -> str:
        """How the text of a question begins."""
        return f"{self.civility} {self.first_name} {self.last_name} interroge"


def _person(
    rank: int, names: tuple[str, str, str], group: Group, place: Constituency, *, listed: bool = True
) -> _Person:
    mandate = Mandate(f"PM{rank:08d}", LEGISLATURE, place, date(2024, 7, 7), None)
    return _Person(f"PA{rank:08d}", *names, group, mandate, listed)


_CAMILLE = _person(1, ("Mme", "Camille", "Exemple"), _GROUP_A, Constituency("Exemple-Maritime", "00", 1))
_SACHA = _person(2, ("M.", "Sacha", "Exemple"), _GROUP_A, Constituency("Exemple-Maritime", "00", 2))
_ALIX = _person(3, ("Mme", "Alix", "Exemple-Modèle"), _GROUP_B, Constituency("Haute-Exemple", "96", 1))
_NOA = _person(
    4, ("M.", "Noa", "Exemple-Sansfiche"), _GROUP_B, Constituency("Haute-Exemple", "96", 2), listed=False
)
_BENARD = _Person(
    "PA796106",
    "M.",
    "Édouard",
    "Bénard",
    Group("PO845514", "GDR", "Gauche Démocrate et Républicaine"),
    Mandate("PM843383", LEGISLATURE, Constituency("Seine-Maritime", "76", 3), date(2024, 7, 7), None),
)
_TACHE = _Person(
    "PA793382",
    "M.",
    "Emmanuel",
    "Taché",
    Group("PO845401", "RN", "Rassemblement National"),
    Mandate("PM842480", LEGISLATURE, Constituency("Bouches-du-Rhône", "13", 16), date(2024, 7, 7), None),
)
_PEOPLE = (_CAMILLE, _SACHA, _ALIX, _NOA, _BENARD, _TACHE)


def demo_states(today: date) -> tuple[ArchiveState, ArchiveState]:
    """The archives when the demonstration starts, and some seconds later."""
    calendar = _Calendar(today)
    actors = {
        person.actor_ref: actor_json(
            person.actor_ref,
            civility=person.civility,
            first_name=person.first_name,
            last_name=person.last_name,
            mandates=[person.mandate],
        )
        for person in _PEOPLE
        if person.listed
    }
    first = {**_real_questions(), **_unchanged(calendar), **_before(calendar)}
    return ArchiveState(first, actors), ArchiveState({**first, **_after(calendar)}, actors)


class _Calendar:
    """The Journal officiel's Tuesdays and the signalements' Mondays before a day."""

    def __init__(self, today: date) -> None:
        self.tuesday = today - timedelta(days=(today.weekday() - _TUESDAY) % 7)
        self.monday = today - timedelta(days=today.weekday())

    def jo(self, weeks: int) -> date:
        """The Tuesday some weeks before the last one."""
        return self.tuesday - timedelta(weeks=weeks)


def _real_questions() -> dict[str, dict[str, object]]:
    return dict(
        _real(number, person, title, on, page)
        for number, person, title, on, page in (
            (13983, _BENARD, "Continuité du dispositif de soins Asalée", date(2026, 3, 31), "2650"),
            (
                14358,
                _TACHE,
                "Crise du dispositif Asalée et déséquilibres du système de santé public",
                date(2026, 4, 14),
                "3066",
            ),
        )
    )


def _real(
    number: int, person: _Person, title: str, published_on: date, page: str
) -> tuple[str, dict[str, object]]:
    uid = f"QANR5L{LEGISLATURE}QE{number}"
    official = QuestionId.from_uid(uid).official_url
    text = (
        "<p>Résumé établi par asalee-tracker ; ce n’est pas le texte de la question, et la suite "
        "qui lui a été donnée n’est pas suivie par cette démonstration. Le texte et la réponse éventuelle "
        f'se lisent sur <a href="{official}">la page officielle</a>.</p>'
        f"<p>{person.civility} {person.first_name} {person.last_name} interroge le ministère "
        f"chargé de la santé. Titre de la question au Journal officiel : « {title} ».</p>"
    )
    return uid, question_json(
        uid,
        title=title,
        rubric="Santé",
        published_on=published_on,
        text=text,
        page=page,
        actor_ref=person.actor_ref,
        mandate_ref=person.mandate.ref,
        group=person.group,
        ministry=_HEALTH,
    )


def _invented(
    rank: int,
    person: _Person,
    title: str,
    on: date,
    words: str,
    *,
    answers: Sequence[PublishedText] = (),
    closure: Closure | None = None,
    signalled_on: Sequence[date] = (),
    renewed_on: Sequence[date] = (),
    moved_on: Sequence[date] = (),
) -> dict[str, dict[str, object]]:
    uid = f"QANR5L{LEGISLATURE}QE{FIRST_INVENTED - 1 + rank}"
    ministries = [_MINISTRY, *([_OTHER_MINISTRY, _MINISTRY] * len(moved_on))]
    return {
        uid: question_json(
            uid,
            title=f"[Exemple fictif] {title}",
            rubric="professions de santé",
            published_on=on,
            text=f"<p>{person.opening} Mme la ministre de l’exemple. {words} (Texte inventé.)</p>",
            page=str(1000 + rank),
            answer_texts=answers,
            closure=closure,
            signalled_on=signalled_on,
            renewed_on=renewed_on,
            actor_ref=person.actor_ref,
            mandate_ref=person.mandate.ref,
            group=person.group,
            ministry=_MINISTRY,
            attributions=[
                Attribution(ministry, day) for ministry, day in zip(ministries, [on, *moved_on], strict=False)
            ],
        )
    }


def _answer(on: date, words: str, erratum: str | None = None) -> PublishedText:
    return PublishedText(f"<p>{words} (Texte inventé.)</p>", jo_of(on, page="1200"), erratum)


def _unchanged(calendar: _Calendar) -> dict[str, dict[str, object]]:
    """Invented questions that are the same in both states, and some that are not on the topic."""
    found = {
        **_invented(
            1,
            _CAMILLE,
            "Remplacement des infirmières Asalée absentes",
            calendar.jo(2),
            "Elle demande comment sont remplacées les infirmières Asalée absentes.",
        ),
        **_invented(
            2,
            _ALIX,
            "Bilan de l’action de santé libérale en équipe",
            calendar.jo(40),
            "Elle demande un bilan de l’action de santé libérale en équipe.",
            signalled_on=[calendar.monday - timedelta(weeks=20)],
            renewed_on=[calendar.jo(24), calendar.jo(12)],
            moved_on=[calendar.jo(30), calendar.jo(26)],
        ),
        **_invented(
            3,
            _SACHA,
            "Coordination des soins en ville",
            calendar.jo(44),
            "Il demande quelles coordinations entre médecins et infirmières sont financées.",
            answers=[_answer(calendar.jo(20), "Le dispositif Asalée est au nombre de ces coordinations.")],
        ),
        **_invented(
            4,
            _SACHA,
            "Locaux des équipes ASALEE",
            calendar.jo(35),
            "Il demande qui loge les équipes A.S.A.L.E.E. dans les maisons de santé.",
            closure=Closure("EX", "Close pour un motif d’exemple", calendar.jo(15)),
        ),
        **_invented(
            5,
            _CAMILLE,
            "Infirmières « azalée »",
            calendar.jo(3),
            "Elle demande combien d’infirmières azalée exercent (mot mal écrit : à vérifier).",
        ),
    }
    for rank in range(101, 111):
        found |= _invented(
            rank,
            _ALIX,
            f"Question sans rapport avec le sujet ({rank - 100})",
            calendar.jo(rank - 98),
            "Elle demande où en est l’entretien des ponts.",
        )
    return found


def _before(calendar: _Calendar) -> dict[str, dict[str, object]]:
    """What the second state changes, as it is in the first."""
    return {
        **_invented(
            11,
            _CAMILLE,
            "Formation des infirmières Asalée",
            calendar.jo(7),
            _TRAINING,
        ),
        **_shared(calendar, answers=()),
        **_invented(15, _ALIX, "Délais de paiement d’Asalée", calendar.jo(13), _PAYMENT),
        **_invented(16, _NOA, "Asalée dans les centres de santé", calendar.jo(5), _CENTRES),
        **_invented(
            17,
            _SACHA,
            "Évaluation du protocole Asalée",
            calendar.jo(24),
            _PROTOCOL,
            answers=[_answer(calendar.jo(16), "L’évaluation porte sur 12 cabinets.")],
        ),
        **_invented(18, _CAMILLE, "Effectifs d’Asalée par département", calendar.jo(6), _STAFF),
        **_invented(19, _ALIX, "Conventions entre Asalée et les médecins", calendar.jo(4), _AGREEMENTS),
    }


def _after(calendar: _Calendar) -> dict[str, dict[str, object]]:
    """The same questions in the second state, and a new one."""
    answers = [_answer(calendar.tuesday, "Une même réponse est faite aux trois questions sur Asalée.")]
    return {
        **_invented(
            11,
            _CAMILLE,
            "Formation des infirmières Asalée",
            calendar.jo(7),
            _TRAINING,
            answers=[_answer(calendar.tuesday, "La formation des infirmières Asalée dure quarante jours.")],
        ),
        **_shared(calendar, answers=answers),
        **_invented(
            15,
            _ALIX,
            "Délais de paiement d’Asalée",
            calendar.jo(13),
            _PAYMENT,
            signalled_on=[calendar.monday],
        ),
        **_invented(
            16,
            _NOA,
            "Asalée dans les centres de santé",
            calendar.jo(5),
            _CENTRES,
            moved_on=[calendar.tuesday],
        ),
        **_invented(
            17,
            _SACHA,
            "Évaluation du protocole Asalée",
            calendar.jo(24),
            _PROTOCOL,
            answers=[_answer(calendar.jo(16), "L’évaluation porte sur 21 cabinets.", "Lire : 21 et non 12.")],
        ),
        **_invented(
            18,
            _CAMILLE,
            "Effectifs d’Asalée par département",
            calendar.jo(6),
            _STAFF,
            closure=Closure("AU", "Question retirée", calendar.tuesday),
        ),
        **_invented(
            19,
            _ALIX,
            "Conventions entre Asalée et les médecins",
            calendar.jo(4),
            _AGREEMENTS,
            closure=Closure("FM", "Fin de mandat", calendar.tuesday),
        ),
        **_invented(
            20,
            _SACHA,
            "Avenir des postes Asalée",
            calendar.tuesday,
            "Il demande combien de postes Asalée sont prévus l’an prochain.",
        ),
    }


def _shared(calendar: _Calendar, *, answers: Sequence[PublishedText]) -> dict[str, dict[str, object]]:
    """Three questions that get one and the same answer."""
    found: dict[str, dict[str, object]] = {}
    for rank, person, weeks in ((12, _CAMILLE, 10), (13, _SACHA, 11), (14, _ALIX, 12)):
        found |= _invented(
            rank,
            person,
            "Financement des équipes Asalée",
            calendar.jo(weeks),
            f"Le financement des équipes Asalée en {person.mandate.constituency.department} est demandé.",
            answers=answers,
        )
    return found


_TRAINING = "Elle demande combien de jours dure la formation des infirmières Asalée."
_PAYMENT = "Elle demande sous quel délai les équipes Asalée sont payées."
_CENTRES = "Il demande si les centres de santé peuvent accueillir une équipe Asalée."
_PROTOCOL = "Il demande sur combien de cabinets porte l’évaluation du protocole Asalée."
_STAFF = "Elle demande combien d’infirmières Asalée exercent dans chaque département."
_AGREEMENTS = "Elle demande combien de conventions lient Asalée à des médecins."
