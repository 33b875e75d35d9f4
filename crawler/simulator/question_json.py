"""Files shaped like the Assemblée's, for the demonstration, the tests and the bench.

Enters: what a question or a deputy should say, in the domain's own types. Leaves: the dict that
`json` or `orjson` turns into one file of the archive. The shape follows the legislature in the uid:
16 and before have no reference of a ministry, 15 and before write `DD/MM/YYYY` and `ANALYSE.ANA`.
Everything here is invented and says so; nothing may be shown as a real question or a real person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from tracker.questions import (
    Attribution,
    Closure,
    Constituency,
    Group,
    JoReference,
    Mandate,
    Ministry,
    PublishedText,
    QuestionId,
)

EXAMPLE_GROUP = Group("PO000001", "EX", "Groupe Exemple")
EXAMPLE_MINISTRY = Ministry("PO000002", "Exemple", "Ministère de l’exemple")
EXAMPLE_CONSTITUENCY = Constituency("Exemple-Maritime", "00", 1)
EXAMPLE_DAY = date(2025, 3, 25)  # a Tuesday, as the Journal officiel « Questions » is

XMLNS = {
    "@xmlns": "http://schemas.assemblee-nationale.fr/referentiel",
    "@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
}

_LAST_WITH_SLASHED_DATES = 15
_LAST_WITHOUT_MINISTRY_REF = 16
_TUESDAY = 1


def question_json(
    uid: str,
    *,
    title: str | None = "Question d’exemple",
    rubric: str | None = "professions de santé",
    heading: str | None = None,
    published_on: date = EXAMPLE_DAY,
    text: str = "Mme Camille Exemple interroge M. le ministre de l’exemple. Texte inventé.",
    page: str | None = "1",
    question_texts: Sequence[PublishedText] | None = None,
    answer: str | None = None,
    answered_on: date | None = None,
    answer_texts: Sequence[PublishedText] | None = None,
    closure: Closure | None = None,
    signalled_on: Sequence[date] = (),
    renewed_on: Sequence[date] = (),
    actor_ref: str | None = "PA000001",
    mandate_ref: str | None = "PM000001",
    group: Group | None = EXAMPLE_GROUP,
    ministry: Ministry | None = EXAMPLE_MINISTRY,
    attributions: Sequence[Attribution] | None = None,
) -> dict[str, object]:
    """One file of the archive: `{"question": {…}}` with the twelve keys of a written question.

    `text`, `published_on` and `page` make the one publication of the question, `answer` and
    `answered_on` (nine weeks later when not given) that of the answer; `question_texts` and
    `answer_texts` take their place when there are several, or errata. An answered question is closed
    `REP_PUB` unless `closure` says otherwise. `attributions` is one, to `ministry`, by default.
    Raises ValueError when `uid` is not that of a written question.
    """
    identity = QuestionId.from_uid(uid)
    shape = _Shape(identity.legislature)
    if question_texts is None:
        question_texts = [PublishedText(text, jo_of(published_on, page=page))]
    if answer_texts is None:
        replied_on = answered_on or published_on + timedelta(days=63)
        answer_texts = [] if answer is None else [PublishedText(answer, jo_of(replied_on))]
    if attributions is None:
        attributions = [] if ministry is None else [Attribution(ministry, published_on)]
    if closure is None and answer_texts:
        closure = Closure("REP_PUB", "Réponse publiée", answer_texts[-1].jo.on)
    return {
        "question": {
            **XMLNS,
            "@xsi:type": "QuestionEcrite_Type",
            "uid": uid,
            "identifiant": {
                "numero": str(identity.number),
                "regime": "5eme Republique",
                "legislature": str(identity.legislature),
            },
            "type": "QE",
            "indexationAN": shape.indexation(rubric, heading, title),
            "auteur": {
                "identite": {"acteurRef": actor_ref, "mandatRef": mandate_ref},
                "groupe": _group(group),
            },
            "minInt": shape.ministry(ministry),
            "minAttribs": _wrapped("minAttrib", [shape.attribution(one) for one in attributions]),
            "textesQuestion": _wrapped("texteQuestion", [shape.text(one) for one in question_texts]),
            "textesReponse": _wrapped("texteReponse", [shape.text(one) for one in answer_texts]),
            "cloture": shape.closure(closure),
            "signalement": _one_or_many([shape.signalement(on) for on in signalled_on]),
            "renouvellements": _wrapped("renouvellement", [shape.renewal(on) for on in renewed_on]),
        }
    }


def actor_json(
    actor_ref: str,
    *,
    civility: str | None = "Mme",
    first_name: str | None = "Camille",
    last_name: str | None = "Exemple",
    mandates: Sequence[Mandate] | None = None,
) -> dict[str, object]:
    """One `acteur/PA….json`; one open mandate of the 17th legislature by default.

    It carries, with placeholders, the kinds of personal data that the real file has and that the
    service must leave where they are.
    """
    if mandates is None:
        mandates = [Mandate("PM000001", 17, EXAMPLE_CONSTITUENCY, date(2024, 7, 7), None)]
    return {
        "acteur": {
            "@xmlns": XMLNS["@xmlns"],
            "uid": {
                "@xmlns:xsi": XMLNS["@xmlns:xsi"],
                "@xsi:type": "IdActeur_type",
                "#text": actor_ref,
            },
            "etatCivil": {
                "ident": {
                    "civ": civility,
                    "prenom": first_name,
                    "nom": last_name,
                    "alpha": last_name,
                    "trigramme": None,
                },
                "infoNaissance": {"dateNais": "1900-01-01", "villeNais": "à ne pas garder"},
                "dateDeces": {"@xmlns:xsi": XMLNS["@xmlns:xsi"], "@xsi:nil": "true"},
            },
            "profession": {"libelleCourant": "à ne pas garder"},
            "adresses": {"adresse": [{"valElec": "a-ne-pas-garder@example.org"}]},
            "mandats": _wrapped("mandat", [_mandate(actor_ref, mandate) for mandate in mandates]),
        }
    }


def jo_of(on: date | None, *, page: str | None = "1", kind: str = "JO_QUESTION") -> JoReference:
    """A reference to the Journal officiel « Questions » of a day, with its number."""
    return JoReference(on, None if on is None else jo_number(on), page, kind)


def jo_number(on: date) -> str:
    """Year and rank of that weekday in the year: the 12th Tuesday of 2025 is `20250012`."""
    rank = (on.timetuple().tm_yday - 1) // 7 + 1
    return f"{on.year}{rank:04d}"


class _Shape:
    """How a legislature writes dates, titles and ministries."""

    def __init__(self, legislature: int) -> None:
        self._slashed = legislature <= _LAST_WITH_SLASHED_DATES
        self._ministry_refs = legislature > _LAST_WITHOUT_MINISTRY_REF

    def day(self, on: date | None) -> str | None:
        if on is None:
            return None
        return f"{on:%d/%m/%Y}" if self._slashed else on.isoformat()

    def indexation(self, rubric: str | None, heading: str | None, title: str | None) -> dict[str, object]:
        outer, inner = ("ANALYSE", "ANA") if self._slashed else ("analyses", "analyse")
        return {"rubrique": rubric, "teteAnalyse": heading, outer: {inner: title}}

    def jo(self, reference: JoReference) -> dict[str, object]:
        return {
            "typeJO": reference.kind,
            "dateJO": self.day(reference.on),
            "pageJO": reference.page,
            "numJO": reference.number,
            "urlLegifrance": None,
            "referenceNOR": None,
        }

    def ministry(self, ministry: Ministry | None) -> dict[str, object] | None:
        if ministry is None:
            return None
        names = {"abrege": ministry.abbreviation, "developpe": ministry.name}
        return {"organeRef": ministry.ref, **names} if self._ministry_refs else {**names}

    def attribution(self, attribution: Attribution) -> dict[str, object]:
        reference = JoReference(attribution.on, None, None, "JO_QUESTION")
        return {"infoJO": self.jo(reference), "denomination": self.ministry(attribution.ministry)}

    def text(self, text: PublishedText) -> dict[str, object]:
        found: dict[str, object] = {"infoJO": self.jo(text.jo), "texte": text.html}
        return found if text.erratum is None else {**found, "erratum": text.erratum}

    def closure(self, closure: Closure | None) -> dict[str, object] | None:
        if closure is None:
            return None
        answered = closure.code == "REP_PUB" and closure.on is not None
        return {
            "codeCloture": closure.code,
            "libelleCloture": closure.label,
            "dateCloture": self.day(closure.on),
            "infoJO": self.jo(jo_of(closure.on)) if answered else None,
        }

    def signalement(self, on: date) -> dict[str, object]:
        printed = on + timedelta(days=(_TUESDAY - on.weekday()) % 7)
        return {"dateDepotSignal": self.day(on), "infoJO": self.jo(jo_of(printed, page=None))}

    def renewal(self, on: date) -> dict[str, object]:
        return {"infoJO": self.jo(jo_of(on, page=None))}


def _group(group: Group | None) -> dict[str, object] | None:
    if group is None:
        return None
    return {"organeRef": group.ref, "abrege": group.abbreviation, "developpe": group.name}


def _mandate(actor_ref: str, mandate: Mandate) -> dict[str, object]:
    place = mandate.constituency
    return {
        "@xmlns:xsi": XMLNS["@xmlns:xsi"],
        "@xsi:type": "MandatParlementaire_type",
        "uid": mandate.ref,
        "acteurRef": actor_ref,
        "legislature": None if mandate.legislature is None else str(mandate.legislature),
        "typeOrgane": "ASSEMBLEE",
        "dateDebut": _day(mandate.begins_on),
        "dateFin": _day(mandate.ends_on),
        "organes": {"organeRef": "PO000003"},
        "election": {
            "lieu": {
                "region": "Exemple",
                "regionType": "Métropolitain",
                "departement": place.department,
                "numDepartement": place.department_code,
                "numCirco": None if place.number is None else str(place.number),
            },
            "causeMandat": "exemple",
            "refCirconscription": "PO000004",
        },
    }


def _day(on: date | None) -> str | None:
    return None if on is None else on.isoformat()


def _wrapped(child: str, items: Sequence[object]) -> dict[str, object] | None:
    """A parent with its children as the source writes them: null, one object, or a list."""
    return {child: _one_or_many(items)} if items else None


def _one_or_many(items: Sequence[object]) -> object:
    if not items:
        return None
    return items[0] if len(items) == 1 else list(items)
