"""A file that is mended is little larger than it was: it is mended in memory."""

import struct
from zlib import crc32

from adapters.audio import adts, fragments, tta
from adapters.audio.fragment import MOST_LOST
from tests.odd_audio import fragmented
from tests.odd_recordings import S48


def adts_frame(size: int) -> bytes:
    """A head of AAC, and nothing that can be heard."""
    size_in_head = (0x80001FFC | size << 13).to_bytes(4, "big")
    return b"\xff\xf1\x50" + size_in_head + bytes(size - adts.HEAD)


def test_frames_that_stand_for_others_are_bounded() -> None:
    """Before, 7 MB became 332 MB: short frames, and one as long as can be behind each junk."""
    short = b"".join(adts_frame(size) for size in (20, 28, 36, 20, 28))
    junk = b"\x01" * 5_600
    body = short * 4_000 + (junk + adts_frame(8_000) + short) * 30
    assert len(adts.mended(body)) <= 2 * len(body)


def test_a_head_that_names_long_frames_of_true_audio_makes_no_long_file() -> None:
    """Before, 1 kB became 50 MB: the last frame was put to where the head says."""
    last = bytes(20)
    last += tta.SIZE.pack(crc32(last))
    head = tta.HEAD.pack(b"TTA1", 1, 1, 16, 48_000, 100_000, 0)
    sizes = struct.pack("<III", 50_000_000, len(last), 0)  # the checksum is not looked at
    body = head + sizes + bytes(1_000) + last
    assert len(tta.mended(body)) <= 2 * len(body)


def test_fragments_that_lost_their_data_make_no_long_file() -> None:
    """Before, 100 kB became 270 MB: each fragment was given zeros of a megabyte."""
    whole = fragmented(S48[None, :96_000])
    begun = whole[: whole.index(b"mdat") - 4]
    head = begun[: begun.index(b"moof") - 4]
    lost = begun[len(head) :] + (900_000).to_bytes(4, "big") + b"mdat" + bytes(100)
    time_at = lost.index(b"tfdt") + 8
    later = [
        lost[:time_at] + n.to_bytes(8, "big") + lost[time_at + 8 :] for n in range(0, 10**6, 50_000)
    ]
    body = head + b"".join(later)
    assert len(fragments.mended(body)) <= 2 * len(body) + MOST_LOST
