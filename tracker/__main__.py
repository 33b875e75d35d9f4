"""Entry point of `asalee-tracker` and of `python -m tracker`."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line and exit with its code; a Ctrl-C while it is still being loaded is one too."""
    try:
        from tracker.cli.main import run_command  # noqa: PLC0415  # so that the interruption is caught
        from tracker.cli.output import settle_streams  # noqa: PLC0415

        settle_streams()
        code = run_command(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)


if __name__ == "__main__":
    main()
