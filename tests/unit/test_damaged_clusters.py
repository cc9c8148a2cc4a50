"""Damage in a WebM or Matroska file costs the blocks that it hits, not the rest of a cluster."""

import io
from collections.abc import Callable
from fractions import Fraction

import av
import numpy as np
import pytest

from adapters.audio import clusters
from adapters.audio.decoding import decode, measure
from tests.made_once import MadeOnce
from tests.odd_audio import CLUSTER, SECONDS, aac, encoded, heard_at, opus
from tests.odd_recordings import ALL, S48, SPEECH_MS

FILES = MadeOnce(
    {
        "WebM": lambda: opus(S48[None]),
        "WebM of a stream": lambda: encoded("webm", "libopus", S48[None], 48_000, live="1"),
        "WebM of short clusters": lambda: encoded(
            "webm", "libopus", S48[None], 48_000, live="1", cluster_time_limit="1000"
        ),
        "Matroska": lambda: aac(S48[None], "matroska"),
    }
)
JUNK = np.random.default_rng(2).bytes(20_000)
DAMAGE: dict[str, Callable[[bytes, int], bytes]] = {
    "zeros": lambda body, at: body[:at] + bytes(200) + body[at + 200 :],
    "noise": lambda body, at: body[:at] + JUNK[:200] + body[at + 200 :],
    "missing bytes": lambda body, at: body[:at] + body[at + 137 :],
    "noise between": lambda body, at: body[:at] + JUNK + body[at:],
    "zeros between": lambda body, at: body[:at] + bytes(20_000) + body[at:],
    "a page between": lambda body, at: body[:at] + b"<html>504 Time-out" * 1_000 + body[at:],
    "bytes that come twice": lambda body, at: body[: at + 500] + body[at:],
}


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("damage", DAMAGE)
@pytest.mark.parametrize("part", [0.54, 0.65, 0.77])
def test_blocks_go_on_behind_damage(damage: str, file: str, part: float) -> None:
    """Before, up to five seconds behind it were missing."""
    body = DAMAGE[damage](FILES[file], int(len(FILES[file]) * part))
    decoded = decode(body)
    heard = heard_at(decoded.samples())
    missed = [at for at in ALL if not any(abs(at - one) <= SPEECH_MS / 1000 for one in heard)]
    assert len(missed) <= 1, heard
    assert len(heard) <= SECONDS, heard
    assert decoded.missing == ()
    assert measure(body).end_ms == pytest.approx(SECONDS * 1000, abs=2 * SPEECH_MS)


@pytest.mark.parametrize(("first", "size"), [(0, 4), (0, 20), (12, 1), (12, 4), (20, 4), (40, 50)])
def test_no_block_is_heard_at_a_wrong_time(first: int, size: int) -> None:
    """The head of a cluster is damaged, or its time, or blocks soon behind it."""
    whole = FILES["WebM of short clusters"]
    at = whole.index(CLUSTER, len(whole) // 2) + first
    heard = heard_at(decode(whole[:at] + bytes(size) + whole[at + size :]).samples())
    wrong = [one for one in heard if min(abs(one - at) for at in ALL) > SPEECH_MS / 1000]
    assert not wrong, heard
    assert len(heard) >= SECONDS - 1, heard


@pytest.mark.parametrize("file", FILES)
def test_a_whole_file_stays_as_it_is(file: str) -> None:
    assert clusters.mended(FILES[file]) is FILES[file]
    cut_off = FILES[file][:-777]
    assert clusters.mended(cut_off) is cut_off


def seeking(body: bytes) -> bytes:
    """A file whose index of elements, in front, names the first cluster."""
    place = b"\x53\xab\x84" + CLUSTER + b"\x53\xac\x82\x10\0"
    entry = b"\x4d\xbb" + bytes([0x80 | len(place)]) + place
    index = b"\x11\x4d\x9b\x74" + bytes([0x80 | len(entry)]) + entry
    size_at = body.index(clusters.SEGMENT) + len(clusters.SEGMENT)
    content = size_at + 9 - body[size_at].bit_length()
    return body[:size_at] + b"\x01" + b"\xff" * 7 + index + body[content:]


@pytest.mark.parametrize("file", FILES)
def test_an_index_that_names_the_first_cluster_is_none(file: str) -> None:
    """Before, the head of such a file was left out, and no sound was found."""
    body = seeking(FILES[file])
    assert clusters.mended(body) is body
    assert len(heard_at(decode(body).samples())) == SECONDS


def filmed_large(body: bytes) -> bytes:
    """A film of the sound, of which some pictures have more than a megabyte."""
    out = io.BytesIO()
    with av.open(io.BytesIO(body), "r") as source, av.open(out, "w", format="matroska") as film:
        sound = film.add_stream_from_template(source.streams.audio[0])
        pictures = film.add_stream("rawvideo", rate=25)
        pictures.width, pictures.height, pictures.pix_fmt = 1_280, 720, "yuv420p"
        picture = np.random.default_rng(5).bytes(1_280 * 720 * 3 // 2)
        for number, packet in enumerate(source.demux(source.streams.audio[0])):
            if packet.pts is None:
                continue
            if 250 <= number < 254:
                taken = av.Packet(picture)
                taken.stream, taken.time_base = pictures, Fraction(1, 50)
                taken.pts = taken.dts = number
                film.mux(taken)
            packet.stream = sound
            film.mux(packet)
    return out.getvalue()


def test_large_pictures_are_no_damage() -> None:
    """Before, the sound between them was left out, and all behind it came too early."""
    body = filmed_large(FILES["WebM"])
    assert clusters.mended(body) is body
    assert len(heard_at(decode(body).samples())) == SECONDS


@pytest.mark.parametrize("seed", range(8))
def test_no_damage_is_a_defect(seed: int) -> None:
    """Sizes and names of any kind raise nothing."""
    random = np.random.default_rng(seed)
    whole = FILES["WebM of short clusters"]
    for _ in range(60):
        body = bytearray(whole[: int(random.integers(200, len(whole)))])
        for _ in range(5):
            body[int(random.integers(len(body)))] = random.choice([0, 0xA0, 0xA3, 0x1F, 255])
        clusters.mended(bytes(body))


def test_junk_that_looks_like_blocks_is_looked_at_a_few_times() -> None:
    """Sixteen megabytes of it would take a child more time than it has."""
    body = FILES["WebM"] + b"\xa3" * (2 << 20)
    assert clusters.mended(body) == body
