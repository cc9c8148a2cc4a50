"""A program that dies again and again is started later and later, and is never given up."""

import sys
from itertools import pairwise
from pathlib import Path

from deploy.devstack.processes import Process
from deploy.devstack.supervision import Supervisor
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


def _stamps(file: Path) -> list[float]:
    return [float(line) for line in file.read_text().split()] if file.exists() else []
