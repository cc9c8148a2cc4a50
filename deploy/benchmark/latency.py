"""`lahstats benchmark latency`: how long after "stop" the statistics are there, by length, through the whole running stack."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.settings import Settings
from deploy.benchmark.dialogues import dialogue
from deploy.demo.api_client import POLL_S, Stats
from deploy.demo.phone_session import record
from deploy.tables import markdown as table
from deploy.uuid7 import new_session_id
from producers.phone.client import Phone
from schemas.session_events import FINAL

TAIL_S = 120.0
"""The end of a session, played at real-time pace; what came before is fed faster, and nothing of it is left waiting."""
HEAD_SPEED = 5.0
WAIT_S = 1800.0
STAGES = ("transcribed", "voiced", "counted")


@dataclass(frozen=True)
class Latency:
    """Seconds from the moment after the last chunk was recorded; `reached` says when each stage had all windows.

    `hint_s`: from telling how many people were there to the statistics of the new clustering.
    """

    length_s: float
    chunk_s: float
    stop_to_stats_s: float
    reached: dict[str, float]
    hint_s: float


class Tail:
    """A pace: fast, then a pause until `idle`, then the tail at real time."""

    def __init__(self, length_s: float, idle: Callable[[float], None]) -> None:
        self._head_s, self._idle = max(0.0, length_s - TAIL_S), idle
        self._began, self._tail_began, self.stopped = time.monotonic(), 0.0, 0.0

    def __call__(self, seconds: float) -> float:
        """When so much is recorded; blocks where the tail begins."""
        if seconds <= self._head_s:
            return self._began + seconds / HEAD_SPEED
        if not self._tail_began:
            self._idle(self._head_s)
            self._tail_began = time.monotonic()
        self.stopped = self._tail_began + seconds - self._head_s
        return self.stopped


def play(settings: Settings, audio: Path, length_s: float, chunk_s: float) -> Latency:
    """One session. Blocking. Raises TimeoutError when its statistics do not come."""
    session_id, stats = new_session_id(), Stats(settings, "latency")
    phone = Phone(settings.url("gateway"), stats.token)
    pace = Tail(length_s, lambda sent_s: _await_idle(stats, settings, session_id, sent_s))
    record(phone, session_id, audio, pace, lambda _: None, chunk_s=chunk_s)
    phone.close()
    reached: dict[str, float] = {}

    def seen(session: dict[str, Any]) -> None:
        done = session["progress"]
        for stage in STAGES:
            if done["windows"] and done[stage] == done["windows"]:
                reached.setdefault(stage, round(time.monotonic() - pace.stopped, 2))
            else:  # all windows so far, and then there were more
                reached.pop(stage, None)

    session = stats.await_final(session_id, seen, WAIT_S)
    stop_to_stats_s = time.monotonic() - pace.stopped
    return Latency(length_s, chunk_s, stop_to_stats_s, reached, _hinted(stats, session))


def _hinted(stats: Stats, session: dict[str, Any]) -> float:
    session_id, began = session["session_id"], time.monotonic()
    stats.hint(session_id, max(1, len(session["speakers"])))
    while time.monotonic() - began < WAIT_S:
        again = stats.get(f"/v1/sessions/{session_id}")
        if again["state"] in FINAL and again["generation"] > session["generation"]:
            break
        time.sleep(POLL_S)
    return time.monotonic() - began


def _await_idle(stats: Stats, settings: Settings, session_id: str, sent_s: float) -> None:
    ripe = int(sent_s * 1000 // settings.window_ms)
    deadline = time.monotonic() + WAIT_S
    while ripe > 0 and time.monotonic() < deadline:
        done = stats.get(f"/v1/sessions/{session_id}")["progress"]
        if min(done["transcribed"], done["voiced"]) >= ripe:
            return
        time.sleep(0.5)


def measure(
    settings: Settings,
    folder: Path,
    lengths_s: Sequence[float],
    runs: Sequence[int],
    chunk_s: float,
    at_once: int = 1,
) -> Iterator[Latency]:
    """`runs[n]` times `lengths_s[n]`, `at_once` sessions together, one after the other; as they end."""
    with (
        tempfile.TemporaryDirectory(prefix="lahstats-latency-") as place,
        ThreadPoolExecutor(at_once) as pool,
    ):
        for length_s, times in zip(lengths_s, runs, strict=True):
            audio = dialogue(folder, length_s, Path(place))
            for _ in range(times):
                together = [
                    pool.submit(play, settings, audio, length_s, chunk_s) for _ in range(at_once)
                ]
                yield from (session.result() for session in together)


def rows(found: Sequence[Latency]) -> list[dict[str, Any]]:
    """One a length: the median of its runs, the worst, and when each stage was through (median)."""
    lengths = sorted({(f.length_s, f.chunk_s) for f in found})
    return [_row(*at, [f for f in found if (f.length_s, f.chunk_s) == at]) for at in lengths]


def _row(length_s: float, chunk_s: float, runs: Sequence[Latency]) -> dict[str, Any]:
    times = [run.stop_to_stats_s for run in runs]
    stages = {
        stage: statistics.median(run.reached.get(stage, run.stop_to_stats_s) for run in runs)
        for stage in STAGES
    }
    return {
        "minutes": round(length_s / 60, 2), "chunk_s": chunk_s, "runs": len(runs),
        "median_s": round(statistics.median(times), 2), "worst_s": round(max(times), 2),
        "hint_s": round(statistics.median(run.hint_s for run in runs), 2), **{k: round(v, 2) for k, v in stages.items()},
    }  # fmt: skip


def markdown(found: Sequence[Latency]) -> list[str]:
    """The same as a table."""
    columns = (
        "minutes",
        "chunks of s",
        "runs",
        "stop to stats, median s",
        "worst s",
        "hint to stats, s",
        *(f"all {stage}" for stage in STAGES),
    )
    return table(columns, (row.values() for row in rows(found)))
