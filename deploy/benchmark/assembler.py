"""`lahstats benchmark assembler`: the sessions fold, hosted by us and by quixstreams.

Both hosts get the same trace: SESSIONS sessions of a start and CHUNKS chunks each. All of it
becomes readable in one moment, by the commit of one transaction. The clock starts at that commit
and stops when a reader of committed data has seen the last session whole. Before that a host has
answered a warm-up session of every partition: neither the start of its process nor imports nor
joining the group are counted. The rule is the same for all.

Ours is `python -m streams.main`, which hosts all folds. The peer hosts this fold alone and reads
the one topic of the trace. The limit copies the messages, with the same client and transactions.
The three take turns, since a shared machine is not equally fast all the time.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from itertools import product
from pathlib import Path

import msgspec

from adapters.kafka.publisher import KafkaPublisher, outgoing
from adapters.objects.lexicons import shipped_lexicon
from deploy.benchmark.backlog import Watch, make_topics, release, whole
from deploy.benchmark.event_load import started, trace
from deploy.benchmark.reports import commit, percentile
from deploy.devstack.streams_bed import Child, StreamsBed, streams_bed
from deploy.table_printer import markdown as table
from deploy.uuid7 import new_session_id
from schemas import stages, topics
from streams.main import rules_of

QUIXSTREAMS = "3.28.1"
FOLDER = Path(".local") / f"quixstreams-{QUIXSTREAMS}"
"""The environment of the peer: made at the first run, and part of nothing else."""
SESSIONS = 100
CHUNKS = 60
"""Chunks of each session."""
EVENTS = SESSIONS * (1 + CHUNKS)
WARM_UP = 48
"""Sessions that a host answers before the clock starts: some on every partition."""
LONE_EVENTS = 200
APART_S = 0.05
"""Pause before each lone event: the system is idle again."""
OURS = "ours"
PEER = "peer"
LIMIT = "limit"
HOSTS = (OURS, PEER, LIMIT)
COLUMNS = ("host", "events/s, median", "of each turn", "to the peer")
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Assembler:
    """Events a second by host and turn, and the milliseconds of a lone event through ours.

    `ratio` is ours to the peer, `of_limit` is ours to the limit; both of medians.
    """

    commit: str
    peer: str
    events: int
    events_s: dict[str, list[int]]
    ratio: float
    of_limit: float
    lone_p50_ms: float
    lone_p99_ms: float


def measure(turns: int, progress: Progress) -> Assembler:
    """Return the figures. Blocks for some minutes; starts servers and stops them at the end."""
    python = quixstreams()
    with (
        tempfile.TemporaryDirectory(prefix="lahstats-assembler-") as folder,
        streams_bed(Path(folder)) as bed,
    ):
        rates = _rates(bed, python, turns, progress)
        lone_ms = _lone(bed)
    ours, peer, limit = (statistics.median(rates[host]) for host in HOSTS)
    return Assembler(
        commit=commit(),
        peer=f"quixstreams {QUIXSTREAMS}",
        events=EVENTS,
        events_s=rates,
        ratio=round(ours / peer, 2),
        of_limit=round(ours / limit, 2),
        lone_p50_ms=round(percentile(lone_ms, 50), 1),
        lone_p99_ms=round(percentile(lone_ms, 99), 1),
    )


def quixstreams() -> Path:
    """Return a Python interpreter that has quixstreams, and msgspec as it is here.

    Blocks for about a minute at the first call, which asks the package index.
    """
    python = (FOLDER / "bin" / "python").absolute()
    made = FOLDER / "made"
    if made.exists():
        return python
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(FOLDER)], check=True)
    wanted = [f"quixstreams=={QUIXSTREAMS}", f"msgspec=={version('msgspec')}"]
    subprocess.run([str(python), "-m", "pip", "install", "--quiet", *wanted], check=True)
    made.touch()
    return python


def _rates(bed: StreamsBed, python: Path, turns: int, progress: Progress) -> dict[str, list[int]]:
    """Events a second of each host in each turn. The hosts alternate."""
    rates: dict[str, list[int]] = {host: [] for host in HOSTS}
    for turn, host in product(range(turns), HOSTS):
        seconds = _Turn(bed, python, f"{host}-{turn}-", host).seconds()
        rate = round(EVENTS / seconds)
        rates[host].append(rate)
        progress(f"{host}: {rate} events/s")
    return rates


@dataclass(frozen=True)
class _Turn:
    """One host and its topics. Ours has those of the product, the others have copies."""

    bed: StreamsBed
    python: Path
    name: str
    host: str

    @property
    def _prefix(self) -> str:
        return "" if self.host == OURS else self.name

    @property
    def _source(self) -> str:
        return self._prefix + topics.INBOUND.name

    @property
    def _target(self) -> str:
        return self._prefix + topics.DIRECTORY.name

    def seconds(self) -> float:
        """Return the seconds from the commit of the trace to the last session that is whole."""
        kafka = self.bed.settings.kafka
        if self._prefix:
            outputs = [self._prefix + topic.name for topic in stages.SESSIONS.writes]
            make_topics(kafka, [self._source, *outputs])
        watch = Watch(kafka, self._target)
        host = self._start()
        try:
            self._drained(watch, WARM_UP, 1)
            return self._drained(watch, SESSIONS, CHUNKS)
        finally:
            watch.close()
            host.stop()

    def _drained(self, watch: Watch, sessions: int, chunks: int) -> float:
        began = release(
            self.bed.settings.kafka,
            trace(sessions, chunks),
            self._source,
        )
        return watch.until_done(sessions, whole(chunks)) - began

    def _start(self) -> Child:
        if self.host == OURS:
            return self.bed.worker()
        if self.host == LIMIT:
            module = "deploy.benchmark.assembler_limit"
            told = [self.bed.settings.kafka, self._source, self._target]
            return self.bed.run(self.name, [sys.executable, "-m", module, *told])
        module = "deploy.benchmark.assembler_peer"
        return self.bed.run(self.name, [str(self.python), "-m", module, self._peering()])

    def _peering(self) -> str:
        """The argument of the peer: `deploy.benchmark.assembler_peer.Peering`."""
        settings = self.bed.settings
        told = {
            "kafka": settings.kafka,
            "prefix": self._prefix,
            "state_dir": str(settings.data_dir / self.name),
            "rules": rules_of(settings, shipped_lexicon()),
        }
        return msgspec.json.encode(told).decode()


def _lone(bed: StreamsBed) -> list[float]:
    """Return the milliseconds from a lone start of a session to its row, read as committed."""
    kafka = bed.settings.kafka
    publisher = KafkaPublisher(kafka)
    watch = Watch(kafka, topics.DIRECTORY.name)
    worker = bed.worker()
    try:
        release(kafka, trace(WARM_UP, 1), topics.INBOUND.name)
        watch.until_done(WARM_UP, whole(1))
        return [_lone_ms(publisher, watch) for _ in range(LONE_EVENTS)]
    finally:
        publisher.close()
        watch.close()
        worker.stop()


def _lone_ms(publisher: KafkaPublisher, watch: Watch) -> float:
    time.sleep(APART_S)
    session = new_session_id()
    event = outgoing(topics.INBOUND, started(session))
    began = time.perf_counter()
    publisher.publish([event])
    seen = watch.until_done(1, lambda output: output.session_id == session)
    return 1000 * (seen - began)


def markdown(found: Assembler) -> Sequence[str]:
    """Return a Markdown table, and a line about the lone event."""
    peer = statistics.median(found.events_s[PEER])
    rows = []
    for host, rates in found.events_s.items():
        median = statistics.median(rates)
        each = ", ".join(map(str, rates))
        rows.append([host, f"{median:.0f}", each, f"{median / peer:.2f}"])
    lone = f"a lone event: p50 {found.lone_p50_ms} ms, p99 {found.lone_p99_ms} ms"
    return [*table(COLUMNS, rows), "", lone]
