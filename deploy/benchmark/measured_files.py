"""The cost of measuring one upload, by its format, and the share of PyAV and FFmpeg in it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from adapters.audio.decoding import measure
from adapters.audio.opening import opened_each, tracks_of
from adapters.media import FULL_SCALE, Pcm
from deploy.benchmark.formats import FORMATS, encoded, noisy
from deploy.table_printer import markdown as table
from schemas.audio import SAMPLE_RATE

SECONDS = 10
"""The recorder of the pages cuts its files so long."""
NOISE_LEVEL = 0.05 * FULL_SCALE
TRIES = 30
"""The least of them is told: other work on the machine makes each of them longer."""


@dataclass(frozen=True)
class MeasuredFile:
    """Milliseconds of processor time for one file of SECONDS of noise.

    `library_ms`: for nothing but opening it and reading its packets.
    """

    form: str
    kb: float
    measured_ms: float
    library_ms: float


def loud_room(seconds: int) -> Pcm:
    """Noise, which does not compress: files are as large as they get."""
    samples = np.random.default_rng(0).normal(0, NOISE_LEVEL, seconds * SAMPLE_RATE)
    return samples.astype(np.int16)


def measured_files() -> tuple[MeasuredFile, ...]:
    """Each format that phones send. Blocks for some seconds."""
    samples = loud_room(SECONDS)
    kinds = {name: form for name, form in FORMATS.items() if form.spoil is not noisy}
    return tuple(_measured(name, encoded(samples, form)) for name, form in kinds.items())


def _measured(form: str, body: bytes) -> MeasuredFile:
    return MeasuredFile(
        form,
        kb=len(body) / 1000,
        measured_ms=_least_ms(lambda: measure(body)),
        library_ms=_least_ms(lambda: _read(body)),
    )


def _read(body: bytes) -> None:
    for container in opened_each([body]):
        for _ in container.demux(*tracks_of(container)):
            pass


def _least_ms(work: Callable[[], object]) -> float:
    times: list[float] = []
    for _ in range(TRIES):
        began = time.process_time()
        work()
        times.append(time.process_time() - began)
    return 1000 * min(times)


def markdown(found: Sequence[MeasuredFile]) -> list[str]:
    """Return the lines of a table."""
    columns = (f"{SECONDS} s of", "kB", "CPU ms: measured", "opened and read alone")
    rows = [
        (one.form, f"{one.kb:.0f}", f"{one.measured_ms:.2f}", f"{one.library_ms:.2f}")
        for one in found
    ]
    return table(columns, rows)
