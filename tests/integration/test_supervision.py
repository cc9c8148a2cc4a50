"""A program that dies again and again is started later and later, and is never given up.

It can be started and stopped at any moment of its life.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from operator import not_
from pathlib import Path

from deploy.devstack.processes import Process
from deploy.devstack.supervision import DOWN, Supervisor
from deploy.waiting import until


def test_starts_of_a_program_that_dies_come_later_and_later(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    stamps = tmp_path / "stamps"
    code = (
        f"import time; open({str(stamps)!r}, 'a').write(f'{{time.time()}}\\n'); raise SystemExit(3)"
    )
    supervisor.launch([Process("dies", [sys.executable, "-c", code], "")])
    try:
        supervisor.start(["dies"])
        until(lambda: _stamps(stamps), lambda found: len(found) >= 4, 60)
        times = _stamps(stamps)
        waits = [after - before for before, after in pairwise(times)]
        assert all(wait > number for number, wait in enumerate(waits, 1))
        state = supervisor.states()["dies"]
        assert state.endings.restarts >= 3
        assert state.endings.last == "exit status 3"
    finally:
        supervisor.shutdown()


def test_a_program_that_has_just_died_is_stopped(tmp_path: Path) -> None:
    """It may be started again before it can be stopped."""
    code = "import time; time.sleep(600)"
    with _supervised(tmp_path, code, steady_s=0) as supervisor:
        supervisor.start(["program"])
        until(lambda: supervisor.states()["program"].name, "RUNNING".__eq__)
        pid = supervisor.states()["program"].pid
        os.kill(pid, signal.SIGKILL)
        until(Path(f"/proc/{pid}").exists, not_)
        supervisor.stop(["program"])
        assert supervisor.states()["program"].name in DOWN


def test_a_program_that_waits_for_its_next_start_may_be_started(tmp_path: Path) -> None:
    """Before, `lahstats up` failed beside a program that dies again and again."""
    with _supervised(tmp_path, "raise SystemExit(3)", steady_s=20) as supervisor:
        supervisor.start(["program"])
        until(lambda: supervisor.states()["program"].name, "BACKOFF".__eq__)
        supervisor.start_missing(["program"])


@contextmanager
def _supervised(folder: Path, code: str, steady_s: int) -> Iterator[Supervisor]:
    supervisor = Supervisor(folder, steady_s)
    supervisor.launch([Process("program", [sys.executable, "-c", code], "")])
    try:
        yield supervisor
    finally:
        supervisor.shutdown()


def _stamps(file: Path) -> list[float]:
    return [float(line) for line in file.read_text().split()] if file.exists() else []
