"""A child process: its exit code, its time limit, its end when the parent is asked to stop."""

from __future__ import annotations

import os
import sys
import threading
import time

from tracker.children import Child, Ended


def _child(code: str, timeout: float = 60.0) -> Child:
    return Child([sys.executable, "-c", code], os.environ, timeout)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _wait_for(path, seconds: float = 20.0) -> str:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if path.exists() and (text := path.read_text()):
            return text
        time.sleep(0.02)
    raise AssertionError(f"{path} was never written")


def test_the_exit_code_is_told():
    """What the child says is what we hear."""
    assert _child("raise SystemExit(6)").run() == Ended(6)


def test_the_environment_is_the_one_given(tmp_path):
    """A child sees the variables handed to it and no other."""
    out = tmp_path / "out"
    code = f"import os; open({str(out)!r}, 'w').write(os.environ['GREETING'])"

    Child([sys.executable, "-c", code], {"GREETING": "bonjour"}, 60.0).run()

    assert out.read_text() == "bonjour"


def test_a_child_past_its_time_is_ended(tmp_path):
    """The time limit ends the child and says so; nothing is left running."""
    pid = tmp_path / "pid"
    code = f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(600)"

    ended = _child(code, timeout=1.0).run()

    assert ended.timed_out
    assert not _is_alive(int(pid.read_text()))


def test_stop_ends_the_child_and_starts_no_other(tmp_path):
    """`stop`, from another thread, ends the child under way; a later `run` does nothing."""
    pid = tmp_path / "pid"
    child = _child(f"import os, time; open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(600)")
    ends: list[Ended] = []
    running = threading.Thread(target=lambda: ends.append(child.run()))
    running.start()
    number = int(_wait_for(pid))

    child.stop()
    running.join()

    assert ends[0].stopped
    assert not _is_alive(number)
    assert child.run() == Ended(0, stopped=True)


def test_a_child_that_ignores_sigterm_is_killed(tmp_path, monkeypatch):
    """Asked first, then made to: no child outlives its parent's stop."""
    monkeypatch.setattr("tracker.children._GRACE_SECONDS", 0.5)
    pid = tmp_path / "pid"
    code = (
        "import os, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"open({str(pid)!r}, 'w').write(str(os.getpid())); time.sleep(600)"
    )
    child = _child(code)
    running = threading.Thread(target=child.run)
    running.start()
    number = int(_wait_for(pid))

    child.stop()
    running.join()

    assert not _is_alive(number)
