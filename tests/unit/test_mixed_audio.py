"""Files of different kinds that were joined to one body, and bodies that only look like that."""

import struct
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest

from adapters.audio import joined
from adapters.audio.decoding import decode, measure
from adapters.audio.joined import MOST_SILENT
from adapters.audio.mixtures import MOST_PARTS, parts_by_kind
from adapters.audio.places import Tracks
from schemas.audio import SAMPLE_RATE
from tests.made_once import MadeOnce
from tests.odd_audio import (
    SECONDS,
    Samples,
    aac,
    beeps,
    encoded,
    fragmented,
    heard_at,
    id3,
    mp3,
    opus,
    tracks,
    wav,
)

S48 = beeps(48_000)
CUT = 48_000 * 11 // 2
A48 = S48[:CUT]
B48 = S48[CUT:]
SPEECH_MS = 100
"""A word may be so far from its place: encoders begin each file with some silence."""


def by(form: str, codec: str) -> Callable[[Samples], bytes]:
    return lambda samples: encoded(form, codec, samples[None], 48_000)


KINDS: dict[str, Callable[[Samples], bytes]] = {
    "flac": by("flac", "flac"),
    "wav": by("wav", "pcm_s16le"),
    "mp3": lambda samples: mp3(samples, 48_000),
    "ogg": lambda samples: opus(samples[None], "ogg"),
    "webm": lambda samples: opus(samples[None]),
    "mp4": lambda samples: aac(samples[None]),
    "adts": lambda samples: aac(samples[None], "adts"),
    "aiff": by("aiff", "pcm_s16be"),
    "caf": by("caf", "pcm_s16le"),
    "au": by("au", "pcm_s16be"),
    "w64": by("w64", "pcm_s16le"),
    "amr": lambda samples: encoded(
        "amr", "libopencore_amrnb", np.ascontiguousarray(samples[::6])[None], 8_000
    ),
    "mpegts": by("mpegts", "aac"),
    "flv": lambda samples: encoded(
        "flv", "aac", np.ascontiguousarray(samples[::3])[None], SAMPLE_RATE
    ),
    "tta": by("tta", "tta"),
    "voc": lambda samples: encoded(
        "voc", "pcm_u8", np.ascontiguousarray(samples[::3])[None], SAMPLE_RATE
    ),
    "wma": lambda samples: encoded("asf", "wmav2", samples[None], 48_000, bit_rate=64_000),
    "avi": by("avi", "libmp3lame"),
    "wavpack": by("wv", "wavpack"),
    "mpeg": by("mpeg", "mp2"),
    "fragmented mp4": lambda samples: fragmented(samples[None]),
}
NAMES = [*KINDS]


@cache
def half(name: str, number: int) -> bytes:
    """The first or the second half of the recording, as a file of this kind."""
    return KINDS[name]((A48, B48)[number])


@pytest.mark.parametrize("second", range(1, 4))
@pytest.mark.parametrize("first", range(len(KINDS)))
def test_both_are_heard(first: int, second: int) -> None:
    """Before, the second one was left out, or heard as noise."""
    names = NAMES[first], NAMES[(first + second) % len(NAMES)]
    if set(names) == {"mp4", "fragmented mp4"}:
        pytest.skip("of one kind")
    body = half(names[0], 0) + half(names[1], 1)
    samples, missing = decode(body).placed(SECONDS * 1000)
    heard = heard_at(samples)
    assert len(heard) == SECONDS, (names, heard)
    assert np.abs(np.array(heard) - range(SECONDS)).max() * 1000 <= SPEECH_MS, (names, heard)
    assert missing == ()
    assert measure(body).duration_ms(SECONDS * 1000) == SECONDS * 1000


def rifx(samples: Samples, kind: int, bits: int, *, extensible: bool = False) -> bytes:
    """A WAV that is big-endian throughout. Mono, 16 kHz."""
    if kind == 3:
        sound = samples.astype(f">f{bits // 8}").tobytes()
    else:
        whole = (np.clip(samples, -1, 1) * (2**31 - 1)).astype(">i4").tobytes()
        sound = np.frombuffer(whole, "u1").reshape(-1, 4)[:, : bits // 8].tobytes()
    tag = 0xFFFE if extensible else kind
    width = bits // 8
    form = struct.pack(">HHIIHH", tag, 1, SAMPLE_RATE, SAMPLE_RATE * width, width, bits)
    if extensible:
        form += struct.pack(">HHI", 22, bits, 4) + struct.pack(">I", kind) + bytes(12)
    title = b"LIST" + struct.pack(">I", 4) + b"INFO"
    rest = b"WAVEfmt " + struct.pack(">I", len(form)) + form + title
    rest += b"data" + struct.pack(">I", len(sound)) + sound
    return b"RIFX" + struct.pack(">I", len(rest)) + rest


@pytest.mark.parametrize(
    ("kind", "bits"),
    [(1, 16), (1, 24), (1, 32), (3, 32), (3, 64)],
)
@pytest.mark.parametrize("extensible", [False, True])
def test_a_big_endian_wav_is_heard(kind: int, bits: int, extensible: bool) -> None:
    """Before, it was heard as noise."""
    recorded = beeps(SAMPLE_RATE)
    body = rifx(recorded, kind, bits, extensible=extensible)
    samples, missing = decode(body).placed(SECONDS * 1000)
    assert np.abs(samples - recorded).max() < 1e-4
    assert missing == ()
    assert measure(body).end_ms == SECONDS * 1000


def test_big_endian_wavs_may_follow_each_other() -> None:
    recorded = beeps(SAMPLE_RATE)
    half = len(recorded) // 2
    body = rifx(recorded[:half], 1, 16) + rifx(recorded[half:], 1, 16)
    assert np.abs(decode(body).samples() - recorded).max() < 1e-4


def in_wav(sound: bytes, tag: int) -> bytes:
    """A WAV of compressed sound."""
    form = struct.pack("<HHIIHHH", tag, 1, 48_000, len(sound) // SECONDS, 1, 16, 0)
    rest = b"WAVEfmt " + struct.pack("<I", len(form)) + form
    rest += b"data" + struct.pack("<I", len(sound)) + sound
    return b"RIFF" + struct.pack("<I", len(rest)) + rest


def test_two_microphones_behind_another_file_are_heard_behind_it() -> None:
    """Before, the second one was heard over the file in front."""
    body = half("wav", 0) + tracks("matroska", "flac", 0 * B48, B48)
    samples, _ = decode(body).placed(SECONDS * 1000)
    heard = heard_at(samples)
    assert len(heard) == SECONDS, heard
    assert np.abs(np.array(heard) - range(SECONDS)).max() * 1000 <= SPEECH_MS, heard


@pytest.mark.parametrize("samples", [320, SAMPLE_RATE])
def test_a_joined_file_follows_in_packets_as_in_one_piece(samples: int) -> None:
    """Before, packets went into the time before the first file, and the whole went behind it."""
    placed = Tracks()
    placed.of_file(0, 0).place(1.4, SAMPLE_RATE)
    before = placed.end
    for at in range(0, SAMPLE_RATE, samples):
        placed.of_file(1, 0).place(at / SAMPLE_RATE, samples)
    assert placed.end == before + SAMPLE_RATE


PICTURE = b"\0\0\0\x18ftypheic" + bytes(200)
TAG = id3(b"Friday")
WAV = wav(beeps(SAMPLE_RATE), tail=b"id3 " + struct.pack("<I", len(TAG)) + TAG + bytes(1))
FLAC = encoded("flac", "flac", S48[None], 48_000)
LOOKS_MIXED = MadeOnce(
    {
        "an MP3 with a picture that is MP4": lambda: id3(PICTURE) + mp3(S48, 48_000),
        "a WAV with a tag of MP3": lambda: WAV,
        "MP3 in a WAV": lambda: encoded("wav", "libmp3lame", S48[None], 48_000),
        "ADTS in a WAV": lambda: in_wav(aac(S48[None], "adts"), 0x00FF),
        "ADTS in a WAV of HE-AAC": lambda: in_wav(aac(S48[None], "adts"), 0x1610),
        "FLAC behind a tag": lambda: TAG + FLAC,
        "FLAC in Ogg, twice": lambda: (
            encoded("ogg", "flac", A48[None], 48_000) + encoded("ogg", "flac", B48[None], 48_000)
        ),
        "FLAC in Matroska, twice": lambda: (
            encoded("matroska", "flac", A48[None], 48_000)
            + encoded("matroska", "flac", B48[None], 48_000)
        ),
    }
)


@pytest.mark.parametrize("kind", LOOKS_MIXED)
def test_what_only_looks_mixed_is_heard_once(kind: str) -> None:
    samples, _ = decode(LOOKS_MIXED[kind]).placed(SECONDS * 1000)
    heard = heard_at(samples)
    assert len(heard) == SECONDS, heard
    assert np.abs(np.array(heard) - range(SECONDS)).max() * 1000 <= SPEECH_MS, heard


def test_frames_in_packs_of_a_program_stream_begin_no_files() -> None:
    """A camera's. Before, each pack was a file of its own."""
    sound = aac(S48[None], "adts")
    pack = b"\0\0\x01\xba\x44" + bytes(9)
    starts = range(0, len(sound), 2_000)
    body = b"".join(pack + sound[start : start + 2_000] for start in starts)
    assert parts_by_kind(body) == [body]


NO_FILE = {
    "an empty line": b"\r\n",
    "zeros": bytes(1_000),
    "the head of a form": b'--x\r\nContent-Disposition: form-data; name="file"\r\n\r\n',
    "a tag that names too much": b"ID3\3\0\0\x7f\x7f\x7f\x7f" + bytes(50),
    "a tag that names too little": id3(b"Friday") + bytes(300),
    "a tag of APE": b"APETAGEX\xd0\7\0\0\x20\0\0\0\0\0\0\0\0\0\0\xa0" + bytes(8),
}


@pytest.mark.parametrize("front", NO_FILE)
@pytest.mark.parametrize("kind", [name for name in KINDS if name not in ("mp3", "adts")])
def test_a_file_behind_what_is_none_is_heard(kind: str, front: str) -> None:
    """Before, all of it was refused."""
    body = NO_FILE[front] + half(kind, 0)
    assert heard_at(decode(body).samples()) == heard_at(decode(half(kind, 0)).samples())
    assert measure(body).end_ms == measure(half(kind, 0)).end_ms


@pytest.mark.parametrize("kind", ["wma", "wavpack", "voc"])
def test_a_picture_in_a_tag_hides_no_file(kind: str) -> None:
    """Before, it was refused: the picture looks like a beginning, and so does its file."""
    body = id3(PICTURE + bytes(300_000)) + half(kind, 0)
    assert heard_at(decode(body).samples()) == heard_at(decode(half(kind, 0)).samples())


@pytest.mark.parametrize("size", range(4))
def test_a_body_of_a_few_bytes_has_one_part(size: int) -> None:
    assert parts_by_kind(b"x" * size) == [b"x" * size]


def test_a_beginning_without_sound_is_listened_to_a_few_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before, each false sign behind it had all of it decoded again: a child hung."""
    listened: list[int] = []

    def is_heard(body: bytes) -> bool:
        listened.append(len(body))
        return False

    monkeypatch.setattr(joined, "_is_heard", is_heard)
    parts = [b"silent"] * MOST_PARTS
    assert joined._pieces(parts) == [b"silent" * MOST_PARTS]
    assert len(listened) <= MOST_SILENT
