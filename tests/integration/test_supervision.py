"""A program that dies again and again is started later and later, and is never given up.

It can be started and stopped at any moment of its life.
"""

import fcntl
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import pairwise
from operator import not_
from pathlib import Path

import pytest

from deploy.devstack.obstacles import StackError
from deploy.devstack.processes import Process
from deploy.devstack.supervision import DOWN, Supervisor
from deploy.waiting import until

HOLDS = """
import fcntl, subprocess, sys, time
from pathlib import Path
here = Path(sys.argv[1])
held = (here / "lock").open("w")
fcntl.flock(held, fcntl.LOCK_EX)
print(time.time(), file=(here / "stamps").open("a"))
"""
"""The lock stands for a port."""
WAITS = "time.sleep(600)"
ENDS_WHEN_IT_MAY = (
    "import pathlib, signal, time; may = pathlib.Path({!r}); "
    "end = lambda *_: ([time.sleep(0.05) for _ in iter(may.exists, True)], exit()); "
    "signal.signal(signal.SIGTERM, end); print('up', flush=True); time.sleep(600)"
)
LETS_A_CHILD_WAIT = """
child = [sys.executable, "-c", "import time; time.sleep(600)"]
subprocess.run(child, pass_fds=[held.fileno()])
"""


def test_starts_of_a_program_that_dies_come_later_and_later(short_path: Path) -> None:
    supervisor = Supervisor(short_path)
    stamps = short_path / "stamps"
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


def test_a_program_that_has_just_died_is_stopped(short_path: Path) -> None:
    """It may be started again before it can be stopped."""
    code = "import time; time.sleep(600)"
    with _supervised(short_path, code, steady_s=0) as supervisor:
        supervisor.start(["program"])
        until(lambda: supervisor.states()["program"].name, "RUNNING".__eq__)
        pid = supervisor.states()["program"].pid
        os.kill(pid, signal.SIGKILL)
        until(Path(f"/proc/{pid}").exists, not_)
        supervisor.stop(["program"])
        assert supervisor.states()["program"].name in DOWN


def test_a_program_that_waits_for_its_next_start_may_be_started(short_path: Path) -> None:
    """Before, `lahstats up` failed beside a program that dies again and again."""
    with _supervised(short_path, "raise SystemExit(3)", steady_s=20) as supervisor:
        supervisor.start(["program"])
        until(lambda: supervisor.states()["program"].name, "BACKOFF".__eq__)
        supervisor.start_missing(["program"])


def test_children_that_a_killed_program_leaves_end_with_it(short_path: Path) -> None:
    """Before, nginx's worker kept the port: the next nginx could not start, and it was left."""
    supervisor = Supervisor(short_path)
    pid = _launched(supervisor, short_path, HOLDS + LETS_A_CHILD_WAIT)
    try:
        os.kill(pid, signal.SIGKILL)
        until(lambda: len(_stamps(short_path / "stamps")), (2).__eq__)
    finally:
        _end_group(pid)
        supervisor.shutdown()


def test_programs_end_when_their_supervisor_is_killed(short_path: Path) -> None:
    """Before, nothing could stop them, and those of the next start found their ports taken."""
    supervisor = Supervisor(short_path)
    pid = _launched(supervisor, short_path, HOLDS + WAITS)
    try:
        os.kill(int((supervisor.home / "supervisord.pid").read_text()), signal.SIGKILL)
        until(lambda: _is_free(short_path / "lock"), bool)
    finally:
        _end_group(pid)


def test_a_supervisor_that_was_killed_is_started_again(short_path: Path) -> None:
    """Its socket and its pid are still there. The name of the folder has blanks."""
    folder = short_path / "a ü"
    folder.mkdir()
    supervisor = Supervisor(folder)
    pid = _launched(supervisor, folder, HOLDS + WAITS)
    assert not supervisor.was_killed()
    os.kill(int((supervisor.home / "supervisord.pid").read_text()), signal.SIGKILL)
    until(supervisor.running, not_)
    assert supervisor.was_killed()
    until(lambda: _is_free(folder / "lock"), bool)
    try:
        supervisor.await_end()
        again = _launched(supervisor, folder, HOLDS + WAITS)
        assert again != pid
    finally:
        supervisor.shutdown()
    assert not supervisor.was_killed()


def test_one_that_is_told_to_end_is_waited_for(short_path: Path) -> None:
    """Before, the next one found its socket taken, and ended in a traceback."""
    may_end = short_path / "may end"
    with _supervised(short_path, ENDS_WHEN_IT_MAY.format(str(may_end)), steady_s=0) as supervisor:
        supervisor.start(["program"])
        until(lambda: supervisor.log_tail("program"), "up".__eq__)
        os.kill(int((supervisor.home / "supervisord.pid").read_text()), signal.SIGTERM)
        until(supervisor.running, not_)
        with pytest.raises(StackError, match="supervisord does not start"):
            supervisor.launch([])
        may_end.touch()
        supervisor.await_end()
        supervisor.launch([])


def _launched(supervisor: Supervisor, folder: Path, code: str) -> int:
    """Start a program, and return its process once it holds the lock."""
    program = folder / "program.py"
    program.write_text(code)
    before = len(_stamps(folder / "stamps"))
    supervisor.launch([Process("program", [sys.executable, str(program), str(folder)], "")])
    supervisor.start(["program"])
    until(lambda: len(_stamps(folder / "stamps")), (before + 1).__eq__)
    return supervisor.states()["program"].pid


def _is_free(lock: Path) -> bool:
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


def _end_group(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


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
