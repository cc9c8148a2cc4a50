"""Damage in a file costs its place and no more, and no audio at all is refused."""

from collections.abc import Callable

import numpy as np
import pytest

from adapters.audio import adts, chunked, files
from adapters.audio.decoding import decode, measure
from adapters.audio.opening import UNDECODABLE
from schemas.audio import SAMPLE_RATE
from tests.made_once import MadeOnce
from tests.odd_audio import (
    SECONDS,
    aac,
    beeps,
    encoded,
    heard_at,
    mp3,
    opus,
    pcm,
    wav,
    with_first_page,
)
from tests.odd_heads import au, chunk, w64
from tests.odd_recordings import (
    A16,
    A44,
    A48,
    ALL,
    AMR,
    AMR_FRAME,
    B16,
    B44,
    B48,
    HALF,
    MP3,
    S16,
    S48,
    SPEECH_MS,
    both,
)

AMR_PLACE = 6 + 250 * AMR_FRAME + 1
"""Inside of a frame."""


@pytest.mark.parametrize("rate", [SAMPLE_RATE, 48_000])
@pytest.mark.parametrize("sample", [np.nan, np.inf, -np.inf, 1e30, -3e38])
def test_a_sample_that_nobody_recorded_costs_its_place(sample: float, rate: int) -> None:
    """Files of floats may hold anything. Before, the models were given it."""
    recorded = beeps(rate)
    recorded[rate // 2] = sample
    body = encoded("wav", "pcm_f32le", recorded[None], rate)
    samples = decode(body).samples().copy()
    assert np.isfinite(samples).all()
    near = slice(SAMPLE_RATE // 2 - 50, SAMPLE_RATE // 2 + 50)
    samples[near] = 0
    heard = heard_at(samples)
    assert np.abs(np.array(heard) - ALL).max() * 1000 <= SPEECH_MS, heard


def broken(body: bytes, at: float, size: int, filler: bytes = b"\0") -> bytes:
    place = int(len(body) * at)
    return body[:place] + (filler * size)[:size] + body[place + size :]


JUNK = np.random.default_rng(3).bytes(300)
CUT_OFF = MadeOnce(
    {
        "AIFF": lambda: encoded("aiff", "pcm_s16be", S48[None], 48_000),
        "CAF": lambda: encoded("caf", "pcm_s16le", S48[None], 48_000),
        "WAV": lambda: wav(S16),
        "WAV of 24 bit": lambda: encoded("wav", "pcm_s24le", S48[None], 48_000),
        "W64": lambda: w64(len(pcm(S48))),
        "AU": lambda: au(len(pcm(S48))),
    }
)


@pytest.mark.parametrize("lost", range(1, 9))
@pytest.mark.parametrize("kind", CUT_OFF)
def test_a_file_may_end_at_any_byte(kind: str, lost: int) -> None:
    """Before, an AIFF of an odd number of bytes was refused."""
    whole = CUT_OFF[kind]
    body = whole[: len(whole) * 7 // 10 - lost]
    samples, _ = decode(body).placed(SECONDS * 1000)
    heard = heard_at(samples)
    assert np.abs(np.array(heard) - range(SECONDS * 7 // 10)).max() * 1000 <= SPEECH_MS, heard
    assert measure(body).end_ms == pytest.approx(SECONDS * 700, abs=SPEECH_MS)


DAMAGED: dict[str, Callable[[], bytes]] = {
    "MP3, zeros": lambda: broken(MP3, 0.5, 300),
    "MP3, rubbish": lambda: broken(MP3, 0.5, 300, JUNK),
    "MP3, rubbish between two files": lambda: mp3(A44, 44_100)[:-77] + JUNK + mp3(B44, 44_100),
    "ADTS": lambda: broken(aac(S48[None], "adts"), 0.5, 200, JUNK),
    "MP4": lambda: broken(aac(S48[None]), 0.5, 200, JUNK),
    "WebM": lambda: broken(opus(S48[None]), 0.5, 40, JUNK),
    "Ogg": lambda: broken(opus(S48[None], "ogg"), 0.5, 200, JUNK),
    "FLAC": lambda: broken(encoded("flac", "flac", S48[None], 48_000), 0.5, 200, JUNK),
    "AMR": lambda: AMR[:AMR_PLACE] + JUNK[: AMR_FRAME - 1] + AMR[AMR_PLACE + AMR_FRAME - 1 :],
}


@pytest.mark.parametrize("kind", DAMAGED)
def test_damage_costs_its_place_and_no_more(kind: str) -> None:
    samples, _ = decode(DAMAGED[kind]()).placed(SECONDS * 1000)
    heard = heard_at(samples)
    near = [at for at in ALL if any(abs(at - one) <= 0.15 for one in heard)]
    assert set(ALL) - set(near) <= {HALF - 1, HALF}, heard


@pytest.mark.parametrize("part", [0.0, 0.004, 0.5, 0.9])
def test_a_frame_that_says_that_it_is_long_takes_no_others_along(part: float) -> None:
    """Before, as many seconds were cut off as began within the frame by its own words."""
    whole = aac(S48[None], "adts")
    damaged = next(at for at in range(int(len(whole) * part), len(whole)) if adts.begins(whole, at))
    said = bytes([whole[damaged + 3] | 0x03, 0xFF, whole[damaged + 5] | 0xE0])
    body = whole[: damaged + 3] + said + whole[damaged + 6 :]
    assert measure(body).end_ms == pytest.approx(SECONDS * 1000, abs=SPEECH_MS)
    heard = heard_at(decode(body).placed(SECONDS * 1000)[0])
    missed = [at for at in ALL if not any(abs(at - one) <= 0.15 for one in heard)]
    assert len(missed) <= 1, heard


def test_the_first_page_of_an_ogg_file_may_say_any_time() -> None:
    body = with_first_page(opus(S48[None], "ogg"), 6, b"\1")
    assert len(heard_at(decode(body).samples())) == SECONDS


@pytest.mark.parametrize("lost", [100, 700, 2_000])
def test_an_ogg_file_behind_one_that_was_cut_off_is_heard(lost: int) -> None:
    """Before, the page that was cut off was taken to hold the beginning of the next file."""
    second = opus(both(B48), "ogg")
    heard = heard_at(decode(opus(A48[None], "ogg")[:-lost] + second).samples())
    assert len(heard) >= HALF + len(heard_at(decode(second).samples()))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"x",
        b"some text, renamed",
        b"ffconcat version 1.0\nfile /etc/hostname\n",
        b"#EXTM3U\n#EXTINF:10,\nhttp://example.org/a.ts\n",
        b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(2000),
        b"\x89PNG\r\n\x1a\n" + bytes(2000),
        b"%PDF-1.7\n" + JUNK * 20,
        b"PK\3\4" + JUNK * 20,
        JUNK * 30,
        bytes(20_000),
        b"fLaC\nffconcat version 1.0\nfile /etc/hostname\n",
    ],
)
def test_what_is_no_audio_is_refused(body: bytes) -> None:
    for work in (decode, measure):
        with pytest.raises(UNDECODABLE):
            work(body)


def test_a_head_is_walked_through_once_however_many_chunks_of_samples_follow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before, each of them had it walked through again: a megabyte took 12 s."""
    walked: list[int] = []
    end_of_chunk = chunked._end_of_chunk

    def counted(body: bytes, place: int, kind: chunked.Chunked) -> int:
        walked.append(place)
        return end_of_chunk(body, place, kind)

    monkeypatch.setattr(chunked, "_end_of_chunk", counted)
    head = b"junk\0\0\0\0" * 2_000
    body = wav(A16, head=head, tail=chunk(b"data", B16[:1]) * 50)
    assert len(files.whole_files(body)) > 50
    assert len(walked) < 2 * 2_000
