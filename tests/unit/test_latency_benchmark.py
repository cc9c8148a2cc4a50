"""The audio that is left when a session stops, and when words were shown."""

import pytest

from deploy.benchmark.live_words import Seen, said_to_shown
from deploy.benchmark.work_left import left_from_s
from deploy.demo.api_answers import TranscriptWord
from schemas.ids import SpeakerLabel


@pytest.mark.parametrize(
    ("length_s", "chunk_s", "from_s"),
    [(60, 30, 20), (300, 30, 260), (300, 10, 280), (90, 30, 60), (65, 30, 60), (10, 30, 0)],
)
def test_what_the_last_chunk_completed_is_left(
    length_s: float, chunk_s: float, from_s: float
) -> None:
    assert left_from_s(length_s, chunk_s, window_s=20) == from_s


def spoken(seconds: int) -> list[TranscriptWord]:
    """One word a second."""
    return [
        TranscriptWord(
            speaker=SpeakerLabel("S1"), word="lah", start_s=float(second), end_s=second + 0.5
        )
        for second in range(seconds)
    ]


def test_a_window_is_shown_when_half_its_words_are() -> None:
    words = spoken(60)
    seen = [Seen(1000, 0), Seen(1031, 0), Seen(1034, 20), Seen(1065, 40)]
    shown = said_to_shown(seen, words, began=(1000, 0.0), window_s=20, chunk_s=30)
    assert shown == [34.0, 45.0]  # the last window was shown with the result only


def test_windows_before_the_tail_are_not_looked_at() -> None:
    words = spoken(80)
    seen = [Seen(1000, 41), Seen(1013, 61), Seen(1023, 81)]
    shown = said_to_shown(seen, words, began=(1000, 40.0), window_s=20, chunk_s=10)
    assert shown == [13.0, 3.0]
