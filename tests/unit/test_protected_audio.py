"""Sound that is encrypted is refused with the reason: its packets would be noise at full scale."""

import struct

import pytest

from adapters.audio.decoding import decode, measure
from adapters.audio.opening import NoSoundError
from adapters.audio.protected import is_protected
from tests.made_once import MadeOnce
from tests.odd_audio import aac, branded, encoded, opus
from tests.odd_kinds import KINDS
from tests.odd_recordings import M4A, S44, S48
from tests.write_side import WriteSide

ENCODINGS = bytes.fromhex("6d809862409550318100503281015033810150358847e1810547e28101")
TRACKS = bytes.fromhex("1654ae6b")
TRACK = b"\xae"
SIZE = struct.Struct(">Q")
EIGHT_BYTES = 1 << 56
"""The mark of a size of Matroska that has eight bytes."""
WMA_DRM = "14e68a292226174cb935dae07ee9289c"
PACKET = 188


def encrypted_webm() -> bytes:
    """A WebM whose track says that its packets are encrypted."""
    body = opus(S48[None])
    tracks = body.rindex(TRACKS) + len(TRACKS)
    track = tracks + 2
    [size] = SIZE.unpack_from(body, track)
    encrypted = SIZE.pack(size + len(ENCODINGS)) + ENCODINGS + body[track + SIZE.size :]
    both = SIZE.pack(EIGHT_BYTES + 1 + SIZE.size + len(ENCODINGS) + size % EIGHT_BYTES)
    return body[:tracks] + both + TRACK + encrypted


def by_common_encryption(codec: str) -> bytes:
    return encoded(
        "mp4",
        codec,
        S48[None],
        48_000,
        encryption_scheme="cenc-aes-ctr",
        encryption_key="76a6c65c5ea762046bd749a2e632ccbb",
        encryption_kid="a7e61c373e219033c21091fa607bf3b8",
    )


def protected_wma() -> bytes:
    """A WMA with another object in its head."""
    body = encoded("asf", "wmav2", S44[None], 44_100, bit_rate=64_000)
    size, count = struct.unpack_from("<QI", body, 16)
    more = bytes.fromhex(WMA_DRM) + struct.pack("<QI", 60, 32) + bytes(32)
    head = body[:16] + struct.pack("<QI", size + len(more), count + 1)
    return head + body[28:30] + more + body[30:]


def scrambled() -> bytes:
    """A transport stream as it is sent to those who pay."""
    body = bytearray(aac(S48[None], "mpegts"))
    for at in range(0, len(body), PACKET):
        body[at + 3] |= 0x80
    return bytes(body)


PROTECTED = MadeOnce(
    {
        "AAC by common encryption": lambda: by_common_encryption("aac"),
        "Opus by common encryption": lambda: by_common_encryption("libopus"),
        "a song of a shop": lambda: M4A.replace(b"mp4a", b"drms"),
        "an audio book": lambda: M4A.replace(b"mp4a", b"aavd"),
        "what a phone keeps for itself": lambda: branded(M4A, b"odcf"),
        "WebM": encrypted_webm,
        "WMA": protected_wma,
        "MPEG-TS": scrambled,
    }
)


@pytest.mark.parametrize("kind", PROTECTED)
def test_it_is_no_sound_and_the_answer_says_why(kind: str) -> None:
    """Before, ten seconds of Opus were noise at full scale; others were "not audio"."""
    body = PROTECTED[kind]
    for asked in (decode, measure):
        with pytest.raises(NoSoundError):
            asked(body)
    answer = WriteSide().upload(content=body)
    assert (answer.status_code, answer.json()["type"]) == (415, "protected-file"), answer.text


def test_a_recording_in_front_of_it_is_heard() -> None:
    body = PROTECTED["Opus by common encryption"]
    assert measure(aac(S48[None]) + body).end_ms == measure(aac(S48[None])).end_ms


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_else_is_protected(kind: str) -> None:
    body = KINDS[kind]()
    assert not is_protected(body)
    assert not is_protected(body[: len(body) // 2])
