"""Files that are several files, joined: of one kind, or with another rate or other channels."""

from collections.abc import Callable
from functools import partial

import numpy as np

from tests.odd_audio import Samples, aac, beeps, encoded, mp3, opus, wav
from tests.odd_recordings import A8, A16, A44, A48, B8, B16, B44, B48, both

LIST = b"LIST\x04\0\0\0INFO"


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


JOINED: dict[str, Callable[[], bytes]] = {
    "ADTS, mono then stereo": lambda: aac(A48[None], "adts") + aac(both(B48), "adts"),
    "ADTS, stereo then mono": lambda: aac(both(A48), "adts") + aac(B48[None], "adts"),
    "ADTS, the rate changes": lambda: (
        encoded("adts", "aac", A44[None], 44_100) + aac(B48[None], "adts")
    ),
    "MPEG-TS, the rate changes": lambda: (
        encoded("mpegts", "aac", A44[None], 44_100) + aac(B48[None], "mpegts")
    ),
    "LATM, the rate rises": lambda: (
        encoded("latm", "aac", A44[None], 44_100) + aac(B48[None], "latm")
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
            ("au", "pcm_s16be", 16_000),
            ("w64", "pcm_s16le", 16_000),
            ("wv", "wavpack", 48_000),
            ("avi", "libmp3lame", 48_000),
            ("caf", "alac", 48_000),
        )
    },
    "two WMA files": lambda: b"".join(
        encoded("asf", "wmav2", half[None], 44_100, bit_rate=64_000) for half in (A44, B44)
    ),
    "two WAV files with a list behind the sound": lambda: wav(A16, tail=LIST) + wav(B16, tail=LIST),
    "two FLAC files, the rate changes": lambda: (
        encoded("flac", "flac", A44[None], 44_100) + encoded("flac", "flac", B48[None], 48_000)
    ),
    "a WAV that was cut off, and one of another rate": lambda: (
        wav(A16)[:-1001] + encoded("wav", "pcm_s16le", B44[None], 44_100)
    ),
    "an AIFF that was cut off, and one of another rate": lambda: (
        encoded("aiff", "pcm_s16be", A16[None], 16_000)[:-1001]
        + encoded("aiff", "pcm_s16be", B44[None], 44_100)
    ),
    "two WAV files": lambda: wav(A16) + wav(B16),
    "two AMR files": lambda: (
        encoded("amr", "libopencore_amrnb", A8[None], 8_000)
        + encoded("amr", "libopencore_amrnb", B8[None], 8_000)
    ),
}
