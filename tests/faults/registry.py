"""The registry of faults: each one is a function in `tests/faults/runs`, and one row of the page.

A new fault is a few lines:

    @fault("s3-frozen", rows=("11", "T13"), injected="the object store is frozen for 20 s")
    def s3_frozen(scene: Scene) -> None:
        scene.freeze("s3", 20)

The function injects and mends. Phones record all the while; afterwards everything that they were
told is kept is compared with what is stored (`tests/faults/under_load.py`).
"""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults import runs
from tests.faults.rows import ROWS
from tests.faults.scene import Scene


@dataclass(frozen=True)
class Outcome:
    """One run. `differences` is empty when nothing was lost, doubled or left behind.

    `load` says in words what went on meanwhile, `recovery` how long it took to be well again.
    """

    load: str
    recovery: str
    differences: list[str] = field(default_factory=list)


Injection = Callable[[Scene], None]
"""Injects a fault and mends it, while phones record on the stack of the scene."""
Alone = Callable[[Path], Outcome]
"""A whole run with servers and a load of its own, in a folder of its own."""


@dataclass(frozen=True)
class Fault:
    """One automated run. `rows` are those of `tests/faults/rows.py` that it proves."""

    name: str
    rows: tuple[str, ...]
    injected: str
    inject: Injection | None = None
    alone: Alone | None = None
    may_restart: tuple[str, ...] = ()
    """Processes that the fault ends. Every other one must live through it."""


_FAULTS: dict[str, Fault] = {}


def fault(
    name: str, *, rows: tuple[str, ...], injected: str, may_restart: tuple[str, ...] = ()
) -> Callable[[Injection], Injection]:
    """Register a fault that is injected into the stack under load."""

    def register(inject: Injection) -> Injection:
        _add(Fault(name, rows, injected, inject=inject, may_restart=may_restart))
        return inject

    return register


def fault_alone(name: str, *, rows: tuple[str, ...], injected: str) -> Callable[[Alone], Alone]:
    """Register a fault whose run brings its own servers, load and comparison."""

    def register(alone: Alone) -> Alone:
        _add(Fault(name, rows, injected, alone=alone))
        return alone

    return register


def _add(one: Fault) -> None:
    unknown = [row for row in one.rows if row not in ROWS]
    assert not unknown, f"{one.name}: no such row: {unknown}"
    assert one.name not in _FAULTS, f"two faults are called {one.name}"
    _FAULTS[one.name] = one


def faults() -> list[Fault]:
    """Every fault of every module in `tests/faults/runs`, in the order of their names."""
    for module in pkgutil.iter_modules(runs.__path__, f"{runs.__name__}."):
        importlib.import_module(module.name)
    return [_FAULTS[name] for name in sorted(_FAULTS)]
