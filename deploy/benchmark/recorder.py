"""`lahstats benchmark recorder`: what the windows hear of a known signal at the microphone.

A real Chromium plays the signal into its microphone. The recorder's page records it and sends it
to the gateway. The stages' own code decodes what lies in the object store.
"""

import base64
import os
import tempfile
import wave
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, Request

from adapters.objects.s3 import S3BlobStore
from adapters.settings import Settings
from consumers.audio.decoder import Decoder, Samples
from consumers.audio.window_audio import WindowAudio
from deploy.benchmark.chromium import QUIET, chromium
from deploy.benchmark.seams import Seams, seams, signal
from deploy.devstack.running_stack import scratch_stack
from deploy.table_printer import markdown as table
from schemas.audio import SAMPLE_RATE
from schemas.ids import SessionId
from schemas.ranges import Ranges, union
from schemas.speech_events import ChunkRef

WRITE_SIDE = ("kafka", "s3", "clickhouse", "gateway", "api", "front")
"""Processes that run while it is measured."""
LEAD_S = 30
"""The signal is so much longer: the page opens while it plays already."""
SENT_MS = 60_000
FLAGS = (
    *QUIET,
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
)


@dataclass(frozen=True)
class Measured:
    """One recording: its seams, and the conditions of the measurement.

    `missing_ms`: gaps of the timeline. `load`: the machine's mean load in the last minute.
    """

    browser: str
    minutes: float
    chunks: int
    kilobytes_a_minute: float
    missing_ms: int
    seams: Seams
    load: float

    def document(self) -> dict[str, object]:
        """For `--json`."""
        return {**asdict(self), "all_ms": self.seams.all_ms}


@dataclass
class Sent:
    """The chunks that a page sent, as its requests name them."""

    session_id: str = ""
    chunks: list[ChunkRef] = field(default_factory=list)
    size: int = 0


def measure(minutes: float) -> Measured:
    """Blocks for `minutes` and about one more. Starts a stack of its own, without the models."""
    with scratch_stack("recorder") as stack:
        stack.keep_only(WRITE_SIDE)
        return record(stack.settings, minutes)


def record(settings: Settings, minutes: float) -> Measured:
    """Record through a stack that is up. Blocking."""
    seconds = round(60 * minutes)
    source = signal(seconds + LEAD_S)
    with tempfile.TemporaryDirectory(prefix="lahstats-signal-") as folder:
        file = Path(folder) / "signal.wav"
        write_wav(file, source)
        with microphone(file) as page:
            sent = _recorded(page, settings.url("front"), seconds)
            browser = page.context.browser
            version = browser.version if browser else ""
    heard, missing = heard_of(settings, sent)
    return Measured(
        browser=f"Chromium {version}",
        minutes=minutes,
        chunks=len(sent.chunks),
        kilobytes_a_minute=round(sent.size / 1000 / minutes, 1),
        missing_ms=sum(end - start for start, end in missing),
        seams=seams(source, heard),
        load=round(os.getloadavg()[0], 1),
    )


def write_wav(file: Path, samples: Samples) -> None:
    """Write samples between -1 and 1 as the browser's microphone reads them."""
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(SAMPLE_RATE)
        out.writeframes((samples * np.iinfo(np.int16).max).astype("<i2").tobytes())


@contextmanager
def microphone(file: Path) -> Iterator[Page]:
    """Yield a page of a real Chromium whose microphone hears `file` once."""
    heard = f"--use-file-for-fake-audio-capture={file}%noloop"
    with chromium([*FLAGS, heard]) as browser:
        yield browser.new_context(permissions=["microphone"]).new_page()


def _recorded(page: Page, url: str, seconds: int) -> Sent:
    sent = Sent()
    page.on("request", lambda request: note(sent, request))
    page.goto(f"{url}/sign-in?as=recorder&after=/record")
    page.locator("form button").click()
    page.locator("form button.record").click()
    page.locator(".clock").wait_for()
    page.wait_for_timeout(seconds * 1000)
    page.locator("button.record").click()
    page.locator("#sent[data-done]").wait_for(timeout=SENT_MS)
    return sent


def note(sent: Sent, request: Request) -> None:
    """Add the chunk that a request carries; other requests change nothing."""
    _, _, path = request.url.partition("/v1/sessions/")
    session_id, _, seq = path.partition("/chunks/")
    if not seq or request.method != "PUT":
        return
    sent.session_id = session_id
    sent.size += len(request.post_data_buffer or b"")
    sent.chunks.append(_chunk(int(seq), request.headers))


def _chunk(seq: int, headers: dict[str, str]) -> ChunkRef:
    digest = base64.b64decode(headers["content-digest"].split(":")[1])
    return ChunkRef(
        seq=seq,
        sha256=digest.hex(),
        start_ms=int(headers["lah-start-ms"]),
        duration_ms=int(headers["lah-duration-ms"]),
    )


def heard_of(settings: Settings, sent: Sent) -> tuple[Samples, Ranges]:
    """All windows one after the other, and the spans in ms in which there is no audio."""
    decoder = Decoder()
    audio = WindowAudio(S3BlobStore(settings), decoder)
    end_ms = max(chunk.start_ms + chunk.duration_ms for chunk in sent.chunks)
    parts: list[Samples] = []
    gaps: list[tuple[int, int]] = []
    for from_ms in range(0, end_ms, settings.window_ms):
        to_ms = min(end_ms, from_ms + settings.window_ms)
        samples, missing = audio.load(
            SessionId(sent.session_id), _within(sent.chunks, from_ms, to_ms), from_ms, to_ms
        )
        parts.append(samples)
        gaps.extend(missing)
    decoder.close()
    return np.concatenate(parts), union(gaps)


def _within(chunks: Sequence[ChunkRef], from_ms: int, to_ms: int) -> list[ChunkRef]:
    return [
        one for one in chunks if one.start_ms < to_ms and one.start_ms + one.duration_ms > from_ms
    ]


def markdown(found: Measured) -> list[str]:
    """Return the lines of a table."""
    rows = (
        ("lost", f"{found.seams.lost_ms:.1f}"),
        ("doubled", f"{found.seams.doubled_ms:.1f}"),
        ("unheard", f"{found.seams.unheard_ms:.1f}"),
        ("gaps", f"{found.missing_ms}"),
        ("in all seams together", f"{found.seams.all_ms:.1f}"),
    )
    head = (
        f"{found.browser}, {found.minutes:g} minutes in {found.chunks} chunks, "
        f"{found.kilobytes_a_minute:.0f} kB a minute, load {found.load:g}"
    )
    return [head, "", *table(("of the signal", "ms"), rows)]
