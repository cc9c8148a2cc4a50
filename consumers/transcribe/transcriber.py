"""Words of a stretch of audio: recognised, filtered, rescored, and recognised again where skipped.

Whisper stops early or jumps over a passage, more often with a list of rare words as its prompt.
Speech without a word is transcribed a second time, cut elsewhere and without the list
(docs/adr/0008).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Protocol

from msgspec.structs import replace

from consumers.audio.decoder import Samples
from consumers.transcribe.budget import Budget, budget, left_s, usual_work_s
from consumers.transcribe.hallucinations import filter_segments
from consumers.transcribe.recognised import Recognised, RecognisedWord, States
from consumers.transcribe.speech_spans import (
    PackedSpeech,
    Span,
    quietest_index,
    speech_without_words,
)
from consumers.transcribe.spelling import bare
from schemas.audio import SAMPLE_RATE
from schemas.objects import TranscribedWord

AROUND_S = 0.3
"""Audio on both sides of a gap: the words that border it begin and end there."""
SLACK_S = 0.1
"""How far beyond a gap the middle of a word may be that was found in it."""
SHORTEST_S = 6.0
"""Shorter audio is not cut in two: the parts would be too short to understand."""
Rescore = Callable[[States, Sequence[TranscribedWord]], list[TranscribedWord]]
"""Adds candidates to words that were decoded from the states."""


class Recogniser(Protocol):
    """Port of `consumers.transcribe.whisper.Whisper`."""

    def recognise(self, batch: Sequence[Samples], prompt: str) -> list[Recognised]:
        """Text of each of `batch`, decoded after `prompt`. Blocking."""


@dataclass(frozen=True)
class Stretch:
    """Up to 30 s of 16 kHz mono that begin `offset_ms` after the session's start."""

    samples: Samples
    offset_ms: int

    @cached_property
    def packed(self) -> PackedSpeech:
        """Its speech. Blocking, the first time."""
        return PackedSpeech(self.samples)

    @property
    def budget(self) -> Budget:
        """The budget of its speech. Stretches of one budget share a pass. Blocks the first time."""
        return budget(self.packed.samples)


@dataclass(frozen=True)
class _Pass:
    """One pass over a stretch: words on the session's timeline, and the speech without a word.

    `left_s` is the work that the stretch may still cost.
    """

    words: list[TranscribedWord]
    skipped: list[Span]
    left_s: float


@dataclass(frozen=True)
class _Gap:
    """Skipped speech of the stretch at `place` in the batch, and the audio to transcribe again."""

    place: int
    span: Span
    parts: list[Stretch]
    offset_ms: int


class Transcriber:
    """Turns stretches into words. Blocking; thread-safe when the recogniser is.

    The first pass is prompted with `prompt` (the list of words and the style of talk), the second
    with `style` alone.
    """

    def __init__(
        self, recogniser: Recogniser, rescore: Rescore, prompt: str = "", style: str = ""
    ) -> None:
        self._recogniser = recogniser
        self._rescore = rescore
        self._prompt = prompt
        self._style = style
        self._prompt_words = tuple(map(bare, prompt.split()))

    def transcribe(self, batch: Sequence[Stretch]) -> list[list[TranscribedWord]]:
        """Words of each stretch in order of time, as if the stretch were alone.

        One pass of the recogniser for the whole batch, and one for all passages that it skipped.
        Gaps are left where a stretch has cost enough, and after the second pass: they would gain
        0.003 of F1 and cost a second after stop.
        """
        passes = self._pass(batch, self._prompt)
        found = [list(one.words) for one in passes]
        gaps = list(_gaps(batch, passes))
        for gap, words in zip(gaps, self._second_pass(gaps), strict=True):
            found[gap.place] += words
        return [sorted(words, key=_start_ms) for words in found]

    def _second_pass(self, gaps: Sequence[_Gap]) -> list[list[TranscribedWord]]:
        """The words of each gap. One pass of the recogniser over the parts of all of them."""
        parts = list(chain.from_iterable(gap.parts for gap in gaps))
        passes = self._pass(parts, self._style)
        found: list[list[TranscribedWord]] = []
        first = 0
        for gap in gaps:
            end = first + len(gap.parts)
            found.append(_words_in(gap, passes[first:end]))
            first = end
        return found

    def _pass(self, batch: Sequence[Stretch], prompt: str) -> list[_Pass]:
        """One pass over all stretches that have speech; nothing runs when none has."""
        packed = [stretch.packed for stretch in batch]
        spoken = [one.samples for one in packed if one.speech]
        recognised = iter(self._recogniser.recognise(spoken, prompt) if spoken else [])
        passes: list[_Pass] = []
        for stretch, one in zip(batch, packed, strict=True):
            if one.speech:
                passes.append(self._words(stretch, one, next(recognised)))
            else:
                passes.append(_Pass([], [], 0.0))
        return passes

    def _words(self, stretch: Stretch, packed: PackedSpeech, found: Recognised) -> _Pass:
        words_said = filter_segments(found.segments, self._prompt_words)
        rescored = self._rescore(found.states, [_in_packed(word) for word in words_said])
        packed_spans = [(word.start_ms / 1000, word.end_ms / 1000) for word in rescored]
        spans = packed.original_spans(packed_spans)
        words = [
            _placed(word, span, stretch.offset_ms)
            for word, span in zip(rescored, spans, strict=True)
        ]
        skipped = speech_without_words(packed.speech, spans)
        return _Pass(words, skipped, left_s(packed.samples, found.written, found.said))


def _gaps(batch: Sequence[Stretch], passes: Sequence[_Pass]) -> Iterator[_Gap]:
    """The gaps of all stretches, in order, as far as the work that is left for each goes."""
    for place, (stretch, first) in enumerate(zip(batch, passes, strict=True)):
        remaining_s = first.left_s
        for span in first.skipped:
            parts = [_part(stretch, *cut) for cut in _cuts(stretch.samples, span)]
            cost_s = sum(usual_work_s(part.samples) for part in parts)
            if cost_s <= remaining_s:
                remaining_s -= cost_s
                yield _Gap(place, span, parts, stretch.offset_ms)


def _words_in(gap: _Gap, passes: Sequence[_Pass]) -> list[TranscribedWord]:
    words: list[TranscribedWord] = []
    for one in passes:
        words += sorted(one.words, key=_start_ms)
    return [word for word in words if _is_within(word, gap.span, gap.offset_ms)]


def _cuts(samples: Samples, gap: Span) -> list[tuple[int, int]]:
    """Sample indices of the audio for a second pass: the gap, or both halves of all the audio.

    The same audio cut elsewhere is understood. Where the gap is nearly all of it, only a cut in
    its middle makes a difference.
    """
    size = len(samples)
    gap_start, gap_end = gap
    start = max(0, int((gap_start - AROUND_S) * SAMPLE_RATE))
    end = min(size, int((gap_end + AROUND_S) * SAMPLE_RATE))
    if size - (end - start) >= SAMPLE_RATE:
        return [(start, end)]
    if size < SHORTEST_S * SAMPLE_RATE:
        return []
    middle = quietest_index(samples, size // 4, size * 3 // 4)
    return [(0, middle), (middle, size)]


def _part(stretch: Stretch, first: int, last: int) -> Stretch:
    first_ms = first * 1000 // SAMPLE_RATE
    return Stretch(stretch.samples[first:last], stretch.offset_ms + first_ms)


def _is_within(word: TranscribedWord, gap: Span, offset_ms: int) -> bool:
    start, end = gap
    middle_ms = (word.start_ms + word.end_ms) / 2 - offset_ms
    middle = middle_ms / 1000
    return start - SLACK_S <= middle <= end + SLACK_S


def _in_packed(word: RecognisedWord) -> TranscribedWord:
    """The word with times from the start of the packed samples."""
    return TranscribedWord(
        text=word.text.strip(),
        start_ms=round(word.start_s * 1000),
        end_ms=round(word.end_s * 1000),
        probability=round(word.probability, 4),
        english=round(word.english, 4),
    )


def _placed(word: TranscribedWord, span: Span, offset_ms: int) -> TranscribedWord:
    """The word with the times of `span`, seconds in a stretch that begins at `offset_ms`."""
    start, end = span
    start_ms = offset_ms + round(start * 1000)
    end_ms = offset_ms + round(end * 1000)
    return replace(word, start_ms=start_ms, end_ms=end_ms)


def _start_ms(word: TranscribedWord) -> int:
    return word.start_ms
