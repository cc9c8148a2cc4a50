"""`make bench`: one table of what the stack does on this machine. Every figure is of this one run."""

import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
from rich.console import Console
from rich.table import Table

from adapters.settings import HEALTH_PORTS
from deploy.benchmark.dialogues import dialogue
from deploy.cli import demo
from schemas import topics
from tests.integration.phones import RawPhone, flac
from tests.measure.flow import Told, chunk, drained, started
from tests.measure.line import Line
from tests.measure.sinking import freshness, sink
from tests.running_stack import RECORDINGS, RunningStack, running

SESSIONS, CHUNKS = 100, 60
PHONES, UPLOADS_EACH = 8, 50
LENGTHS_S = (60, 180, 600)
PACE = 2.0
"""Twice real time: the models of this machine keep up, so that nothing is waiting when the recording stops."""
console = Console(stderr=True)


def main(wanted: list[str]) -> int:
    """Blocks for about ten minutes on two cores. `wanted` names some of the measurements; empty means all."""
    lines: list[Line] = []
    with (
        tempfile.TemporaryDirectory(prefix="lahstats-bench-") as folder,
        running(Path(folder)) as stack,
    ):
        for measure in (speech, uploads, assembler, sink, freshness):
            if wanted and measure.__name__ not in wanted:
                continue
            lines += measure(stack)
            console.print(f"measured: {lines[-1].what} {lines[-1].value}")
    table = Table("what", "value", "how")
    for line in lines:
        table.add_row(line.what, line.value, line.how)
    Console(width=150).print(table)
    return 0


def speech(stack: RunningStack) -> list[Line]:
    """From stop to statistics at a steady pace, and the work of each model stage for a second of audio."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for seconds in LENGTHS_S:
            played = demo.play(
                stack.settings,
                dialogue(RECORDINGS, seconds, Path(folder)),
                PACE,
                Console(quiet=True),
            )
            how = f"{seconds} s of dialogue in 30 s chunks at {PACE:.0f}x real time, one worker a stage"
            found.append(
                Line(f"stop to stats, {seconds // 60} min", f"{played.stop_to_stats_s:.1f} s", how)
            )
    return [*(_rtf(stack, stage) for stage in ("transcribe", "diarize")), *found]


def _rtf(stack: RunningStack, stage: str) -> Line:
    text = httpx.get(
        f"http://{stack.settings.host}:{stack.settings.port_base + HEALTH_PORTS[stage]}/metrics"
    ).text
    figures = {
        line.split()[0]: float(line.split()[1])
        for line in text.splitlines()
        if not line.startswith("#")
    }
    work = figures[f'lahstats_work_seconds_sum{{stage="{stage}"}}']
    audio = figures[f'lahstats_audio_seconds_total{{stage="{stage}"}}']
    return Line(
        f"RTF of {stage}",
        f"{work / audio:.3f}",
        f"{work:.0f} s of work for {audio:.0f} s of windows, one thread, both stages at once",
    )


def uploads(stack: RunningStack) -> list[Line]:
    """Chunks of many phones at once."""
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
    return [
        Line(
            "chunk uploads",
            f"{rate:.0f}/s, p50 {cuts[49] * 1000:.0f} ms, p99 {cuts[98] * 1000:.0f} ms",
            how,
        )
    ]


def assembler(stack: RunningStack) -> list[Line]:
    """Session events that wait, folded by one worker."""
    sessions = [str(demo.uuid7()) for _ in range(SESSIONS)]
    events: list[Told] = [(topics.INBOUND, started(session)) for session in sessions]
    events += [
        (topics.INBOUND, chunk(session, seq)) for seq in range(CHUNKS) for session in sessions
    ]
    seconds = drained(stack, events, "streams")
    how = f"{len(events)} session events of {SESSIONS} sessions: folded, answered, confirmed, committed by one Faust worker"
    return [Line("assembler", f"{len(events) / seconds:.0f} events/s", how)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
