"""Memory and processor time of a process, as Linux counts them, and looks at it now and then."""

import os
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")


def resident_bytes(pid: int) -> int:
    """Return the resident memory of a process; 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text(errors="replace").splitlines()
    except OSError:
        return 0
    found = [line.split()[1] for line in lines if line.startswith("VmRSS:")]
    return int(found[0]) * 1024 if found else 0


def cpu_s(pid: int) -> float:
    """Return the processor time of a process and of its threads, in seconds.

    Raises OSError when it is gone.
    """
    fields = _fields(pid)
    ticks = int(fields[11]) + int(fields[12])
    return ticks / TICKS


def children_of(pid: int) -> list[int]:
    """Return the processes that its threads started and that are still there.

    Every process is asked for its parent. The kernel also has a list for each thread, but children
    of a thread that ends move to another one, whose list may have been read before.
    """
    return [child for child in _processes() if parent_of(child) == pid]


def _processes() -> list[int]:
    return [int(folder.name) for folder in Path("/proc").iterdir() if folder.name.isdecimal()]


def parent_of(pid: int) -> int | None:
    """Return the parent of a process; None when it is gone."""
    try:
        return int(_fields(pid)[1])
    except OSError:
        return None


def _fields(pid: int) -> list[str]:
    """The kernel's line about a process, without its name. Raises OSError when it is gone.

    The kernel cuts a long name anywhere, within a letter too, and a name need not be text.
    """
    _, _, behind_the_name = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")
    return behind_the_name.decode().split()
