"""Files whose heads are odd: sizes that are not true, lists, titles and cuts."""

import struct
from collections.abc import Callable
from functools import partial

from tests.odd_audio import SECONDS, Samples, encoded, id3, pcm, rf64, tagged, wav
from tests.odd_recordings import A16, B16, M4A, MP3, S16, S44, S48

LIST = b"LIST\4\0\0\0INFO"


def w64(size: int) -> bytes:
    body = encoded("w64", "pcm_s16le", S48[None], 48_000)
    at = body.index(b"data\xf3\xac") + 16
    return body[:at] + size.to_bytes(8, "little") + body[at + 8 :]


def au(size: int) -> bytes:
    body = encoded("au", "pcm_s16be", S48[None], 48_000)
    return body[:8] + size.to_bytes(4, "big") + body[12:]


def with_size(form: str, codec: str, at: int, size: bytes) -> bytes:
    """A file whose head names this size for all of it."""
    body = encoded(form, codec, S48[None], 48_000)
    return body[:at] + size + body[at + len(size) :]


def alac(size: int) -> bytes:
    """A CAF with packets of different sizes, and a table of them behind."""
    return resized(encoded("caf", "alac", S48[None], 48_000), b"data", 8, size)


def with_mdat(head: bytes) -> bytes:
    """An MP4 whose index is behind its sound; the sound has this head, and stays where it is."""
    at = M4A.index(b"mdat") + 4
    return M4A[: at - len(head)] + head + M4A[at:]


HEADS: dict[str, Callable[[], bytes]] = {
    "an ID3 title that is not UTF-8": lambda: tagged(MP3, b"Caf\xe9 \xff\xc9"),
    "a WAV title that is not UTF-8": lambda: wav(
        S16, head=b"LIST\x12\0\0\0INFOINAM\x06\0\0\0Caf\xe9 \0"
    ),
    "RF64": lambda: rf64(S16),
    "RF64, twice": lambda: rf64(A16) + rf64(B16),
    "RF64 behind a WAV": lambda: wav(A16) + rf64(B16),
    "RF64 with a list in front of its sizes": lambda: rf64(S16).replace(b"ds64", LIST + b"ds64", 1),
    "RF64 without its sizes": lambda: rf64(S16).replace(b"ds64", b"JUNK", 1),
    "RF64 with a size that is too small": lambda: rf64(S16, said=1000),
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
    "WAV with an odd list in front of its form, and no padding": lambda: behind_odd(
        wav(S16), b"bext" + struct.pack("<I", 603) + bytes(603)
    ),
    "WAV with two odd chunks in front of its form, and no padding": lambda: behind_odd(
        wav(S16), 2 * (b"LIST" + struct.pack("<I", 15) + b"INFOINAM\3\0\0\0abc")
    ),
    "AIFF with an odd name in front of its form, and no padding": lambda: behind_odd(
        encoded("aiff", "pcm_s16be", S48[None], 48_000), b"NAME\0\0\0\5Lunch"
    ),
    **{
        f"AIFF whose form has a size of {size.hex()}": partial(
            with_size, "aiff", "pcm_s16be", 4, size
        )
        for size in (b"\0\0\0\0", b"\0\0\0\4", b"\xff\xff\xff\xff")
    },
    "AIFF behind whose form another one ends": lambda: (
        encoded("aiff", "pcm_s16be", S48[None], 48_000) + b"COMM\0\0\0\2\0\1"
    ),
    "W64 that has a size of 0": lambda: with_size("w64", "pcm_s16le", 16, bytes(8)),
    **{
        f"CAF of ALAC whose size is {size}": partial(alac, size)
        for size in (0, 1_000, 1 << 62, (1 << 64) - 1)
    },
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
    "FLV with an ID3 tag behind it": lambda: (
        encoded("flv", "aac", S44[None], 44_100) + id3(b"Friday")
    ),
    "MP4 with an edit of unknown length": lambda: trimmed(0, 0),
    **{
        f"MP4 whose sound has a size of {size}": partial(
            with_mdat, struct.pack(">I4s", size, b"mdat")
        )
        for size in (0, 8, 256, 0x7F000000)
    },
    **{
        f"MP4 whose sound has a size of {size}, in 64 bits": partial(
            with_mdat, struct.pack(">I4sQ", 1, b"mdat", size)
        )
        for size in (0, 1 << 60)
    },
    "CAF whose size is unknown": lambda: resized(
        encoded("caf", "pcm_s16le", S48[None], 48_000), b"data", 8, (1 << 64) - 1
    ),
    **{f"W64 whose size is {size}": partial(w64, size) for size in (0, 1000, 3 << 40, 1 << 63)},
    **{f"AU whose size is {size}": partial(au, size) for size in (0, 1000, 3 << 30)},
}


def behind_odd(body: bytes, chunk: bytes) -> bytes:
    """A WAV or AIFF with this in front of its first chunk."""
    return body[:12] + chunk + body[12:]


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


def trimmed(trimmed_s: int, length_s: int | None = None) -> bytes:
    """An MP4 whose edit list leaves out its beginning, as editors on phones cut a recording."""
    if length_s is None:
        length_s = SECONDS - trimmed_s
    at = M4A.index(b"elst") + 12
    begins = trimmed_s * 48_000 + 1_024
    edit = struct.pack(">Ii", length_s * 1000, begins)
    return M4A[:at] + edit + M4A[at + len(edit) :]
