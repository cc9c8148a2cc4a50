"""The recorder's files without a microphone: a stream that is cut decodes as the whole stream."""

import base64
import io
import random

import av
import numpy as np
import pytest
from playwright.sync_api import Page

from adapters.audio.decoding import decode
from consumers.audio.decoder import Samples
from consumers.audio.placement import Placed, lay
from deploy.benchmark.seams import signal
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS

SECONDS = 12
OPUS_RATE = 48_000
MOST_DIFFERENT = 0.08
"""Of full scale. A decoder that begins 80 ms earlier has converged nearly, a seam has not."""
CUT = """async ({parts, lengthMs}) => {
  const { WebmReader } = await import("/record/webm.js");
  const { Cutter } = await import("/record/cutting.js");
  const { readHead } = await import("/record/opus.js");
  const reader = new WebmReader();
  let cutter = null;
  const cuts = [];
  for (const part of parts) {
    for (const { data } of reader.push(Uint8Array.from(atob(part), (c) => c.charCodeAt(0)))) {
      const { channels, preSkip } = readHead(reader.head);
      cutter ??= new Cutter(lengthMs, channels, preSkip);
      const cut = cutter.push(data);
      if (cut) cuts.push(cut);
    }
  }
  const rest = cutter.rest();
  return [...cuts, ...(rest ? [rest] : [])].map(
    ({ startMs, durationMs, content }) =>
      [startMs, durationMs, btoa(String.fromCharCode(...content))]);
}"""


def webm(samples: Samples, frame_ms: int) -> bytes:
    """Opus in WebM, in packets of `frame_ms`."""
    out = io.BytesIO()
    options = {"frame_duration": str(frame_ms), "b": "32000"}
    with av.open(out, "w", format="webm") as container:
        stream = container.add_stream("libopus", rate=OPUS_RATE, layout="mono", options=options)
        frame = av.AudioFrame.from_ndarray(samples[None], format="flt", layout="mono")
        frame.sample_rate = OPUS_RATE // 3
        resampler = av.AudioResampler("flt", "mono", OPUS_RATE, frame_ms * OPUS_RATE // 1000)
        for piece in (*resampler.resample(frame), *resampler.resample(None)):
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return out.getvalue()


def pieces(whole: bytes, seed: int) -> list[str]:
    """The bytes as a recorder tells them: cut anywhere."""
    borders = sorted(random.Random(seed).sample(range(1, len(whole)), 40))
    spans = zip([0, *borders], [*borders, len(whole)], strict=True)
    return [base64.b64encode(whole[start:end]).decode() for start, end in spans]


@pytest.mark.parametrize("frame_ms", [10, 20, 60])
@pytest.mark.parametrize("length_ms", [500, 3000])
def test_files_of_a_stream_decode_as_the_whole_stream(
    files: Page, frame_ms: int, length_ms: int
) -> None:
    whole = webm(signal(SECONDS), frame_ms)
    given = {"parts": pieces(whole, seed=frame_ms), "lengthMs": length_ms}
    cuts = files.evaluate(CUT, given)
    placed = [
        Placed(seq, start_ms, duration_ms, decode(base64.b64decode(content)).samples())
        for seq, (start_ms, duration_ms, content) in enumerate(cuts)
    ]
    assert len(placed) > SECONDS * 1000 // (length_ms + frame_ms + 20) - 1
    for one in placed:
        assert one.samples is not None
        assert len(one.samples) == one.duration_ms * SAMPLES_PER_MS
    end_ms = placed[-1].start_ms + placed[-1].duration_ms
    heard, missing = lay(placed, 0, end_ms)
    assert missing == ()
    assert end_ms >= SECONDS * 1000
    # The last file has the encoder's padding too, which a whole WebM says how to drop.
    differences = heard[: SECONDS * SAMPLE_RATE] - decode(whole).samples()
    assert np.abs(differences).max() < MOST_DIFFERENT


def test_bytes_that_are_no_webm_are_refused(files: Page) -> None:
    zeros = base64.b64encode(bytes(40)).decode()
    with pytest.raises(Exception, match="this is no WebM"):
        files.evaluate(CUT, {"parts": [zeros], "lengthMs": 500})


STATE = "async () => (await store.talk(recording.id)).state"


SLEPT_TWICE = """() => {
  const { running } = recording;
  const again = () => recording.again("asleep", running);
  return Promise.all([again(), again()]);
}"""
RESUMED_TWICE = "() => Promise.all([recording.resume(), recording.resume()])"
STOPPED_MEANWHILE = """async () => {
  const resumed = recording.resume();
  await recording.stop();
  await resumed;
}"""


@pytest.mark.parametrize("twice", [SLEPT_TWICE, RESUMED_TWICE, STOPPED_MEANWHILE])
def test_one_microphone_is_open_at_a_time(recording: Page, twice: str) -> None:
    recording.evaluate(twice)
    is_over = recording.evaluate("recording.isEnded")
    assert recording.evaluate("live()") == (0 if is_over else 1)


def test_a_recording_can_be_paused_while_its_microphone_is_away(recording: Page) -> None:
    recording.evaluate("() => recording.turn(() => recording.hold('taken'))")
    assert recording.evaluate(STATE) == "recording"
    recording.evaluate("() => recording.pause()")
    assert recording.evaluate(STATE) == "paused"
    recording.evaluate("async () => recording.back(await navigator.mediaDevices.getUserMedia())")
    assert recording.evaluate("live()") == 0
    recording.evaluate("() => recording.resume()")
    assert (recording.evaluate(STATE), recording.evaluate("live()")) == ("recording", 1)


HOURS_13 = 13 * 3_600_000
LOOKED_AT = """async ([clock, ms]) => {
  const owner = clock === "wall" ? Date : performance;
  const { now } = owner;
  owner.now = () => now.call(owner) + ms;
  await recording.look();
  return [(await store.talk(recording.id)).state, Math.round(recording.position() / 3_600_000)];
}"""


@pytest.mark.parametrize(
    ("clock", "state", "hours"), [("wall", "recording", 0), ("steady", "stopped", 13)]
)
def test_a_clock_that_is_set_neither_stops_nor_prolongs_a_recording(
    recording: Page, clock: str, state: str, hours: int
) -> None:
    """Before, the clock on the wall said whether a recording was too long to go on."""
    assert recording.evaluate(LOOKED_AT, [clock, HOURS_13]) == [state, hours]


RESUMED_AT = """async (ms) => {
  const { now } = Date;
  Date.now = () => now() + ms;
  await recording.pause();
  await recording.resume();
  const { gaps } = await store.talk(recording.id);
  return gaps.map(({ startMs, endMs }) => Math.round((endMs - startMs) / 60_000));
}"""


def test_a_clock_that_is_set_while_a_microphone_is_heard_makes_no_gap(recording: Page) -> None:
    assert recording.evaluate(RESUMED_AT, HOURS_13) == [0]
