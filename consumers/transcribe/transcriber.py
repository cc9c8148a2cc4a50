"""What was said in a stretch of audio: heard, heard again where speech has no word, and weighed against other spellings."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from consumers.audio.decoder import Samples
from consumers.transcribe.hallucinations import believed
from consumers.transcribe.speech_spans import Packed, Span, quietest, uncovered
from schemas.audio import SAMPLE_RATE
from schemas.objects import HeardWord

if TYPE_CHECKING:
    from faster_whisper.transcribe import Word

    from consumers.transcribe.recognition import Heard, States

AROUND_S = 0.3
"""Context on both sides of a gap; its own words begin and end there."""
SLACK_S = 0.1
SHORTEST_S = 6.0
"""Less is not cut in two: the parts would be too short to understand."""


class Recogniser(Protocol):
    """Port of `consumers.transcribe.whisper.Whisper`."""

    def listen(self, batch: Sequence[Samples], again: bool = False) -> "list[Heard]":
        """What is said in each, with word times and the encoder states that it was read from; `again` after nothing was found."""


@dataclass(frozen=True)
class Stretch:
    """Up to 30 s of 16 kHz mono that begin `offset_ms` after the session's start."""

    samples: Samples
    offset_ms: int


class Hearing:
    """Blocking. `weigh` adds to words what else they may have been; `prompt` is what the recogniser reads first, and may echo."""

    def __init__(
        self,
        recogniser: Recogniser,
        weigh: "Callable[[States, Sequence[HeardWord]], list[HeardWord]]",
        prompt: str = "",
    ) -> None:
        self._recogniser, self._weigh = recogniser, weigh
        self._prompt = frozenset(word.strip(" ,.?!").lower() for word in prompt.split())

    def hear(self, batch: Sequence[Stretch]) -> list[list[HeardWord]]:
        """Words of each stretch on its session's timeline, as if it were alone: one pass of the recogniser for the whole batch."""
        return self._heard(batch, again=False)

    def _heard(self, batch: Sequence[Stretch], again: bool) -> list[list[HeardWord]]:
        packed = [Packed(stretch.samples) for stretch in batch]
        loud = [n for n, one in enumerate(packed) if one.speech]
        read = (
            dict(
                zip(
                    loud,
                    self._recogniser.listen([packed[n].samples for n in loud], again=again),
                    strict=True,
                )
            )
            if loud
            else {}
        )
        return [
            self._words(batch[n], packed[n], read[n], again) if n in read else []
            for n in range(len(batch))
        ]

    def _words(
        self, stretch: Stretch, packed: Packed, heard: "Heard", again: bool
    ) -> list[HeardWord]:
        words = self._weigh(
            heard.states, [_word(word) for word in believed(heard.segments, self._prompt)]
        )
        spans = packed.unpacked([(w.start_ms / 1000, w.end_ms / 1000) for w in words])
        offset = stretch.offset_ms
        words = [
            replace(w, start_ms=offset + round(a * 1000), end_ms=offset + round(b * 1000))
            for w, (a, b) in zip(words, spans, strict=True)
        ]
        if (
            not again
        ):  # the gaps in those would gain 0.003 of F1, and cost a second after stop (ADR 0008)
            for gap in uncovered(packed.speech, spans):
                words += self._again(stretch, gap)
        return sorted(words, key=lambda word: word.start_ms)

    def _again(self, stretch: Stretch, gap: Span) -> list[HeardWord]:
        # Whisper stops early, or jumps over a passage; the same audio cut elsewhere is heard.
        parts = [
            Stretch(stretch.samples[a:b], stretch.offset_ms + a * 1000 // SAMPLE_RATE)
            for a, b in _cut(stretch.samples, gap)
        ]
        words = [word for heard in self._heard(parts, again=True) for word in heard]
        return [
            w
            for w in words
            if gap[0] - SLACK_S
            <= ((w.start_ms + w.end_ms) / 2 - stretch.offset_ms) / 1000
            <= gap[1] + SLACK_S
        ]


def _cut(samples: Samples, gap: Span) -> list[tuple[int, int]]:
    start, end = (
        max(0, int((gap[0] - AROUND_S) * SAMPLE_RATE)),
        min(len(samples), int((gap[1] + AROUND_S) * SAMPLE_RATE)),
    )
    if len(samples) - (end - start) >= SAMPLE_RATE:
        return [(start, end)]
    if len(samples) < SHORTEST_S * SAMPLE_RATE:
        return []
    middle = quietest(samples, len(samples) // 4, len(samples) * 3 // 4)
    return [(0, middle), (middle, len(samples))]


def _word(word: "Word") -> HeardWord:
    return HeardWord(
        text=word.word.strip(),
        start_ms=round(word.start * 1000),
        end_ms=round(word.end * 1000),
        probability=round(float(word.probability), 4),
    )
