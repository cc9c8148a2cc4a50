"""What was said in a stretch of audio: heard, heard again where speech has no word, and weighed against other spellings."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from consumers.audio.decoder import Samples
from consumers.audio.decoding_child import RATE
from consumers.transcribe.coverage import Span, speech_of, uncovered
from consumers.transcribe.invented import believed
from consumers.transcribe.looping import SHORTEST_S, quietest_middle
from schemas.objects import HeardWord

if TYPE_CHECKING:
    from faster_whisper.transcribe import Segment, Word

TRIES = 3
"""The whole, the gaps in it, the gaps in those."""
AROUND_S = 0.3
"""Context on both sides of a gap; its own words begin and end there."""
SLACK_S = 0.1


class Recogniser(Protocol):
    """Port of `consumers.transcribe.whisper.Whisper`."""

    def segments(self, samples: Samples) -> "list[Segment]":
        """What is said, with word times."""


class Hearing:
    """Blocking. `weigh` adds to words what else they may have been."""

    def __init__(self, recogniser: Recogniser, weigh: Callable[[Samples, Sequence[HeardWord], int], list[HeardWord]]) -> None:
        self._recogniser, self._weigh = recogniser, weigh

    def hear(self, samples: Samples, offset_ms: int) -> list[HeardWord]:
        """Words of `samples` (16 kHz mono), timed on the session's timeline, which starts `offset_ms` before them."""
        return self._weigh(samples, self._heard(samples, offset_ms, TRIES), offset_ms)

    def _heard(self, samples: Samples, offset_ms: int, tries: int) -> list[HeardWord]:
        words = [_word(word, offset_ms) for word in believed(self._recogniser.segments(samples))]
        if tries > 1:
            held = [((w.start_ms - offset_ms) / 1000, (w.end_ms - offset_ms) / 1000) for w in words]
            if uncovered([(0.0, len(samples) / RATE)], held):  # were all of it speech, nothing would be missing: no need to look
                for gap in uncovered(speech_of(samples), held):
                    words += self._again(samples, gap, offset_ms, tries - 1)
        return sorted(words, key=lambda word: word.start_ms)

    def _again(self, samples: Samples, gap: Span, offset_ms: int, tries: int) -> list[HeardWord]:
        # Whisper stops early, or jumps over a passage; the same audio cut elsewhere is heard.
        found: list[HeardWord] = []
        for start, end in _cut(samples, gap):
            heard = self._heard(samples[start:end], offset_ms + start * 1000 // RATE, tries)
            found += [w for w in heard if gap[0] - SLACK_S <= ((w.start_ms + w.end_ms) / 2 - offset_ms) / 1000 <= gap[1] + SLACK_S]
        return found


def _cut(samples: Samples, gap: Span) -> list[tuple[int, int]]:
    start, end = max(0, int((gap[0] - AROUND_S) * RATE)), min(len(samples), int((gap[1] + AROUND_S) * RATE))
    if len(samples) - (end - start) >= RATE:
        return [(start, end)]
    if len(samples) < SHORTEST_S * RATE:
        return []  # the same audio again would be heard the same
    middle = quietest_middle(samples)
    return [(0, middle), (middle, len(samples))]


def _word(word: "Word", offset_ms: int) -> HeardWord:
    return HeardWord(
        text=word.word.strip(),
        start_ms=offset_ms + round(word.start * 1000),
        end_ms=offset_ms + round(word.end * 1000),
        probability=round(float(word.probability), 4),
    )
