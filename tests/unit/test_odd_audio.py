"""All that phones and browsers really send is heard in its place, or is named as missing.

The names are kinds that people reported; each has a file.
"""

import struct
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from adapters.audio import chunked, files
from adapters.audio.decoding import decode, measure
from adapters.audio.sound import UNDECODABLE
from producers.phone.file_chunks import cut
from schemas.audio import SAMPLE_RATE, SAMPLES_PER_MS
from schemas.ranges import Ranges
from tests.odd_audio import (
    LEVEL,
    SECONDS,
    Samples,
    aac,
    beeps,
    branded,
    encoded,
    filmed,
    fragmented,
    heard_at,
    id3,
    late,
    mp3,
    opus,
    pcm,
    preskipped,
    rf64,
    tagged,
    tracks,
    wav,
    without,
)

S16 = beeps(SAMPLE_RATE)
S44 = beeps(44_100)
S48 = beeps(48_000)
S8 = beeps(8_000)
HALF = SECONDS // 2
ALL = range(SECONDS)
SPEECH_MS = 50
"""A word may be so far from its place."""


def halves(samples: Samples, rate: int) -> tuple[Samples, Samples]:
    """Cut between two beeps."""
    at = int((HALF + 0.5) * rate)
    return samples[:at], samples[at:]


def both(samples: Samples) -> Samples:
    return np.stack([samples, samples])


A44, B44 = halves(S44, 44_100)
A48, B48 = halves(S48, 48_000)
A16, B16 = halves(S16, SAMPLE_RATE)
A8, B8 = halves(S8, 8_000)
MP3 = mp3(S44, 44_100)
M4A = aac(S48[None])
AMR = encoded("amr", "libopencore_amrnb", S8[None], 8_000)
AMR_FRAME = 13
AMR_PLACE = 6 + 250 * AMR_FRAME + 1
"""Inside of a frame."""


def amr_with_silence() -> bytes:
    """No-data and comfort-noise frames for 4 s in the middle, and 4 s of sound less."""
    frames = [AMR[6:][at : at + AMR_FRAME] for at in range(0, len(AMR) - 6, AMR_FRAME)]
    silent = (b"\x44" + bytes(5) + b"\x7c" * 7) * 19
    return AMR[:6] + b"".join(frames[:175]) + silent + b"".join(frames[327:])


def with_zeros(samples: Samples, rate: int) -> Samples:
    quiet = samples.copy()
    quiet[7 * rate // 2 : 13 * rate // 2] = 0
    return quiet


def w64(size: int) -> bytes:
    body = encoded("w64", "pcm_s16le", S48[None], 48_000)
    at = body.index(b"data\xf3\xac") + 16
    return body[:at] + size.to_bytes(8, "little") + body[at + 8 :]


def au(size: int) -> bytes:
    body = encoded("au", "pcm_s16be", S48[None], 48_000)
    return body[:8] + size.to_bytes(4, "big") + body[12:]


def behind_a_tag(form: str, codec: str, rate: int) -> bytes:
    return id3(b"Friday") + encoded(form, codec, beeps(rate)[None], rate)


def channels(count: int) -> bytes:
    """Interleaved, without a word on where each speaker stands."""
    return wav(np.repeat(S16, count), channels=count)


def thirds(
    make: Callable[[Samples], bytes], middle: Callable[[Samples], bytes], rate: int = 48_000
) -> bytes:
    """Three files, joined; each is cut between two beeps."""
    first, second, third = np.split(beeps(rate), [7 * rate // 2, 13 * rate // 2])
    return make(first) + middle(second) + make(third)


def joined(form: str, codec: str, rate: int) -> bytes:
    def make(samples: Samples) -> bytes:
        return encoded(form, codec, samples[None], rate)

    return thirds(make, make, rate)


def in_turns() -> tuple[Samples, Samples]:
    """Each is silent while the other one talks."""
    first = S48.copy()
    second = S48.copy()
    first[len(A48) :] = 0
    second[: len(A48)] = 0
    return first, second


HEARD: dict[str, Callable[[], bytes]] = {
    "WebM": lambda: opus(S48[None]),
    "m4a with priming": lambda: aac(S48[None]),
    "fragmented MP4": lambda: fragmented(S48[None]),
    "ADTS, mono then stereo": lambda: aac(A48[None], "adts") + aac(both(B48), "adts"),
    "ADTS, stereo then mono": lambda: aac(both(A48), "adts") + aac(B48[None], "adts"),
    "ADTS, the rate changes": lambda: (
        encoded("adts", "aac", A44[None], 44_100) + aac(B48[None], "adts")
    ),
    "MP3, 44.1 then 48 kHz": lambda: mp3(A44, 44_100) + mp3(B48, 48_000),
    "chained Ogg, mono then stereo": lambda: opus(A48[None], "ogg") + opus(both(B48), "ogg"),
    "chained Ogg, alike": lambda: opus(A48[None], "ogg") + opus(B48[None], "ogg"),
    "chained Ogg FLAC, the rate changes": lambda: (
        encoded("ogg", "flac", A44[None], 44_100) + encoded("ogg", "flac", B48[None], 48_000)
    ),
    "two WebM files": lambda: opus(A48[None]) + opus(B48[None]),
    "two MP4 files": lambda: aac(A48[None]) + aac(B48[None]),
    "three WebM files, mono, stereo, mono": lambda: thirds(
        lambda samples: opus(samples[None]), lambda samples: opus(both(samples))
    ),
    **{
        f"three {form} files": partial(joined, form, codec, rate)
        for form, codec, rate in (
            ("matroska", "flac", 48_000),
            ("flv", "aac", 44_100),
            ("tta", "tta", 48_000),
            ("voc", "pcm_u8", 16_000),
        )
    },
    "two FLAC files, the rate changes": lambda: (
        encoded("flac", "flac", A44[None], 44_100) + encoded("flac", "flac", B48[None], 48_000)
    ),
    "two WAV files": lambda: wav(A16) + wav(B16),
    "two AMR files": lambda: (
        encoded("amr", "libopencore_amrnb", A8[None], 8_000)
        + encoded("amr", "libopencore_amrnb", B8[None], 8_000)
    ),
    "opposite phase, lossless": lambda: encoded("wav", "pcm_s16le", np.stack([S48, -S48]), 48_000),
    "opposite phase, AAC": lambda: aac(np.stack([S48, -S48])),
    "opposite phase in the second half": lambda: encoded(
        "flac", "flac", np.stack([S48, np.concatenate([A48, -B48])]), 48_000
    ),
    "one dead channel": lambda: encoded("wav", "pcm_s16le", np.stack([S48, 0 * S48]), 48_000),
    "four channels": lambda: encoded("wav", "pcm_s16le", np.stack([S48, -S48, S48, S48]), 48_000),
    "5.1": lambda: aac(np.stack([S48] * 6)),
    "late packets": lambda: late(S48[None]),
    "an ID3 title that is not UTF-8": lambda: tagged(MP3, b"Caf\xe9 \xff\xc9"),
    "a WAV title that is not UTF-8": lambda: wav(
        S16, head=b"LIST\x12\0\0\0INFOINAM\x06\0\0\0Caf\xe9 \0"
    ),
    "RF64": lambda: rf64(S16),
    "RF64 with a size that is too small": lambda: rf64(S16, said=1000),
    "W64": lambda: encoded("w64", "pcm_s16le", S48[None], 48_000),
    "AIFF": lambda: encoded("aiff", "pcm_s16be", S48[None], 48_000),
    "AU": lambda: encoded("au", "pcm_s16be", S48[None], 48_000),
    "CAF": lambda: encoded("caf", "pcm_s16le", S48[None], 48_000),
    "MPEG-TS": lambda: aac(S48[None], "mpegts"),
    "WMA": lambda: encoded("asf", "wmav2", S44[None], 44_100, bit_rate=64_000),
    "AMR": lambda: AMR,
    "3gp": lambda: encoded("3gp", "libopencore_amrnb", S8[None], 8_000),
    "WAV whose size is too small": lambda: wav(S16, said=1000),
    "WAV whose size is odd": lambda: wav(S16, said=1001),
    "WAV whose size is 0": lambda: wav(S16, said=0),
    "WAV whose size is unknown": lambda: wav(S16, said=0xFFFFFFFF),
    "WAV whose size is too large": lambda: wav(S16, said=10 * len(pcm(S16))),
    "WAV of two chunks of samples": lambda: wav(A16, tail=chunk(b"data", B16)),
    "WAV of three, with a list between": lambda: wav(
        A16,
        tail=listed(16) + chunk(b"data", B16[:16_000]) + chunk(b"data", B16[16_000:]),
    ),
    "WAV of two chunks of samples, twice": lambda: (
        wav(A16[:32_000], tail=chunk(b"data", A16[32_000:]))
        + wav(B16[:32_000], tail=chunk(b"data", B16[32_000:]))
    ),
    "WAV whose second chunk of samples has no size": lambda: wav(
        A16, tail=b"data\xff\xff\xff\xff" + pcm(B16)
    ),
    "WAV with a tag behind the sound": lambda: wav(S16, tail=b"LIST\x04\0\0\0INFO"),
    "WAV with a list that names too much": lambda: wav(S16, head=listed(5_000)),
    "WAV with a list that names far too much": lambda: wav(S16, head=listed(0xFFFFFFF0)),
    "WAV with an odd list and no padding": lambda: wav(S16, head=listed(15, b"abc")),
    "AIFF whose size is too small": lambda: resized(
        encoded("aiff", "pcm_s16be", S48[None], 48_000), b"SSND", 4
    ),
    "CAF whose size is too small": lambda: resized(
        encoded("caf", "pcm_s16le", S48[None], 48_000), b"data", 8
    ),
    "AIFF whose size is too large": lambda: resized(
        encoded("aiff", "pcm_s16be", S48[None], 48_000), b"SSND", 4, 3 << 30
    ),
    "CAF whose size is too large": lambda: resized(
        encoded("caf", "pcm_s16le", S48[None], 48_000), b"data", 8, 3 << 40
    ),
    "AIFF whose count of frames is unknown": lambda: uncounted(
        encoded("aiff", "pcm_s16be", S48[None], 48_000)
    ),
    "MP4 with an edit of unknown length": lambda: trimmed(0, 0),
    "CAF whose size is unknown": lambda: resized(
        encoded("caf", "pcm_s16le", S48[None], 48_000), b"data", 8, (1 << 64) - 1
    ),
    **{f"W64 whose size is {size}": partial(w64, size) for size in (0, 1000, 3 << 40, 1 << 63)},
    **{f"AU whose size is {size}": partial(au, size) for size in (0, 1000, 3 << 30)},
    "AC-3": lambda: encoded("ac3", "ac3", S48[None], 48_000),
    "E-AC-3": lambda: encoded("eac3", "eac3", S48[None], 48_000),
    "AVI": lambda: encoded("avi", "pcm_s16le", S48[None], 48_000),
    "FLV": lambda: encoded("flv", "aac", S44[None], 44_100),
    "MPEG program stream": lambda: encoded("mpeg", "mp2", S48[None], 48_000),
    "LATM": lambda: encoded("latm", "aac", S48[None], 48_000),
    "WavPack": lambda: encoded("wv", "wavpack", S48[None], 48_000),
    "TTA": lambda: encoded("tta", "tta", S48[None], 48_000),
    "VOC": lambda: encoded("voc", "pcm_u8", S16[None], SAMPLE_RATE),
    **{
        f"{form} behind an ID3 tag": partial(behind_a_tag, form, codec, rate)
        for form, codec, rate in (
            ("flac", "flac", 48_000),
            ("wav", "pcm_s16le", 48_000),
            ("aiff", "pcm_s16be", 48_000),
            ("caf", "pcm_s16le", 48_000),
            ("adts", "aac", 48_000),
            ("mp4", "aac", 48_000),
            ("ogg", "libopus", 48_000),
            ("webm", "libopus", 48_000),
            ("amr", "libopencore_amrnb", 8_000),
        )
    },
    **{f"WAV of {count} channels": partial(channels, count) for count in (3, 7, 8, 12, 16)},
    "MP4 whose first track is empty": lambda: tracks("mp4", "aac", S48[:0], S48),
    "MP4 whose first track is silent": lambda: tracks("mp4", "aac", 0 * S48, S48),
    "MP4 whose first track nobody can decode": lambda: tracks("mp4", "aac", S48, S48).replace(
        b"mp4a", b"apac", 1
    ),
    "Matroska of six tracks, of which one has sound": lambda: tracks(
        "matroska", "libopus", *[0 * S48] * 5, S48
    ),
    "MP4 of eight tracks": lambda: tracks("mp4", "aac", *[S48] * 8),
    "Matroska whose first track is empty": lambda: tracks("matroska", "libopus", S48[:0], S48),
    **{
        f"{form} with pictures first": partial(filmed, form, video, audio)
        for form, video, audio in (
            ("mp4", "mpeg4", "aac"),
            ("webm", "libvpx", "libopus"),
            ("mov", "mpeg4", "pcm_s16le"),
            ("avi", "mpeg4", "libmp3lame"),
            ("mpegts", "mpeg2video", "aac"),
            ("3gp", "mpeg4", "aac"),
        )
    },
    "WebM without a duration": lambda: encoded("webm", "libopus", S48[None], 48_000, live="1"),
    **{
        f"MP4 of brand {brand.decode()}": partial(branded, M4A, brand)
        for brand in (b"kddi", b"iso8", b"M4V ", b"3g2a", b"mmp4", b"f4a ", b"NDAS", b"zzzz")
    },
}


def uncounted(body: bytes) -> bytes:
    at = body.index(b"COMM") + 10
    return body[:at] + b"\xff" * 4 + body[at + 4 :]


def chunk(name: bytes, samples: Samples) -> bytes:
    sound = pcm(samples)
    return name + struct.pack("<I", len(sound)) + sound


def listed(size: int, title: bytes = b"abcd") -> bytes:
    """A chunk of a WAV with a title; `size` is what it says of itself."""
    text = b"INFOINAM" + struct.pack("<I", len(title)) + title
    return b"LIST" + struct.pack("<I", size) + text


def resized(body: bytes, name: bytes, width: int, size: int = 1000) -> bytes:
    at = body.index(name) + 4
    return body[:at] + size.to_bytes(width, "big") + body[at + width :]


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


GAPS: dict[str, tuple[Callable[[], bytes], int, Ranges]] = {
    "a WebM recorder that was suspended": (
        lambda: without(opus(S48[None]), "webm", 3.5, 6.5),
        SECONDS,
        ((3500, 6500),),
    ),
    "a Matroska recorder that was suspended": (
        lambda: without(aac(S48[None], "matroska"), "matroska", 3.5, 6.5),
        SECONDS,
        ((3500, 6500),),
    ),
    "an MP4 recorder that was suspended": (
        lambda: without(aac(S48[None]), "mp4", 3.5, 6.5),
        SECONDS,
        ((3500, 6500),),
    ),
    "a WebM that begins later": (lambda: opus(S48[None], start_s=5), SECONDS + 5, ((0, 5000),)),
    "an MP4 that begins later": (lambda: aac(S48[None], start_s=5), SECONDS + 5, ((0, 5000),)),
    "frames of silence in AMR": (amr_with_silence, SECONDS, ((3500, 6500),)),
    "zeros of a phone call": (lambda: wav(with_zeros(S16, SAMPLE_RATE)), SECONDS, ((3500, 6500),)),
    "zeros in AAC": (lambda: aac(with_zeros(S48, 48_000)[None]), SECONDS, ((3500, 6500),)),
    "zeros in Opus": (lambda: opus(with_zeros(S48, 48_000)[None]), SECONDS, ((3500, 6500),)),
    "zeros in MP3": (lambda: mp3(with_zeros(S44, 44_100), 44_100), SECONDS, ((3500, 6500),)),
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


@pytest.mark.parametrize("rate", [SAMPLE_RATE, 48_000])
@pytest.mark.parametrize("sample", [np.nan, np.inf, -np.inf, 1e30, -3e38])
def test_a_sample_that_nobody_recorded_costs_its_place(sample: float, rate: int) -> None:
    """Files of floats may hold anything. Before, the models were given it."""
    recorded = beeps(rate)
    recorded[rate // 2] = sample
    body = encoded("wav", "pcm_f32le", recorded[None], rate)
    samples = decode(body).samples().copy()
    assert np.isfinite(samples).all()
    near = slice(SAMPLE_RATE // 2 - 50, SAMPLE_RATE // 2 + 50)
    samples[near] = 0
    heard = heard_at(samples)
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= SPEECH_MS, heard


def broken(body: bytes, at: float, size: int, filler: bytes = b"\0") -> bytes:
    place = int(len(body) * at)
    return body[:place] + (filler * size)[:size] + body[place + size :]


JUNK = np.random.default_rng(3).bytes(300)
CUT_OFF: dict[str, bytes] = {
    "AIFF": encoded("aiff", "pcm_s16be", S48[None], 48_000),
    "CAF": encoded("caf", "pcm_s16le", S48[None], 48_000),
    "WAV": wav(S16),
    "WAV of 24 bit": encoded("wav", "pcm_s24le", S48[None], 48_000),
    "W64": w64(len(pcm(S48))),
    "AU": au(len(pcm(S48))),
}


@pytest.mark.parametrize("lost", range(1, 9))
@pytest.mark.parametrize("kind", CUT_OFF)
def test_a_file_may_end_at_any_byte(kind: str, lost: int) -> None:
    """Before, an AIFF of an odd number of bytes was refused."""
    whole = CUT_OFF[kind]
    body = whole[: len(whole) * 7 // 10 - lost]
    samples, _ = decode(body).placed(SECONDS * 1000)
    heard = heard_at(samples)
    assert np.abs(np.array(heard) - range(SECONDS * 7 // 10)).max() * 1000 <= SPEECH_MS, heard
    assert measure(body).end_ms == pytest.approx(SECONDS * 700, abs=SPEECH_MS)


def trimmed(trimmed_s: int, length_s: int | None = None) -> bytes:
    """An MP4 whose edit list leaves out its beginning, as editors on phones cut a recording."""
    if length_s is None:
        length_s = SECONDS - trimmed_s
    at = M4A.index(b"elst") + 12
    begins = trimmed_s * 48_000 + 1_024
    edit = struct.pack(">Ii", length_s * 1000, begins)
    return M4A[:at] + edit + M4A[at + len(edit) :]


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


DAMAGED: dict[str, Callable[[], bytes]] = {
    "MP3, zeros": lambda: broken(MP3, 0.5, 300),
    "MP3, rubbish": lambda: broken(MP3, 0.5, 300, JUNK),
    "MP3, rubbish between two files": lambda: mp3(A44, 44_100)[:-77] + JUNK + mp3(B44, 44_100),
    "ADTS": lambda: broken(aac(S48[None], "adts"), 0.5, 200, JUNK),
    "MP4": lambda: broken(aac(S48[None]), 0.5, 200, JUNK),
    "WebM": lambda: broken(opus(S48[None]), 0.5, 40, JUNK),
    "Ogg": lambda: broken(opus(S48[None], "ogg"), 0.5, 200, JUNK),
    "FLAC": lambda: broken(encoded("flac", "flac", S48[None], 48_000), 0.5, 200, JUNK),
    "AMR": lambda: AMR[:AMR_PLACE] + JUNK[: AMR_FRAME - 1] + AMR[AMR_PLACE + AMR_FRAME - 1 :],
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_damage_costs_its_place_and_no_more(kind: str) -> None:
    samples, _ = decode(DAMAGED[kind]()).placed(SECONDS * 1000)
    heard = heard_at(samples)
    near = [at for at in ALL if any(abs(at - one) <= 0.15 for one in heard)]
    assert set(ALL) - set(near) <= {HALF - 1, HALF}, heard


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        b"some text, renamed",
        b"ffconcat version 1.0\nfile /etc/hostname\n",
        b"#EXTM3U\n#EXTINF:10,\nhttp://example.org/a.ts\n",
        b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(2000),
        b"\x89PNG\r\n\x1a\n" + bytes(2000),
        b"%PDF-1.7\n" + JUNK * 20,
        b"PK\3\4" + JUNK * 20,
        JUNK * 30,
        bytes(20_000),
        b"fLaC\nffconcat version 1.0\nfile /etc/hostname\n",
    ],
)
def test_what_is_no_audio_is_refused(body: bytes) -> None:
    for work in (decode, measure):
        with pytest.raises(UNDECODABLE):
            work(body)


def test_a_head_is_walked_through_once_however_many_chunks_of_samples_follow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before, each of them had it walked through again: a megabyte took 12 s."""
    walked: list[int] = []
    end_of_chunk = chunked._end_of_chunk

    def counted(body: bytes, place: int, kind: chunked.Chunked) -> int:
        walked.append(place)
        return end_of_chunk(body, place, kind)

    monkeypatch.setattr(chunked, "_end_of_chunk", counted)
    head = b"junk\0\0\0\0" * 2_000
    body = wav(A16, head=head, tail=chunk(b"data", B16[:1]) * 50)
    assert len(files.whole_files(body)) > 50
    assert len(walked) < 2 * 2_000
