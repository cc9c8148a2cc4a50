"""Pages of Ogg that are lost, damaged, late, cut off or there twice cost what is gone."""

import numpy as np
import pytest

from adapters.audio import ogg, ogg_pages
from adapters.audio.decoding import decode, measure
from tests.made_once import MadeOnce
from tests.odd_audio import BEEP_S, SECONDS, encoded, heard_at, opus, with_first_page
from tests.odd_pages import pages
from tests.odd_recordings import ALL, S16, S48, SPEECH_MS

FILES = MadeOnce(
    {
        "Opus": lambda: opus(S48[None], "ogg"),
        "FLAC": lambda: encoded("ogg", "flac", S48[None], 48_000),
        "FLAC of 16 kHz": lambda: encoded("ogg", "flac", S16[None], 16_000),
    }
)
MIDDLE = SECONDS // 2
RANDOM = np.random.default_rng(4)


def heard_well(body: bytes) -> list[float]:
    """The beeps that are heard. None of them is in a wrong place."""
    heard = heard_at(decode(body).samples())
    wrong = [at for at in heard if min(abs(at - one) for one in ALL) >= BEEP_S]
    assert not wrong, heard
    return heard


@pytest.mark.parametrize("lost", [1, 3])
@pytest.mark.parametrize("file", FILES)
def test_a_lost_page_moves_no_sound(file: str, lost: int) -> None:
    """Before, a page of FLAC was heard in the place of the one before, or cut off the rest."""
    whole = pages(FILES[file])
    middle = len(whole) // 2
    body = b"".join([*whole[:middle], *whole[middle + lost :]])
    share = lost / len(whole)
    assert len(heard_well(body)) >= SECONDS * (1 - share) - 2
    assert measure(body).end_ms == pytest.approx(SECONDS * 1000, abs=SPEECH_MS)


@pytest.mark.parametrize("file", FILES)
def test_a_file_may_begin_with_any_page_of_sound(file: str) -> None:
    whole = pages(FILES[file])
    body = b"".join([*whole[:2], *whole[len(whole) // 2 :]])
    assert len(heard_well(body)) in (MIDDLE - 1, MIDDLE, MIDDLE + 1)


@pytest.mark.parametrize("file", FILES)
def test_a_damaged_packet_does_not_cost_its_page(file: str) -> None:
    """Before, a bit cost a second."""
    whole = pages(FILES[file])
    for at in range(2, len(whole) - 1):
        page = bytearray(whole[at])
        page[len(page) * 6 // 10] ^= 0x10
        heard = heard_well(b"".join([*whole[:at], page, *whole[at + 1 :]]))
        assert len(heard) >= SECONDS - 1
    every = [bytearray(page) for page in whole]
    for page in every[2:]:
        page[len(page) * 6 // 10] ^= 0x10
    assert len(heard_well(b"".join(every))) >= SECONDS - 2


@pytest.mark.parametrize("file", FILES)
def test_pages_that_come_late_or_twice_are_heard_once_in_their_place(file: str) -> None:
    """Before, FLAC was heard in the order of its pages."""
    whole = pages(FILES[file])
    at = len(whole) // 2
    late = [*whole[: at - 1], whole[at], whole[at - 1], *whole[at + 1 :]]
    twice = [*whole[:at], *whole[at - 1 :]]
    for order in (late, twice):
        assert ogg.mended(b"".join(order)) == FILES[file]


@pytest.mark.parametrize("cut", [1, 30, 700, 2_000])
@pytest.mark.parametrize("file", FILES)
def test_the_packets_of_a_page_that_was_cut_off_are_heard(file: str, cut: int) -> None:
    """Before, the last second of such an upload was lost."""
    whole = pages(FILES[file])
    body = b"".join(whole[:-2]) + whole[-2][:-cut]
    said = b"".join(whole[:-1])
    share = cut / len(whole[-2])
    page_ms = measure(said).end_ms - measure(b"".join(whole[:-2])).end_ms
    lost_ms = measure(said).end_ms - measure(body).end_ms
    assert 0 <= lost_ms <= page_ms * share + 300
    heard_well(body)


def test_a_packet_that_fills_a_lace_ends_with_the_empty_one_behind() -> None:
    """Before, it went on in a next page that never came, and was not heard."""
    whole = pages(FILES["Opus"])
    sent = bytearray(whole[2][: ogg_pages.HEAD])
    sent[ogg_pages.FLAGS_AT] = 0
    sent[ogg_pages.HEAD - 1] = 3
    packet = bytes(range(255))
    cut = bytes(sent) + bytes([255, 0, 50]) + packet + b"half of it"
    last = pages(ogg.mended(b"".join(whole[:2]) + cut))[-1]
    assert last[ogg_pages.HEAD - 1 :] == bytes([2, 255, 0]) + packet


@pytest.mark.parametrize("file", FILES)
def test_damaged_tags_cost_no_sound(file: str) -> None:
    """Before, Opus was refused: also where a program wrote other tags, and no new checksum."""
    head, tags, *sound = pages(FILES[file])
    damaged = bytearray(tags)
    damaged[-1] ^= 0x10
    body = b"".join([head, damaged, *sound])
    assert decode(body).pcm == decode(FILES[file]).pcm


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("file", FILES)
def test_noise_in_a_page_moves_no_sound(file: str, seed: int) -> None:
    """A damaged packet may say that it is long."""
    random = np.random.default_rng(seed)
    body = FILES[file]
    for part in np.linspace(0.1, 0.85, 8):
        at = int(len(body) * part)
        damaged = body[:at] + random.bytes(300) + body[at + 300 :]
        heard = heard_at(decode(damaged).samples())
        near = [at for at in ALL if any(abs(at - one) < BEEP_S for one in heard)]
        assert len(near) >= SECONDS - 2, heard
        assert measure(damaged).end_ms == pytest.approx(SECONDS * 1000, abs=2 * SPEECH_MS)


def test_a_damaged_head_of_a_page_moves_no_sound() -> None:
    """Its time, its number, its stream, or the lengths of its packets."""
    whole = pages(FILES["Opus"])
    for place in range(ogg_pages.HEAD + 3):
        page = bytearray(whole[MIDDLE])
        page[place] ^= 0x41
        heard = heard_well(b"".join([*whole[:MIDDLE], page, *whole[MIDDLE + 1 :]]))
        assert len(heard) >= SECONDS - 1, place


@pytest.mark.parametrize("file", FILES)
def test_a_whole_file_stays_as_it_is(file: str) -> None:
    assert ogg.mended(FILES[file]) == FILES[file]


@pytest.mark.parametrize("seed", range(8))
def test_no_damage_is_a_defect(seed: int) -> None:
    random = np.random.default_rng(seed)
    for whole in FILES.values():
        for _ in range(20):
            body = bytearray(whole[: int(random.integers(30, len(whole)))])
            for _ in range(8):
                body[int(random.integers(4, len(body)))] = random.choice([0, 2, 4, 79, 255])
            ogg.mended(bytes(body))


def numbered(body: bytes, first: int, step: int) -> bytes:
    """The file, whose pages have other numbers, and checksums of those."""
    sealed: list[bytes] = []
    for place, page in enumerate(pages(body)):
        number = (first + step * place) % (1 << 32)
        at = ogg_pages.PLACE_AT + 12
        other = page[:at] + number.to_bytes(4, "little")
        sealed.append(with_first_page(page, 0, other))
    return b"".join(sealed)


@pytest.mark.parametrize(("first", "step"), [(1, 1), (-4, 1), (0, 0), (0, 2), (1_000, -1)])
@pytest.mark.parametrize("file", FILES)
def test_a_writer_may_number_its_pages_as_it_likes(file: str, first: int, step: int) -> None:
    """Before, heads whose numbers are not the lowest came behind the sound, and nobody heard it."""
    body = numbered(FILES[file], first, step)
    assert decode(body).pcm == decode(FILES[file]).pcm


@pytest.mark.parametrize("page_ms", [100, 1_000])
def test_damage_moves_no_flac_whose_clock_begins_later(page_ms: int) -> None:
    """Its frames count from zero. Before, one damaged bit made all of it begin there."""
    late = encoded("ogg", "flac", S48[None], 48_000, 7.0, page_duration=str(page_ms * 1_000))
    whole = pages(late)
    damaged = bytearray(whole[len(whole) // 2])
    damaged[len(damaged) // 2] ^= 0x10
    middle = len(whole) // 2
    body = b"".join([*whole[:middle], damaged, *whole[middle + 1 :]])
    heard = heard_at(decode(body).samples())
    expected = heard_at(decode(late).samples())
    assert len(heard) >= len(expected) - 1
    assert (heard[0], heard[-1]) == (expected[0], expected[-1])
