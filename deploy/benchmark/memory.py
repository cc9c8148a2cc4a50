"""`lahstats benchmark memory`: memory of every process while a session of hours is counted."""

import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from rich.console import Console

from adapters.media import Pcm
from deploy.benchmark.dialogues import over_and_over, until, written
from deploy.demo.api_client import Stats
from deploy.demo.phone_session import record, steadily
from deploy.devstack.running_stack import RECORDINGS, SERVERS, RunningStack, running
from deploy.tables import markdown as table
from deploy.uuid7 import new_session_id
from producers.phone.client import Phone

SPOKEN = 0.25
"""Of the session: people eat, too. Windows without speech cost the transcriber nothing, so that four hours take a quarter of one."""
EVERY_S = 5.0
console = Console(stderr=True)


def measure(minutes: float) -> list[str]:
    """Return a Markdown table. Blocks for about a fourteenth of `minutes` on two cores."""
    held: dict[str, list[float]] = defaultdict(list)
    with (
        tempfile.TemporaryDirectory(prefix="lahstats-memory-") as folder,
        running(Path(folder), DIARIZE_WORKERS="2") as stack,
    ):
        audio = _gathering(Path(folder), minutes * 60)
        over = threading.Event()
        watching = threading.Thread(target=_watch, args=(stack, held, over))
        watching.start()
        spent = _play(stack, audio)
        over.set()
        watching.join()
    return _markdown(held, minutes, spent)


def _gathering(folder: Path, length_s: float) -> Path:
    """The recordings, each followed by three times its length of a quiet room."""
    random = np.random.default_rng(4)

    def parts() -> Iterator[Pcm]:
        for _, speech in over_and_over(RECORDINGS):
            yield speech
            yield random.normal(0, 20, int(len(speech) * (1 / SPOKEN - 1))).astype(np.int16)

    return written(folder / "gathering.flac", until(parts(), length_s))


def _play(stack: RunningStack, audio: Path) -> float:
    stats, session_id, began = Stats(stack.settings, "memory"), new_session_id(), time.monotonic()
    phone = Phone(stack.settings.url("gateway"), stats.token)
    record(phone, session_id, audio, steadily(1e9), lambda _: None)
    phone.close()
    stats.await_final(session_id, _seen, 4 * 3600)
    return time.monotonic() - began


def _seen(session: dict[str, dict[str, int]]) -> None:
    console.print(f"{session['progress']}", end="\r")


def _watch(stack: RunningStack, held: dict[str, list[float]], over: threading.Event) -> None:
    names = [name for name in stack.parts() if name not in SERVERS]
    while not over.wait(EVERY_S):
        for name in names:
            held[name].append(_megabytes(stack.pid(name)))


def _megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1]) / 1024
    return 0.0


def _markdown(held: dict[str, list[float]], minutes: float, spent: float) -> list[str]:
    head = f"process ({minutes:.0f} min in {spent:.0f} s), MB"
    columns = (head, "after a quarter", "half", "three quarters", "end", "peak")
    return table(columns, (_row(name, sizes) for name, sizes in held.items()))


def _row(name: str, sizes: list[float]) -> list[str]:
    marks = [sizes[min(len(sizes) - 1, len(sizes) * n // 4)] for n in (1, 2, 3, 4)]
    return [name, *(f"{mark:.0f}" for mark in [*marks, max(sizes)])]
