"""All that phones and browsers really send is heard in its place.

The names are kinds that people reported; each has a file.
"""

from pathlib import Path

import numpy as np
import pytest

from adapters.audio import sound
from adapters.audio.decoding import decode, measure
from adapters.audio.mixtures import parts_by_kind
from producers.phone.file_chunks import cut
from tests.odd_audio import LEVEL, SECONDS, Samples, encoded, heard_at, opus, tracks, without
from tests.odd_heads import HEADS
from tests.odd_joins import JOINED
from tests.odd_kinds import KINDS
from tests.odd_recordings import A48, ALL, S48, SPEECH_MS


def in_turns() -> tuple[Samples, Samples]:
    """Each is silent while the other one talks."""
    first = S48.copy()
    second = S48.copy()
    first[len(A48) :] = 0
    second[: len(A48)] = 0
    return first, second


HEARD = {**KINDS, **JOINED, **HEADS}


def loudness(samples: Samples) -> float:
    """The level of the beeps: they take a tenth of the time. Encoders overshoot at their edges."""
    return float(np.quantile(np.abs(samples), 0.99))


@pytest.mark.parametrize("kind", HEARD)
def test_all_of_it_is_heard_in_its_place(kind: str) -> None:
    body = HEARD[kind]()
    decoded = decode(body)
    samples, missing = decoded.placed(SECONDS * 1000)
    heard = heard_at(samples)
    assert len(heard) == SECONDS, heard
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= 2 * SPEECH_MS, heard
    assert missing == ()
    assert loudness(samples) == pytest.approx(LEVEL, rel=0.2)
    assert measure(body).duration_ms(SECONDS * 1000) == SECONDS * 1000


def test_a_sign_of_a_few_bytes_within_a_frame_begins_no_file() -> None:
    """Before, a film in AC-3 was cut at five bytes that a program stream may begin with."""
    body = encoded("matroska", "ac3", S48[None], 48_000)
    at = len(body) // 2
    body = body[:at] + bytes.fromhex("000001ba45b708fff8f4d13b") + body[at + 12 :]
    assert parts_by_kind(body) == [body]
    assert len(heard_at(decode(body).samples())) == SECONDS


def test_people_with_a_track_each_are_all_heard() -> None:
    """Before, one of them was not there."""
    samples, missing = decode(tracks("mp4", "aac", *in_turns())).placed(SECONDS * 1000)
    assert len(heard_at(samples)) == SECONDS
    assert missing == ()


@pytest.mark.parametrize(
    "kind",
    [
        "ADTS, mono then stereo",
        "MP3, 44.1 then 48 kHz",
        "chained Ogg, mono then stereo",
        "opposite phase, AAC",
        "an ID3 title that is not UTF-8",
        "WAV whose size is too small",
        "MP4 of brand kddi",
        "MP4 whose first track is empty",
        "flac behind an ID3 tag",
    ],
)
def test_the_phone_of_the_command_line_takes_the_same(kind: str, tmp_path: Path) -> None:
    """Before, `lahstats record` ended in a traceback, or sent half of it."""
    path = tmp_path / "recording"
    path.write_bytes(HEARD[kind]())
    chunks = list(cut(path, chunk_s=4))
    samples = np.concatenate([decode(chunk.content).samples() for chunk in chunks])
    assert np.abs(np.array(heard_at(samples)) - ALL).max() * 1000 <= 2 * SPEECH_MS


@pytest.mark.parametrize(("limit", "most"), [("MOST_PACKETS", 100), ("MOST_RUNS", 1)])
def test_the_phone_of_the_command_line_takes_long_recordings(
    limit: str, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, one of more than half an hour ended as a file in shreds: it has many packets."""
    body = opus(S48[None])
    for hole_s in (1.5, 3.5, 5.5):
        body = without(body, "webm", hole_s, hole_s + 0.3)
    path = tmp_path / "recording"
    path.write_bytes(body)
    with monkeypatch.context() as patched:
        patched.setattr(sound, limit, most)
        [chunk] = cut(path, SECONDS + 1)
    samples = decode(chunk.content).samples()
    assert np.abs(np.array(heard_at(samples)) - ALL).max() * 1000 <= 2 * SPEECH_MS
