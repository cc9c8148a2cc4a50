"""Fragments of an MP4 are heard once and in their place, in whatever order a recorder sent them."""

import struct
from collections.abc import Callable
from itertools import pairwise
from time import process_time

import numpy as np
import pytest

from adapters.audio import fragments
from adapters.audio.boxes import boxes
from adapters.audio.decoding import decode, measure
from tests.made_once import MadeOnce
from tests.odd_audio import SECONDS, aac, beeps, encoded, fragmented, heard_at
from tests.odd_recordings import ALL, B48, S48, SPEECH_MS

TICKS = 48_000
STREAMS = MadeOnce(
    {
        "counted from its own head": lambda: fragmented(S48[None]),
        "counted from the file's beginning": lambda: aac(
            S48[None], movflags="frag_keyframe+empty_moov", frag_duration="1000000"
        ),
        "with its first second in the index": lambda: aac(
            S48[None], movflags="frag_keyframe", frag_duration="1000000"
        ),
    }
)
JUNK = np.random.default_rng(4).bytes(3_001)
STYP = b"\0\0\0\x18stypmsdh\0\0\0\0msdhmsix"
Parts = list[bytes]


def parts(body: bytes) -> Parts:
    """The head of a file, and its fragments."""
    found = [box for box in boxes(body, 0, len(body)) if box.name in (b"moof", b"mfra")]
    return [body[: found[0].at], *(body[one.at : other.at] for one, other in pairwise(found))]


def later(fragment: bytes, seconds: int) -> bytes:
    """A fragment whose time is another one."""
    at = fragment.index(b"tfdt") + 8
    time = struct.unpack_from(">Q", fragment, at)[0] + seconds * TICKS
    return fragment[:at] + struct.pack(">Q", max(0, time)) + fragment[at + 8 :]


def untimed(fragment: bytes) -> bytes:
    return fragment.replace(b"tfdt", b"free")


def sized(fragment: bytes, size: int) -> bytes:
    """A fragment whose data names another size."""
    at = fragment.index(b"mdat") - 4
    return fragment[:at] + struct.pack(">I", size) + fragment[at + 4 :]


def half(fragment: bytes) -> bytes:
    return fragment[: len(fragment) // 2]


WHOLE: dict[str, Callable[[Parts], Parts]] = {
    "as it was sent": lambda p: p,
    "one comes again at once": lambda p: [*p[:6], *p[5:]],
    "two come again": lambda p: [*p[:7], *p[5:]],
    "one comes again later": lambda p: [*p[:9], p[5], *p[9:]],
    "all come again": lambda p: [*p, *p[1:]],
    "all come again, with the head": lambda p: [*p, *p],
    "one comes again without times": lambda p: [p[0], *map(untimed, [*p[1:6], *p[5:]])],
    "one was broken off and comes again": lambda p: [*p[:5], half(p[5]), *p[5:]],
    "the head comes again": lambda p: [*p[:6], p[0], *p[6:]],
    "two in the wrong order": lambda p: [*p[:5], p[6], p[5], *p[7:]],
    "junk between two": lambda p: [*p[:6], JUNK, *p[6:]],
    "zeros between two": lambda p: [*p[:6], bytes(3_001), *p[6:]],
    "junk in front of the first": lambda p: [p[0], JUNK, *p[1:]],
    "junk behind data": lambda p: [*p[:5], p[5] + JUNK, *p[6:]],
    "data without a size": lambda p: [*p[:5], sized(p[5], 0), *p[6:]],
    "data of a huge size": lambda p: [*p[:5], sized(p[5], 0x7FFFFFFF), *p[6:]],
    "a head of a huge size": lambda p: [*p[:5], b"\x7f" + p[5][1:], *p[6:]],
    "boxes between": lambda p: [p[0], *(STYP + one for one in p[1:])],
    "times go back": lambda p: [*p[:6], *(later(one, -3) for one in p[6:])],
    "times begin anew": lambda p: [*p[:6], *(later(one, -5) for one in p[6:])],
    "one time is 0": lambda p: [*p[:6], later(p[6], -99), *p[7:]],
    "one time is too late": lambda p: [*p[:6], later(p[6], 20), *p[7:]],
    "three times are too late": lambda p: [*p[:4], *(later(one, 20) for one in p[4:7]), *p[7:]],
    "all times are 0": lambda p: [p[0], *(later(one, -99) for one in p[1:])],
    "times begin at an hour": lambda p: [p[0], *(later(one, 3_600) for one in p[1:])],
}


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("kind", WHOLE)
def test_each_fragment_is_heard_once(kind: str, stream: str) -> None:
    body = b"".join(WHOLE[kind](parts(STREAMS[stream])))
    decoded = decode(body)
    heard = heard_at(decoded.samples())
    assert len(heard) == SECONDS, heard
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= SPEECH_MS, heard
    assert decoded.missing == ()
    assert measure(body).end_ms == pytest.approx(SECONDS * 1000, abs=2 * SPEECH_MS)


DAMAGED: dict[str, Callable[[Parts, int], Parts]] = {
    "one is missing": lambda p, n: [*p[:n], *p[n + 1 :]],
    "the head of one is zeros": lambda p, n: [*p[:n], bytes(8) + p[n][8:], *p[n + 1 :]],
    "one was broken off": lambda p, n: [*p[:n], half(p[n]), *p[n + 1 :]],
}


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("kind", DAMAGED)
def test_a_fragment_that_is_lost_costs_itself(kind: str, stream: str) -> None:
    found = parts(STREAMS[stream])
    middle = SECONDS // 2 + 1 - heard_in_the_index(found[0])
    body = b"".join(DAMAGED[kind](found, middle))
    heard = heard_at(decode(body).samples())
    wanted = [at for at in ALL if at != SECONDS // 2]
    others = [one for one in heard if min(abs(one - SECONDS // 2), 1) > 0.5]
    assert len(others) == len(wanted), heard
    assert np.abs(np.array(others) - wanted).max() * 1000 <= SPEECH_MS, heard


@pytest.mark.parametrize("stream", STREAMS)
def test_a_stream_that_ends_in_a_head_is_heard_up_to_there(stream: str) -> None:
    """Before, the first second was lost where the index has it."""
    *found, last = parts(STREAMS[stream])
    heard = heard_at(decode(b"".join(found) + last[:60]).samples())
    assert heard == pytest.approx(ALL[: len(found) - 1 + heard_in_the_index(found[0])], abs=0.05)


def heard_in_the_index(head: bytes) -> int:
    """Seconds of sound that stand behind the index of a file, in front of its fragments."""
    return head.count(b"mdat")


@pytest.mark.parametrize("stream", STREAMS)
def test_another_recording_of_the_same_kind_follows(stream: str) -> None:
    """Its times begin anew, and its sound is another one."""
    other = parts(fragmented(B48[None]))
    body = STREAMS[stream] + b"".join(other)
    assert len(heard_at(decode(body).samples())) == SECONDS + len(B48) // TICKS


@pytest.mark.parametrize("stream", STREAMS)
def test_a_whole_stream_stays_as_it_is(stream: str) -> None:
    assert fragments.mended(STREAMS[stream]) is STREAMS[stream]
    assert fragments.mended(STREAMS[stream][:-2_000]) == STREAMS[stream][:-2_000]


def data_first(found: Parts) -> bytes:
    """A file whose data stands in front of each head, as QuickTime may write it."""
    body, *rest = found
    for fragment in rest:
        size = fragment.index(b"mdat") - 4
        head = bytearray(fragment[:size])
        # Its data is counted from the base, behind the size of the head and that of the data's box.
        struct.pack_into(">Q", head, head.index(b"tfhd") + 12, len(body) - size)
        body += fragment[size:] + head
    return body


@pytest.mark.parametrize("stream", list(STREAMS)[1:])
def test_data_in_front_of_heads_stays_there(stream: str) -> None:
    """Before, each head was given the data of the next one, and a second was lost."""
    body = data_first(parts(STREAMS[stream]))
    assert fragments.mended(body) is body
    assert heard_at(decode(body).samples()) == pytest.approx(ALL, abs=SPEECH_MS / 1000)


def test_a_stream_of_a_frame_a_fragment_stays_as_it_is() -> None:
    """Before, lengths were rounded one by one, and sound was moved by 40 ms each half minute."""
    flags = "frag_every_frame+empty_moov+default_base_moof"
    body = encoded("mp4", "aac", beeps(44_100, 60)[None], 44_100, movflags=flags)
    assert fragments.mended(body) is body


@pytest.mark.parametrize("stream", STREAMS)
@pytest.mark.parametrize("seed", range(4))
def test_no_damage_to_a_head_is_a_defect(seed: int, stream: str) -> None:
    """Sizes, counts and flags of any kind raise nothing."""
    random = np.random.default_rng(seed)
    head, first, second, *_ = parts(STREAMS[stream])
    size = len(head) + first.index(b"mdat")
    for _ in range(300):
        body = bytearray(head + first + second + first)
        for _ in range(3):
            at = int(random.integers(size))
            body[at] = random.choice([0, 1, 2, 7, 255, int(random.integers(256))])
        fragments.mended(bytes(body))


@pytest.mark.parametrize("share", [0.3, 0.5, 0.8, 0.85, 0.9])
def test_zeros_in_the_place_of_the_end_cost_the_end(share: float) -> None:
    """A machine that lost its power leaves them. Before, a head without data had all refused."""
    whole = fragmented(S48[None])
    for more in range(0, 600, 40):
        end = int(len(whole) * share) + more
        for tail in (bytes(len(whole) - end), b"\xa5" * (len(whole) - end)):
            heard = heard_at(decode(whole[:end] + tail).samples())
            assert len(heard) >= SECONDS * share - 1.5, (end, heard)


def test_boxes_behind_heads_that_begin_no_file_are_looked_at_once() -> None:
    """Before, 160 kB of them took eighty seconds: each was followed to the end."""
    whole = fragmented(S48[None])
    before = process_time()
    fragments.mended(whole + b"\0\0\0\x08ftyp" * fragments.MOST_FRAGMENTS)
    assert process_time() - before < 5
