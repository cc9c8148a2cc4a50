"""Text that nobody said: loops, repeated sentences, echoes of the prompt, words without a place."""

import pytest

from consumers.transcribe.hallucinations import filter_segments, is_loop
from consumers.transcribe.recognised import RecognisedSegment, RecognisedWord


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


def segment(text: str, probability: float = 0.8, each_s: float = 0.4) -> RecognisedSegment:
    words = tuple(
        RecognisedWord(f" {word}", n * each_s, (n + 1) * each_s, probability)
        for n, word in enumerate(text.split())
    )
    return RecognisedSegment(words, compression_ratio=1.2)


def test_repeats_improbable_text_and_loops_are_dropped() -> None:
    said = segment("wait lah you so kiasu")
    repeat = segment("wait lah you so kiasu")
    improbable = segment("shiok hor", 0.01)
    loop = segment("no " * 6)
    nothing = segment("")
    placeless = segment("up to you lor", each_s=0.0)
    short = segment("can lah")
    segments = [said, repeat, improbable, loop, nothing, placeless, short, short]
    assert filter_segments(segments) == [*said.words, *short.words, *short.words]


def test_a_short_reply_in_unknown_words_stays() -> None:
    odd = segment("really si ai", 0.08)
    assert filter_segments([odd]) == [*odd.words]


def test_one_word_without_length_stays() -> None:
    short = segment("can lah")
    alone = segment("you", each_s=0.0)
    found = filter_segments([short, alone, short])
    assert found == [*short.words, *alone.words, *short.words]


def test_a_segment_of_five_words_that_repeats_is_dropped_and_a_short_one_is_not() -> None:
    long = segment("you all very kiasu leh")
    three = segment("no need lah")
    assert filter_segments([long, three, long, three]) == [*long.words, *three.words, *three.words]


def test_an_echo_of_the_prompt_is_dropped() -> None:
    prompt = "kiasu kiasi bojio suaku lah can".split()
    echo = segment("kiasu, kiasi bojio suaku", 0.17)
    probable = segment("suaku bojio kiasi kiasu", 0.3)
    few_words = segment("can lah can", 0.17)
    another_word = segment("kiasu kiasi bojio suaku everybody", 0.17)
    found = filter_segments([echo, probable, few_words, another_word], prompt)
    assert found == [*probable.words, *few_words.words, *another_word.words]


def test_an_echo_in_the_order_of_the_prompt_is_dropped_though_it_is_surer_of_itself() -> None:
    prompt = "sia meh aiyah up to you lor cannot leh".split()
    echo = segment("Aiyah, up to you lor sia meh", 0.39)
    sure = segment("aiyah up to you lor", 0.4)
    another_order = segment("lor you to up", 0.39)
    short = segment("up to you", 0.39)
    found = filter_segments([echo, sure, another_order, short], prompt)
    assert found == [*sure.words, *another_order.words, *short.words]
