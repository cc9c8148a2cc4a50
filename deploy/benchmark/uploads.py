"""`lahstats benchmark uploads`: the gateway beside the servers behind it, in one run.

Eight phones send chunks to the gateway. In the next round they put the same bytes into the object
store and publish the same events themselves. Rounds alternate, so that other work on this machine
meets both sides.
"""

import itertools
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from adapters.kafka.publisher import KafkaPublisher
from adapters.media import encode_flac
from adapters.objects.s3 import S3BlobStore
from adapters.settings import Settings
from deploy.amounts import amount
from deploy.benchmark import measured_files
from deploy.benchmark.measured_files import MeasuredFile, loud_room
from deploy.benchmark.process_use import children_of, cpu_s
from deploy.benchmark.reports import percentile
from deploy.benchmark.upload_clients import BareClient, Client, GatewayClient
from deploy.devstack.running_stack import scratch_stack
from deploy.table_printer import markdown as table
from producers.phone.file_chunks import CHUNK_S

PHONES = 8
ROUNDS = 6
"""Rounds of each side. The first one warms both up and is not counted."""
CHUNKS_EACH = 25
"""Chunks that a phone sends in one round."""
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
    waited beside those. `files`: what it costs to measure one, by its format.
    """

    phones: int
    chunk_mb: float
    sides: tuple[Side, ...]
    ratio: float
    steps_ms: dict[str, float]
    files: tuple[MeasuredFile, ...]


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


@dataclass(frozen=True)
class Probes:
    """How a run is looked at from outside: the gateway's metrics, and processor time so far."""

    metrics: Callable[[], Metrics]
    used: Callable[[], Used]


def measure() -> Uploads:
    """Blocks for about two minutes. Starts a stack of its own and stops it at the end."""
    with scratch_stack("uploads") as stack:
        stack.keep_only(WRITE_SIDE)
        pids = {one.name: one.pid for one in stack.stack.status() if one.name in WRITE_SIDE}
        probes = Probes(lambda: stack.metrics("gateway"), lambda: _used(pids))
        return compare(stack.settings, probes)


def _used(pids: Mapping[str, int]) -> Used:
    used = {name: cpu_s(pid) for name, pid in pids.items()}
    used["measuring"] = sum(map(cpu_s, children_of(pids["gateway"])))
    used["clients"] = time.process_time()
    return used


def compare(settings: Settings, probes: Probes) -> Uploads:
    """Both sides on servers that run. Blocking."""
    body = encode_flac(loud_room(CHUNK_S))
    publisher = KafkaPublisher(settings.kafka)
    blobs = S3BlobStore(settings)
    gateway = [GatewayClient(settings) for _ in range(PHONES)]
    bare = [BareClient(blobs, publisher) for _ in range(PHONES)]
    _round(gateway, 0, body, probes.used)
    _round(bare, 0, body, probes.used)
    before = probes.metrics()
    by_gateway: list[Round] = []
    by_bare: list[Round] = []
    for number in range(1, ROUNDS):
        by_gateway.append(_round(gateway, number, body, probes.used))
        by_bare.append(_round(bare, number, body, probes.used))
    publisher.close()
    return Uploads(
        phones=PHONES,
        chunk_mb=len(body) / 1e6,
        sides=(_side("gateway", by_gateway), _side("bare", by_bare)),
        ratio=ratio(by_gateway, by_bare),
        steps_ms=_steps(before, probes.metrics(), by_gateway),
        files=measured_files.measured_files(),
    )


def _round(
    clients: Sequence[Client],
    number: int,
    body: bytes,
    used: Callable[[], Used],
) -> Round:
    first = number * CHUNKS_EACH
    sequences = range(first, first + CHUNKS_EACH)

    def sent(client: Client) -> list[float]:
        return _sent(client, sequences, body)

    with ThreadPoolExecutor(len(clients)) as pool:
        before = used()
        began = time.perf_counter()
        times_of_each = list(pool.map(sent, clients))
        seconds = time.perf_counter() - began
    cpu = {name: spent - before.get(name, 0.0) for name, spent in used().items()}
    times = list(itertools.chain.from_iterable(times_of_each))
    return Round(seconds, times, cpu)


def _sent(client: Client, sequences: Iterable[int], body: bytes) -> list[float]:
    """Send the chunks one after the other. Return the seconds of each."""
    times: list[float] = []
    for seq in sequences:
        began = time.perf_counter()
        client.send(seq, body)
        times.append(time.perf_counter() - began)
    return times


def _side(name: str, rounds: Sequence[Round]) -> Side:
    times = _times(rounds)
    chunks = len(times)
    seconds = sum(one.seconds for one in rounds)
    spent_s: Counter[str] = Counter()
    for one in rounds:
        spent_s.update(one.cpu_s)
    return Side(
        name,
        chunks,
        per_s=chunks / seconds,
        p50_ms=1000 * percentile(times, 50),
        p99_ms=1000 * percentile(times, 99),
        cpu_ms={process: round(1000 * cpu / chunks, 2) for process, cpu in spent_s.items()},
    )


def _times(rounds: Sequence[Round]) -> list[float]:
    """The seconds of each chunk of all rounds."""
    return list(itertools.chain.from_iterable(one.times for one in rounds))


def ratio(ours: Sequence[Round], bare: Sequence[Round]) -> float:
    """Return the median over the rounds of our rate by that of the other side. Pure."""
    ratios: list[float] = []
    for one, other in zip(ours, bare, strict=True):
        ratios.append(one.per_s / other.per_s)
    return statistics.median(ratios)


def _steps(
    before: Metrics,
    after: Metrics,
    rounds: Sequence[Round],
) -> dict[str, float]:
    steps = {step: _mean_ms(before, after, step) for step in STEPS}
    whole_ms = 1000 * statistics.mean(_times(rounds))
    rest_ms = whole_ms - sum(steps.values())
    return {**steps, "rest": rest_ms}


def _mean_ms(before: Metrics, after: Metrics, step: str) -> float:
    total = STEP.format("sum", step)
    count = STEP.format("count", step)
    seconds = after[total] - before[total]
    requests = after[count] - before[count]
    return 1000 * seconds / requests


def markdown(found: Uploads) -> list[str]:
    """Return the lines of three tables: both sides, a request's time by step, files by format."""
    phones = amount(found.phones, "phone", "phones")
    head = f"{phones}, {found.chunk_mb:.2f} MB a chunk: ratio {found.ratio:.2f}"
    steps = [(name, f"{ms:.1f}") for name, ms in found.steps_ms.items()]
    by_step = table(("step of the gateway", "mean ms"), steps)
    by_format = measured_files.markdown(found.files)
    return [head, "", *_by_side(found), "", *by_step, "", *by_format]


def _by_side(found: Uploads) -> list[str]:
    processes = list(found.sides[0].cpu_ms)
    columns = ["side", "chunks/s", "p50 ms", "p99 ms"]
    columns += [f"CPU ms: {name}" for name in processes]
    return table(columns, [_side_row(side, processes) for side in found.sides])


def _side_row(side: Side, processes: Sequence[str]) -> list[str]:
    row = [side.name, f"{side.per_s:.0f}", f"{side.p50_ms:.1f}", f"{side.p99_ms:.1f}"]
    for process in processes:
        cpu_ms = side.cpu_ms.get(process, 0.0)
        row.append(f"{cpu_ms:.2f}")
    return row
