"""Gaps in odd files are named, and sound that is not to be heard has no length."""

import re
import struct
from collections.abc import Callable

import numpy as np
import pytest

from adapters.audio import ogg_pages
from adapters.audio.decoding import decode, measure
from adapters.audio.places import Places
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS
from schemas.ranges import Ranges
from tests.odd_audio import (
    SECONDS,
    Samples,
    aac,
    beeps,
    encoded,
    heard_at,
    mp3,
    opus,
    preskipped,
    wav,
    without,
)
from tests.odd_heads import trimmed
from tests.odd_recordings import ALL, AMR, AMR_FRAME, HALF, S8, S16, S44, S48, SPEECH_MS
from tests.odd_stamps import restamped


def amr_with_silence() -> bytes:
    """No-data and comfort-noise frames for 4 s in the middle, and 4 s of sound less."""
    frames = [AMR[6:][at : at + AMR_FRAME] for at in range(0, len(AMR) - 6, AMR_FRAME)]
    silent = (b"\x44" + bytes(5) + b"\x7c" * 7) * 19
    return AMR[:6] + b"".join(frames[:175]) + silent + b"".join(frames[327:])


def with_zeros(samples: Samples, rate: int) -> Samples:
    quiet = samples.copy()
    quiet[7 * rate // 2 : 13 * rate // 2] = 0
    return quiet


HOLE = ((3_500, 6_500),)
GAPS: dict[str, tuple[Callable[[], bytes], int, Ranges]] = {
    "a WebM recorder that was suspended": (
        lambda: without(opus(S48[None]), "webm", 3.5, 6.5),
        SECONDS,
        HOLE,
    ),
    "a Matroska recorder that was suspended": (
        lambda: without(aac(S48[None], "matroska"), "matroska", 3.5, 6.5),
        SECONDS,
        HOLE,
    ),
    "an MP4 recorder that was suspended": (
        lambda: without(aac(S48[None]), "mp4", 3.5, 6.5),
        SECONDS,
        HOLE,
    ),
    "a WebM that begins later": (lambda: opus(S48[None], start_s=5), SECONDS + 5, ((0, 5000),)),
    "an MP4 that begins later": (lambda: aac(S48[None], start_s=5), SECONDS + 5, ((0, 5000),)),
    "frames of silence in AMR": (amr_with_silence, SECONDS, HOLE),
    "zeros of a phone call": (lambda: wav(with_zeros(S16, SAMPLE_RATE)), SECONDS, HOLE),
    "an offset for zeros": (lambda: wav(with_zeros(S16, SAMPLE_RATE) + 0.02), SECONDS, HOLE),
    "zeros in A-law": (
        lambda: encoded("wav", "pcm_alaw", with_zeros(S16, SAMPLE_RATE)[None], SAMPLE_RATE),
        SECONDS,
        HOLE,
    ),
    "zeros in AAC": (lambda: aac(with_zeros(S48, 48_000)[None]), SECONDS, HOLE),
    "zeros in Opus": (lambda: opus(with_zeros(S48, 48_000)[None]), SECONDS, HOLE),
    "zeros in MP3": (lambda: mp3(with_zeros(S44, 44_100), 44_100), SECONDS, HOLE),
    "the rest of a pause": (lambda: without(opus(S48[None]), "webm", 3.3, 3.8), SECONDS, ()),
}


@pytest.mark.parametrize("kind", GAPS)
def test_a_gap_is_named_and_what_follows_is_in_its_place(kind: str) -> None:
    make, seconds, expected = GAPS[kind]
    body = make()
    samples, missing = decode(body).placed(seconds * 1000)
    assert np.abs(np.array(missing) - np.array(expected)).max(initial=0) <= 2 * SPEECH_MS, missing
    assert len(missing) == len(expected)
    shift = seconds - SECONDS
    wanted = [at + shift for at in ALL if not any(s <= at * 1000 < e for s, e in expected) or shift]
    heard = heard_at(samples)
    assert len(heard) == len(wanted), heard
    assert np.abs(np.array(heard) - wanted).max() * 1000 <= 2 * SPEECH_MS, heard
    assert measure(body).duration_ms(seconds * 1000) == seconds * 1000


def test_an_mp3_begins_with_its_sound() -> None:
    """Before, the silence that encoders put before it counted: 138 ms at 8 kHz."""
    body = mp3(S8, 8_000)
    assert decode(body).first_ms == measure(body).first_ms == 0
    assert len(decode(body).samples()) == len(S16)
    assert measure(body).end_ms == pytest.approx(SECONDS * 1000, abs=SPEECH_MS)


@pytest.mark.parametrize("trimmed_s", range(5))
def test_what_an_editor_cut_off_has_no_length(trimmed_s: int) -> None:
    """Before, a second of it counted: the decoder needs it, and nobody hears it."""
    body = trimmed(trimmed_s)
    left_ms = (SECONDS - trimmed_s) * 1000
    samples, missing = decode(body).placed(left_ms)
    heard = heard_at(samples)
    assert np.abs(np.array(heard) - range(SECONDS - trimmed_s)).max() * 1000 <= SPEECH_MS, heard
    assert missing == ()
    assert measure(body).end_ms == pytest.approx(left_ms, abs=SPEECH_MS)


@pytest.mark.parametrize("dropped", [0, 312, 960, 3_840, 24_000, 48_000])
@pytest.mark.parametrize("files", [1, 3])
def test_what_a_decoder_drops_at_the_beginning_has_no_length(dropped: int, files: int) -> None:
    """Before, it counted: the end of a chunk of joined files was missing audio."""
    body = preskipped(opus(S48[None], "ogg"), dropped) * files
    left_ms = (SECONDS * 1000 - (dropped - 312) / 48) * files
    assert len(decode(body).samples()) / SAMPLES_PER_MS == pytest.approx(left_ms, abs=SPEECH_MS)
    assert measure(body).end_ms == pytest.approx(left_ms, abs=SPEECH_MS)


@pytest.mark.parametrize(("tone", "level"), [(50, 3e-4), (20, 1e-3)])
def test_a_hum_alone_is_a_recording(tone: int, level: float) -> None:
    """Before, it was missing audio: its neighbours are as alike as those of one number."""
    seconds = np.arange(SECONDS * 48_000) / 48_000
    hum = (level * np.sin(2 * np.pi * tone * seconds)).astype(np.float32)
    assert decode(encoded("wav", "pcm_f32le", hum[None], 48_000)).missing == ()


@pytest.mark.parametrize("wrong", [0, 2.5, 30, 3_600])
@pytest.mark.parametrize("count", [1, 3])
def test_stamps_that_alone_are_wrong_move_nothing(wrong: float, count: int) -> None:
    """Before, all that follows was as late as a stamp said too little.

    A part of which the stamp said too much was heard behind the end.
    """
    places = Places()
    stamps = [float(number) for number in range(8)]
    stamps[3 : 3 + count] = [wrong + number for number in range(count)]
    for stamp in stamps:
        places.place(stamp, SAMPLE_RATE)
    assert places.taken == ((0, 8 * SAMPLE_RATE),)


def page_of(body: bytes, second: float, later_s: int) -> bytes:
    """An Ogg file in which one page says another time, with its checksum."""
    signs = [found.start() for found in re.finditer(b"OggS", body)]
    at = signs[round(len(signs) * second / SECONDS)]
    page, end = ogg_pages.page_at(body, at)
    head = bytearray(page.head)
    struct.pack_into("<Q", head, ogg_pages.PLACE_AT, page.time + later_s * 48_000)
    other = ogg_pages.with_checksum(page._replace(head=bytes(head)))
    return body[:at] + other.head + body[end - len(page.content) :]


@pytest.mark.parametrize("later_s", [-3, 3, 20])
def test_a_page_that_says_a_wrong_time_is_heard_in_its_place(later_s: int) -> None:
    """Before, it was heard seconds behind the end of the recording, and all between was missing."""
    short = encoded("ogg", "libopus", S48[None], 48_000, page_duration="200000")
    body = page_of(short, HALF + 0.1, later_s)
    decoded = decode(body)
    heard = heard_at(decoded.samples())
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= SPEECH_MS, heard
    assert decoded.missing == ()
    assert measure(body).end_ms == pytest.approx(SECONDS * 1000, abs=SPEECH_MS)


def test_a_clock_that_stands_still_from_a_packet_without_sound_on_is_measured() -> None:
    """Before, the file was called no audio, as its first packet gives no sound by itself."""
    wma = encoded("asf", "wmav2", S44[None], 44_100, bit_rate=64_000)
    body = restamped(wma, "asf", lambda _: 0.0)
    heard_ms = len(decode(body).samples()) / SAMPLES_PER_MS
    assert measure(body).end_ms == pytest.approx(heard_ms, abs=SPEECH_MS)


LONG = {"M4A": ("mp4", "aac"), "AAC": ("adts", "aac"), "QuickTime": ("mov", "pcm_s16le")}


@pytest.mark.parametrize("kind", LONG)
def test_lengths_of_packets_are_not_rounded_one_by_one(kind: str) -> None:
    """Before, 1,024 samples of 44.1 kHz were half a sample too long: 156 ms in two minutes."""
    body = encoded(*LONG[kind], beeps(44_100, 60)[None], 44_100)
    decoded = decode(body)
    said = measure(body).end_ms
    assert said == pytest.approx(len(decoded.samples()) / SAMPLES_PER_MS, abs=25)


@pytest.mark.parametrize("start_s", [0, 1.4, 30, 3_600, 95_439.7])
@pytest.mark.parametrize(("form", "codec"), [("mpegts", "aac"), ("mpegts", "mp2"), ("mpeg", "mp2")])
def test_the_clock_of_an_mpeg_stream_begins_anywhere(form: str, codec: str, start_s: float) -> None:
    """Before, sound was as late as its first stamp. The last one begins anew in the middle."""
    body = encoded(form, codec, S48[None], 48_000, start_s)
    decoded = decode(body)
    heard = heard_at(decoded.samples())
    assert decoded.first_ms == measure(body).first_ms == 0
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= SPEECH_MS, heard
    assert measure(body).end_ms == pytest.approx(SECONDS * 1000, abs=SPEECH_MS)


@pytest.mark.parametrize("form", ["mp4", "matroska", "mpegts", "flv"])
def test_a_clock_that_jumps_by_an_hour_begins_anew(form: str) -> None:
    """Before, an MP4 was refused as too long: its sample before the jump lasted an hour."""
    body = restamped(aac(S48[None]), form, lambda at: at + 3_600 * (at >= HALF + 0.5))
    heard = heard_at(decode(body).samples())
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= 2 * SPEECH_MS, heard
    assert measure(body).end_ms == pytest.approx(SECONDS * 1000, abs=2 * SPEECH_MS)


def test_zeros_before_sound_that_swells_are_missing() -> None:
    """Before, they were none: a slow beginning is as alike to its neighbours as they are."""
    swelling = np.linspace(0, 0.05, 4 * SAMPLE_RATE, dtype=np.float32) ** 2
    recorded = np.concatenate([np.zeros(3 * SAMPLE_RATE, np.float32), swelling])
    decoded = decode(encoded("wav", "pcm_f32le", recorded[None], SAMPLE_RATE))
    [(start, end)] = decoded.missing
    assert start == 0
    assert 3_000 <= end < 6_000
