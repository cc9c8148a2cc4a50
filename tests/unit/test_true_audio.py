"""True Audio whose frames are not where its head says: what is behind them is heard."""

import numpy as np
import pytest

from adapters.audio import tta
from adapters.audio.decoding import decode, measure
from schemas.audio import SAMPLES_PER_MS
from tests.odd_audio import SECONDS, encoded, heard_at
from tests.odd_recordings import S48, SPEECH_MS

WHOLE = encoded("tta", "tta", S48[None], 48_000)
AT = len(WHOLE) * 55 // 100
JUNK = np.random.default_rng(5).bytes(20_000)
MOVED = {
    "a little between": WHOLE[:AT] + JUNK[:700] + WHOLE[AT:],
    "more than a frame between": WHOLE[:AT] + JUNK + WHOLE[AT:],
    "a little gone": WHOLE[:AT] + WHOLE[AT + 700 :],
}


@pytest.mark.parametrize("body", MOVED.values(), ids=MOVED)
def test_bytes_between_frames_cost_one_frame(body: bytes) -> None:
    """Before, all sound behind them was lost."""
    heard = heard_at(decode(body).samples())
    assert len(heard) >= SECONDS - 2
    assert heard[-1] == pytest.approx(SECONDS - 1, abs=0.01)
    assert measure(body).end_ms == SECONDS * 1000


@pytest.mark.parametrize("end", [len(WHOLE), AT, 40, 10])
def test_a_file_whose_frames_are_in_their_places_stays_as_it_is(end: int) -> None:
    assert tta.mended(WHOLE[:end]) == WHOLE[:end]


def test_what_is_behind_the_last_frame_stays_there() -> None:
    assert tta.mended(WHOLE + JUNK) == WHOLE + JUNK


@pytest.mark.parametrize(("form", "codec"), [("tta", "tta"), ("wv", "wavpack"), ("flac", "flac")])
@pytest.mark.parametrize("part", [0.3, 0.55, 0.97])
def test_a_frame_that_the_end_of_the_file_cuts_off_has_no_length(
    form: str, codec: str, part: float
) -> None:
    """Before, one of True Audio counted: up to a second that nobody hears."""
    whole = encoded(form, codec, S48[None], 48_000)
    body = whole[: int(len(whole) * part)]
    heard_ms = len(decode(body).samples()) / SAMPLES_PER_MS
    assert measure(body).end_ms == pytest.approx(heard_ms, abs=SPEECH_MS)
