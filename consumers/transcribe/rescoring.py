"""The recogniser judges its own mis-hearings: each spelling that sounds alike, teacher-forced on the same audio."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from msgspec.structs import replace

from consumers.transcribe.candidates import Suspect, suspects
from consumers.transcribe.phonetics import Ear
from consumers.transcribe.whisper import FRAMES_PER_S
from schemas.objects import Candidate, HeardWord

CONTEXT = 4
"""Words on both sides that are weighed with it: enough for the decoder to find its place."""
AROUND_MS = 200
States = np.ndarray[Any, np.dtype[np.float32]]


class Judge(Protocol):
    """Port of `consumers.transcribe.whisper.Whisper`."""

    def is_common(self, word: str) -> bool:
        """Everyday English, as it is written: with its capital or without."""

    def log_likelihoods(self, states: States, texts: Sequence[str]) -> list[float]:
        """Of each text, nats."""


class Weighing:
    """Adds `candidates` to words: one short decoder pass a spelling, on the encoder states that the words were read from."""

    def __init__(self, judge: Judge, ear: Ear) -> None:
        self._judge, self._ear = judge, ear

    def __call__(self, states: States, words: Sequence[HeardWord]) -> list[HeardWord]:
        """The same words, times (from the first of `states`) untouched. Blocking."""
        found: dict[int, list[Suspect]] = {}
        for suspect in suspects(words, self._ear, self._judge.is_common):
            found.setdefault(suspect.first, []).append(suspect)
        return [
            replace(w, candidates=self._candidates(states, words, found[i])) if i in found else w
            for i, w in enumerate(words)
        ]

    def _candidates(
        self, states: States, words: Sequence[HeardWord], found: list[Suspect]
    ) -> tuple[Candidate, ...]:
        first, last = (
            max(0, found[0].first - CONTEXT),
            min(len(words), max(s.first + s.tokens for s in found) + CONTEXT),
        )
        start, end = (
            ms * FRAMES_PER_S // 1000
            for ms in (words[first].start_ms - AROUND_MS, words[last - 1].end_ms + AROUND_MS)
        )
        texts = [_spelled(words, first, last, suspect) for suspect in (None, *found)]
        written, *others = self._judge.log_likelihoods(states[max(0, start) : end], texts)
        return tuple(
            Candidate(
                spelling=s.spelling,
                nats=round(nats - written, 2),
                words=s.tokens,
                distance=s.distance,
                common=s.common,
            )
            for s, nats in zip(found, others, strict=True)
        )


def _spelled(words: Sequence[HeardWord], first: int, last: int, suspect: Suspect | None) -> str:
    texts = [word.text for word in words]
    if suspect is not None:
        end = suspect.first + suspect.tokens
        texts[suspect.first : end] = [_as(suspect.text, texts[suspect.first], texts[end - 1])] + [
            ""
        ] * (suspect.tokens - 1)
    return " ".join(text for text in texts[first:last] if text)


def _as(spelling: str, first: str, last: str) -> str:
    """With the capital and the punctuation of what it replaces: they are not what is asked about."""
    return (spelling.capitalize() if first[:1].isupper() else spelling) + last[
        len(last.rstrip(".,!?;:…")) :
    ]
