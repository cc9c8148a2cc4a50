"""When each lexicon word was said in a recording, as far as its truth says."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from adapters.objects.lexicons import shipped_lexicon
from deploy.benchmark.recordings import truth_beside
from schemas.ids import SpeakerLabel
from schemas.objects import AttributedWord
from streams.tally.counter import Counter


@dataclass(frozen=True)
class Moment:
    """A lexicon word said in its Singlish sense, about then, by a speaker of the truth."""

    word: str
    at_ms: int
    speaker: str = ""


class _Sentence(msgspec.Struct, frozen=True):
    start: float
    end: float
    speaker: str
    text: str


class _Truth(msgspec.Struct, frozen=True):
    segments: list[_Sentence] = []
    counted: msgspec.Raw = msgspec.Raw(b"null")


def moments(audio: Path, lead_s: float = 0.0) -> list[Moment] | None:
    """Return the moments in order, of the recording after `lead_s` of silence.

    Empty when there is no Singlish, None when it is not known.
    """
    if not audio.with_suffix(".json").exists():
        return None
    truth = truth_beside(audio, _Truth)
    if truth.segments:
        return [moment for sentence in truth.segments for moment in _of(sentence, lead_s)]
    return [] if msgspec.json.decode(truth.counted) == [] else None


@cache
def _counter() -> Counter:
    return Counter(shipped_lexicon())


def _of(sentence: _Sentence, lead_s: float) -> list[Moment]:
    """The words that a listener would count, spread evenly over their sentence."""
    texts = sentence.text.split()
    step_ms = 1000 * (sentence.end - sentence.start) / max(1, len(texts))
    words = [
        AttributedWord(
            text=text,
            start_ms=int(1000 * sentence.start + n * step_ms),
            end_ms=int(1000 * sentence.start + (n + 1) * step_ms),
            probability=1.0,
            speaker=SpeakerLabel(sentence.speaker),
        )
        for n, text in enumerate(texts)
    ]
    lead_ms = int(1000 * lead_s)
    return [
        Moment(one.word, one.start_ms + lead_ms, one.speaker) for one in _counter().count(words)
    ]
