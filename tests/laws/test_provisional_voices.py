"""Provisional labels stay with their voice from one answer to the next.

Real models, real recordings.
"""

import itertools
from collections.abc import Callable
from functools import cache

import pytest

from consumers.cluster.identification import joined, speakers
from consumers.cluster.provisional_turns import continued
from consumers.voices.diarization import Voices
from consumers.voices.loaded_clustering import of_shipped_weights
from schemas.objects import Turns
from streams.attribution.provisional import PROVISIONAL_WINDOWS
from tests.fakes import GRID
from tests.laws.conftest import CLUSTERING, VoicesOf

WINDOW_MS = 20_000
RECORDINGS = ("kopitiam_2spk", "reunion_4spk")
MOVED = 0.1
"""Of the speech that two answers in a row both speak of.

So much may have gone to another label, while a voice is getting known.
"""
AnswersOf = Callable[[int], list[list[Turns]]]


@pytest.fixture(scope="module")
def heard(voices_of: VoicesOf) -> dict[str, list[Voices]]:
    return {name: voices_of(name, WINDOW_MS) for name in RECORDINGS}


@pytest.fixture(scope="module")
def answered(heard: dict[str, list[Voices]]) -> AnswersOf:
    """The answers for each recording, by how many windows they are of."""
    return cache(lambda span: [answers(parts, span) for parts in heard.values()])


def answers(parts: list[Voices], span: int) -> list[Turns]:
    """After each window, of the latest `span` windows, as the fold asks and `cluster` answers."""
    found: list[Turns] = []
    for through in range(1, len(parts) + 1):
        first = max(0, through - span)
        from_ms = GRID.start_ms(GRID.owned(first * WINDOW_MS, (first + 1) * WINDOW_MS, None))
        former = found[-1] if found else None
        found.append(
            continued(
                speakers(CLUSTERING, joined(parts[first:through], GRID), former=former),
                former,
                from_ms,
            )
        )
    return found


def moved(before: Turns, after: Turns) -> tuple[int, int]:
    """Milliseconds that changed their label, and that both answers speak of."""
    shared = [
        (a.speaker == b.speaker, min(a.end_ms, b.end_ms) - max(a.start_ms, b.start_ms))
        for a in before.exclusive
        for b in after.exclusive
    ]
    return sum(ms for same, ms in shared if ms > 0 and not same), sum(
        ms for _, ms in shared if ms > 0
    )


@pytest.mark.parametrize("span", [PROVISIONAL_WINDOWS, 3])
def test_a_label_stays_with_its_voice(answered: AnswersOf, span: int) -> None:
    for found in answered(span):
        changes = [moved(before, after) for before, after in itertools.pairwise(found)]
        assert sum(ms for ms, _ in changes) <= MOVED * sum(both for _, both in changes)


def test_labels_are_never_used_again(answered: AnswersOf) -> None:
    for found in answered(3):
        labels = [{voice.label for voice in turns.voiceprints} for turns in found]
        assert all(before <= after for before, after in itertools.pairwise(labels))


def test_two_levels_find_the_same_people(heard: dict[str, list[Voices]]) -> None:
    """Both recordings, one after the other, six people.

    In parts so small that each holds a minute, and all at once.
    """
    session = joined([part for parts in heard.values() for part in parts], GRID)
    whole = speakers(CLUSTERING, session)
    parted = speakers(of_shipped_weights(GRID, most=120), session)
    assert len(parted.voiceprints) == len(whole.voiceprints)
    other, both = moved(whole, parted)
    assert other <= 0.02 * both
