"""What the API answers, as stable shapes: names are only ever added.

Enters: nothing. Leaves: pydantic models, of which OpenAPI describes the answers. The names of fields are a
contract in French, those of the exports (`docs/reference/export.md`) where both say the same. Dates are days
in Paris, instants are UTC. Docstrings and descriptions are what OpenAPI shows, in French.
"""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict, Field


class Shape(BaseModel):
    """What holds for all shapes: nothing but what is declared, in the order declared."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Sourced(Shape):
    """What each list says of itself; the day alone of the last check, so that ETags do not move with it."""

    source: str = Field(
        description="D'où viennent les données.", examples=["Assemblée nationale, données ouvertes"]
    )
    licence: str = Field(
        description="Licence des données.", examples=["Licence Ouverte / Open Licence (Etalab)"]
    )
    source_verifiee_le: dt.date | None = Field(
        description="Jour (à Paris) de la dernière lecture réussie de la source.", examples=["2026-11-20"]
    )


class Dated(Sourced):
    """What depends on the day besides."""

    date: dt.date = Field(description="Jour (à Paris) dont dépendent les statuts.", examples=["2026-11-20"])


class Event(Shape):
    """Un fait daté de l'histoire d'une question."""

    sequence: int = Field(description="Place dans notre suite, qui ne fait que croître.", examples=[421])
    identifiant: str = Field(
        description="Identifiant tiré du contenu : le même fait a le même, même dans une base refaite.",
        examples=["QANR5L17QE13983/answered/2026-06-02/1"],
    )
    type: str = Field(description="Genre d'événement, comme dans les adresses.", examples=["reponse"])
    libelle: str = Field(
        description="L'événement en une phrase.",
        examples=["Réponse publiée au Journal officiel le 2 juin 2026"],
    )
    date: dt.date = Field(description="Jour où le fait a eu lieu.", examples=["2026-06-02"])
    rang: int = Field(description="Distingue les faits de même genre et de même jour.", examples=[1])
    connu_le: dt.datetime = Field(
        description="Instant où ce service l'a appris.", examples=["2026-06-02T06:30:00Z"]
    )
    origine: str = Field(
        description=(
            "`direct` : appris au moment où la source l'a dit ; `initial` : histoire trouvée au premier "
            "remplissage ; `rattrapage` : apporté par une relecture."
        ),
        examples=["direct"],
    )
    detail: dict[str, str] = Field(
        description=(
            "Ce que le fait a de propre, selon son genre : `partie`, `avant`, `apres`, `erratum`, "
            "`avant_reference`, `apres_reference`, `code`, `libelle`, `objet`, `echeance`, `sans_date`. Du "
            "texte, jamais du HTML."
        ),
        examples=[
            {"partie": "reponse", "avant": "Un texte (exemple).", "apres": "Un autre texte (exemple)."}
        ],
    )


class QuestionNamed(Shape):
    """De quelle question il s'agit."""

    identifiant: str = Field(description="Identifiant de la source.", examples=["QANR5L17QE13983"])
    legislature: int = Field(description="Législature.", examples=[17])
    numero: int = Field(description="Numéro dans sa législature.", examples=[13983])
    titre: str | None = Field(
        description="Titre au moment de l'événement.", examples=["Continuité du dispositif Asalée (exemple)"]
    )
    sujets: list[str] = Field(description="Sujets suivis dont elle relève.", examples=[["asalee"]])
    adresse: str = Field(
        description="Sa page sur ce service.", examples=["https://suivi.exemple.fr/questions/QANR5L17QE13983"]
    )
    adresse_api: str = Field(
        description="La question entière, dans cette API.",
        examples=["https://suivi.exemple.fr/api/v1/questions/QANR5L17QE13983"],
    )


class FollowedEvent(Event):
    """Un événement, avec la question à laquelle il est arrivé."""

    question: QuestionNamed = Field(description="La question.")


class EventPage(Sourced):
    """Des événements dans l'ordre où ils ont été appris, et de quoi demander la suite."""

    evenements: list[FollowedEvent] = Field(description="Événements, par séquence croissante.")
    derniere_sequence: int = Field(description="Séquence du dernier événement de ce service.", examples=[421])
    reste: bool = Field(description="Vrai s'il y en a d'autres à demander tout de suite.", examples=[False])
    suite: str = Field(
        description="Adresse à demander ensuite, maintenant ou plus tard.",
        examples=[
            "https://suivi.exemple.fr/api/v1/events?apres=4&dernier=QANR5L17QE5/answered/2026-11-17/1&limite=50"
        ],
    )


class Question(Shape):
    """Une question écrite, sans ses textes."""

    identifiant: str = Field(description="Identifiant de la source.", examples=["QANR5L17QE13983"])
    legislature: int = Field(description="Législature.", examples=[17])
    numero: int = Field(description="Numéro dans sa législature.", examples=[13983])
    titre: str | None = Field(
        description="Titre donné par la source.", examples=["Continuité du dispositif Asalée (exemple)"]
    )
    rubrique: str | None = Field(description="Rubrique.", examples=["professions de santé"])
    auteur_civilite: str | None = Field(description="Civilité de l'auteur.", examples=["Mme"])
    auteur: str | None = Field(description="Prénom et nom de l'auteur.", examples=["Camille Exemple"])
    auteur_reference: str | None = Field(
        description="Référence de l'auteur à la source.", examples=["PA900100"]
    )
    groupe: str | None = Field(
        description="Sigle du groupe tel que la question l'indique.", examples=["EXEMPLE"]
    )
    groupe_nom: str | None = Field(description="Nom de ce groupe.", examples=["Groupe Exemple"])
    departement_code: str | None = Field(
        description="Code du département d'élection (`099` : hors de France).", examples=["76"]
    )
    departement: str | None = Field(description="Nom de ce département.", examples=["Seine-Maritime"])
    circonscription: int | None = Field(description="Numéro de la circonscription.", examples=[3])
    ministere_interroge: str | None = Field(
        description="Ministère interrogé ; il ne change jamais.", examples=["Santé"]
    )
    ministere_attributaire: str | None = Field(
        description="Ministère aujourd'hui chargé de répondre.", examples=["Santé"]
    )
    statut: str = Field(
        description="Statut au jour de la demande, comme dans les adresses.", examples=["reponse-publiee"]
    )
    date_publication: dt.date | None = Field(
        description="Publication au Journal officiel.", examples=["2026-03-31"]
    )
    date_echeance: dt.date | None = Field(
        description="Dernier jour où une réponse est dans les délais (Règlement, art. 135, al. 6).",
        examples=["2026-05-31"],
    )
    date_reponse: dt.date | None = Field(description="Publication de la réponse.", examples=["2026-06-02"])
    jours_pour_repondre: int | None = Field(description="Jours entre les deux publications.", examples=[63])
    date_cloture: dt.date | None = Field(description="Jour d'une clôture sans réponse.", examples=[None])
    cloture: str | None = Field(
        description="Ce que la source dit de la clôture.", examples=["Réponse publiée"]
    )
    signalements: list[dt.date] | None = Field(
        description="Dates des signalements ; nul pour les législatures dont l'archive n'en tient aucun.",
        examples=[[]],
    )
    renouvellements: list[dt.date] = Field(description="Dates des renouvellements.", examples=[[]])
    jo_numero: str | None = Field(
        description="Numéro du Journal officiel « Questions ».", examples=["20260013"]
    )
    jo_page: str | None = Field(description="Page de la question dans ce numéro.", examples=["2650"])
    sujets: list[str] = Field(description="Sujets suivis dont elle relève.", examples=[["asalee"]])
    adresse_officielle: str = Field(
        description="Sa page sur le site de l'Assemblée nationale.",
        examples=["https://questions.assemblee-nationale.fr/q17/17-13983QE.htm"],
    )
    statut_libelle: str = Field(description="Le statut en français.", examples=["Réponse publiée"])
    jours_d_attente: int | None = Field(
        description="Jours écoulés depuis la publication, tant qu'elle attend une réponse.", examples=[None]
    )
    date_echeance_signalement: dt.date | None = Field(
        description="Dix jours après le dernier signalement (Règlement, art. 135, al. 7).", examples=[None]
    )
    derniere_sequence: int | None = Field(description="Séquence de son dernier événement.", examples=[421])
    adresse: str = Field(
        description="Sa page sur ce service.", examples=["https://suivi.exemple.fr/questions/QANR5L17QE13983"]
    )
    adresse_api: str = Field(
        description="La question entière, dans cette API.",
        examples=["https://suivi.exemple.fr/api/v1/questions/QANR5L17QE13983"],
    )


class QuestionPage(Dated):
    """Une partie d'une liste de questions, et de quoi demander la suite."""

    total: int = Field(description="Nombre de questions de toute la liste.", examples=[128])
    questions: list[Question] = Field(description="Questions, dans l'ordre demandé.")
    suivant: str | None = Field(
        description="Adresse de la suite ; nul à la fin de la liste.",
        examples=[
            "https://suivi.exemple.fr/api/v1/questions?limite=50&curseur=cHVibGljYXRpb24uNzM5ODk1LjE3LjEzOTgz"
        ],
    )


class Attribution(Shape):
    """Un ministère chargé de répondre."""

    ministere: str = Field(description="Le ministère.", examples=["Santé"])
    depuis: dt.date | None = Field(description="Depuis ce jour.", examples=["2026-03-31"])


class Text(Shape):
    """Un texte publié, en texte seul et en HTML rendu sûr."""

    texte: str = Field(description="Le texte sans balises.", examples=["Texte de la question (exemple)."])
    html: str = Field(
        description="Le HTML de la source, réduit à des balises sans danger.",
        examples=["<p>Texte de la question (exemple).</p>"],
    )
    publie_le: dt.date | None = Field(description="Jour du Journal officiel.", examples=["2026-03-31"])
    erratum: str | None = Field(description="Ce que dit l'erratum, s'il y en a un.", examples=[None])


class WholeQuestion(Question):
    """Une question écrite avec ses textes et son histoire."""

    attributions: list[Attribution] = Field(
        description="Ministères chargés de répondre, du premier au dernier."
    )
    textes_question: list[Text] = Field(
        description="Publications de la question, de la première à la dernière."
    )
    textes_reponse: list[Text] = Field(description="Publications de la réponse ; vide sans réponse.")
    evenements: list[Event] = Field(description="Son histoire, dans l'ordre où elle a été apprise.")
    flux: list[str] = Field(
        description="Adresses de ses flux Atom, une par sujet.",
        examples=[["https://suivi.exemple.fr/flux/asalee/question/QANR5L17QE13983.atom"]],
    )
    calendrier: str = Field(
        description="Son échéance en iCalendar.",
        examples=["https://suivi.exemple.fr/questions/QANR5L17QE13983.ics"],
    )
    lue_le: dt.datetime = Field(
        description="Instant où ce service l'a lue à la source.", examples=["2026-11-20T07:00:00Z"]
    )


class Rate(Shape):
    """Une part, et ce sur quoi elle repose."""

    nombre: int = Field(description="Combien.", examples=[12])
    base: int = Field(description="Sur combien de questions.", examples=[40])
    part: float | None = Field(
        description="Entre 0 et 1 ; nul si elle reposait sur moins de cinq.", examples=[0.3]
    )


class Median(Shape):
    """Une médiane, et ce sur quoi elle repose."""

    jours: float | None = Field(
        description="En jours ; nul si elle reposait sur moins de cinq.", examples=[96.5]
    )
    base: int = Field(description="Sur combien de réponses.", examples=[30])


class SetFigures(Shape):
    """Ce qui peut être dit d'un ensemble de questions un jour donné."""

    questions: int = Field(description="Nombre de questions.", examples=[48])
    reponses: int = Field(description="Réponse publiée.", examples=[30])
    en_attente: int = Field(description="En attente, échéance à venir.", examples=[6])
    echeance_depassee: int = Field(description="En attente, échéance dépassée.", examples=[10])
    closes: int = Field(description="Closes sans réponse.", examples=[2])
    reponse_dans_les_delais: Rate = Field(
        description="Réponse au plus tard à l'échéance, parmi les questions dont l'échéance est passée."
    )
    delai_median: Median = Field(description="Délai de réponse médian.")


class LegislatureFigures(Shape):
    """Les chiffres d'une législature, toujours à côté de ceux de toutes les questions écrites."""

    legislature: int = Field(description="Législature.", examples=[17])
    selection: SetFigures = Field(description="Les questions du filtre.")
    meme_ministere: SetFigures | None = Field(
        description="Toutes les questions, tous sujets, du ministère du filtre ; nul sans ce filtre."
    )
    meme_groupe: SetFigures | None = Field(
        description="Toutes les questions, tous sujets, du groupe du filtre ; nul sans ce filtre."
    )
    toutes: SetFigures | None = Field(description="Toutes les questions écrites de la législature.")


class Figures(Dated):
    """Des chiffres, par législature, la plus récente d'abord."""

    legislatures: list[LegislatureFigures] = Field(description="Législatures où le filtre a des questions.")


class Feed(Shape):
    """Un flux et ses adresses."""

    sujet: str = Field(description="Sujet suivi.", examples=["asalee"])
    section: str = Field(description="Famille de flux.", examples=["groupes"])
    titre: str = Field(description="Titre du flux.", examples=["Asalée : groupe EXEMPLE"])
    description: str = Field(
        description="Ce qu'il suit.", examples=["Tout ce qui arrive aux questions (exemple)."]
    )
    atom: str = Field(description="Adresse Atom.", examples=["https://suivi.exemple.fr/flux/asalee.atom"])
    rss: str = Field(description="Adresse RSS.", examples=["https://suivi.exemple.fr/flux/asalee.rss"])
    json_feed: str = Field(
        description="Adresse JSON Feed.", examples=["https://suivi.exemple.fr/flux/asalee.json"]
    )


class FeedList(Sourced):
    """Les flux de ce service."""

    flux: list[Feed] = Field(description="Flux, par sujet puis par section.")
    opml: str = Field(
        description="Tous les flux en un fichier OPML.", examples=["https://suivi.exemple.fr/flux/opml"]
    )


class Run(Shape):
    """Une lecture de la source."""

    debut: dt.datetime = Field(description="Début.", examples=["2026-11-20T06:59:58Z"])
    fin: dt.datetime | None = Field(
        description="Fin ; nul si elle est en cours.", examples=["2026-11-20T07:00:00Z"]
    )
    issue: str = Field(description="Comment elle a fini.", examples=["Source inchangée"])
    raison: str | None = Field(description="Pourquoi, si elle a échoué.", examples=[None])


class Health(Shape):
    """L'état du service."""

    a_jour: bool = Field(
        description="Faux si la source n'a pas été lue depuis trop longtemps.", examples=[True]
    )
    message: str = Field(
        description="La même chose en une phrase.", examples=["Source lue il y a 12 minutes."]
    )
    source_lue_le: dt.datetime | None = Field(
        description="Instant de la dernière lecture réussie.", examples=["2026-11-20T07:00:00Z"]
    )
    derniere_sequence: int = Field(description="Séquence du dernier événement.", examples=[421])
    dernier_passage: Run | None = Field(description="La dernière lecture tentée.")
