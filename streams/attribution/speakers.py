"""Pure: which speaker said a word, from the exclusive turns; never by the recogniser's segments."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from msgspec.structs import replace

from schemas.clause_ends import ends_sentence, is_pause
from schemas.ids import SpeakerLabel
from schemas.objects import AttributedWord, TranscribedWord, Turn, Turns

NEAR_MS = 500
"""A word outside every turn goes to the nearest speaker within this time, else to nobody."""
AGREED = 0.8
"""Share of a sentence that one speaker must have said for the rest to be that speaker's too.

With a half to two thirds, or over longer pauses, answers of others are swallowed (docs/adr/0010).
"""


class Ordered:
    """Turns by their start, so that those near some words are found without a look at all others.

    A session of hours has thousands of turns; a dozen can concern the words of one window.
    """

    def __init__(self, turns: Sequence[Turn]) -> None:
        self._turns = sorted(turns, key=_start)
        self._longest_ms = max((turn.end_ms - turn.start_ms for turn in turns), default=0)

    def between(self, first_ms: int, last_ms: int) -> list[Turn]:
        """Returns those that have a moment of [first_ms, last_ms], or end or begin with it."""
        first = bisect_left(self._turns, first_ms - self._longest_ms, key=_start)
        end = bisect_right(self._turns, last_ms, key=_start)
        return [turn for turn in self._turns[first:end] if turn.end_ms >= first_ms]


@dataclass(frozen=True)
class OrderedTurns:
    """All turns, and those in which one speaker at most speaks at a time."""

    turns: Ordered
    exclusive: Ordered


def ordered(turns: Turns) -> OrderedTurns:
    """Returns the turns as `attribute` asks for them."""
    return OrderedTurns(Ordered(turns.turns), Ordered(turns.exclusive))


def _start(turn: Turn) -> int:
    return turn.start_ms


def attribute(words: Sequence[TranscribedWord], turns: OrderedTurns) -> tuple[AttributedWord, ...]:
    """Returns each word with the speaker whose exclusive turn holds most of it.

    `rivals` are other speakers who may have said it. A word that disagrees with its sentence goes
    with the sentence: borders of turns and of words are known to some tenths of a second only.
    """
    near = _near(words, turns)
    spoken = [_attributed(word, near) for word in words]
    agreed: list[AttributedWord] = []
    for sentence in _sentences(spoken):
        agreed += _agreed(sentence)
    return tuple(agreed)


class _Near(NamedTuple):
    """The turns that can concern some words."""

    turns: Sequence[Turn]
    exclusive: Sequence[Turn]


def _near(words: Sequence[TranscribedWord], turns: OrderedTurns) -> _Near:
    first_ms = min((word.start_ms for word in words), default=0) - NEAR_MS
    last_ms = max((word.end_ms for word in words), default=0) + NEAR_MS
    return _Near(turns.turns.between(first_ms, last_ms), turns.exclusive.between(first_ms, last_ms))


def _sentences(words: Sequence[AttributedWord]) -> list[list[AttributedWord]]:
    sentences: list[list[AttributedWord]] = []
    before: AttributedWord | None = None
    for word in words:
        if before is None or _is_break(before, word):
            sentences.append([])
        sentences[-1].append(word)
        before = word
    return sentences


def _is_break(before: AttributedWord, word: AttributedWord) -> bool:
    return is_pause(before, word) or ends_sentence(before.text)


def _agreed(sentence: Sequence[AttributedWord]) -> list[AttributedWord]:
    spoken_ms: Counter[SpeakerLabel] = Counter()
    for word in sentence:
        if word.speaker is not None:
            spoken_ms[word.speaker] += max(1, word.end_ms - word.start_ms)
    most = _largest(spoken_ms)
    if most is None or spoken_ms[most] < AGREED * spoken_ms.total():
        return list(sentence)
    return [_moved(word, most) for word in sentence]


def _moved(word: AttributedWord, speaker: SpeakerLabel) -> AttributedWord:
    if word.speaker == speaker:
        return word
    rivals = set(word.rivals)
    if word.speaker is not None:
        rivals.add(word.speaker)
    rivals.discard(speaker)
    return replace(word, speaker=speaker, rivals=tuple(sorted(rivals)))


def _attributed(word: TranscribedWord, turns: _Near) -> AttributedWord:
    speaker = _most(word, turns.exclusive) or _nearest(word, turns.exclusive)
    rivals = {turn.speaker for turn in turns.turns if _shared_ms(word, turn) > 0}
    return AttributedWord(
        text=word.text,
        start_ms=word.start_ms,
        end_ms=word.end_ms,
        probability=word.probability,
        speaker=speaker,
        rivals=tuple(sorted(rivals - {speaker})),
        candidates=word.candidates,
        english=word.english,
    )


def _shared_ms(word: TranscribedWord, turn: Turn) -> int:
    # A word without a length is taken for one millisecond. Negative when they do not meet.
    word_end_ms = max(word.end_ms, word.start_ms + 1)
    return min(word_end_ms, turn.end_ms) - max(word.start_ms, turn.start_ms)


def _most(word: TranscribedWord, turns: Sequence[Turn]) -> SpeakerLabel | None:
    shared_ms: Counter[SpeakerLabel] = Counter()
    for turn in turns:
        shared_ms[turn.speaker] += max(0, _shared_ms(word, turn))
    return _largest(+shared_ms)


def _largest(shares: Counter[SpeakerLabel]) -> SpeakerLabel | None:
    """The speaker with the largest share; the first by label of equal ones; None without any."""

    def rank(speaker: SpeakerLabel) -> tuple[int, SpeakerLabel]:
        return -shares[speaker], speaker

    return min(shares, key=rank, default=None)


def _nearest(word: TranscribedWord, turns: Sequence[Turn]) -> SpeakerLabel | None:
    near: list[tuple[int, SpeakerLabel]] = []
    for turn in turns:
        distance_ms = max(turn.start_ms - word.end_ms, word.start_ms - turn.end_ms)
        if distance_ms <= NEAR_MS:
            near.append((distance_ms, turn.speaker))
    return min(near)[1] if near else None
