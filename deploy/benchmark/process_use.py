"""Memory and processor time of a process, as Linux counts them, and looks at it now and then."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def resident_bytes(pid: int) -> int:
    """Return the resident memory of a process; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) * 1024 if found else 0


def cpu_s(pid: int) -> float:
    """Return the processor time of a process and of its threads, in seconds.

    Raises OSError when it is gone.
    """
    line = Path(f"/proc/{pid}/stat").read_text()
    _, _, behind_the_name = line.rpartition(")")
    fields = behind_the_name.split()
    ticks = int(fields[11]) + int(fields[12])
    return ticks / TICKS


def children_of(pid: int) -> list[int]:
    """Return the processes that its threads started and that are still there."""
    children: list[int] = []
    for of_thread in Path(f"/proc/{pid}/task").glob("*/children"):
        children += map(int, of_thread.read_text().split())
    return children
