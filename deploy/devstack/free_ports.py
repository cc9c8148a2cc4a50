"""Ports for the stacks of tests: no two that run at the same time share one."""

import tempfile
from pathlib import Path

from adapters.ports import PORTS
from adapters.process.lock_file import take
from deploy.waiting import listens
from schemas import stages

BASES = range(18_600, 30_000, 100)
"""Away from the default stack's base, and below the ports that the kernel gives to clients."""

LEASES = Path(tempfile.gettempdir()) / "lahstats-test-ports"


def free_port_base() -> int:
    """A base whose ports nobody listens on. Leased until this process ends.

    A stack listens seconds after it chose its base. Without the lease, a second stack could
    choose the same base in between, from this process or from another.
    """
    LEASES.mkdir(exist_ok=True)
    for base in BASES:
        if _is_leased_to_us(base) and not _is_used(base):
            return base
    raise RuntimeError(f"no free ports between {BASES.start} and {BASES.stop}")


def _is_leased_to_us(base: int) -> bool:
    return take(LEASES / str(base)) is not None  # nobody closes it: the end of the process does


def _offsets() -> list[int]:
    health = [stage.health_port for stage in stages.ALL]
    second_workers = [stage.health_port + 1 for stage in stages.ALL if stage.has_workers]
    return [*PORTS.values(), *health, *second_workers]


def _is_used(base: int) -> bool:
    return any(listens("127.0.0.1", base + offset) for offset in _offsets())
