"""What of the source was not understood, said in French to people who have never seen its files.

Enters: the codes of `SourceIssue`s (`docs/reference/source.md`). Leaves: one sentence for each code, and
what was done about it. A test compares the list with the codes that the parsers give.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from feeds.typography import typeset
from tracker.questions import SourceIssue

_MOST_EXAMPLES = 5

_KEPT = "Ce que nous savions de ces questions n'a pas changé."
_SHOWN = "Le reste est pris ; la valeur est montrée telle quelle, ou laissée de côté."

_SENTENCES: Mapping[str, tuple[str, str]] = {
    # the file as a whole
    "unreadable": ("Fichier illisible.", _KEPT),
    "damaged-entry": ("Fichier abîmé dans l'archive.", _KEPT),
    "refused-entry": ("Fichier d'une taille ou d'une forme anormale, refusé par prudence.", _KEPT),
    "not-a-question": ("Fichier qui ne contient pas de question.", _KEPT),
    "not-an-actor": (
        "Fichier de député qui n'en contient pas.",
        "Le nom vient du texte de la question, s'il y est.",
    ),
    "single-file-archive": ("Archive d'un seul fichier, d'une forme que le service ne lit pas.", _KEPT),
    "not-written": (
        "Question d'une autre nature (orale, au Gouvernement) parmi les questions écrites.",
        _KEPT,
    ),
    "unknown-uid": ("Identifiant de question absent ou d'une autre forme.", _KEPT),
    "wrong-name": ("Fichier qui ne contient pas ce que dit son nom.", _KEPT),
    "unknown-form": ("Donnée d'une autre forme que celles que nous connaissons.", _KEPT),
    "missing-reference": ("Député ou mandat sans référence.", "Il est laissé de côté."),
    "missing-name": ("Député sans nom.", "Le nom vient du texte de la question, s'il y est."),
    # values in a file that is otherwise understood
    "unknown-key": ("Information nouvelle, que nous ne connaissons pas.", "Elle est laissée de côté."),
    "unknown-date": ("Date impossible ou d'une autre forme.", "Elle est laissée de côté."),
    "future-date": ("Date qui n'est pas encore venue.", "Elle est montrée telle quelle."),
    "unknown-closure": (
        "Motif de clôture que nous ne connaissons pas.",
        "Il est montré avec les mots de la source.",
    ),
    "unknown-value": ("Valeur que nous ne connaissons pas.", _SHOWN),
    "unknown-reference": ("Référence d'une autre forme.", "Elle est laissée de côté."),
    "unknown-number": ("Nombre qui n'en est pas un.", "Il est laissé de côté."),
    "bare-number": ("Nombre écrit autrement que d'habitude.", "Il est pris quand même."),
    "identity-mismatch": ("Numéro ou législature contredits par l'identifiant.", "L'identifiant l'emporte."),
    "missing-author": ("Question sans auteur.", "Elle est montrée sans auteur."),
    "missing-ministry": ("Attribution à aucun ministère.", "Elle est laissée de côté."),
    "missing-date": ("Signalement ou renouvellement sans date.", "Il n'est pas compté."),
    "unordered": ("Attributions dont les dates reculent.", "L'ordre de la source est gardé."),
    "empty-text": ("Texte sans un mot.", "Il est laissé de côté s'il y en a un autre."),
    "double-encoded-mended": ("Accents mal écrits (« Ã© » pour « é »).", "Ils ont été rétablis."),
    "double-encoded-left": (
        "Accents mal écrits, sans certitude sur les bons.",
        "Le texte est laissé tel quel.",
    ),
    "control-characters": ("Caractères invisibles dans un texte.", "Ils ont été retirés."),
    "too-many": (
        "Trop d'anomalies dans un même fichier pour les citer toutes.",
        "Les premières sont listées.",
    ),
}
_UNNAMED = ("Quelque chose qui n'a pas été compris.", "Le reste est pris.")

CODES = frozenset(_SENTENCES)


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """One kind of thing that was not understood: how often, in how many files, since when.

    `files` names some of them, by question uid, actor reference or file name.
    """

    code: str
    what: str
    done: str
    times: int
    in_files: int
    since: datetime
    files: tuple[str, ...]


def not_understood(issues: Iterable[tuple[SourceIssue, datetime]]) -> list[NotUnderstood]:
    """Issues by kind, the kind that touches most files first; nothing of their raw values."""
    found: dict[str, list[tuple[str, datetime]]] = {}
    for issue, first_seen in issues:
        found.setdefault(issue.code, []).append((issue.uid, first_seen))
    kinds = [_kind(code, seen) for code, seen in found.items()]
    return sorted(kinds, key=lambda one: (-one.in_files, one.code))


def _kind(code: str, seen: list[tuple[str, datetime]]) -> NotUnderstood:
    what, done = _SENTENCES.get(code, _UNNAMED)
    files = tuple(dict.fromkeys(uid for uid, _ in seen))
    since = min(at for _, at in seen)
    return NotUnderstood(
        code, typeset(what), typeset(done), len(seen), len(files), since, files[:_MOST_EXAMPLES]
    )
