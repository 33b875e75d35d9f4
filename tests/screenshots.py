"""`make screenshots`: the pages that the README and the docs show, taken from the demonstration.

Enters: nothing. Leaves: PNG files in `docs/screenshots/`, of the demonstration once its archive has changed,
at the widths of a desk, a tablet and a phone, in both schemes. Its dates follow the day it is run on.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from tests.e2e.browsing import chromium
from tests.e2e.processes import Service

FOLDER = Path(__file__).parents[1] / "docs" / "screenshots"
MOST_BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: a page, or a part of it, at a size and in a scheme."""

    name: str
    path: str
    width: int
    height: int
    scheme: str = "light"
    part: str | None = None


SHOTS = (
    Shot("accueil-1280-clair", "/", 1280, 980),
    Shot("accueil-360-sombre", "/", 360, 900, "dark"),
    Shot("temps-1280-clair", "/", 1280, 900, part="figure"),
    Shot("questions-1280-sombre", "/questions?statut=echeance-depassee", 1280, 900, "dark"),
    Shot("questions-360-clair", "/questions?statut=echeance-depassee&tri=echeance", 360, 1100),
    Shot("question-768-clair", "/questions/QANR5L17QE9900017", 768, 1100),
    Shot("question-1280-sombre", "/questions/QANR5L17QE9900012", 1280, 860, "dark"),
)


def main() -> None:
    """Take them all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    with (
        tempfile.TemporaryDirectory() as folder,
        Service(["demo", "--port", "0", "--after", "0"], environment, Path(folder)) as demo,
        chromium() as browser,
    ):
        demo.wait_for("L'archive a changé")
        for shot in SHOTS:
            size = take(browser, demo.address, shot)
            print(f"{shot.name}.png {size // 1000} kB")
            if size > MOST_BYTES:
                raise SystemExit(f"{shot.name}.png is heavier than {MOST_BYTES // 1000} kB: crop it")


def take(browser: Browser, address: str, shot: Shot) -> int:
    """One picture; its size in bytes."""
    context = browser.new_context(
        base_url=address,
        locale="fr-FR",
        color_scheme="dark" if shot.scheme == "dark" else "light",
        viewport={"width": shot.width, "height": shot.height},
        java_script_enabled=False,
    )
    page = context.new_page()
    page.goto(shot.path)
    seen = page.locator(shot.part).first if shot.part else page
    image = seen.screenshot(path=FOLDER / f"{shot.name}.png")
    context.close()
    return len(image)


if __name__ == "__main__":
    main()
