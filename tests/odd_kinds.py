"""Kinds of audio files: containers, codecs, channels, tracks and brands."""

from collections.abc import Callable
from functools import partial

import numpy as np

from schemas.audio import SAMPLE_RATE
from tests.odd_audio import (
    LEVEL,
    aac,
    beeps,
    branded,
    encoded,
    filmed,
    fragmented,
    id3,
    in_clusters,
    opus,
    tracks,
    wav,
)
from tests.odd_recordings import A48, AMR, B48, M4A, S8, S16, S44, S48

HUM = np.sin(np.arange(len(S48), dtype=np.float32) * np.float32(2 * np.pi * 50 / 48_000))
HUM *= np.float32(LEVEL)


def behind_a_tag(form: str, codec: str, rate: int) -> bytes:
    return id3(b"Friday") + encoded(form, codec, beeps(rate)[None], rate)


def channels(count: int) -> bytes:
    """Interleaved, without a word on where each speaker stands."""
    return wav(np.repeat(S16, count), channels=count)


KINDS: dict[str, Callable[[], bytes]] = {
    "WebM": lambda: opus(S48[None]),
    "m4a with priming": lambda: aac(S48[None]),
    "fragmented MP4": lambda: fragmented(S48[None]),
    "opposite phase, lossless": lambda: encoded("wav", "pcm_s16le", np.stack([S48, -S48]), 48_000),
    "opposite phase, AAC": lambda: aac(np.stack([S48, -S48])),
    "opposite phase in the second half": lambda: encoded(
        "flac", "flac", np.stack([S48, np.concatenate([A48, -B48])]), 48_000
    ),
    "opposite phase, an offset in both": lambda: encoded(
        "wav", "pcm_s16le", np.stack([S48 + 0.3, 0.3 - S48]), 48_000
    ),
    "opposite phase, hum in both": lambda: encoded(
        "wav", "pcm_s16le", np.stack([HUM + S48, HUM - S48]), 48_000
    ),
    "an offset in the other channel": lambda: encoded(
        "wav", "pcm_s16le", np.stack([S48, 0 * S48 + 0.5]), 48_000
    ),
    "one dead channel": lambda: encoded("wav", "pcm_s16le", np.stack([S48, 0 * S48]), 48_000),
    "four channels": lambda: encoded("wav", "pcm_s16le", np.stack([S48, -S48, S48, S48]), 48_000),
    "5.1": lambda: aac(np.stack([S48] * 6)),
    "late packets": lambda: in_clusters(S48[None], (0, 2, 1, 5, 4, 3, 6, 7, 8, 9)),
    "packets that come twice": lambda: in_clusters(
        S48[None], (0, 1, 2, 2, 3, 4, 3, 4, *range(5, 10))
    ),
    "W64": lambda: encoded("w64", "pcm_s16le", S48[None], 48_000),
    "AIFF": lambda: encoded("aiff", "pcm_s16be", S48[None], 48_000),
    "AU": lambda: encoded("au", "pcm_s16be", S48[None], 48_000),
    "CAF": lambda: encoded("caf", "pcm_s16le", S48[None], 48_000),
    "MPEG-TS": lambda: aac(S48[None], "mpegts"),
    "WMA": lambda: encoded("asf", "wmav2", S44[None], 44_100, bit_rate=64_000),
    "AMR": lambda: AMR,
    "3gp": lambda: encoded("3gp", "libopencore_amrnb", S8[None], 8_000),
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
