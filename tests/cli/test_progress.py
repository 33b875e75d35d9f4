"""How far a crawl is, for a person at a terminal."""

from __future__ import annotations

import io
import sys

from tracker.cli.progress import crawl_progress


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        """It is."""
        return True


def test_bars_on_a_terminal(monkeypatch):
    """Each source has its bar, with how many of how many."""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")

    with crawl_progress() as progress:
        progress("questions/17", 1, 26)
        progress("questions/17", 26, 26)
        progress("deputies", 5, 5)

    assert "questions/17" in screen.getvalue()
    assert "26/26" in screen.getvalue()
    assert "deputies" in screen.getvalue()


def test_nothing_elsewhere(monkeypatch):
    """In a log or a pipe there is no bar to draw."""
    monkeypatch.setattr(sys, "stderr", io.StringIO())

    with crawl_progress() as progress:
        assert progress is None
