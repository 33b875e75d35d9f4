"""The API against its own description, as schemathesis tries it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.processes import Service, run

pytestmark = pytest.mark.e2e

EXAMPLES = 30  # of each kind for each address: some 1,200 requests in all


def test_schemathesis_finds_nothing(environment, tmp_path):
    """Examples, limits of each parameter, random values valid and not, chains of calls; all its checks."""
    assert run(["crawl"], environment, tmp_path).returncode == 0
    with Service(["serve", "--port", "0"], environment, tmp_path) as service:
        root = f"{service.address}/api/v1"
        tried = subprocess.run(
            [
                str(Path(sys.executable).parent / "st"),
                "run",
                f"{root}/openapi.json",
                f"--url={root}",
                "--checks=all",
                "--seed=1",
                f"--max-examples={EXAMPLES}",
                "--generation-deterministic",
                "--no-color",
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    assert tried.returncode == 0, tried.stdout + tried.stderr
    assert "6 selected / 6 total" in tried.stdout
    assert "No issues found" in tried.stdout
