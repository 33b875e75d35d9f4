"""Who may import whom, held where tests are run; and a few promises that files can be asked about."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("crawler", "tracker", "feeds", "db")
SOURCES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]


def test_the_rooms_keep_to_themselves():
    """import-linter finds no import that the picture in `docs/architecture.md` forbids."""
    ended = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 0, ended.stdout


@pytest.mark.parametrize(
    ("pattern", "allowed"),
    [
        (r"\b(?:datetime|date)\.(?:now|today|utcnow)\(", {"tracker/clock.py"}),
        (r"\bos\.(?:environ|getenv)\b", {"tracker/settings.py"}),
        (r"\bprint\(", set()),
        (r"\b(?:TODO|FIXME|XXX|HACK)\b", set()),
        (r"\bexcept(?: Exception| BaseException)?:\s*(?:pass|\.\.\.)", set()),
    ],
    ids=["clock", "environment", "print", "left behind", "swallowed"],
)
def test_one_place_for_each(pattern, allowed):
    """Only the clock reads the clock, only the settings the environment, and nothing is left behind."""
    found = {
        path.relative_to(ROOT).as_posix()
        for path in SOURCES
        if re.search(pattern, path.read_text(encoding="utf-8"))
    }

    assert found <= allowed


def test_every_module_says_what_enters_and_leaves():
    """Each module begins with a docstring; those with something in them say what enters and leaves."""
    silent = []
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        if "migrations" in path.parts or path.name in {"__init__.py", "__main__.py"}:
            continue
        docstring = re.match(r'"""(.*?)"""', text, re.DOTALL)
        if docstring is None:
            silent.append(path.relative_to(ROOT).as_posix())

    assert silent == []


def test_no_module_has_grown_too_large():
    """About 400 lines is the signal to look for a seam."""
    large = {
        path.relative_to(ROOT).as_posix(): lines
        for path in SOURCES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 450
    }

    assert large == {}


def test_the_requirements_name_no_place():
    """Locked files hold names, versions and hashes: no address of an index, no path of a machine."""
    for name in ("requirements.txt", "requirements-build.txt", "requirements-dev.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index" not in text
        assert "--find-links" not in text
        assert re.search(r"(?m)^[^#\s-][^\s]*==[^\s]+.*\\$", text)
        assert text.count("--hash=sha256:") > text.count("==")


def test_the_requirements_hold_what_the_project_asks_for():
    """A dependency added to `pyproject.toml` without `make lock` is noticed."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    groups = project["dependency-groups"]
    asked = {
        "requirements.txt": project["project"]["dependencies"],
        "requirements-build.txt": groups["build"],
        "requirements-dev.txt": project["project"]["dependencies"]
        + [one for one in groups["dev"] if isinstance(one, str)],
    }
    for name, wanted in asked.items():
        locked = set(re.findall(r"(?m)^([A-Za-z0-9._-]+)==", (ROOT / name).read_text(encoding="utf-8")))
        for requirement in wanted:
            package = re.match(r"[A-Za-z0-9._-]+", requirement)[0].lower().replace("_", "-").replace(".", "-")
            assert package in {one.lower().replace(".", "-") for one in locked}, f"make lock: {package}"
