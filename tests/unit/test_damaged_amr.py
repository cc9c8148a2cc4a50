"""Bytes that are no frames of AMR are never heard, and the frames behind them keep their time."""

import struct
from collections.abc import Callable

import numpy as np
import pytest

from adapters.audio import amr
from adapters.audio.decoding import decode, measure
from tests.odd_audio import SECONDS, heard_at
from tests.odd_recordings import ALL, AMR, AMR_FRAME, HALF, SPEECH_MS

RANDOM = np.random.default_rng(11)
MIDDLE = len(amr.KINDS[0].head) + (HALF * 50 + 25) * AMR_FRAME
"""Where a frame begins, in a pause."""
JUNK: dict[str, bytes] = {
    "noise": RANDOM.bytes(30_011),
    "a little noise": RANDOM.bytes(701),
    "zeros": bytes(30_011),
    "ones": b"\xff" * 30_011,
    "a page": b"<html><body>504 Gateway Time-out: the server took too long. " * 500,
}


def is_heard(body: bytes) -> None:
    decoded = decode(body)
    heard = heard_at(decoded.samples())
    assert len(heard) == SECONDS, heard
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= SPEECH_MS, heard
    assert decoded.missing == ()
    assert measure(body).end_ms == pytest.approx(SECONDS * 1000, abs=2 * SPEECH_MS)


@pytest.mark.parametrize("kind", JUNK)
def test_junk_behind_the_frames_is_not_heard(kind: str) -> None:
    """Before, 30 kB of it were up to half a minute of sound."""
    is_heard(AMR + JUNK[kind])


@pytest.mark.parametrize("kind", JUNK)
@pytest.mark.parametrize("inside", [0, 1, 7])
def test_junk_between_the_frames_is_not_heard(kind: str, inside: int) -> None:
    at = MIDDLE + inside
    is_heard(AMR[:at] + JUNK[kind] + AMR[at:])


DAMAGED: dict[str, Callable[[], bytes]] = {
    "a head that nobody may have": lambda: damaged(1, b"\x83"),
    "a head of another type": lambda: damaged(1, b"\x3c"),
    "a head of no type": lambda: damaged(1, b"\x6c"),
    "a missing head": lambda: AMR[:MIDDLE] + AMR[MIDDLE + 1 :],
    "twenty frames of noise": lambda: damaged(20 * AMR_FRAME, RANDOM.bytes(20 * AMR_FRAME)),
    "twenty frames of zeros": lambda: damaged(20 * AMR_FRAME, bytes(20 * AMR_FRAME)),
    "the head of the file": lambda: AMR[len(amr.KINDS[0].head) :],
    "the last frame": lambda: AMR[:-5],
}


def damaged(size: int, other: bytes) -> bytes:
    return AMR[:MIDDLE] + other + AMR[MIDDLE + size :]


@pytest.mark.parametrize("kind", DAMAGED)
def test_a_damaged_frame_takes_no_others_along(kind: str) -> None:
    is_heard(DAMAGED[kind]())


@pytest.mark.parametrize("first", [0x04, 0x14, 0x3C, 0x44])
@pytest.mark.parametrize("kind", JUNK)
def test_wide_frames_are_told_from_junk(first: int, kind: str) -> None:
    wide = amr.KINDS[1]
    size = wide.sizes[first >> 3]
    frames = b"".join(bytes([first]) + RANDOM.bytes(size - 1) for _ in range(500))
    whole = wide.head + frames
    between = whole[:2_000] + JUNK[kind] + whole[2_000:]
    behind = amr.mended(whole + JUNK[kind])
    assert len(whole) - len(behind) in (0, size, 2 * size)
    assert whole.startswith(behind)
    assert len(amr.mended(between)) == pytest.approx(len(whole), abs=3 * size)


def test_frames_of_many_types_are_left_as_they_are() -> None:
    """A phone's: silence between speech, rates that change, and frames that came damaged."""
    narrow = amr.KINDS[0]
    types = RANDOM.choice([0, 3, 7, 8, 15], 2_000)
    firsts = (int(number) << 3 | int(RANDOM.choice([0, 4])) for number in types)
    frames = (bytes([first]) + RANDOM.bytes(narrow.sizes[first >> 3] - 1) for first in firsts)
    body = narrow.head + b"".join(frames)
    assert amr.mended(body) == body


def test_junk_alone_is_no_sound() -> None:
    for head in (kind.head for kind in amr.KINDS):
        assert amr.mended(head + JUNK["noise"]) == head


def test_sixteen_megabytes_of_junk_are_walked_through_once() -> None:
    """Noise costs no walk from each of its bytes."""
    noise = np.random.default_rng(1).bytes(16 << 20)
    assert len(amr.mended(AMR + noise)) == pytest.approx(len(AMR), abs=2 * AMR_FRAME)


@pytest.mark.parametrize(
    "head",
    [
        struct.pack(">I4s", 0, b"mdat"),
        struct.pack(">I4s", 9_000, b"mdat"),
        struct.pack(">I4s", 0x3F3F3F3F, b"mdat"),
        struct.pack(">I4sQ", 1, b"mdat", 0),
        struct.pack(">I4s16xI4s", 24, b"free", 0, b"mdat"),
    ],
    ids=["unknown", "as it was to be", "a place for it", "in 64 bits", "behind room for an index"],
)
def test_a_3gp_of_a_phone_that_died_is_heard(head: bytes) -> None:
    """Before, it was refused: its index was to be written last."""
    ftyp = struct.pack(">I4s4sI4s", 20, b"ftyp", b"3gp4", 0, b"isom")
    frames = AMR[len(b"#!AMR\n") :]
    body = ftyp + head + frames[: len(frames) * 7 // 10 - 5]
    assert measure(body).end_ms == pytest.approx(SECONDS * 700, abs=SPEECH_MS)
    heard = heard_at(decode(body).samples())
    assert np.abs(np.array(heard) - range(SECONDS * 7 // 10)).max() * 1000 <= SPEECH_MS, heard
