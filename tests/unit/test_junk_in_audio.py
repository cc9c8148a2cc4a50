"""Junk behind and between frames is no sound, and costs no time."""

from itertools import pairwise
from time import process_time

import numpy as np
import pytest

from adapters.audio import adts, framed, framed_kinds, mixtures, transport
from adapters.audio import mp3 as framed_mp3
from adapters.audio.decoding import decode, measure
from adapters.audio.tags import behind_tags
from schemas.audio import SAMPLE_RATE
from tests.made_once import MadeOnce
from tests.odd_audio import LEVEL, SECONDS, aac, beeps, encoded, heard_at, id3, mp3, tagged, wav
from tests.odd_recordings import MP3, S16, S44, S48, SPEECH_MS


def test_junk_that_is_full_of_signs_is_looked_at_a_few_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before, sixteen megabytes of it took twenty seconds."""
    looked: list[int] = []

    def begins(_: bytes, at: int) -> bool:
        looked.append(at)
        return False

    kind = mixtures.Kind("adts", adts.SIGNS[0], 0, begins)
    monkeypatch.setattr(mixtures, "BY_SIGN", {kind.sign: [kind]})
    body = kind.sign * (mixtures.MOST_LOOKS + 100)
    assert mixtures.parts_by_kind(body) == [body]
    assert len(looked) == mixtures.MOST_LOOKS


RANDOM = np.random.default_rng(8)
JUNK = {
    "noise": RANDOM.bytes(100_000),
    "zeros": bytes(100_000),
    "ones": b"\xff" * 100_000,
    "a page": b"<html><body>504 Gateway Time-out: the server took too long.</body>" * 1_000,
}
MULAW = np.ascontiguousarray(S16[::2])[None]
SOUND = {
    "WAV": wav(S16),
    "WAV of 24 bit": encoded("wav", "pcm_s24le", S48[None], 48_000),
    "WAV of u-law": encoded("wav", "pcm_mulaw", MULAW, 8_000),
    "WAV with a list": wav(S16, tail=b"LIST\4\0\0\0INFO"),
    "AIFF": encoded("aiff", "pcm_s16be", S48[None], 48_000),
    "CAF": encoded("caf", "pcm_s16le", S48[None], 48_000),
    "CAF of ALAC": encoded("caf", "alac", S48[None], 48_000),
    "AU": encoded("au", "pcm_s16be", S48[None], 48_000),
    "W64": encoded("w64", "pcm_s16le", S48[None], 48_000),
}


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("kind", SOUND)
def test_junk_behind_samples_is_not_heard(kind: str, junk: str) -> None:
    """Before, it was seconds of noise, or a CAF was refused."""
    body = SOUND[kind] + JUNK[junk]
    decoded = decode(body)
    assert len(heard_at(decoded.samples())) == SECONDS
    assert decoded.missing == ()
    assert measure(body).end_ms == pytest.approx(SECONDS * 1000, abs=SPEECH_MS)


@pytest.mark.parametrize("level", [0.02, 0.3, 1.0, 3.0])
def test_sound_behind_a_size_that_is_too_small_is_no_junk(level: float) -> None:
    """A recorder that died wrote the size of an earlier moment; faint, loud and clipped sound."""
    recorded = np.clip(level / 0.3 * (S16 + RANDOM.normal(0, 0.3, len(S16))), -1, 1)
    body = wav(recorded.astype(np.float32), said=len(S16))
    assert measure(body).end_ms == SECONDS * 1000


def test_silence_behind_a_size_that_is_too_small_hides_no_sound() -> None:
    """Before, a muted microphone took the sound behind its zeros along."""
    muted = np.zeros(40 * SAMPLE_RATE, np.float32)
    body = wav(np.concatenate([S16, muted, S16]), said=2 * len(S16))
    assert len(heard_at(decode(body).samples())) == 2 * SECONDS
    assert measure(body).end_ms == (2 * SECONDS + 40) * 1000


@pytest.mark.parametrize("size", [700, 50_000, 200_000])
@pytest.mark.parametrize("codec", ["flac", "libopus"])
def test_pages_of_ogg_go_on_behind_junk(codec: str, size: int) -> None:
    """Before, FLAC in Ogg ended at an error of reading."""
    whole = encoded("ogg", codec, S48[None], 48_000)
    at = len(whole) // 2
    heard = heard_at(decode(whole[:at] + RANDOM.bytes(size) + whole[at:]).samples())
    assert len(heard) >= SECONDS - 1, heard
    assert heard[-1] == pytest.approx(SECONDS - 1, abs=SPEECH_MS / 1000)


DOLBY = framed_kinds.DOLBY_KIND
FRAMES = MadeOnce(
    {
        "AAC": lambda: (aac(S48[None], "adts"), adts.KIND),
        "MP3": lambda: (tagged(MP3, b"Friday"), framed_mp3.KIND),
        "MP3 of 16 kHz": lambda: (mp3(S16, SAMPLE_RATE), framed_mp3.KIND),
        "MP2": lambda: (encoded("mp2", "mp2", S48[None], 48_000), framed_mp3.KIND),
        "MPEG-TS": lambda: (aac(S48[None], "mpegts"), transport.KIND),
        "LATM": lambda: (encoded("latm", "aac", S48[None], 48_000), framed_kinds.LATM_KIND),
        "AC-3": lambda: (encoded("ac3", "ac3", S48[None], 48_000), DOLBY),
        "AC-3 of 44.1 kHz": lambda: (encoded("ac3", "ac3", S44[None], 44_100), DOLBY),
        "E-AC-3": lambda: (encoded("eac3", "eac3", S48[None], 48_000), DOLBY),
        "WavPack": lambda: (encoded("wv", "wavpack", S48[None], 48_000), framed_kinds.WAVPACK_KIND),
    }
)
WMA = encoded("asf", "wmav2", S44[None], 44_100, bit_rate=64_000)


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("behind", [False, True])
@pytest.mark.parametrize("kind", FRAMES)
def test_junk_among_frames_takes_none_along(kind: str, junk: str, behind: bool) -> None:
    """Before, ones took eight kilobytes of AAC, and megabytes of noise were minutes."""
    whole, frames = FRAMES[kind]
    at = len(whole)
    if not behind:
        places = range(at * 55 // 100, at)
        at = next(place for place in places if framed.is_row(whole, place, frames))
    body = whole[:at] + JUNK[junk] * 20 + whole[at:]
    assert len(heard_at(decode(body).samples())) == SECONDS
    assert measure(body).end_ms == pytest.approx(SECONDS * 1000, abs=SPEECH_MS)


@pytest.mark.parametrize("junk", JUNK)
@pytest.mark.parametrize("part", [0.2, 0.9])
def test_junk_among_packets_of_wma_takes_none_along(part: float, junk: str) -> None:
    """Before, all behind it was lost."""
    at = int(len(WMA) * part)
    body = WMA[:at] + JUNK[junk] * 20 + WMA[at:]
    assert len(heard_at(decode(body).samples())) >= SECONDS - 1
    assert measure(body).end_ms == pytest.approx(measure(WMA).end_ms, abs=SPEECH_MS)


ASF_PACKET = 3_200  # bytes, as FFmpeg writes them
INDEX = bytes.fromhex("90080033b1e5cf1189f400a0c90349cb") + bytes(100)


@pytest.mark.parametrize("back", [3, 4, 5])
def test_bytes_that_are_lost_near_the_end_of_wma_cost_no_packets_behind(back: int) -> None:
    """An index may stand behind them. Before, up to four whole packets were lost."""
    whole = encoded("asf", "libmp3lame", S44[None], 44_100)
    at = len(whole) - back * ASF_PACKET + ASF_PACKET // 2
    body = whole[:at] + whole[at + 700 :] + INDEX
    assert measure(body).end_ms == pytest.approx(measure(whole).end_ms, abs=SPEECH_MS)


def test_junk_among_blocks_of_voc_takes_none_along() -> None:
    """Before, all behind it was lost."""
    whole = encoded("voc", "pcm_u8", S16[None], SAMPLE_RATE)
    at = len(whole) * 57 // 100
    body = whole[:at] + JUNK["a page"] + whole[at:]
    heard = heard_at(decode(body).samples())
    assert heard[-1] == heard_at(decode(whole).samples())[-1]


def frame_starts(kind: str) -> list[int]:
    """Where each frame of a stream begins, up to the one before the last."""
    whole, frames = FRAMES[kind]
    at = behind_tags(whole)
    found: list[int] = []
    while at < len(whole):
        found.append(at)
        at += frames.length(whole, at)
    return found[:-1]


@pytest.mark.parametrize("kept", [1, 4, -4, -1])
@pytest.mark.parametrize("kind", [kind for kind in FRAMES if kind != "MPEG-TS"])
def test_junk_soon_behind_the_beginning_or_before_the_end_is_none(kind: str, kept: int) -> None:
    """Before, such a stream was refused, or was minutes of noise, or its last frames were lost."""
    whole, _ = FRAMES[kind]
    at = frame_starts(kind)[kept]
    body = whole[:at] + JUNK["noise"] * 5 + whole[at:]
    assert len(heard_at(decode(body).samples())) == SECONDS
    assert measure(body).end_ms == pytest.approx(measure(whole).end_ms, abs=SPEECH_MS)


OVER = {"noise": RANDOM.bytes(150_000), "zeros": bytes(150_000)}


@pytest.mark.parametrize(("lost", "junk"), [(1, "noise"), (7, "zeros"), (60, "noise")])
@pytest.mark.parametrize("kind", [kind for kind in FRAMES if kind not in ("MPEG-TS", "WavPack")])
def test_bytes_in_the_place_of_frames_cost_no_time(kind: str, lost: int, junk: str) -> None:
    """Before, all sound behind them came earlier by as much."""
    whole, _ = FRAMES[kind]
    starts = frame_starts(kind)
    first = next(number for number, at in enumerate(starts) if at > len(whole) * 53 // 100)
    at = starts[first] - 30
    end = starts[first + lost] - 20
    body = whole[:at] + OVER[junk][: end - at] + whole[end:]
    samples = decode(body).samples()
    assert np.abs(np.array(heard_at(samples)[-2:]) - [8, 9]).max() * 1000 <= 2 * SPEECH_MS
    assert np.abs(samples).max() < 2 * LEVEL
    assert measure(body).end_ms == pytest.approx(measure(whole).end_ms, abs=2 * SPEECH_MS)


@pytest.mark.parametrize("size", [60, 600, 20_000])
@pytest.mark.parametrize("kind", ["AAC", "AC-3", "E-AC-3"])
def test_tags_among_frames_take_no_time(kind: str, size: int) -> None:
    """Servers of streams write one before each piece. Before, frames were put in their place."""
    whole, _ = FRAMES[kind]
    tag = id3(bytes(8) + RANDOM.bytes(size))
    pieces = frame_starts(kind)[::60]
    borders = pairwise([*pieces, len(whole)])
    body = b"".join(tag + whole[start:end] for start, end in borders)
    assert heard_at(decode(body).samples()) == heard_at(decode(whole).samples())
    assert measure(body).end_ms == measure(whole).end_ms


@pytest.mark.parametrize("rate", [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000])
def test_frames_alone_stay_as_they_are(rate: int) -> None:
    for kilobits in (0, 24, 64, 128):
        body = encoded("mp3", "libmp3lame", beeps(rate)[None], rate, bit_rate=1_000 * kilobits)
        assert framed_mp3.mended(body) == body
    assert adts.mended(FRAMES["AAC"][0]) == FRAMES["AAC"][0]


@pytest.mark.parametrize("kind", ["LATM", "AC-3", "AC-3 of 44.1 kHz", "E-AC-3", "WavPack", "WMA"])
def test_frames_alone_lose_their_tags_at_most(kind: str) -> None:
    whole = WMA if kind == "WMA" else FRAMES[kind][0]
    mended = framed_kinds.mended(whole)
    assert whole.startswith(mended)
    assert decode(mended).pcm == decode(whole).pcm


def test_signs_of_frames_that_are_none_are_looked_at_a_few_times() -> None:
    sign = b"\xff\xf1\x4c\x80\x01\x20\xff"
    whole, _ = FRAMES["AAC"]
    assert adts.mended(whole + sign * (2 * framed.MOST_LOOKS)).startswith(whole)


def test_frames_with_junk_between_are_counted_once() -> None:
    """Before, all frames were added up at each place of junk: eleven seconds for a megabyte."""
    row = b"\xff\xf1\x4c\x80\0\xff\xfc" * framed.IN_A_ROW
    before = process_time()
    assert adts.mended((row + b"\1") * framed.MOST_LOOKS).startswith(row * 2)
    assert process_time() - before < 5


def test_noise_behind_a_transport_stream_is_looked_at_a_few_times() -> None:
    """Before, sixteen megabytes of it took FFmpeg ten seconds."""
    whole, _ = FRAMES["MPEG-TS"]
    mended = transport.mended(whole + RANDOM.bytes(16 << 20))
    assert len(mended) == pytest.approx(len(whole), abs=transport.SIZE)
    assert transport.mended(whole) == whole
