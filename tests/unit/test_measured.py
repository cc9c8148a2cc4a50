"""The audio of a chunk is trusted, not its phone: declared against real duration."""

import asyncio
import errno
import gc
import os
from contextlib import closing

import numpy as np
import pytest

from adapters.audio.answers import Decoded, Measured, origin_ms
from adapters.audio.decoding import decode
from adapters.audio.handover import Handover
from adapters.audio.measuring import Measuring
from adapters.process.retry import TransientError
from consumers.audio.decoder import Decoder
from deploy.benchmark.process_use import children_of
from producers.gateway.chunk_audio import Measures
from schemas.audio import BRIDGE_MS, SAMPLE_RATE
from schemas.ids import UserId
from schemas.phone_events import ChunkUploaded
from schemas.rejections import Rejected
from tests.gateway_fakes import MeasuredHere
from tests.made_once import MadeOnce
from tests.odd_audio import aac, beeps, encoded, fragmented, opus
from tests.write_side import FLAC, WriteSide, sound

S48 = beeps(48_000)
TEN_S = Measured("flac", 0, 10_000, 10_000)


@pytest.mark.parametrize(
    ("measured", "declared_ms", "expected_ms"),
    [
        (TEN_S, 10_000, 10_000),
        (TEN_S, 10_000 + BRIDGE_MS, 10_000 + BRIDGE_MS),
        (TEN_S, 10_000 - BRIDGE_MS, 10_000 - BRIDGE_MS),
        (TEN_S, 1, 10_000),
        (TEN_S, 5_000, 10_000),
        (TEN_S, 60_000, 10_000),
        (Measured("flac", 0, 4_000, 10_000), 10_000, 10_000),  # half a file, and its head knows
        (Measured("webm", 0, 4_000, 0), 10_000, 4_000),
        (Measured("webm", 5_000, 15_000, 0), 15_000, 15_000),  # nothing came for 5 s
        (Measured("mp4", 60_000, 90_000, 0), 30_000, 30_000),  # the clock of a longer recording
        (Measured("mp4", 150_000, 180_000, 0), 7, 30_000),
        (Measured("wav", 0, 0, 0), 10_000, 1),
    ],
)
def test_the_real_duration_counts(measured: Measured, declared_ms: int, expected_ms: int) -> None:
    real_ms = measured.duration_ms(declared_ms)
    assert real_ms == expected_ms
    assert measured.duration_ms(real_ms) == real_ms
    if real_ms not in (declared_ms, 1):
        origin = origin_ms(measured.first_ms, measured.end_ms, declared_ms)
        assert origin_ms(measured.first_ms, measured.end_ms, real_ms) == origin


def test_a_longer_recordings_clock_is_taken_off() -> None:
    pcm = np.zeros(20 * SAMPLE_RATE, np.float32).tobytes()
    decoded = Decoded(10_000, ((0, 10_000), (12_000, 15_000)), pcm)
    samples, missing = decoded.placed(10_000)
    assert (len(samples), missing) == (10 * SAMPLE_RATE, ((2_000, 5_000),))
    samples, missing = decoded.placed(20_000)
    assert (len(samples), missing) == (20 * SAMPLE_RATE, decoded.missing)


def test_what_is_missing_begins_in_the_chunk() -> None:
    """Before, zeros at the beginning were missing from five seconds before the chunk on."""
    pcm = np.zeros(15 * SAMPLE_RATE, np.float32).tobytes()
    decoded = Decoded(5_000, ((0, 5_004), (6_000, 8_500)), pcm)
    assert decoded.placed(10_000)[1] == ((0, 4), (1_000, 3_500))


BODIES = MadeOnce(
    {
        "FLAC": lambda: FLAC,
        "WebM": lambda: opus(S48[None]),
        "MP4": lambda: aac(S48[None]),
        "text": lambda: b"some text",
        "nothing": lambda: b"",
        "half": lambda: FLAC[: len(FLAC) // 2],
    }
)


def found(measures: Measures, body: bytes) -> Measured | None:
    async def asked() -> Measured | None:
        try:
            return await measures.measure(body, UserId("owner"))
        except Rejected:
            return None
        finally:
            if isinstance(measures, Measuring):
                await measures.close()

    return asyncio.run(asked())


@pytest.mark.parametrize("name", BODIES)
def test_a_child_measures_as_it_is_measured_here(name: str) -> None:
    body = BODIES[name]
    assert found(Measuring(1), body) == found(MeasuredHere(), body)


def test_many_users_are_measured_at_once_and_a_dead_child_is_replaced() -> None:
    async def asked() -> list[Measured]:
        measuring = Measuring(2)
        users = [UserId(f"user-{number % 3}") for number in range(12)]
        first = await asyncio.gather(*(measuring.measure(FLAC, user) for user in users))
        for child in measuring._all:
            child.process.kill()
            await child.process.wait()
        second = await asyncio.gather(*(measuring.measure(FLAC, user) for user in users))
        assert len(measuring._all) <= 2
        await measuring.close()
        assert not measuring._all
        return first + second

    assert {one.end_ms for one in asyncio.run(asked())} == {30_000}


def test_nothing_of_a_longer_upload_is_left_for_the_next_one() -> None:
    bodies = [FLAC, sound(1_000), BODIES["WebM"], BODIES["MP4"], sound(2_000)]

    async def asked() -> list[Measured]:
        measuring = Measuring(1)
        found = [await measuring.measure(body, UserId("owner")) for body in bodies]
        await measuring.close()
        return found

    decoder = Decoder()
    alone = [found(MeasuredHere(), body) for body in bodies]
    assert asyncio.run(asked()) == alone
    lengths = [len(decoder.decode(body).pcm) for body in bodies]
    decoder.close()
    assert lengths == [len(decode(body).pcm) for body in bodies]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), MemoryError()])
def test_a_machine_without_memory_for_an_upload_blames_nobody(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def full(self: Handover, body: bytes) -> None:
        raise error

    monkeypatch.setattr(Handover, "put", full)
    with pytest.raises(TransientError):
        found(Measuring(1), FLAC)
    with closing(Decoder()) as decoder, pytest.raises(type(error)):
        decoder.decode(FLAC)


def test_a_child_that_was_ended_is_gone_when_all_are_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before, it outlived its loop. Its pipes were closed by a later collection, with an error."""

    def full(self: Handover, body: bytes) -> None:
        raise MemoryError

    monkeypatch.setattr(Handover, "put", full)
    before = set(children_of(os.getpid()))
    with pytest.raises(TransientError):
        found(Measuring(1), FLAC)
    assert set(children_of(os.getpid())) <= before
    gc.collect()


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.EMFILE])
def test_a_machine_without_a_process_for_an_upload_blames_nobody(
    monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Before, the answer was 500, as for a defect."""

    async def none_left(*_: object, **__: object) -> None:
        raise OSError(number, "no more of them")

    monkeypatch.setattr(asyncio, "create_subprocess_exec", none_left)
    with pytest.raises(TransientError):
        found(Measuring(1), FLAC)


def test_the_workers_child_decodes_and_survives_what_is_no_audio() -> None:
    decoder = Decoder()
    with pytest.raises(Rejected):
        decoder.decode(b"some text")
    assert len(decoder.decode(sound(1_000)).samples()) == SAMPLE_RATE
    decoder.close()


def test_a_child_that_was_killed_while_it_waited_is_replaced_and_leaves_no_pipe_open() -> None:
    with closing(Decoder()) as decoder:
        decoder.decode(sound(1_000))
        killed = decoder._child
        assert killed
        assert killed.stdin
        assert killed.stdout
        killed.kill()
        killed.wait()
        assert len(decoder.decode(sound(1_000)).samples()) == SAMPLE_RATE
        assert killed.stdin.closed
        assert killed.stdout.closed


def test_the_event_has_the_real_duration_and_the_receipt_says_it() -> None:
    side = WriteSide()
    for seq, declared in enumerate((5_000, 60_000, 30_100)):
        answer = side.upload(seq, headers={"Lah-Duration-Ms": str(declared)}, content=FLAC)
        expected = 30_100 if seq == 2 else 30_000
        assert answer.json()["duration_ms"] == expected
        event = side.publisher.events[-1]
        assert isinstance(event, ChunkUploaded)
        assert event.duration_ms == expected


@pytest.mark.parametrize(
    ("content", "status", "problem"),
    [
        (fragmented(S48[None])[1200:], 415, "not-audio"),
        (fragmented(S48[None]).partition(b"moof")[2], 415, "not-audio"),
        (bytes(4) + b"moof" + fragmented(S48[None]).partition(b"moof")[2], 415, "later-piece"),
        (b"\x1fC\xb6u" + opus(S48[None]).partition(b"\x1fC\xb6u")[2], 415, "later-piece"),
        (aac(S48[None])[:20_000], 415, "unfinished-file"),
        (b"\0\0\0\x08wide" + aac(S48[None])[28:20_000], 415, "unfinished-file"),
        (encoded("caf", "alac", S48[None], 48_000)[:200_000], 415, "unfinished-file"),
        (encoded("ogg", "libopus", S48[None], 48_000)[8_000:], 415, "not-audio"),
        (sound(121_000), 422, "chunk-too-long"),
    ],
)
def test_what_cannot_be_taken_is_answered_with_the_reason(
    content: bytes, status: int, problem: str
) -> None:
    side = WriteSide()
    answer = side.upload(content=content)
    assert (answer.status_code, answer.json()["type"]) == (status, problem), answer.text
    assert side.journal == []
