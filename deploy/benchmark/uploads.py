"""`lahstats benchmark uploads`: the gateway beside the servers behind it, in one run.

Eight phones send chunks to the gateway. In the next round they put the same bytes into the object
store and publish the same events themselves. Rounds alternate, so that other work on this machine
meets both sides.
"""

import itertools
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from adapters.kafka.publisher import KafkaPublisher
from adapters.media import encode_flac
from adapters.objects.s3 import S3BlobStore
from adapters.settings import Settings
from deploy.benchmark.process_use import children_of, cpu_s
from deploy.benchmark.upload_clients import BareClient, Client, GatewayClient
from deploy.devstack.running_stack import running
from deploy.table_printer import markdown as table
from producers.phone.file_chunks import CHUNK_S
from schemas.audio import SAMPLE_RATE

PHONES = 8
ROUNDS = 6
"""Of each side. The first one warms both up and is not counted."""
CHUNKS_EACH = 25
"""Chunks that a phone sends in one round."""
NOISE_LEVEL = 0.05 * 32767
"""Noise does not compress: chunks are as large as those of a loud room."""
WRITE_SIDE = ("kafka", "s3", "gateway")
"""Processes that run while it is measured: nobody else takes the cores."""
STEP = 'lahstats_upload_seconds_{}{{step="{}"}}'
STEPS = ("body", "measured", "object", "event")
Metrics = dict[str, float]
Used = dict[str, float]
"""Seconds of processor time by process."""


@dataclass(frozen=True)
class Side:
    """One side's figures over all rounds. `cpu_ms`: of each process, for one chunk."""

    name: str
    chunks: int
    per_s: float
    p50_ms: float
    p99_ms: float
    cpu_ms: dict[str, float]


@dataclass(frozen=True)
class Uploads:
    """`ratio`: chunks/s through the gateway by those without it, the median of the rounds.

    `steps_ms`: mean milliseconds of a chunk in each step of the gateway; `rest` is what its clients
    waited beside those.
    """

    phones: int
    chunk_mb: float
    sides: tuple[Side, ...]
    ratio: float
    steps_ms: dict[str, float]


@dataclass(frozen=True)
class Round:
    """The time that all phones took together, that of each chunk, and the CPU of each process."""

    seconds: float
    times: list[float]
    cpu_s: Used = field(default_factory=dict)

    @property
    def per_s(self) -> float:
        """Chunks per second."""
        return len(self.times) / self.seconds


def measure() -> Uploads:
    """Blocks for about two minutes. Starts a stack of its own and stops it at the end."""
    with (
        tempfile.TemporaryDirectory(prefix="lahstats-uploads-") as folder,
        running(Path(folder)) as stack,
    ):
        stack.keep_only(WRITE_SIDE)
        pids = {one.name: one.pid for one in stack.stack.status() if one.name in WRITE_SIDE}
        return compare(stack.settings, lambda: stack.metrics("gateway"), lambda: _used(pids))


def _used(pids: Mapping[str, int]) -> Used:
    measuring = sum(map(cpu_s, children_of(pids["gateway"])))
    servers = {name: cpu_s(pid) for name, pid in pids.items()}
    return {**servers, "measuring": measuring, "clients": time.process_time()}


def compare(
    settings: Settings, metrics: Callable[[], Metrics], used: Callable[[], Used]
) -> Uploads:
    """Both sides on servers that run. `metrics` reads the gateway's. Blocking."""
    body = noise()
    publisher = KafkaPublisher(settings.kafka)
    blobs = S3BlobStore(settings)
    sides: dict[str, list[Client]] = {
        "gateway": [GatewayClient(settings) for _ in range(PHONES)],
        "bare": [BareClient(blobs, publisher) for _ in range(PHONES)],
    }
    rounds: dict[str, list[Round]] = {name: [] for name in sides}
    before = metrics()
    for number, (name, clients) in itertools.product(range(ROUNDS), sides.items()):
        rounds[name].append(_round(clients, number, body, used))
        if number == 0:
            before = metrics()
    publisher.close()
    counted = {name: each[1:] for name, each in rounds.items()}
    summaries = tuple(_side(name, each) for name, each in counted.items())
    return Uploads(
        phones=PHONES,
        chunk_mb=len(body) / 1e6,
        sides=summaries,
        ratio=ratio(counted["gateway"], counted["bare"]),
        steps_ms=_steps(before, metrics(), counted["gateway"]),
    )


def noise() -> bytes:
    """A chunk of a loud room, encoded."""
    samples = np.random.default_rng(0).normal(0, NOISE_LEVEL, CHUNK_S * SAMPLE_RATE)
    return encode_flac(samples.astype(np.int16), SAMPLE_RATE)


def _round(
    clients: Sequence[Client],
    number: int,
    body: bytes,
    used: Callable[[], Used],
) -> Round:
    first = number * CHUNKS_EACH
    sequences = range(first, first + CHUNKS_EACH)
    with ThreadPoolExecutor(len(clients)) as pool:
        before = used()
        began = time.perf_counter()
        each = list(pool.map(lambda client: _sent(client, sequences, body), clients))
        seconds = time.perf_counter() - began
    cpu = {name: spent - before.get(name, 0.0) for name, spent in used().items()}
    return Round(seconds, list(itertools.chain.from_iterable(each)), cpu)


def _sent(client: Client, sequences: Iterable[int], body: bytes) -> list[float]:
    times = []
    for seq in sequences:
        began = time.perf_counter()
        client.send(seq, body)
        times.append(time.perf_counter() - began)
    return times


def _side(name: str, rounds: Sequence[Round]) -> Side:
    times = [seconds for one in rounds for seconds in one.times]
    cuts = statistics.quantiles(times, n=100)
    per_s = len(times) / sum(one.seconds for one in rounds)
    spent = sum((Counter(one.cpu_s) for one in rounds), Counter[str]())
    cpu_ms = {process: round(1000 * cpu / len(times), 2) for process, cpu in spent.items()}
    return Side(name, len(times), per_s, 1000 * cuts[49], 1000 * cuts[98], cpu_ms)


def ratio(ours: Sequence[Round], bare: Sequence[Round]) -> float:
    """Return the median over the rounds of our rate by that of the other side. Pure."""
    pairs = zip(ours, bare, strict=True)
    return statistics.median(one.per_s / other.per_s for one, other in pairs)


def _steps(
    before: Metrics,
    after: Metrics,
    rounds: Sequence[Round],
) -> dict[str, float]:
    times = [seconds for one in rounds for seconds in one.times]
    steps = {step: _mean_ms(before, after, step) for step in STEPS}
    whole_ms = 1000 * statistics.mean(times)
    return {**steps, "rest": whole_ms - sum(steps.values())}


def _mean_ms(before: Metrics, after: Metrics, step: str) -> float:
    total = STEP.format("sum", step)
    count = STEP.format("count", step)
    return 1000 * (after[total] - before[total]) / (after[count] - before[count])


def markdown(found: Uploads) -> list[str]:
    """Return the lines of two tables: both sides, and a request's time by step."""
    processes = found.sides[0].cpu_ms
    sides = (
        (
            side.name,
            f"{side.per_s:.0f}",
            f"{side.p50_ms:.1f}",
            f"{side.p99_ms:.1f}",
            *(f"{side.cpu_ms.get(process, 0.0):.2f}" for process in processes),
        )
        for side in found.sides
    )
    head = f"{found.phones} phones, {found.chunk_mb:.2f} MB a chunk: ratio {found.ratio:.2f}"
    steps = ((name, f"{ms:.1f}") for name, ms in found.steps_ms.items())
    return [
        head,
        "",
        *table(
            ("side", "chunks/s", "p50 ms", "p99 ms", *(f"CPU ms: {name}" for name in processes)),
            sides,
        ),
        "",
        *table(("step of the gateway", "mean ms"), steps),
    ]
