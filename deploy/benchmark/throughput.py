"""`lahstats benchmark throughput`: how fast each stage works on this machine, in one run."""

import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from rich.console import Console

from adapters.http.signing import sign_user
from adapters.media import encode_flac
from deploy.benchmark.dialogues import dialogue
from deploy.benchmark.event_load import Sent, chunk, drained, started
from deploy.benchmark.measurement import Measurement
from deploy.benchmark.sink_load import freshness, sink
from deploy.demo import playback
from deploy.demo.api_client import TOKEN_S
from deploy.demo.phone_session import About, session_body
from deploy.devstack.running_stack import RECORDINGS, RunningStack, running
from deploy.uuid7 import new_session_id
from producers.phone.client import Phone
from producers.phone.file_chunks import CHUNK_S
from producers.phone.outbox import Outbox, Waiting
from schemas import topics
from schemas.audio import SAMPLE_RATE

SESSIONS = 100
CHUNKS = 60
"""Of each session."""
PHONES = 8
UPLOADS_EACH = 50
LENGTHS_S = (60, 180, 600)
PACE = 2.0
"""Twice real time: the models of this machine keep up, so that nothing waits at the end."""
NOISE_LEVEL = 0.05 * 32767
"""Noise does not compress: chunks are as large as those of a loud room."""
MEASUREMENTS = ("speech", "uploads", "assembler", "sink", "freshness")


def measure(wanted: Sequence[str]) -> Iterator[Measurement]:
    """Yield one measurement after the other; `wanted` names some of MEASUREMENTS, empty means all.

    Blocks for about ten minutes on two cores. Starts a stack of its own and stops it at the end.
    """
    functions = (speech, uploads, assembler, sink, freshness)
    with (
        tempfile.TemporaryDirectory(prefix="lahstats-throughput-") as folder,
        running(Path(folder)) as stack,
    ):
        for name, function in zip(MEASUREMENTS, functions, strict=True):
            if not wanted or name in wanted:
                yield from function(stack)


def speech(stack: RunningStack) -> list[Measurement]:
    """Return times from stop to statistics at a steady pace, and the RTF of the model stages."""
    with tempfile.TemporaryDirectory() as folder:
        waits = [_stop_to_stats(stack, seconds, Path(folder)) for seconds in LENGTHS_S]
    return [_rtf(stack, "transcribe"), _rtf(stack, "diarize"), *waits]


def _stop_to_stats(stack: RunningStack, seconds: int, folder: Path) -> Measurement:
    audio = dialogue(RECORDINGS, seconds, folder)
    played = playback.play(stack.settings, audio, PACE, Console(quiet=True))
    how = f"{seconds} s of dialogue in 30 s chunks at {PACE:.0f}x real time, one worker a stage"
    subject = f"stop to stats, {seconds // 60} min"
    return Measurement(subject, f"{played.stop_to_stats_s:.1f} s", how)


def _rtf(stack: RunningStack, stage: str) -> Measurement:
    metrics = stack.metrics(stage)
    work_s = metrics[f'lahstats_work_seconds_sum{{stage="{stage}"}}']
    audio_s = metrics[f'lahstats_audio_seconds_total{{stage="{stage}"}}']
    spent = f"{work_s:.0f} s of work for {audio_s:.0f} s of windows"
    how = f"{spent}, one thread, both stages at once"
    return Measurement(f"RTF of {stage}", f"{work_s / audio_s:.3f}", how)


def uploads(stack: RunningStack) -> list[Measurement]:
    """Return the rate and the times of chunk uploads of many phones at once."""
    noise = np.random.default_rng(0).normal(0, NOISE_LEVEL, CHUNK_S * SAMPLE_RATE)
    body = encode_flac(noise.astype(np.int16), SAMPLE_RATE)
    stack.stack.supervisor.stop(["transcribe-0", "diarize-0"])
    began = time.perf_counter()
    with ThreadPoolExecutor(PHONES) as pool:
        each = list(pool.map(lambda number: _uploaded(stack, number, body), range(PHONES)))
    spent_s = time.perf_counter() - began
    times = [seconds for of_phone in each for seconds in of_phone]
    cuts = statistics.quantiles(times, n=100)
    p50_ms = 1000 * cuts[49]
    p99_ms = 1000 * cuts[98]
    rate = len(times) / spent_s
    value = f"{rate:.0f}/s, p50 {p50_ms:.0f} ms, p99 {p99_ms:.0f} ms"
    size = f"{len(body) / 1e6:.2f} MB"
    how = f"{len(times)} chunks of {size} from {PHONES} phones: object and event acknowledged"
    return [Measurement("chunk uploads", value, how)]


def _uploaded(stack: RunningStack, number: int, body: bytes) -> list[float]:
    """Return the seconds of each upload of one phone."""
    token = sign_user(stack.settings, f"bench-{number}", TOKEN_S)
    phone = Phone(stack.settings.url("gateway"), token)
    session_id = new_session_id()
    phone.start(session_id, session_body(About()))
    times = []
    with tempfile.TemporaryDirectory() as folder:
        outbox = Outbox(Path(folder))
        for seq in range(UPLOADS_EACH):
            chunk = Waiting(seq, seq * CHUNK_S * 1000, CHUNK_S * 1000, "audio/flac")
            outbox.add(chunk, body)
            began = time.perf_counter()
            phone.send(session_id, outbox)
            times.append(time.perf_counter() - began)
    phone.close()
    return times


def assembler(stack: RunningStack) -> list[Measurement]:
    """Return the rate at which one worker folds session events that wait."""
    sessions = [new_session_id() for _ in range(SESSIONS)]
    events: list[Sent] = [(topics.INBOUND, started(session)) for session in sessions]
    for seq in range(CHUNKS):
        events += [(topics.INBOUND, chunk(session, seq)) for session in sessions]
    seconds = drained(stack, events, "streams")
    work = "folded, answered, confirmed, committed by one Faust worker"
    how = f"{len(events)} session events of {SESSIONS} sessions: {work}"
    return [Measurement("assembler", f"{len(events) / seconds:.0f} events/s", how)]
