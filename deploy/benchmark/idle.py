"""`lahstats benchmark idle`: the price of a stack that starts, and of one that nobody uses.

A stack of its own is started twice, and the second start is measured. The data of the first one
is there then: storage is formatted, and topics, bucket and tables are made. The programs are in
the page cache. The first start of a new stack takes longer.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from adapters.settings import Settings
from deploy.benchmark.process_use import cpu_s
from deploy.devstack.free_ports import free_port_base
from deploy.devstack.stack import Stack
from deploy.table_printer import markdown as table

SETTLE_S = 15.0
"""After the models are loaded: what a start leaves behind is over by then."""
SUPERVISOR = "supervisord"


@dataclass(frozen=True)
class Idle:
    """The second start of a stack, whose data is there, and its idleness.

    `up_s`: seconds from the start of `lahstats up` to its end. By then everything answers but the
    processes with models, which are started. The start of its interpreter is part of it.
    `up_cpu_s`: its own processor time with that of the programs that it waits for.
    `ready_s`: seconds to each answer, from the moment when the command began to bring processes up.
    `models_s`: seconds from the end of `up` to the last answer of a process with models.
    `idle_percent`: each process's share of one core, while nothing is asked for `idle_s` seconds.
    """

    up_s: float
    up_cpu_s: float
    ready_s: Mapping[str, float]
    models_s: float
    idle_s: float
    idle_percent: Mapping[str, float]

    @property
    def idle_percent_in_all(self) -> float:
        """The share of one core that all processes take together."""
        return round(sum(self.idle_percent.values()), 2)


def measure(seconds: float) -> Idle:
    """Start a stack of its own twice, the second time with its data there, and watch it.

    Blocks for `seconds` and some two minutes. The second start is the one that is measured.
    """
    with tempfile.TemporaryDirectory(prefix="lahstats-idle-") as folder:
        environment = {"LAHSTATS_DATA_DIR": folder, "LAHSTATS_PORT_BASE": str(free_port_base())}
        with _started(environment):
            pass
        with _started(environment) as (stack, up_s, up_cpu_s, ready_s):
            began_s = time.monotonic()
            for _ in stack.await_models():
                pass
            models_s = time.monotonic() - began_s
            time.sleep(SETTLE_S)
            percent = _watched(_pids(stack), seconds)
    return Idle(round(up_s, 1), round(up_cpu_s, 2), ready_s, round(models_s, 1), seconds, percent)


Started = tuple[Stack, float, float, dict[str, float]]


@contextmanager
def _started(environment: Mapping[str, str]) -> Iterator[Started]:
    folder = Path(environment["LAHSTATS_DATA_DIR"])
    base = int(environment["LAHSTATS_PORT_BASE"])
    began_s = time.monotonic()
    before_s = _children_cpu_s()
    command = [sys.executable, "-m", "deploy.cli.main", "up", "--json"]
    try:
        done = subprocess.run(
            command,
            env=os.environ | environment,
            check=True,
            stdout=-1,
        )
        up_s = time.monotonic() - began_s
        stack = Stack(Settings(data_dir=folder, port_base=base))
        yield stack, up_s, _children_cpu_s() - before_s, json.loads(done.stdout)["ready_s"]
    finally:
        Stack(Settings(data_dir=folder, port_base=base)).down()


def _children_cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _pids(stack: Stack) -> dict[str, int]:
    pids = {one.name: one.pid for one in stack.status()}
    return pids | {SUPERVISOR: int((stack.supervisor.home / "supervisord.pid").read_text())}


def _watched(pids: Mapping[str, int], seconds: float) -> dict[str, float]:
    before = {name: cpu_s(pid) for name, pid in pids.items()}
    began_s = time.monotonic()
    time.sleep(seconds)
    passed_s = time.monotonic() - began_s
    percents: dict[str, float] = {}
    for name, pid in pids.items():
        used_s = cpu_s(pid) - before[name]
        percents[name] = round(100 * used_s / passed_s, 2)
    return percents


def markdown(found: Idle) -> list[str]:
    """Return the lines of a Markdown table."""
    rows = [
        (
            "second `lahstats up`",
            f"{found.up_s:.1f} s",
            f"{found.up_cpu_s:.2f} s of processor time",
        ),
        ("models loaded after that", f"{found.models_s:.1f} s", ""),
    ]
    names = {**found.ready_s, **found.idle_percent}
    for name in names:
        ready = f"{found.ready_s[name]:.1f} s" if name in found.ready_s else ""
        idle = f"{found.idle_percent[name]:.2f} %" if name in found.idle_percent else ""
        rows.append((name, ready, idle))
    rows.append(("all, idle", "", f"{found.idle_percent_in_all:.2f} %"))
    return table(("part", "answers after", f"of a core, over {found.idle_s:.0f} s"), rows)
