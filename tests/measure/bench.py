"""`make bench`: one table of what the stack does on this machine. Every figure is of this one run."""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from uuid import uuid4

import httpx
from rich.console import Console
from rich.table import Table

from adapters.clock import unix_ms
from adapters.publisher import KafkaPublisher, outgoing
from adapters.settings import HEALTH_PORTS
from adapters.warehouse import Warehouse
from consumers.runtime.outcome import Record
from consumers.sink.rows import rows_of
from deploy.benchmark.dialogues import dialogue
from deploy.cli import demo
from schemas import topics
from schemas.event import Event
from schemas.ids import EventId, SessionId, UserId
from schemas.session_events import ChunkUploaded, Consent, SessionStarted
from schemas.topics import Topic
from schemas.word_events import CountedRow, WordsCounted
from tests.integration.phones import RawPhone, flac
from tests.running_stack import RECORDINGS, RunningStack, running, until

SESSIONS, CHUNKS = 100, 60
COUNTED_EVENTS, ROWS_EACH = 40_000, 25
BARE_EVENTS, BARE_ROWS = 8_000, 100_000
PHONES, UPLOADS_EACH = 8, 50
LENGTHS_S = (60, 180, 600)
PACE = 2.0
"""Twice real time: the models of this machine keep up, so that nothing is waiting when the recording stops."""
console = Console(stderr=True)


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    what: str
    value: str
    how: str


def main(wanted: list[str]) -> int:
    """Blocks for about ten minutes on two cores. `wanted` names some of the measurements; empty means all."""
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="lahstats-bench-") as folder, running(Path(folder)) as stack:
        for measure in (_speech, _uploads, _assembler, _sink):
            if wanted and measure.__name__[1:] not in wanted:
                continue
            lines += measure(stack)
            console.print(f"measured: {lines[-1].what} {lines[-1].value}")
    table = Table("what", "value", "how")
    for line in lines:
        table.add_row(line.what, line.value, line.how)
    Console(width=150).print(table)
    return 0


def _speech(stack: RunningStack) -> list[Line]:
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for seconds in LENGTHS_S:
            played = demo.play(stack.settings, dialogue(RECORDINGS, seconds, Path(folder)), PACE, Console(quiet=True))
            how = f"{seconds} s of dialogue in 30 s chunks at {PACE:.0f}x real time, one worker a stage"
            found.append(Line(f"stop to stats, {seconds // 60} min", f"{played.stop_to_stats_s:.1f} s", how))
    return [*(_rtf(stack, stage) for stage in ("transcribe", "diarize")), *found]


def _rtf(stack: RunningStack, stage: str) -> Line:
    text = httpx.get(f"http://{stack.settings.host}:{stack.settings.port_base + HEALTH_PORTS[stage]}/metrics").text
    figures = {line.split()[0]: float(line.split()[1]) for line in text.splitlines() if not line.startswith("#")}
    work = figures[f'lahstats_work_seconds_sum{{stage="{stage}"}}']
    audio = figures[f'lahstats_audio_seconds_total{{stage="{stage}"}}']
    return Line(f"RTF of {stage}", f"{work / audio:.3f}", f"{work:.0f} s of work for {audio:.0f} s of windows, one thread, both stages at once")


def _uploads(stack: RunningStack) -> list[Line]:
    body = flac(30, level=0.05)

    def one(number: int) -> list[float]:
        phone = RawPhone(stack.settings, f"bench-{number}")
        phone.start().raise_for_status()
        times = []
        for seq in range(UPLOADS_EACH):
            started = time.perf_counter()
            phone.chunk(seq, body).raise_for_status()
            times.append(time.perf_counter() - started)
        return times

    stack.stack.supervisor.stop(["transcribe-0", "diarize-0"])
    started = time.perf_counter()
    with ThreadPoolExecutor(PHONES) as pool:
        times = sorted(t for part in pool.map(one, range(PHONES)) for t in part)
    rate = len(times) / (time.perf_counter() - started)
    cuts = statistics.quantiles(times, n=100)
    how = f"{len(times)} chunks of {len(body) / 1e6:.2f} MB from {PHONES} phones at once: object and event acknowledged"
    return [Line("chunk uploads", f"{rate:.0f}/s, p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms", how)]


def _assembler(stack: RunningStack) -> list[Line]:
    sessions = [str(demo.uuid7()) for _ in range(SESSIONS)]
    events: list[tuple[Topic, Event]] = [(topics.INBOUND, _started(session)) for session in sessions]
    events += [(topics.INBOUND, _chunk(session, seq)) for seq in range(CHUNKS) for session in sessions]
    seconds = _drained(stack, events, ["streams"])
    how = f"{len(events)} session events of {SESSIONS} sessions: folded, answered, confirmed, committed by one Faust worker"
    return [Line("assembler", f"{len(events) / seconds:.0f} events/s", how)]


def _sink(stack: RunningStack) -> list[Line]:
    stack.stack.supervisor.stop(["streams"])
    events: list[tuple[Topic, Event]] = [(topics.COUNTED, _counted(n)) for n in range(COUNTED_EVENTS)]
    seconds = _drained(stack, events, ["sink"])
    rows = COUNTED_EVENTS * ROWS_EACH
    how = f"{rows} rows of {COUNTED_EVENTS} events, topic to acknowledged by ClickHouse, fsync on"
    bare = BARE_EVENTS * ROWS_EACH / _bare(stack, [Record(topic, 0, n, event) for n, (topic, event) in enumerate(events[:BARE_EVENTS])])
    ready = "some of these rows, ready made, by the same client into the same table, 100,000 an insert: nothing read, decoded or committed"
    ratio = Line("sink to a bare insert", f"{rows / seconds / bare:.2f}", "both of this run")
    return [Line("sink", f"{rows / seconds:.0f} rows/s", how), Line("a bare insert", f"{bare:.0f} rows/s", ready), ratio]


def _bare(stack: RunningStack, records: list[Record]) -> float:
    warehouse = Warehouse(stack.settings)
    found = [row for record in records for table, row in rows_of(record) if table == "word_events"]
    columns = sorted(found[0])
    rows = list(map(itemgetter(*columns), found))
    began = time.perf_counter()
    for start in range(0, len(rows), BARE_ROWS):
        warehouse.insert("word_events", columns, rows[start : start + BARE_ROWS])
    return time.perf_counter() - began


def _drained(stack: RunningStack, events: list[tuple[Topic, Event]], parts: list[str]) -> float:
    """Seconds that `parts` take for `events` that wait for them, from the moment they are ready to their last commit."""
    stack.stack.supervisor.stop(parts)
    publisher = KafkaPublisher(stack.settings.kafka)
    for start in range(0, len(events), 5_000):
        publisher.publish([outgoing(topic, event) for topic, event in events[start : start + 5_000]])
    publisher.close()
    topic, group = events[0][0], f"lahstats-{parts[0]}"
    stack.stack.supervisor.start(parts)
    probe = f"http://{stack.settings.host}:{stack.settings.port_base + HEALTH_PORTS[parts[0]]}/readyz"
    began = _await(lambda: _is_ready(probe))
    return _await(lambda: stack.lag_of(group, topic) == 0) - began


def _is_ready(probe: str) -> bool:
    try:
        return httpx.get(probe, timeout=1).status_code == 200
    except httpx.HTTPError:
        return False


def _await(done: Callable[[], bool]) -> float:
    until(done, bool, 300)
    return time.perf_counter()


def _started(session: str) -> SessionStarted:
    now = unix_ms()
    return SessionStarted(
        event_id=EventId(str(uuid4())), occurred_at_ms=now, session_id=SessionId(session), owner=UserId("bench"),
        time_zone="Asia/Singapore", recorded_at_ms=now, consent=Consent(text_version="bench", agreed_at_ms=now),
    )  # fmt: skip


def _chunk(session: str, seq: int) -> ChunkUploaded:
    return ChunkUploaded(
        event_id=EventId(str(uuid4())), occurred_at_ms=unix_ms(), session_id=SessionId(session), owner=UserId("bench"), seq=seq,
        sha256="0" * 64, size=1, content_type="audio/flac", start_ms=seq * 30_000, duration_ms=30_000,
    )  # fmt: skip


def _counted(number: int) -> WordsCounted:
    rows = tuple(_row(n) for n in range(ROWS_EACH))
    return WordsCounted(
        event_id=EventId(str(uuid4())), occurred_at_ms=unix_ms(), session_id=SessionId(str(demo.uuid7())), window=0,
        generation=1, lexicon="bench", day="2026-11-23", rows=rows, held=ROWS_EACH, spoken={}, missing=(),
    )  # fmt: skip


def _row(n: int) -> CountedRow:
    return CountedRow(ordinal=n, speaker="S1", word="lah", said_at_ms=unix_ms(), day="2026-11-23", probability=0.9, reason="exact")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
