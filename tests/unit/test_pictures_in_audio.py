"""Pictures in a recording: a cover, or those of a film. Nobody looks at them here."""

import struct
import zlib
from collections.abc import Callable

import pytest

from adapters.audio.opening import opened_each
from tests.odd_audio import beeps, encoded, filmed

SIZE = 100
FLAC_INFO_END = 42
COVER = 3
PICTURE_BLOCK = 6


def png() -> bytes:
    """A black picture."""
    size = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1 + 3 * SIZE) * SIZE)
    chunks = png_chunk(b"IHDR", size) + png_chunk(b"IDAT", rows) + png_chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def png_chunk(name: bytes, content: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + content))
    return struct.pack(">I", len(content)) + name + content + checksum


def flac_with_a_cover() -> bytes:
    flac = encoded("flac", "flac", beeps(48_000)[None], 48_000)
    kind = b"image/png"
    picture = png()
    cover = struct.pack(">II", COVER, len(kind)) + kind
    cover += struct.pack(">IIIIII", 0, SIZE, SIZE, 24, 0, len(picture)) + picture
    head = struct.pack(">I", PICTURE_BLOCK << 24 | len(cover))
    return flac[:FLAC_INFO_END] + head + cover + flac[FLAC_INFO_END:]


WITH_PICTURES: dict[str, Callable[[], bytes]] = {
    "a FLAC with a cover": flac_with_a_cover,
    "a film": lambda: filmed("mp4", "mpeg4", "aac"),
}


@pytest.mark.parametrize("kind", WITH_PICTURES)
def test_pictures_are_not_decoded(kind: str) -> None:
    """Before, a file was opened with a look at them: a large cover took 1.4 s and 420 MB."""
    known = [
        container.streams.video[0].codec_context.pix_fmt
        for container in opened_each([WITH_PICTURES[kind]()])
    ]
    assert known == [None]
