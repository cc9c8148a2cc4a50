"""Packets that say how AAC is encoded, within a stream: a damaged one costs no sound."""

from collections.abc import Callable

import numpy as np
import pytest

from adapters.audio import flv, latm
from adapters.audio.decoding import decode, measure
from adapters.audio.framed_kinds import LATM_KIND
from schemas.audio import SAMPLES_PER_MS
from tests.odd_audio import SECONDS, encoded, heard_at
from tests.odd_recordings import ALL, S44, S48, SPEECH_MS

FLV = encoded("flv", "aac", S44[None], 44_100)
LATM = encoded("latm", "aac", S48[None], 48_000)
CONFIG = b"\xaf\x00\x12\x08\x56\xe5\x00"
TAG_HEAD = 11
TAG_END = 4
AT = 2
"""Where the configuration stands in the content of its tag."""


def tags() -> list[int]:
    """Where the tags of the FLV begin."""
    found = [13]
    while found[-1] < len(FLV):
        size = int.from_bytes(FLV[found[-1] + 1 : found[-1] + 4], "big")
        found.append(found[-1] + TAG_HEAD + size + TAG_END)
    return found[:-1]


def said_again(content: bytes) -> bytes:
    """The FLV, in whose middle a recorder says once more how it encodes."""
    at = tags()[len(tags()) // 2]
    tag = FLV.index(CONFIG) - TAG_HEAD
    again = FLV[tag : tag + TAG_HEAD + len(CONFIG) + TAG_END]
    again = again[:4] + FLV[at + 4 : at + 8] + again[8:]
    return FLV[:at] + again.replace(CONFIG, content) + FLV[at:]


def is_heard(body: bytes) -> None:
    """All of it, in its place, and as long as it is measured."""
    samples = decode(body).samples()
    heard = heard_at(samples)
    assert len(heard) == SECONDS, heard
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= SPEECH_MS, heard
    assert measure(body).end_ms == pytest.approx(len(samples) / SAMPLES_PER_MS, abs=SPEECH_MS)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "none": lambda config: config,
    "zeros": lambda config: config[:AT] + bytes(len(config) - AT),
    "ones": lambda config: config[:AT] + b"\xff" * (len(config) - AT),
    "another kind": lambda config: config[:AT] + bytes([config[AT] ^ 0x40]) + config[AT + 1 :],
    "another rate": lambda config: config[:AT] + b"\x11\x88" + config[AT + 2 :],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_configuration_within_an_flv_costs_nothing(damage: str) -> None:
    """Before, all behind it was lost, or slower; and all behind a whole one was not measured."""
    is_heard(said_again(DAMAGES[damage](CONFIG)))


def test_an_flv_keeps_what_fits_its_times() -> None:
    for body in (FLV, said_again(CONFIG), FLV[:5_000], FLV.replace(CONFIG, CONFIG[:AT] + bytes(5))):
        assert flv.mended(body) is body


def configured() -> list[int]:
    """Where frames of the LATM begin that say how they are encoded."""
    found: list[int] = []
    at = 0
    while at < len(LATM):
        if LATM[at + LATM_KIND.head] < latm.AS_BEFORE:
            found.append(at)
        at += LATM_KIND.length(LATM, at)
    return found


@pytest.mark.parametrize("number", [0, 1, 12, -1])
@pytest.mark.parametrize("bit", range(12, 32))
def test_a_damaged_configuration_of_latm_moves_no_sound(number: int, bit: int) -> None:
    """Before, 0.4 s behind it were not there, and all sound behind came so much too early."""
    body = bytearray(LATM)
    body[configured()[number] + LATM_KIND.head + bit // 8] ^= 1 << bit % 8
    assert latm.mended(bytes(body)) == LATM


def test_latm_that_was_damaged_at_its_beginning_is_heard() -> None:
    body = bytearray(LATM)
    body[LATM_KIND.head + 2] ^= 1
    is_heard(bytes(body))
