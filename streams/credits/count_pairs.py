"""Pure: which count of a new generation is which one of the generation before."""

from collections.abc import Iterator, Mapping, Sequence

from schemas.claim_events import Verdict
from schemas.ids import SpeakerLabel
from schemas.nearest import nearest_pairs
from streams.credits.counts import Moments, WindowCounts
from streams.credits.state import Judged, Place

NEAR_MS = 750
"""A word that is transcribed again begins that much earlier or later at most."""


def every_count(windows: Sequence[WindowCounts]) -> Iterator[Judged]:
    """Yields every count, sure or maybe, without a verdict."""
    for window in windows:
        yield from counts_of(window.said)
        yield from counts_of(window.maybe)


def counts_of_word(
    windows: Sequence[WindowCounts], speaker: SpeakerLabel, word: str
) -> Iterator[Judged]:
    """Yields every count of one word of one speaker, sure or maybe, without a verdict."""
    for window in windows:
        for said in (window.said, window.maybe):
            for day, words in said.get(speaker, {}).items():
                yield from _of_day(speaker, day, {word: words.get(word, ())})


def places_of(window: WindowCounts) -> Iterator[Place]:
    """Yields the place of every count, sure or maybe."""
    for said in (window.said, window.maybe):
        for speaker, moments in said.items():
            for words in moments.values():
                yield from _places(speaker, words)


def _places(speaker: SpeakerLabel, words: Mapping[str, tuple[int, ...]]) -> Iterator[Place]:
    for word, times in words.items():
        for said_at_ms in times:
            yield speaker, word, said_at_ms


def counts_of(said: Mapping[SpeakerLabel, Moments]) -> Iterator[Judged]:
    """Yields each of these counts, without a verdict."""
    for speaker, moments in said.items():
        for day, words in moments.items():
            yield from _of_day(speaker, day, words)


def _of_day(
    speaker: SpeakerLabel, day: str, words: Mapping[str, tuple[int, ...]]
) -> Iterator[Judged]:
    for word, times in words.items():
        for said_at_ms in times:
            yield Judged(
                speaker=speaker, word=word, said_at_ms=said_at_ms, day=day, verdict=Verdict.NONE
            )


def paired(
    wanted: Sequence[Judged], unjudged: Sequence[Judged], shown: Sequence[WindowCounts]
) -> dict[int, Judged]:
    """Returns index in `wanted` -> its count. Of equal ones the later verdict goes first.

    A count at the very place of one before is that one: words that are not transcribed again keep
    their moments. Counts without a verdict are looked for as well: a verdict must not go to one.
    """
    free = {count.place: count for count in every_count(shown)}
    found: dict[int, Judged] = {}
    moved: list[int] = []
    for index in reversed(range(len(wanted))):
        count = free.pop(wanted[index].place, None)
        if count is None:
            moved.append(index)
        else:
            found[index] = count
    looked_for = [wanted[index] for index in moved]
    looked_for += [count for count in unjudged if free.pop(count.place, None) is None]
    still_free = [free[place] for place in sorted(free)]
    near = near_counts(looked_for, still_free)
    for number, index in enumerate(moved):
        if number in near:
            found[index] = near[number]
    return found


def near_counts(looked_for: Sequence[Judged], counts: Sequence[Judged]) -> dict[int, Judged]:
    """Returns index in `looked_for` -> the count of the same voice and word near it.

    Each count is given once. All together are as near to their counts as can be.
    """
    wanted = [_voice_word_and_moment(count) for count in looked_for]
    there = [_voice_word_and_moment(count) for count in counts]
    pairs = nearest_pairs(wanted, there, NEAR_MS)
    return {index: counts[number] for index, number in pairs.items()}


def _voice_word_and_moment(count: Judged) -> tuple[tuple[SpeakerLabel, str], int]:
    """The name by which counts can be a pair, and the moment by which they are near."""
    return (count.speaker, count.word), count.said_at_ms
