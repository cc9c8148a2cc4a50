"""Pure: which count of a new generation is which one of the generation before."""

from collections.abc import Iterator, Mapping, Sequence

from schemas.claim_events import Verdict
from schemas.ids import SpeakerLabel
from schemas.nearest import nearest_pairs
from streams.credits.counts import Moments, WindowCounts
from streams.credits.state import Judged

NEAR_MS = 750
"""A word that is transcribed again begins that much earlier or later at most."""


def every_count(windows: Sequence[WindowCounts]) -> Iterator[Judged]:
    """Yields every count, sure or maybe, without a verdict."""
    for window in windows:
        yield from counts_of(window.said)
        yield from counts_of(window.maybe)


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
    latest_first = reversed(range(len(wanted)))
    found: dict[int, Judged] = {}
    left: list[int] = []
    for n in latest_first:
        count = free.pop(wanted[n].place, None)
        if count is None:
            left.append(n)
        else:
            found[n] = count
    moved = [one for one in unjudged if free.pop(one.place, None) is None]
    looked_for = [*(wanted[n] for n in left), *moved]
    near = near_counts(looked_for, [free[place] for place in sorted(free)])
    for place, n in enumerate(left):
        if place in near:
            found[n] = near[place]
    return found


def near_counts(looked_for: Sequence[Judged], counts: Sequence[Judged]) -> dict[int, Judged]:
    """Returns index in `looked_for` -> the count of the same voice and word near it.

    Each count is given once. All together are as near to their counts as can be.
    """
    wanted = [_named(one) for one in looked_for]
    pairs = nearest_pairs(wanted, [_named(count) for count in counts], NEAR_MS)
    return {place: counts[number] for place, number in pairs.items()}


def _named(count: Judged) -> tuple[tuple[SpeakerLabel, str], int]:
    return (count.speaker, count.word), count.said_at_ms
