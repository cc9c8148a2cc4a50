"""When a transcript is not believed: loops, skipped speech, what the model made up."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from consumers.audio.decoder import Samples
from consumers.transcribe.hallucinations import believed, is_loop
from consumers.transcribe.speech_spans import Span, uncovered
from consumers.transcribe.transcriber import Hearing, Stretch
from schemas.audio import SAMPLE_RATE


@pytest.mark.parametrize(
    ("text", "loop"),
    [
        ("kiasu kiasu kiasu kiasu kiasu", True),
        ("he say Kiasu, yu kiasu yu kiasu yu kiasu yu kiasu yu", True),
        ("can can can can", False),
        ("cheebai this cheebai that", False),
        ("", False),
    ],
)
def test_a_phrase_five_times_in_a_row_is_a_loop(text: str, loop: bool) -> None:
    assert is_loop(text.split(), compression=1.5) is loop


def test_text_that_compresses_too_well_is_a_loop() -> None:
    assert is_loop(["anything"], compression=2.5)


@pytest.mark.parametrize(
    ("words", "gaps"),
    [
        ([(0.2, 0.5), (1.5, 2.0), (3.0, 3.5), (4.6, 5.0)], []),
        ([(0.0, 0.5), (4.5, 5.0)], [(0.5, 4.5)]),
        (
            [(0.0, 0.5), (0.6, 4.4), (4.5, 5.0)],
            [(0.5, 3.4)],
        ),  # the aligner stretched a word over what was skipped
        ([(3.0, 3.5), (4.5, 5.0)], [(0.0, 3.0)]),
        ([], [(0.0, 5.0)]),
        ([(7.0, 8.0)], [(0.0, 5.0)]),
    ],
)
def test_speech_without_words_is_found(
    words: list[tuple[float, float]], gaps: list[tuple[float, float]]
) -> None:
    assert [pytest.approx(gap) for gap in gaps] == uncovered([(0.0, 5.0)], words)


def test_silence_without_words_is_no_gap() -> None:
    assert uncovered([], []) == []
    assert uncovered([(0.0, 1.0), (12.0, 13.0)], [(0.2, 0.8), (12.1, 12.9)]) == []


def segment(
    text: str,
    probability: float = 0.8,
    start: float = 0.0,
    each: float = 0.4,
    compression: float = 1.2,
) -> Any:
    said = enumerate(text.split())
    words = [
        SimpleNamespace(
            word=f" {w}",
            start=start + n * each,
            end=start + (n + 1) * each,
            probability=probability,
        )
        for n, w in said
    ]
    return SimpleNamespace(words=words, compression_ratio=compression)


def test_what_the_model_made_up_is_not_believed() -> None:
    heard = segment("wait lah you so kiasu")
    again, echo, loop, nothing = (
        segment("wait lah you so kiasu"),
        segment("shiok hor", 0.01),
        segment("no " * 6),
        segment(""),
    )
    placeless = segment("up to you lor", each=0.0)
    short = segment("can lah")
    assert believed([heard, again, echo, loop, nothing, placeless, short, short]) == [
        *heard.words,
        *short.words,
        *short.words,
    ]
    odd = segment("really si ai", 0.08)
    assert believed([odd]) == odd.words
    alone = segment("you", each=0.0)
    assert believed([short, alone, short]) == [*short.words, *alone.words, *short.words]


def test_an_echo_of_the_prompt_is_not_believed() -> None:
    prompt = frozenset("kiasu kiasi bojio suaku lah can".split())
    echo, said, few = (
        segment("kiasu, kiasi bojio suaku", 0.17),
        segment("suaku bojio kiasi kiasu", 0.3),
        segment("can lah can", 0.17),
    )
    more = segment("kiasu kiasi bojio suaku everybody", 0.17)
    assert believed([echo, said, few, more], prompt) == [*said.words, *few.words, *more.words]


class Deaf:
    """Hears only the first two seconds of whatever it is given, as Whisper sometimes does."""

    def __init__(self) -> None:
        self.again: list[bool] = []

    def listen(self, batch: Sequence[Samples], again: bool = False) -> Any:
        self.again += [again] * len(batch)
        return [
            SimpleNamespace(segments=[segment("one two three four five", start=0.0)], states=None)
            for _ in batch
        ]


class Whole:
    """Packed samples of audio that is speech from end to end."""

    def __init__(self, samples: Samples) -> None:
        self.samples, self.speech = samples, [(0.0, len(samples) / SAMPLE_RATE)]

    def unpacked(self, words: list[Span]) -> list[Span]:
        return words


def test_what_was_skipped_is_heard_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("consumers.transcribe.transcriber.Packed", Whole)
    deaf = Deaf()
    words = Hearing(deaf, lambda states, words: list(words)).hear(
        [Stretch(np.zeros(5 * SAMPLE_RATE, np.float32), 10_000)]
    )[0]
    assert not deaf.again[0]  # with the list of words once, in style alone after that
    assert all(deaf.again[1:])
    assert [w.start_ms for w in words][:5] == [10_000, 10_400, 10_800, 11_200, 11_600]
    assert len(words) > 5
    assert all(10_000 <= w.start_ms <= 15_100 for w in words)
    assert words == sorted(words, key=lambda w: w.start_ms)
