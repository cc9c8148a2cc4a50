"""`lahstats benchmark latency`: seconds from "stop" to the statistics, by length of the session."""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path

from adapters.settings import Settings
from deploy.benchmark.dialogues import dialogue
from deploy.benchmark.live_words import said_to_shown, watched
from deploy.benchmark.reports import grouped
from deploy.benchmark.work_left import WorkLeft, left_from_s
from deploy.demo.api_answers import Session, Transcript
from deploy.demo.api_client import POLL_S, ApiClient
from deploy.demo.phone_session import record
from deploy.table_printer import markdown as table
from deploy.uuid7 import new_session_id
from deploy.waiting import until
from producers.phone.client import Phone
from schemas.ids import SessionId
from schemas.session_events import FINAL

TAIL_S = 120.0
"""The end of a session, played at real-time pace. The rest is sent faster, and is done by then."""
HEAD_SPEED = 5.0
TIMEOUT_S = 1800.0
STAGES = ("transcribed", "voiced", "counted")
COLUMNS = (
    "minutes",
    "chunks of s",
    "runs",
    "stop to stats, median s",
    "worst s",
    "audio left, s",
    "work left, s",
    "ratio",
    "core share",
    "said to shown, worst s",
    "hint to stats, s",
    *(f"all {stage}" for stage in STAGES),
)


@dataclass(frozen=True)
class Latency:
    """One session. Seconds from the moment after the last chunk was recorded.

    `reached` says when each stage had done all windows. `hint_s` is the time from a hint to the
    statistics of the new clustering. `live_s` has the seconds from said to shown for the first word
    of each window that was shown before the end. `work_s` and `core_share`:
    `deploy.benchmark.work_left`, of all sessions that are played together.
    """

    length_s: float
    chunk_s: float
    stop_to_stats_s: float
    reached: dict[str, float]
    hint_s: float
    live_s: list[float]
    work_s: float = 0.0
    core_share: float = 0.0


@dataclass(frozen=True)
class Row:
    """All runs of one length: the median, the worst, and the median of each stage, in seconds.

    `left_s`: audio that nobody could work on before the last chunk arrived. `work_s`: what it costs
    when the cores share it evenly. `ratio`: stop to statistics over that work, median of the runs.
    `core_share` is 1 on a quiet machine.
    """

    minutes: float
    chunk_s: float
    runs: int
    median_s: float
    worst_s: float
    left_s: float
    work_s: float
    ratio: float
    core_share: float
    live_s: float | None
    hint_s: float
    transcribed: float
    voiced: float
    counted: float


class TailPace:
    """A pace: fast, then a pause until `await_idle` returns, then the tail at real time."""

    def __init__(self, length_s: float, await_idle: Callable[[float], None]) -> None:
        self._head_s = max(0.0, length_s - TAIL_S)
        self._await_idle = await_idle
        self._began = time.monotonic()
        self._tail_began = 0.0
        self.stopped = 0.0

    @property
    def tail(self) -> tuple[float, float]:
        """The moment (time.monotonic) at which the tail began, and where in the session it was."""
        return self._tail_began, self._head_s

    def __call__(self, seconds: float) -> float:
        """Return when so much is recorded. Blocks where the tail begins."""
        if seconds <= self._head_s:
            return self._began + seconds / HEAD_SPEED
        if not self._tail_began:
            self._await_idle(self._head_s)
            self._tail_began = time.monotonic()
        self.stopped = self._tail_began + seconds - self._head_s
        return self.stopped


def play(
    settings: Settings,
    audio: Path,
    length_s: float,
    chunk_s: float,
) -> Latency:
    """Play one session. Blocking. Raises TimeoutError when its statistics do not come."""
    session_id = new_session_id()
    client = ApiClient(settings, "latency")
    phone = Phone(settings.url("gateway"), client.token)
    pace = TailPace(length_s, lambda sent_s: _await_idle(client, settings, session_id, sent_s))
    reached: dict[str, float] = {}
    with watched(lambda: client.session(session_id)) as shown:
        record(phone, session_id, audio, pace, lambda _: None, chunk_s=chunk_s)
    phone.close()
    session = client.await_final(
        session_id, lambda seen: _note(seen, pace.stopped, reached), TIMEOUT_S
    )
    stop_to_stats_s = time.monotonic() - pace.stopped
    words = client.read(f"/v1/sessions/{session_id}/transcript", Transcript).words
    window_s = settings.window_ms / 1000
    live_s = said_to_shown(shown, words, pace.tail, window_s, chunk_s)
    hint_s = _hint(client, session)
    return Latency(length_s, chunk_s, stop_to_stats_s, reached, hint_s, live_s)


def _note(session: Session, stopped: float, reached: dict[str, float]) -> None:
    windows = session.progress.windows
    for stage in STAGES:
        if windows and getattr(session.progress, stage) == windows:
            reached.setdefault(stage, round(time.monotonic() - stopped, 2))
        else:
            reached.pop(stage, None)  # it had all windows, and then there were more


def _hint(client: ApiClient, session: Session) -> float:
    """Return the seconds from a hint to the next generation."""
    began = time.monotonic()
    client.hint(session.session_id, max(1, len(session.speakers)))

    def is_new(seen: Session | None) -> bool:
        if seen is None or seen.state not in FINAL:
            return False
        return seen.generation > session.generation

    until(lambda: client.session(session.session_id), is_new, TIMEOUT_S, POLL_S)
    return time.monotonic() - began


def _await_idle(
    client: ApiClient, settings: Settings, session_id: SessionId, sent_s: float
) -> None:
    """Wait until the windows of the first `sent_s` are transcribed and diarized."""
    windows = int(sent_s * 1000 // settings.window_ms)
    if windows == 0:
        return

    def are_done(session: Session | None) -> bool:
        if session is None:
            return False
        return min(session.progress.transcribed, session.progress.voiced) >= windows

    until(lambda: client.session(session_id), are_done, TIMEOUT_S, every_s=0.5)


def measure(
    settings: Settings,
    folder: Path,
    lengths_s: Sequence[float],
    runs: Sequence[int],
    chunk_s: float,
    at_once: int = 1,
) -> Iterator[Latency]:
    """Yield `runs[n]` times `lengths_s[n]`, as they end. `at_once` sessions are played together."""
    with (
        tempfile.TemporaryDirectory(prefix="lahstats-latency-") as place,
        ThreadPoolExecutor(at_once) as pool,
        WorkLeft(settings) as work,
    ):
        for length_s, times in zip(lengths_s, runs, strict=True):
            audio = dialogue(folder, length_s, Path(place))
            from_s = left_from_s(length_s, chunk_s, settings.window_ms / 1000)
            jobs = [(settings, audio, length_s, chunk_s)] * at_once
            for _ in range(times):
                together = [pool.submit(play, *job) for job in jobs]
                ended = [session.result() for session in together]
                left = work.measure(audio, from_s)
                work_s = at_once * left.seconds
                yield from (
                    replace(one, work_s=work_s, core_share=left.core_share) for one in ended
                )


def summarised(latencies: Sequence[Latency]) -> list[Row]:
    """Return a row for each length and chunk size, the shortest first."""
    by_kind = grouped(latencies, lambda one: (one.length_s, one.chunk_s))
    return [_row(*kind, some) for kind, some in by_kind.items()]


def _row(length_s: float, chunk_s: float, runs: Sequence[Latency]) -> Row:
    times = [run.stop_to_stats_s for run in runs]
    return Row(
        minutes=round(length_s / 60, 2),
        chunk_s=chunk_s,
        runs=len(runs),
        median_s=_median(times),
        worst_s=round(max(times), 2),
        left_s=length_s - left_from_s(length_s, chunk_s, Settings().window_ms / 1000),
        work_s=_median([run.work_s for run in runs]),
        ratio=_median([run.stop_to_stats_s / run.work_s for run in runs]),
        core_share=_median([run.core_share for run in runs]),
        live_s=max(chain.from_iterable(run.live_s for run in runs), default=None),
        hint_s=_median([run.hint_s for run in runs]),
        **{stage: _median(_reached(runs, stage)) for stage in STAGES},
    )


def _reached(runs: Sequence[Latency], stage: str) -> list[float]:
    return [run.reached.get(stage, run.stop_to_stats_s) for run in runs]


def _median(values: Sequence[float]) -> float:
    return round(statistics.median(values), 2)


def markdown(rows: Sequence[Row]) -> list[str]:
    """Return a Markdown table."""
    return table(COLUMNS, (asdict(row).values() for row in rows))
