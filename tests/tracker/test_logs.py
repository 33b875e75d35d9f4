"""The logs: one form for all loggers, on stderr."""

from __future__ import annotations

import json
import logging

import pytest
import structlog

from tracker.logs import QUIET, configure_logs, get_logger


@pytest.fixture(autouse=True)
def _logs_as_they_were():
    """Logs are set up for the process, which here is that of all tests."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.reset_defaults()


def test_json_lines_hold_ours_and_the_libraries(capsys):
    """A line of ours and one of a library have the same keys, accents included."""
    configure_logs("json", "info")
    get_logger("ours").info("crawl done", reason="réussi")
    logging.getLogger("theirs").warning("watch %s", "out")

    ours, theirs = (json.loads(line) for line in capsys.readouterr().err.splitlines())

    assert (ours["event"], ours["reason"], ours["level"], ours["logger"]) == (
        "crawl done",
        "réussi",
        "info",
        "ours",
    )
    assert (theirs["event"], theirs["level"], theirs["logger"]) == ("watch out", "warning", "theirs")
    assert ours["timestamp"].endswith("Z")


def test_text_lines_are_for_people(capsys):
    """The same in text, without colours when nobody sees them."""
    configure_logs("text", "info")
    get_logger("ours").warning("crawl failed", exit_code=5)

    line = capsys.readouterr().err

    assert "crawl failed" in line
    assert "exit_code=5" in line
    assert "\x1b" not in line


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_exception_is_kept_whole(capsys, form):
    """The traceback is in the log, on one line in JSON."""
    configure_logs(form, "info")
    try:
        _ = 1 / 0
    except ZeroDivisionError as error:
        get_logger("ours").error("unexpected", exc_info=error)

    written = capsys.readouterr().err

    assert "ZeroDivisionError" in written
    assert "division by zero" in written
    assert form == "text" or len(written.splitlines()) == 1


def test_the_level_is_obeyed_and_talkative_libraries_are_quiet(capsys):
    """At `info` Scrapy's own chatter is left out; at `debug` all is there."""
    configure_logs("json", "info")
    get_logger("ours").debug("hidden")
    logging.getLogger("scrapy.core.engine").info("hidden too")
    assert capsys.readouterr().err == ""
