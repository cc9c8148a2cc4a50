"""Ogg as some writers make it: flags, streams and checksums that are wrong cost no sound."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from adapters.audio import ogg
from adapters.audio.decoding import decode, measure
from adapters.audio.ogg_pages import CHECKSUM, CONTINUED, FIRST, HEAD
from tests.made_once import MadeOnce
from tests.odd_audio import SECONDS, encoded, heard_at, opus
from tests.odd_pages import flagged, of_stream, pages, summed
from tests.odd_recordings import ALL, S48, SPEECH_MS

Pages = Sequence[bytes]
FILES = MadeOnce(
    {
        "Opus": lambda: opus(S48[None], "ogg"),
        "short pages": lambda: encoded("ogg", "libopus", S48[None], 48_000, page_duration="200000"),
        "FLAC": lambda: encoded("ogg", "flac", S48[None], 48_000),
    }
)


def none(_right: bytes) -> bytes:
    return bytes(4)


def wrong(right: bytes) -> bytes:
    return bytes(byte ^ 0x5A for byte in right)


def second_is_first(whole: Pages) -> Pages:
    return [whole[0], flagged(whole[1], FIRST), *whole[2:]]


def all_are_first(whole: Pages) -> Pages:
    return [flagged(page, FIRST) for page in whole]


def all_go_on(whole: Pages) -> Pages:
    return [whole[0], *(flagged(page, CONTINUED) for page in whole[1:])]


def each_of_a_stream(whole: Pages) -> Pages:
    return [of_stream(page, 1_000 + place) for place, page in enumerate(whole)]


def other_stream_half_way(whole: Pages) -> Pages:
    half = len(whole) // 2
    return [*whole[:half], *(of_stream(page, 7) for page in whole[half:])]


def without_checksums(whole: Pages) -> Pages:
    return [summed(page, none) for page in whole]


def without_those_of_sound(whole: Pages) -> Pages:
    return [*whole[:2], *without_checksums(whole[2:])]


def of_other_checksums(whole: Pages) -> Pages:
    return [summed(page, wrong) for page in whole]


WRITERS: Sequence[Callable[[Pages], Pages]] = (
    second_is_first,
    all_are_first,
    all_go_on,
    each_of_a_stream,
    other_stream_half_way,
    without_checksums,
    without_those_of_sound,
    of_other_checksums,
)


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("writer", WRITERS)
def test_a_writer_that_keeps_no_rule_is_heard(writer: Callable[[Pages], Pages], file: str) -> None:
    """Before, Opus was refused, and FLAC of changing streams, though players take them."""
    body = b"".join(writer(pages(FILES[file])))
    assert ogg.mended(body) != body
    assert decode(body).pcm == decode(FILES[file]).pcm
    assert measure(body) == measure(FILES[file])


@pytest.mark.parametrize("writer", [without_checksums, of_other_checksums])
def test_a_file_without_checksums_that_was_cut_off_is_heard(
    writer: Callable[[Pages], Pages],
) -> None:
    *whole, last, _ = writer(pages(FILES["short pages"]))
    heard = heard_at(decode(b"".join(whole) + last[:-100]).samples())
    assert np.abs(np.array(heard) - ALL[: len(heard)]).max() * 1000 <= SPEECH_MS, heard
    assert len(heard) >= SECONDS - 1


@pytest.mark.parametrize("writer", [without_checksums, of_other_checksums])
def test_damage_in_a_file_without_checksums_moves_no_sound(
    writer: Callable[[Pages], Pages],
) -> None:
    """A page of which the lengths of packets are damaged is followed by none where it ends."""
    whole = list(writer(pages(FILES["short pages"])))
    pause = len(whole) // 2 + 3
    damaged = bytearray(whole[pause])
    damaged[HEAD] ^= 0x41
    body = b"".join([*whole[:pause], damaged, *whole[pause + 1 :]])
    heard = heard_at(decode(body).samples())
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= SPEECH_MS, heard


def test_a_damaged_page_of_a_writer_of_checksums_is_not_made_right() -> None:
    """Damage is told from no checksum: another page has a right one."""
    whole = pages(FILES["Opus"])
    first_packet = HEAD + whole[4][HEAD - 1]
    damaged = bytearray(whole[4])
    damaged[first_packet] ^= 0x18
    mended = pages(ogg.mended(b"".join([*whole[:4], damaged, *whole[5:]])))
    assert mended[4][first_packet] == whole[4][first_packet]
    assert mended[4][CHECKSUM] == whole[4][CHECKSUM]
