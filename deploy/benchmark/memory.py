"""`lahstats benchmark memory`: memory of every process while a session of hours is counted."""

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console

from adapters.media import Pcm
from deploy.benchmark.dialogues import joined, over_and_over, written
from deploy.benchmark.process_use import resident_bytes
from deploy.demo.api_answers import Session
from deploy.demo.api_client import ApiClient
from deploy.demo.phone_session import FASTEST, record, steadily
from deploy.devstack.running_stack import RECORDINGS, SERVERS, RunningStack, scratch_stack
from deploy.meanwhile import meanwhile
from deploy.table_printer import markdown as table
from deploy.uuid7 import new_session_id
from producers.phone.client import Phone

SPOKEN = 0.25
"""Share of the session with speech: people eat, too.

Windows without speech cost the transcriber nothing, so that four hours take a quarter of one.
"""
ROOM_NOISE = 20
"""Standard deviation of a quiet room's samples, of 32,768."""
EVERY_S = 5.0
MIB = 1024**2
TIMEOUT_S = 4 * 3600
QUARTERS = (1, 2, 3, 4)
console = Console(stderr=True)


def measure(minutes: float) -> list[str]:
    """Return a Markdown table. Blocks for about a fourteenth of `minutes` on two cores."""
    sizes: dict[str, list[float]] = defaultdict(list)
    with scratch_stack("memory", DIARIZE_WORKERS="2") as stack:
        audio = _gathering(stack.settings.data_dir, minutes * 60)
        names = [name for name in stack.names() if name not in SERVERS]

        def look() -> None:
            for name in names:
                sizes[name].append(resident_bytes(stack.pid(name)) / MIB)

        with meanwhile(look, EVERY_S):
            spent_s = _play(stack, audio)
    return _markdown(sizes, minutes, spent_s)


def _gathering(folder: Path, length_s: float) -> Path:
    """Write the recordings, each followed by three times its length of a quiet room."""
    return written(folder / "gathering.flac", joined(_speech_and_pauses(), length_s))


def _speech_and_pauses() -> Iterator[Pcm]:
    random = np.random.default_rng(4)
    for _, speech in over_and_over(RECORDINGS):
        yield speech
        pause = int(len(speech) * (1 / SPOKEN - 1))
        yield random.normal(0, ROOM_NOISE, pause).astype(np.int16)


def _play(stack: RunningStack, audio: Path) -> float:
    """Return the seconds from the first chunk to the final session."""
    began = time.monotonic()
    session_id = new_session_id()
    client = ApiClient(stack.settings, "memory")
    phone = Phone(stack.settings.url("gateway"), client.token)
    record(phone, session_id, audio, steadily(FASTEST), lambda _: None)
    phone.close()
    client.await_final(session_id, _show, TIMEOUT_S)
    return time.monotonic() - began


def _show(session: Session) -> None:
    console.print(f"{session.progress}", end="\r")


def _markdown(
    sizes: Mapping[str, Sequence[float]],
    minutes: float,
    spent_s: float,
) -> list[str]:
    head = f"process ({minutes:.0f} min in {spent_s:.0f} s), MB"
    columns = (head, "after a quarter", "half", "three quarters", "end", "peak")
    return table(
        columns,
        (_row(name, of_process) for name, of_process in sizes.items()),
    )


def _row(name: str, sizes: Sequence[float]) -> list[str]:
    marks = [_at_quarter(sizes, quarter) for quarter in QUARTERS]
    marks.append(max(sizes))
    return [name, *(f"{mark:.0f}" for mark in marks)]


def _at_quarter(sizes: Sequence[float], quarter: int) -> float:
    last = len(sizes) - 1
    return sizes[min(last, len(sizes) * quarter // 4)]
