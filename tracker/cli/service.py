"""The commands that stay: `run`, `serve`, `work`, `demo`, and `health` that asks whether one lives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.french import FrenchCommand
from tracker.cli.output import note, say
from tracker.errors import TrackerError

if TYPE_CHECKING:
    import httpx

    from tracker.settings import Settings

Host = Annotated[
    str | None, typer.Option(help="Adresse d'écoute (réglage TRACKER_HOST).", show_default=False)
]
Port = Annotated[
    int | None,
    typer.Option(help="Port d'écoute, 0 pour un port libre (réglage TRACKER_PORT).", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    panel = "Faire tourner le service"
    for command in (run, serve, work, health, demo):
        app.command(cls=FrenchCommand, rich_help_panel=panel)(command)


def run(host: Host = None, port: Port = None) -> None:
    """Tout en un : le site, les flux, et la lecture de la source aux bonnes heures.

    Sur un dossier vide, crée la base et lit la source aussitôt ; arrêt par Ctrl-C ou SIGTERM.

    Exemples :
      asalee-tracker run
      asalee-tracker run --host 0.0.0.0 --port 8080
    """
    from tracker.alerting import Alerting
    from tracker.server import address_of, listen
    from tracker.server import serve as serve_web
    from tracker.wiring import make_web, open_place
    from tracker.worker import Worker

    settings = _start_service(host=host, port=port)
    with listen(settings.host, settings.port) as listening, open_place(settings, create=True) as place:
        alerting = Alerting(place)
        worker = Worker(place, alerting)
        app = make_web(place, alerting.desk(), alerting.watched())
        try:
            worker.start()
            note(f"asalee-tracker est prêt : {address_of(listening)}/flux")
            serve_web(app, listening)
        finally:
            worker.stop()


def serve(host: Host = None, port: Port = None) -> None:
    """Le site et les flux seulement ; work lit la source et envoie les alertes, dans un autre processus.

    Exemple :
      asalee-tracker serve --port 8080
    """
    from tracker.alerting import Alerting
    from tracker.server import address_of, listen
    from tracker.server import serve as serve_web
    from tracker.wiring import make_web, open_place

    settings = _start_service(host=host, port=port)
    with listen(settings.host, settings.port) as listening, open_place(settings) as place:
        alerting = Alerting(place)
        app = make_web(place, alerting.desk(), alerting.watched())
        note(f"asalee-tracker est prêt : {address_of(listening)}/flux")
        serve_web(app, listening)


def work() -> None:
    """La lecture de la source, les travaux du jour et l'envoi des alertes, sans le site (voir serve).

    Exemple :
      asalee-tracker work
    """
    from tracker.stopping import wait
    from tracker.wiring import open_place
    from tracker.worker import Worker

    settings = _start_service()
    with open_place(settings, create=True) as place:
        worker = Worker(place)
        try:
            worker.start()
            note("asalee-tracker travaille : la source sera lue aux heures prévues.")
            wait()
        finally:
            worker.stop()


def health(
    host: Host = None,
    port: Port = None,
    ready: Annotated[  # noqa: FBT002  # the form that Typer's flags have
        bool, typer.Option("--ready", help="Demande aussi que la source ait été lue récemment.")
    ] = False,
) -> None:
    """Demande au service de cette machine s'il répond ; pour un contrôle automatique.

    Code de sortie 0 s'il répond, 1 sinon.

    Exemple :
      asalee-tracker health --ready
    """
    import httpx

    from tracker.settings import load_settings

    settings = load_settings(host=host, port=port)
    name = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104  # compared
    shown = f"[{name}]" if ":" in name else name
    url = f"http://{shown}:{settings.port}/{'readyz' if ready else 'healthz'}"
    try:
        answer = httpx.get(url, timeout=5.0, trust_env=False)
    except httpx.HTTPError as error:
        raise TrackerError(f"Le service ne répond pas à {url} ({type(error).__name__}).") from error
    if answer.status_code != httpx.codes.OK:
        raise TrackerError(f"Le service répond {answer.status_code} à {url} : {_told(answer)}")
    say("Le service répond.")


def _told(answer: httpx.Response) -> str:
    """The sentence in what /readyz says; else the beginning of the answer, whoever gave it."""
    try:
        return str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        return answer.text.strip()[:300]


def demo(
    port: Annotated[int, typer.Option(help="Port d'écoute, 0 pour un port libre.")] = 8000,
    after: Annotated[
        int, typer.Option(help="Secondes avant le second état de l'archive.", min=0, max=3600)
    ] = 15,
) -> None:
    """Une démonstration sur cette machine, sans réseau : vraies lectures, exemples fictifs.

    Une petite archive est servie en local, lue pour de vrai, puis change : des réponses, un signalement,
    une rectification, un retrait… arrivent dans les flux. Rien n'est gardé ensuite.

    Exemples :
      asalee-tracker demo
      asalee-tracker demo --port 8080 --after 5
    """
    from tracker.demo import run_demo

    run_demo(port=port, after=after, say=note)


def start(**overrides: object) -> Settings:
    """Settings read and logs set up."""
    from tracker.logs import configure_logs
    from tracker.settings import load_settings

    settings = load_settings(**overrides)
    configure_logs(settings.log_format, settings.log_level)
    return settings


def _start_service(**overrides: object) -> Settings:
    """The same for what stays: signals end it well, and settings that look forgotten are told."""
    from tracker.logs import get_logger
    from tracker.settings import unknown_variables
    from tracker.stopping import note_stop_signals

    settings = start(**overrides)
    note_stop_signals()
    log = get_logger(__name__)
    for name in unknown_variables():
        log.warning("unknown setting ignored", variable=name)
    if not settings.contact:
        log.warning("no contact is given to the source: set TRACKER_CONTACT")
    return settings
