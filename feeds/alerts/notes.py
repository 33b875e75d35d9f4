"""Letters that tell no event: to confirm, to come in, « rien de nouveau », something is wrong.

Enters: a `Message` of any kind but ALERT and DIGEST. Leaves: a `Note`, in French. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from feeds.alerts.frequencies import told_how_often
from feeds.alerts.site import AlertSite
from feeds.sanitise import one_line
from feeds.typography import instant, typeset
from tracker.alerts import DisabledReason, Message, MessageKind, NoticeKind

TRIAL = "test"  # details["notice"] of a message that only shows that sending works
WEBHOOK_DISABLED = "webhook-disabled"


@dataclass(frozen=True, slots=True)
class Note:
    """A letter of a few lines: paragraphs, a list, and one thing to do (a label and an address)."""

    title: str
    paragraphs: tuple[str, ...]
    items: tuple[str, ...] = ()
    action: tuple[str, str] | None = None
    afterwards: tuple[str, ...] = ()


_NOTICES: Mapping[str, str] = {
    NoticeKind.SOURCE_STALE: "la source n’est plus lue",
    NoticeKind.RUN_FAILED: "des passages échouent",
    NoticeKind.SOURCE_ISSUES: "la source contient des choses non comprises",
    NoticeKind.REVIEW: "des questions attendent une relecture",
    NoticeKind.OUTBOX_GROWING: "des messages attendent d’être envoyés",
    NoticeKind.BOUNCES: "des adresses ne reçoivent plus",
    NoticeKind.WEBHOOK_DISABLED: "un webhook a été désactivé",
}

_DISABLED: Mapping[str, str] = {
    DisabledReason.GONE: "Il a répondu qu'il n'existait plus (410).",
    DisabledReason.FAILURES: "Les envois ont échoué pendant plusieurs jours.",
}


def note_of(message: Message, site: AlertSite) -> Note:
    """The note of a message."""
    return _NOTES[message.kind](message, site)


def _confirmation(message: Message, site: AlertSite) -> Note:
    asked = tuple(
        f"{site.described_to_a_stranger(one)}, {told_how_often(one.frequency)}"
        for one in message.subscriptions
    )
    return Note(
        title="Confirmez votre abonnement aux alertes",
        paragraphs=(typeset(f"Quelqu'un a demandé des alertes à cette adresse, sur {site.public_url} :"),),
        items=asked,
        action=("Confirmer l’abonnement", site.links.confirm(message.token or "")),
        afterwards=(
            typeset("Le lien ouvre une page avec un bouton ; il vaut 48 heures."),
            typeset(
                "Si vous n'avez rien demandé, il n'y a rien à faire : sans confirmation, rien ne sera envoyé "
                "et l'adresse sera effacée au bout de quelques jours."
            ),
        ),
    )


def _access(message: Message, site: AlertSite) -> Note:
    return Note(
        title="Vos abonnements aux alertes",
        paragraphs=(
            typeset(
                f"Voici le lien demandé sur {site.public_url} pour voir, changer ou arrêter vos alertes."
            ),
        ),
        action=("Voir mes abonnements", site.links.manage(message.token or "")),
        afterwards=(
            typeset("Ce lien ouvre vos abonnements à qui le possède : ne le transmettez pas."),
            typeset("Si vous n'avez rien demandé, il n'y a rien à faire."),
        ),
    )


def _heartbeat(message: Message, site: AlertSite) -> Note:
    """Never says that all is well when the source was not read."""
    said = message.details.get("checked_at")
    checked_at = datetime.fromisoformat(said) if said else None
    followed = tuple(site.called(one) for one in message.subscriptions)
    since = typeset("Rien de nouveau depuis un mois dans ce que vous suivez :")
    if checked_at is not None and message.created_at - checked_at <= site.stale_after:
        return Note(
            title="Rien de nouveau, le suivi fonctionne",
            paragraphs=(
                typeset("Le suivi fonctionne : dernière vérification de la source le ")
                + instant(checked_at)
                + ".",
                since,
            ),
            items=followed,
        )
    when = f"depuis le {instant(checked_at)}" if checked_at else "une seule fois"
    return Note(
        title="Rien de nouveau, mais la source n’est plus lue",
        paragraphs=(
            typeset("La source n'a pas été lue ") + when + typeset(" : il se peut que quelque chose manque."),
            since,
        ),
        items=followed,
    )


def _notice(message: Message, site: AlertSite) -> Note:
    kind, text = message.details.get("notice", ""), message.details.get("text", "")
    if kind == TRIAL:
        return trial_note()
    if kind == WEBHOOK_DISABLED:
        why = _DISABLED.get(message.details.get("reason", ""), "")
        token = message.token
        return Note(
            title=one_line(f"Votre webhook vers {text} est désactivé"),
            paragraphs=tuple(typeset(part) for part in ("Plus rien ne lui est envoyé.", why) if part),
            action=("Le réactiver ou l’arrêter", site.links.manage(token)) if token else None,
        )
    return Note(title=one_line(text, 100), paragraphs=(one_line(text),))


def trial_note() -> Note:
    """What a test of a channel says."""
    return Note(
        title="Message d’essai",
        paragraphs=(typeset("L'envoi fonctionne. Ce message ne dit rien d'autre."),),
    )


def _operator(message: Message, site: AlertSite) -> Note:
    kind, text = message.details.get("notice", ""), message.details.get("text", "")
    if kind == TRIAL:
        return trial_note()
    return Note(
        title=f"{site.name}{typeset(' : ')}{_NOTICES.get(kind, one_line(kind))}",
        paragraphs=tuple(line for line in map(one_line, text.splitlines()) if line),
        action=("État du service", site.links.to("/etat")),
    )


_NOTES: Mapping[MessageKind, Callable[[Message, AlertSite], Note]] = {
    MessageKind.CONFIRMATION: _confirmation,
    MessageKind.ACCESS: _access,
    MessageKind.HEARTBEAT: _heartbeat,
    MessageKind.NOTICE: _notice,
    MessageKind.OPERATOR: _operator,
}
