"""The site in a real browser: a place with a history, served on the loopback, and Debian's Chromium.

Enters: an empty folder. Leaves: the address of a server whose clock stands still on a Friday, and a
browser. The place holds one question of each standing; names and texts are invented and say so, but those
of questions 13983 and 14358, of which only true facts are told.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import Engine

from db.engine import open_engine
from db.schema import migrate
from feeds.web.alerts.desk import AlertDesk
from feeds.web.app import WebOptions, create_app
from tests.builders import (
    AUTHOR,
    GROUP,
    HEALTH,
    LABOUR,
    NOW,
    answered,
    attribution,
    closure,
    fixed_clock,
    instant,
    jo,
    record,
    replace,
    text,
)
from tests.feeds.place import FilledPlace
from tracker.events import Origin
from tracker.ports import RunOutcome
from tracker.questions import Author, Constituency, Deputy, Group, Mandate, Ministry, PublishedText
from tracker.server import address_of, listen
from tracker.topics import load_topics

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
YESTERDAY = date(2026, 11, 19)
ANSWERED = "QANR5L17QE21"
OVERDUE = "QANR5L17QE13983"

_MINISTRY = Ministry(
    "PO873673",
    "Santé, familles, autonomie et personnes handicapées",
    "Ministère de la santé, des familles, de l’autonomie et des personnes handicapées",
)
_BENARD = Author("PA796106", "PM843383", Group("PO845514", "GDR", "Gauche Démocrate et Républicaine"))
_TACHE = Author("PA793382", "PM842480", Group("PO845401", "RN", "Rassemblement National"))
_OTHER = Author("PA900300", "PM900300", GROUP)


def _deputy(ref: str, mandate: str, civility: str, names: tuple[str, str], place: Constituency) -> Deputy:
    return Deputy(ref, civility, *names, (Mandate(mandate, 17, place, date(2024, 7, 7), None),))


_DEPUTIES = (
    _deputy("PA796106", "PM843383", "M.", ("Édouard", "Bénard"), Constituency("Seine-Maritime", "76", 3)),
    _deputy("PA793382", "PM842480", "M.", ("Emmanuel", "Taché"), Constituency("Bouches-du-Rhône", "13", 16)),
    _deputy("PA900100", "PM900100", "Mme", ("Camille", "Exemple"), Constituency("Exemple-Maritime", "00", 1)),
    _deputy("PA900300", "PM900300", "M.", ("Sacha", "Exemple"), Constituency("Haute-Exemple", "96", 2)),
)
_TABLE = (
    "<table><caption>Postes (exemple)</caption><tr><th>Année</th><th>Postes</th></tr>"
    "<tr><td>2026</td><td>12</td></tr></table>"
)


def fill(place: FilledPlace) -> None:
    """A year of invented history around two real questions, ending yesterday."""
    place.store.save_deputies(_DEPUTIES, [], NOW)
    together = {
        number: record(
            number,
            asked="2026-09-15",
            author=author,
            html=f"<p>Texte inventé {number}.</p>",
            title=f"[Exemple fictif] Équipes Asalée, {number}",
        )
        for number, author in ((21, AUTHOR), (22, _OTHER))
    }
    place.read(
        _real(13983, _BENARD, "Continuité du dispositif de soins Asalée", "2026-03-31", "2650"),
        _real(
            14358,
            _TACHE,
            "Crise du dispositif Asalée et déséquilibres du système de santé public",
            "2026-04-14",
            "3066",
        ),
        record(
            2,
            asked="2026-02-10",
            title="[Exemple fictif] Bilan d’Asalée",
            html=f"<p>Texte inventé sur Asalée.</p>{_TABLE}<ul><li>un</li><li>deux</li></ul>",
            author=_OTHER,
            signalled=["2026-06-29"],
            renewed=["2026-06-02", "2026-08-25"],
            attributions=[attribution(HEALTH, "2026-02-10"), attribution(LABOUR, "2026-04-21")],
        ),
        record(3, asked="2026-10-06", title="[Exemple fictif] Formation des infirmières Asalée"),
        record(
            4,
            asked="2026-05-12",
            title="[Exemple fictif] Locaux",
            closed=closure("EX", "Motif (exemple)", "2026-07-07"),
        ),
        record(
            5,
            asked="2026-09-29",
            title="[Exemple fictif] Effectifs",
            closed=closure("AU", "Question retirée", "2026-10-20"),
        ),
        record(
            6,
            asked="2026-09-29",
            title="[Exemple fictif] Conventions",
            author=_OTHER,
            closed=closure("FM", "Fin de mandat", "2026-10-20"),
        ),
        record(7, legislature=16, asked="2024-03-19", title="[Exemple fictif] Bilan d’Asalée", author=_OTHER),
        record(7, asked="2026-11-03", title="[Exemple fictif] Septième"),
        *together.values(),
        at=instant("2026-11-17"),
    )
    place.pass_deadlines("QANR5L17QE13983", "QANR5L17QE14358", "QANR5L17QE2", at=instant("2026-11-17", 9))
    wrong = answered(
        record(8, asked="2026-06-02", title="[Exemple fictif] Évaluation"),
        "2026-07-28",
        "<p>L’évaluation porte sur douze cabinets.</p>",
    )
    place.read(wrong, at=instant("2026-11-17", 10))
    right = replace(
        wrong,
        answer_texts=(
            text(
                "<p>L’évaluation porte sur vingt et un cabinets.</p>",
                "2026-07-28",
                erratum="Lire : vingt et un.",
            ),
        ),
    )
    place.read(right, at=instant("2026-11-18"))
    place.read(
        *(answered(one, YESTERDAY, "<p>Réponse inventée sur Asalée.</p>") for one in together.values()),
        at=instant(YESTERDAY),
    )
    place.read(
        *(
            record(number, legislature=15, asked="2019-03-19", title=f"[Exemple fictif] Archive {number}")
            for number in range(100, 130)
        ),
        at=instant(YESTERDAY, 9),
        origin=Origin.BACKFILL,
    )
    place.checked(
        NOW - timedelta(hours=30), RunOutcome.FAILED, reason="L'archive n'a pas pu être lue (exemple)."
    )
    place.checked(NOW - timedelta(hours=1))


def _real(number: int, author: Author, title: str, on: str, page: str):
    """A real question: true facts, and a text that says it is not the text."""
    said = "<p>Résumé ; le texte de la question se lit sur la page officielle. Dispositif Asalée.</p>"
    published = PublishedText(said, jo(on, page=page))
    return replace(
        record(number, asked=on, title=title, rubric="Santé", author=author, ministry=_MINISTRY),
        question_texts=(published,),
    )


@contextmanager
def served(folder: Path, desk_of: Callable[[Engine], AlertDesk] | None = None) -> Iterator[str]:
    """The site over a filled place, on a free port of the loopback; its address. With alerts if asked for."""
    engine = open_engine(f"sqlite:///{folder / 'base.sqlite3'}")
    migrate(engine)
    place = FilledPlace(engine)
    fill(place)
    topics = load_topics(None).topics
    with listen("127.0.0.1", 0) as listening:
        address = address_of(listening)
        app = create_app(
            place.reader,
            [(topic.slug, topic.name) for topic in topics],
            WebOptions(
                public_url=address, operator_name="Association Exemple", operator_contact="contact@exemple.fr"
            ),
            fixed_clock(),
            {topic.slug: topic.milestones for topic in topics},
            alerts=desk_of(engine) if desk_of else None,
        )
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield address
        finally:
            server.should_exit = True
            thread.join(30)
    engine.dispose()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium without a window; the test is skipped without it, but never in CI."""
    if shutil.which(CHROMIUM) is None and os.environ.get("CI") != "true":
        pytest.skip(f"{CHROMIUM} is not on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
