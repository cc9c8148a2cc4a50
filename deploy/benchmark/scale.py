"""`lahstats benchmark scale`: one streams worker with very many sessions.

Most sessions are finished: they were counted and claimed, and their text has expired. Their rows
are written straight to the changelogs. A few are run through the real folds in this process; all
others differ from what these leave by their ids alone, which is checked. LIVE sessions record:
their events go through the topics and the worker.
"""

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from adapters.objects.s3 import S3BlobStore
from adapters.objects.store import BlobStore
from adapters.process.clock import unix_ms
from deploy.benchmark.backlog import Output, Watch, send, whole
from deploy.benchmark.changelog_load import Template, load
from deploy.benchmark.event_load import trace
from deploy.benchmark.finished_session import FinishedSessions
from deploy.benchmark.process_use import resident_bytes
from deploy.benchmark.reports import commit
from deploy.devstack.streams_bed import StreamsBed, Worker, streams_bed
from deploy.meanwhile import meanwhile
from deploy.table_printer import markdown as table
from deploy.uuid7 import new_session_id
from schemas import topics

LIVE = 10_000
HOUR_CHUNKS = 120
CHUNKS = 6
"""Chunks of each live session: three minutes of audio."""
EVENTS = LIVE * (1 + CHUNKS)
MB = 1e6
SAMPLE_S = 0.5
READY_TIMEOUT_S = 1_800
IDLE_MS = "36000000"
"""Live sessions stay live as long as the benchmark runs."""
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Start:
    """Seconds until a worker was ready, and its memory soon after that."""

    ready_s: float
    rss: int


@dataclass(frozen=True)
class Scale:
    """Times are seconds, sizes are MB (10^6 bytes), `rss` is resident memory of the worker.

    `hour_bytes`: events and changelog rows of one session of an hour, before compression.
    `rows` are those of the finished sessions. `first` is a worker without a table, that reads all
    changelogs. `killed` is one that was killed in the middle of the live events, `restart` one that
    ended by SIGTERM. `live_bytes` are the broker's for each live event: the event itself, the
    outputs and the changelog.
    """

    commit: str
    hour_bytes: int
    finished: int
    live: int
    rows: int
    load_s: float
    first: Start
    live_events: int
    live_s: float
    live_bytes: int
    killed: Start
    caught_up_s: float
    restart: Start
    end_rss: int
    highest_rss: int
    tables: int
    broker: int


@dataclass
class Memory:
    """Resident memory of the present worker, when somebody looked last, and the highest."""

    pid: int = 0
    now: int = 0
    highest: int = 0

    def look(self) -> None:
        """Look now."""
        self.now = round(resident_bytes(self.pid) / MB)
        self.highest = max(self.highest, self.now)


def measure(sessions: int, chunks: int, progress: Progress) -> Scale:
    """Return the figures. A finished session had `chunks` chunks of half a minute.

    Blocks for minutes; a million sessions want some GB of disk.
    """
    with (
        tempfile.TemporaryDirectory(prefix="lahstats-scale-") as folder,
        streams_bed(Path(folder), IDLE_MS=IDLE_MS) as bed,
    ):
        blobs = S3BlobStore(bed.settings)
        template = Template(FinishedSessions(bed.settings, blobs, unix_ms(), chunks))
        finished = sessions - LIVE
        progress(f"{template.count} rows a finished session")
        began = time.perf_counter()
        load(bed.settings.kafka, template, finished)
        load_s = time.perf_counter() - began
        progress(f"loaded in {load_s:.0f} s")
        memory = Memory()
        with meanwhile(memory.look, SAMPLE_S):
            return _Run(bed, progress, memory).figures(
                finished, template.count * finished, load_s, hour_bytes(bed, blobs)
            )


def hour_bytes(bed: StreamsBed, blobs: BlobStore) -> int:
    """Return the bytes of all events and changelog rows of one session of an hour. Blocking."""
    hour = FinishedSessions(bed.settings, blobs, unix_ms(), HOUR_CHUNKS)
    hour.tables(new_session_id())
    return hour.bytes


@dataclass(frozen=True)
class _Live:
    """The live events: start and memory of the worker that finished them, and their seconds.

    `caught_up_s` is counted from the moment when the worker before it was killed.
    """

    start: Start
    end_rss: int
    seconds: float
    caught_up_s: float


class _Run:
    """The life of one worker number on a bed whose changelogs are loaded."""

    def __init__(self, bed: StreamsBed, progress: Progress, memory: Memory) -> None:
        self._bed = bed
        self._progress = progress
        self._memory = memory

    def figures(self, finished: int, rows: int, load_s: float, hour_bytes: int) -> Scale:
        worker, first = self._started("first start")
        broker_before = self._size_mb("kafka")
        live = self._killed_while_live(worker)
        broker = self._size_mb("kafka")
        _, restart = self._started("start after SIGTERM")
        return Scale(
            commit=commit(),
            hour_bytes=hour_bytes,
            finished=finished,
            live=LIVE,
            rows=rows,
            load_s=round(load_s, 1),
            first=first,
            live_events=EVENTS,
            live_s=round(live.seconds, 1),
            live_bytes=round((broker - broker_before) * MB / EVENTS),
            killed=live.start,
            caught_up_s=round(live.caught_up_s, 1),
            restart=restart,
            end_rss=live.end_rss,
            highest_rss=self._memory.highest,
            tables=self._size_mb("streams"),
            broker=broker,
        )

    def _killed_while_live(self, worker: Worker) -> _Live:
        """Kill `worker` half-way through the live events; another one finishes them and stops."""
        watch = Watch(self._bed.settings.kafka, topics.DIRECTORY.name, READY_TIMEOUT_S)
        began = time.perf_counter()
        self._record()
        watch.until_done(LIVE // 2, half_way)
        worker.kill()
        killed_at = time.perf_counter()
        other, start = self._started("start after kill -9")
        ended = watch.until_done(LIVE, whole(CHUNKS))
        end_rss = self._memory.now
        other.stop()
        return _Live(start, end_rss, seconds=ended - began, caught_up_s=ended - killed_at)

    def _started(self, how: str) -> tuple[Worker, Start]:
        """Return a new worker, and how it started."""
        began = time.perf_counter()
        worker = self._bed.worker()
        self._memory.pid = worker.pid
        worker.await_ready(READY_TIMEOUT_S)
        ready_s = time.perf_counter() - began
        time.sleep(SAMPLE_S * 2)
        rss = self._memory.now
        self._progress(f"{how}: ready after {ready_s:.1f} s, {rss} MB resident")
        return worker, Start(round(ready_s, 1), rss)

    def _record(self) -> None:
        """Send the events of the live sessions. Blocks until the broker has them."""
        send(self._bed.settings.kafka, trace(LIVE, CHUNKS), topics.INBOUND.name)

    def _size_mb(self, folder: str) -> int:
        root = self._bed.settings.data_dir / folder
        blocks = sum(path.stat().st_blocks for path in root.rglob("*"))
        return round(blocks * 512 / MB)


def half_way(output: Output) -> bool:
    """Return whether a live session has half of its chunks."""
    return output.received >= ((0, CHUNKS // 2),)


def markdown(found: Scale) -> Sequence[str]:
    """Return a Markdown table."""
    rows = [
        ["finished and live sessions", f"{found.finished:,} and {found.live:,}"],
        ["rows of finished sessions", f"{found.rows:,}"],
        ["tables on disk, broker's logs", f"{found.tables:,} MB, {found.broker:,} MB"],
        ["first start, no table: ready after", f"{found.first.ready_s:.0f} s"],
        ["start after kill -9 under load: ready after", f"{found.killed.ready_s:.0f} s"],
        ["… and caught up after", f"{found.caught_up_s:.0f} s"],
        ["start after SIGTERM: ready after", f"{found.restart.ready_s:.0f} s"],
        ["live events, with the kill in between", f"{found.live_events:,} in {found.live_s:.0f} s"],
        ["bytes on the broker for a live event", f"{found.live_bytes:,}"],
        ["resident memory after the first start", f"{found.first.rss} MB"],
        ["… after kill -9, after SIGTERM", f"{found.killed.rss}, {found.restart.rss} MB"],
        ["resident memory at the end, and the highest", f"{found.end_rss}, {found.highest_rss} MB"],
    ]
    return table(("figure", "value"), rows)
