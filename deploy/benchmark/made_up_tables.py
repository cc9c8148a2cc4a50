"""Short tables, made up: short turns of three to six voices, with overlap, in known places.

There is little real talk of several people whose turns somebody wrote down. The voices of a folder
of recordings, cut into short turns and mixed, give as much of it as is wanted. The same seed makes
the same table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator
from pyannote.core import Annotation, Segment

from consumers.audio.decoder import Samples
from deploy.benchmark.in_process import read
from deploy.benchmark.scoring import reference
from deploy.benchmark.speech import recordings
from schemas.audio import SAMPLE_RATE

Bank = dict[str, list[Samples]]
"""The speech of each voice alone, by the name of the voice."""
TURN_S = (0.5, 1.8, 6.0)
"""Shortest, median and longest turn."""
PAUSE_S = (-0.6, 0.18, 1.2)
"""From one turn to the next: least, mean and most. Below 0 both speak."""
ASIDE = 0.12
"""Share of the turns in which somebody else says a word."""
LEAST_TURN_WITH_ASIDE_S = 1.2
LOUDNESS_DB = (-27.0, -19.0)
"""How loud voices are, dBFS: people sit at different distances."""
NOISE_DB = -55.0
FADE = SAMPLE_RATE // 100
LEAST_S = 1.0
"""Shorter parts that somebody says alone are not used."""


@dataclass(frozen=True)
class Table:
    """A talk of `people`, and who says what when."""

    people: int
    samples: Samples
    truth: Annotation


def bank_of(folder: Path) -> Bank:
    """Return the speech of each voice of a folder's recordings while nobody else speaks."""
    bank: Bank = {}
    for path in recordings(folder):
        samples = read(path)
        truth = reference(path)
        busy = truth.get_overlap()
        for turn, _, voice in truth.itertracks(yield_label=True):
            is_alone = not busy.crop(turn)
            if turn.duration >= LEAST_S and is_alone:
                first = int(turn.start * SAMPLE_RATE)
                end = int(turn.end * SAMPLE_RATE)
                bank.setdefault(str(voice), []).append(samples[first:end])
    return bank


def tables(bank: Bank, people: Sequence[int], each: int, length_s: float) -> Iterator[Table]:
    """`each` tables for each number of people, of voices drawn from `bank`."""
    for number in people:
        for seed in range(each):
            random = np.random.default_rng((number, seed))
            voices = random.choice(sorted(bank), number, replace=False).tolist()
            chosen = {voice: bank[voice] for voice in voices}
            yield table(chosen, length_s, random)


def table(voices: Bank, length_s: float, random: Generator) -> Table:
    """One talk of all `voices`; everybody speaks at least once if there is time."""
    noise = random.normal(0, _amplitude(NOISE_DB), int(length_s * SAMPLE_RATE))
    mixed: Samples = noise.astype(np.float32)
    mouths = {voice: _Mouth(parts, random) for voice, parts in voices.items()}
    talk = _Talk(mixed, mouths, Annotation())
    at_s = 0.3
    for number, voice in enumerate(_order(list(voices), random)):
        turn_s = min(_turn_s(random), length_s - at_s)
        if turn_s < TURN_S[0]:
            break
        talk.say(voice, at_s, turn_s, number)
        if turn_s > LEAST_TURN_WITH_ASIDE_S and random.random() < ASIDE:
            others = [other for other in voices if other != voice]
            other = random.choice(others)
            aside_s = at_s + random.uniform(0.3, turn_s - 0.7)
            said_s = random.uniform(0.4, 0.7)
            talk.say(other, aside_s, said_s, f"{number} aside")
        at_s = max(0.1, at_s + turn_s + _pause_s(random))
    return Table(len(voices), talk.mixed, talk.truth)


def _amplitude(level_db: float) -> float:
    """The amplitude of a level, dBFS: 1 at 0 dB."""
    amplitude: float = 10 ** (level_db / 20)
    return amplitude


class _Mouth:
    """One voice, which goes on where it stopped."""

    def __init__(self, parts: Sequence[Samples], random: Generator) -> None:
        self._parts = np.concatenate(list(parts))
        self._at = int(random.integers(len(self._parts)))
        level = np.sqrt(np.mean(self._parts**2))
        wanted_db = random.uniform(*LOUDNESS_DB)
        self._gain = _amplitude(wanted_db) / level

    def says(self, length: int) -> Samples:
        """The next `length` samples, without a click at either end.

        The voice begins anew where its speech ends. It fades in and out within FADE samples.
        """
        numbers = np.arange(length)
        places = (self._at + numbers) % len(self._parts)
        self._at = int(places[-1]) + 1
        from_edge = np.minimum(numbers, numbers[::-1])
        fade = np.minimum(1, from_edge / FADE)
        said: Samples = self._parts[places] * fade * self._gain
        return said


@dataclass(frozen=True)
class _Talk:
    """A talk that is being made: its audio, and who spoke when."""

    mixed: Samples
    mouths: dict[str, _Mouth]
    truth: Annotation

    def say(self, voice: str, start_s: float, length_s: float, track: object) -> None:
        """Mix the voice in, until the talk ends at the latest."""
        first = int(start_s * SAMPLE_RATE)
        wanted = int(length_s * SAMPLE_RATE)
        said = self.mouths[voice].says(min(wanted, len(self.mixed) - first))
        self.mixed[first : first + len(said)] += said
        end_s = start_s + len(said) / SAMPLE_RATE
        self.truth[Segment(start_s, end_s), track] = voice


def _order(voices: list[str], random: Generator) -> Iterator[str]:
    """Yield the next speaker, for ever: nobody twice in a row, some more than others.

    Those who have not spoken yet come soon. The order of the draws is part of the seed.
    """
    drawn_shares = random.dirichlet(np.full(len(voices), 2.0))
    shares = drawn_shares * 0.7 + 0.3 / len(voices)
    silent_so_far = random.permutation(voices).tolist()
    last = ""
    while True:
        is_last = np.array(voices) == last
        of_others = np.where(is_last, 0, shares)
        speaker = str(random.choice(voices, p=of_others / of_others.sum()))
        may_begin = silent_so_far and silent_so_far[-1] != last
        if may_begin and random.random() < 0.7:
            speaker = silent_so_far.pop()
        yield speaker
        last = speaker


def _pause_s(random: Generator) -> float:
    """The pause after a turn; below 0 the next one begins before it is over."""
    shortest, mean, longest = PAUSE_S
    drawn_s = random.normal(mean, 0.35)
    return float(np.clip(drawn_s, shortest, longest))


def _turn_s(random: Generator) -> float:
    shortest, median, longest = TURN_S
    drawn_s = random.lognormal(np.log(median), 0.6)
    return float(np.clip(drawn_s, shortest, longest))
