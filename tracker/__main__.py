"""Entry point of `asalee-tracker` and of `python -m tracker`."""

from __future__ import annotations

import sys

from tracker.cli.main import run_command
from tracker.cli.output import settle_streams


def main() -> None:
    """Run the command line and exit with its code."""
    settle_streams()
    sys.exit(run_command(sys.argv[1:]))


if __name__ == "__main__":
    main()
