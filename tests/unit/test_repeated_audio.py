"""Packets that come again are heard once, and frames with a wrong checksum not at all."""

import io
from collections.abc import Iterable, Iterator

import av
import numpy as np
import pytest

from adapters.audio.decoding import decode, measure
from tests.made_once import MadeOnce
from tests.odd_audio import BEEP_S, LEVEL, SECONDS, aac, encoded, heard_at, opus
from tests.odd_recordings import ALL, S48, SPEECH_MS

WEBM = opus(S48[None])


def sent(body: bytes, form: str, order: Iterable[int]) -> bytes:
    """The packets of a file with these numbers, with the times that they have."""
    out = io.BytesIO()
    with (
        av.open(io.BytesIO(body), "r") as source,
        av.open(out, "w", format=form) as container,
    ):
        stream = container.add_stream_from_template(source.streams.audio[0])
        found = [packet for packet in source.demux(source.streams.audio[0]) if packet.size]
        for number in order:
            if number >= len(found):
                break
            packet = av.Packet(bytes(found[number]))
            packet.pts, packet.dts = found[number].pts, found[number].dts
            packet.time_base = found[number].time_base
            packet.duration = found[number].duration
            packet.stream = stream
            container.mux(packet)
    return out.getvalue()


def every(times: int) -> Iterator[int]:
    return (number // times for number in range(2_000))


def again(number: int) -> Iterator[int]:
    """The packet with a number comes twice; all others once."""
    return (n if n <= number else n - 1 for n in range(2_000))


@pytest.mark.parametrize("order", ["each twice", "each three times", "one of them"])
@pytest.mark.parametrize(("form", "body"), [("webm", WEBM), ("matroska", aac(S48[None]))])
def test_a_packet_that_is_sent_again_at_once_is_heard_once(
    form: str, body: bytes, order: str
) -> None:
    """Before, ten seconds were twenty."""
    orders = {"each twice": every(2), "each three times": every(3), "one of them": again(230)}
    repeated = sent(body, form, orders[order])
    heard = heard_at(decode(repeated).samples())
    assert len(heard) == SECONDS
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= 2 * SPEECH_MS, heard
    assert measure(repeated).end_ms == pytest.approx(SECONDS * 1000, abs=2 * SPEECH_MS)


CHECKED = MadeOnce(
    {
        "FLAC": lambda: encoded("flac", "flac", S48[None], 48_000),
        "FLAC in Ogg": lambda: encoded("ogg", "flac", S48[None], 48_000),
        "FLAC in Matroska": lambda: encoded("matroska", "flac", S48[None], 48_000),
        "FLAC in MP4": lambda: encoded("mp4", "flac", S48[None], 48_000),
        "TTA": lambda: encoded("tta", "tta", S48[None], 48_000),
    }
)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kind", CHECKED)
def test_a_damaged_frame_is_no_noise(kind: str, seed: int) -> None:
    """Before, it was heard at full scale."""
    random = np.random.default_rng(seed)
    body = bytearray(CHECKED[kind])
    for at in random.integers(len(body) // 10, len(body) * 9 // 10, 12):
        body[at] ^= 1 << int(random.integers(8))
    samples = decode(bytes(body)).samples()
    assert np.abs(samples).max() < 1.5 * LEVEL
    heard = heard_at(samples)
    assert len(heard) >= SECONDS // 3
    assert max(min(abs(at - one) for one in ALL) for at in heard) < BEEP_S, heard
