"""The demonstration: the real service, on a small archive served by this machine to itself.

Enters: a port and a delay. Leaves, until it is stopped: the web on that port, over a temporary place
that real crawls fill from `crawler.simulator`, once when it starts and once after the archive has
changed. Alerts go to a mailbox that the web shows. Nothing leaves the machine and nothing is kept.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from crawler.simulator.archives import publish
from crawler.simulator.demo_states import LEGISLATURE, ArchiveState, demo_states
from crawler.simulator.server import SourceServer
from tracker.alert_ports import Wish
from tracker.alerting import Alerting, MakeMail
from tracker.alerts import Channel
from tracker.children import Ended
from tracker.clock import Clock, paris_day, system_clock
from tracker.deciding import record_due_deadlines
from tracker.errors import SourceError
from tracker.events import EventKind
from tracker.logs import configure_logs
from tracker.selection import Selection
from tracker.server import address_of, listen, serve
from tracker.settings import Settings, load_settings
from tracker.stopping import note_stop_signals, wait
from tracker.wiring import make_web, open_place
from tracker.worker import Worker

_SUBSCRIBERS = {
    "redaction@exemple.fr": frozenset[EventKind](),
    "membre@exemple.fr": frozenset({EventKind.ANSWERED}),
}
AUTHORITY = "demonstration.asalee-tracker.example"  # a name that RFC 2606 keeps free


def run_demo(*, port: int, after: int, say: Callable[[str], None], clock: Clock = system_clock) -> None:
    """Run the demonstration until SIGINT or SIGTERM; the archive changes `after` seconds after the start.

    `say` writes a line for the visitor. Raises UsageError when the port is taken.
    """
    first, second = demo_states(paris_day(clock()))
    note_stop_signals()
    with listen("127.0.0.1", port) as listening, _source(first, clock) as source, _folder() as folder:
        address = address_of(listening)
        settings = demo_settings(folder, source, address)
        configure_logs(settings.log_format, settings.log_level)
        with open_place(settings, clock=clock, create=True) as place:
            mailbox = folder / "boite"
            alerting = Alerting(place, _catch_all(mailbox))
            worker = Worker(place, alerting)
            second_state = _SecondState(
                after=after, source=source, state=second, worker=worker, clock=clock, say=say
            )
            try:
                say("Démonstration : lecture d'une petite archive servie par cette machine…")
                if not _is_good(_crawl_aside(worker)):
                    raise SourceError("La lecture de l'archive de démonstration a échoué.")
                record_due_deadlines(place)
                _subscribe(alerting, clock)
                worker.send_alerts()
                say(_welcome(address, folder, after))
                second_state.start()
                serve(make_web(place, alerting.desk(), alerting.watched(), mailbox), listening)
            finally:
                worker.stop()
                second_state.cancel()


class _SecondState:
    """Some seconds later, in a thread: the archive's second state, and a crawl that finds it."""

    def __init__(
        self,
        *,
        after: int,
        source: SourceServer,
        state: ArchiveState,
        worker: Worker,
        clock: Clock,
        say: Callable[[str], None],
    ) -> None:
        self._source, self._state, self._worker, self._clock, self._say = source, state, worker, clock, say
        self._timer = threading.Timer(after, self._come)

    def start(self) -> None:
        """Let it come in its time."""
        self._timer.start()

    def cancel(self) -> None:
        """Let it not come, or wait until it is over."""
        self._timer.cancel()
        if self._timer.is_alive():
            self._timer.join()

    def _come(self) -> None:
        publish(self._source, questions=self._state.questions, actors=self._state.actors, at=self._clock())
        ended = self._worker.crawl()
        if _is_good(ended):
            self._say(
                "L'archive a changé et a été relue : de nouvelles entrées sont dans les flux, "
                "des alertes dans la boîte."
            )
        elif ended is None or not ended.stopped:
            self._say("La seconde lecture de l'archive de démonstration a échoué.")


def _crawl_aside(worker: Worker) -> Ended | None:
    """A crawl in another thread, so that this one can leave when it is asked to."""
    ends: list[Ended | None] = []
    crawling = threading.Thread(target=lambda: ends.append(worker.crawl()))
    crawling.start()
    wait(crawling)
    return ends[0]


def _is_good(ended: Ended | None) -> bool:
    return ended is not None and ended.exit_code == 0 and not ended.stopped


def demo_settings(folder: Path, source: SourceServer, address: str) -> Settings:
    """Settings of the demonstration, whatever the environment says."""
    return load_settings(
        data_dir=folder,
        database_url="",
        topics_dir="",
        source_url=source.root,
        legislatures=(LEGISLATURE,),
        contact="demonstration",
        download_delay=0.0,
        public_url=address,
        operator_name="Démonstration",
        operator_contact="demonstration@example.org",
        tag_authority=AUTHORITY,
        smtp_host="",
        mail_from=f"alertes@{AUTHORITY}",
        mail_bounces="",
        mail_unsubscribe="",
        operator_alerts=(),
        demo=True,
        log_level="warning",
    )


def _catch_all(folder: Path) -> MakeMail:
    """Mail goes to a folder, whoever it is for."""
    from feeds.alerts.mail_text import MailRenderer  # noqa: PLC0415  # see `tracker.wiring`
    from feeds.alerts.maildir_sender import MaildirSender  # noqa: PLC0415

    return lambda composer, identity: MaildirSender(MailRenderer(composer), identity, folder)


def _subscribe(alerting: Alerting, clock: Clock) -> None:
    """Two invented people who follow already: one everything, the other the answers."""
    for address, kinds in _SUBSCRIBERS.items():
        wish = Wish(Selection(kinds=kinds))
        alerting.subscriptions.add(Channel.EMAIL, address, wish, at=clock())


@contextmanager
def _source(state: ArchiveState, clock: Clock) -> Iterator[SourceServer]:
    with SourceServer() as source:
        publish(source, questions=state.questions, actors=state.actors, at=clock() - timedelta(hours=12))
        yield source


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="asalee-demonstration-") as folder:
        yield Path(folder)


def _welcome(address: str, folder: Path, after: int) -> str:
    command = "asalee-tracker" if shutil.which("asalee-tracker") else sys.argv[0]
    return f"""
La démonstration est prête (exemples fictifs, sauf les questions 13983 et 14358, résumées) :

  {address}/flux                     tous les flux, et comment s'y abonner
  {address}/flux/asalee.atom         tout ce qui arrive, pour un lecteur de flux
  {address}/flux/asalee/reponses.atom
  {address}/alertes                  demander des alertes par courriel
  {address}/demo/boite               la boîte où arrivent tous les messages : rien ne quitte cette machine

Dans {after} secondes l'archive changera : des réponses, un signalement, une rectification arriveront,
dans les flux et, pour deux abonnés inventés, dans la boîte.
Commandes sur les mêmes données, dans un autre terminal, par exemple :

  TRACKER_DATA_DIR={folder} {command} status 13983
  TRACKER_DATA_DIR={folder} {command} topics review

Ctrl-C arrête la démonstration et efface ses données.
"""
