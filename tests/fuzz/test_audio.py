"""Mutated audio files through both children: each one is answered, and neither side hangs."""

import asyncio
import os
import time
from dataclasses import dataclass

import numpy as np
import pytest

from adapters.audio.answers import Decoded, Measured
from adapters.audio.measuring import Measuring
from consumers.audio.decoder import Decoder
from consumers.audio.placement import Placed, lay
from schemas.audio import BRIDGE_MS, SAMPLE_RATE, SAMPLES_PER_MS
from schemas.ids import UserId
from schemas.limits import CHUNK_DURATION_MS
from schemas.rejections import Reason, Rejected
from tests.fuzz.mutations import mutated
from tests.odd_audio import aac, beeps, encoded, fragmented, mp3, opus, rf64, wav

FILES = int(os.environ.get("FUZZ_FILES", "2000"))
FIRST = int(os.environ.get("FUZZ_SEED", "1"))
SECONDS = 2
SLOW_S = 10.0
"""Nothing that a chunk may hold takes so long, also on a machine that is busy."""
S48 = beeps(48_000, SECONDS)
S44 = beeps(44_100, SECONDS)
S16 = beeps(SAMPLE_RATE, SECONDS)
S8 = beeps(8_000, SECONDS)
BODIES = [
    opus(S48[None]),
    opus(S48[None], "ogg"),
    opus(S48[None], "ogg") + opus(np.stack([S48, S48]), "ogg"),
    aac(S48[None]),
    aac(np.stack([S48, -S48])),
    aac(S48[None], "adts"),
    aac(S48[None], "mpegts"),
    aac(S48[None], "matroska"),
    fragmented(S48[None]),
    mp3(S44, 44_100),
    wav(S16),
    wav(S16, said=1000),
    rf64(S16),
    encoded("flac", "flac", S48[None], 48_000),
    encoded("aiff", "pcm_s16be", S48[None], 48_000),
    encoded("caf", "pcm_s16le", S48[None], 48_000),
    encoded("w64", "pcm_s16le", S48[None], 48_000),
    encoded("au", "pcm_s16be", S48[None], 48_000),
    encoded("asf", "wmav2", S44[None], 44_100, bit_rate=64_000),
    encoded("amr", "libopencore_amrnb", S8[None], 8_000),
    encoded("3gp", "libopencore_amrnb", S8[None], 8_000),
]


@dataclass(frozen=True)
class Seen:
    """A file as each side found it."""

    measured: Measured | None
    decoded: Decoded | None
    is_too_long: bool


def both(body: bytes, decoder: Decoder, measured: Measured | None) -> Seen:
    try:
        return Seen(measured, decoder.decode(body), is_too_long=False)
    except Rejected as error:
        return Seen(measured, None, error.reason is Reason.AUDIO_TOO_LONG)


async def measured_all(seeds: range) -> dict[int, Measured | None]:
    measuring = Measuring()
    found: dict[int, Measured | None] = {}
    for seed in seeds:
        began_s = time.monotonic()
        try:
            found[seed] = await measuring.measure(mutated(seed, BODIES), UserId("fuzz"))
        except Rejected:
            found[seed] = None
        assert time.monotonic() - began_s < SLOW_S, f"seed {seed}"
    await measuring.close()
    return found


def faults(seen: Seen) -> str:
    """The fault of the answers; nothing when all is well."""
    if seen.measured is None or seen.decoded is None:
        if (seen.measured is None) != (seen.decoded is None) and not seen.is_too_long:
            return f"only one side takes it: {seen.measured}"
        return ""
    duration_ms = seen.measured.duration_ms(SECONDS * 1000)
    if duration_ms > CHUNK_DURATION_MS.most:
        return ""
    samples, missing = seen.decoded.placed(duration_ms)
    if not np.isfinite(samples).all():
        return "samples that are no numbers"
    if len(samples) > (duration_ms + 2 * BRIDGE_MS) * SAMPLES_PER_MS:
        return f"{len(samples) / SAMPLE_RATE} s would be cut to {duration_ms} ms"
    lay([Placed(0, 0, duration_ms, samples, missing)], 0, duration_ms)
    return ""


@pytest.mark.timeout(3600)
def test_every_file_is_answered() -> None:
    seeds = range(FIRST, FIRST + FILES)
    measured = asyncio.run(measured_all(seeds))
    decoder = Decoder()
    wrong: dict[int, str] = {}
    taken = 0
    for seed in seeds:
        began_s = time.monotonic()
        seen = both(mutated(seed, BODIES), decoder, measured[seed])
        taken += seen.decoded is not None
        if fault := faults(seen):
            wrong[seed] = fault
        if time.monotonic() - began_s > SLOW_S:
            wrong[seed] = "slow"
    decoder.close()
    print(f"{FILES} files from seed {FIRST}: {taken} decoded")
    assert not wrong, wrong
