"""Rescoring: the recogniser compares candidate spellings with its own text, on the same audio."""

from collections.abc import Sequence
from typing import Protocol

from msgspec.structs import replace

from consumers.transcribe.candidates import CandidateSpan, find_candidates
from consumers.transcribe.phonetics import SoundIndex
from consumers.transcribe.recognised import STATES_PER_S, States
from schemas.objects import Candidate, TranscribedWord

CONTEXT = 4
"""Words on both sides that are scored too: enough for the decoder to find its place."""
AROUND_MS = 200
"""Audio on both sides of these words."""
_ENDINGS = ".,!?;:…"


class Scorer(Protocol):
    """Port of `consumers.transcribe.whisper.Whisper`."""

    def is_common(self, word: str) -> bool:
        """Whether it is everyday English as it is written, with its capital or without."""

    def log_likelihoods(self, states: States, texts: Sequence[str]) -> list[float]:
        """The log-likelihood of each text given the audio, nats. Blocking."""


class Rescorer:
    """Adds evidence to words: one short decoder pass for each candidate spelling."""

    def __init__(self, scorer: Scorer, sounds: SoundIndex) -> None:
        self._scorer = scorer
        self._sounds = sounds

    def rescore(self, states: States, words: Sequence[TranscribedWord]) -> list[TranscribedWord]:
        """The same words with their `candidates`. Blocking.

        `states` are those that the words were decoded from; times of words count from their first
        frame, and do not change.
        """
        spans: dict[int, list[CandidateSpan]] = {}
        for span in find_candidates(words, self._sounds, self._scorer.is_common):
            spans.setdefault(span.first, []).append(span)
        rescored = list(words)
        for first, at_word in spans.items():
            candidates = self._scored(states, words, at_word)
            rescored[first] = replace(words[first], candidates=candidates)
        return rescored

    def _scored(
        self, states: States, words: Sequence[TranscribedWord], spans: Sequence[CandidateSpan]
    ) -> tuple[Candidate, ...]:
        """Candidates at one place, each compared with the text as it is written."""
        first = max(0, spans[0].first - CONTEXT)
        end = min(len(words), max(span.end for span in spans) + CONTEXT)
        part = _part(states, words[first].start_ms, words[end - 1].end_ms)
        as_written = [word.text for word in words]
        lines = [as_written]
        lines += [_with(as_written, span) for span in spans]
        texts = [_joined(line[first:end]) for line in lines]
        written, *others = self._scorer.log_likelihoods(part, texts)
        candidates: list[Candidate] = []
        for span, nats in zip(spans, others, strict=True):
            candidates.append(_candidate(span, nats - written))
        return tuple(candidates)


def _part(states: States, start_ms: int, end_ms: int) -> States:
    """The states of a span of the stretch, with AROUND_MS on both sides."""
    first = (start_ms - AROUND_MS) * STATES_PER_S // 1000
    end = (end_ms + AROUND_MS) * STATES_PER_S // 1000
    return states[max(0, first) : end]


def _candidate(span: CandidateSpan, nats: float) -> Candidate:
    return Candidate(
        spelling=span.spelling,
        nats=round(nats, 2),
        words=span.words,
        distance=span.distance,
        common=span.common,
    )


def _with(texts: Sequence[str], span: CandidateSpan) -> list[str]:
    """The texts with the candidate in place of its words; the same number of texts."""
    first_written = texts[span.first]
    last_written = texts[span.end - 1]
    replaced = list(texts)
    replaced[span.first : span.end] = [""] * span.words
    replaced[span.first] = _in_style_of(span.text, first_written, last_written)
    return replaced


def _joined(texts: Sequence[str]) -> str:
    return " ".join(text for text in texts if text)


def _in_style_of(spelling: str, first: str, last: str) -> str:
    """With the capital and the punctuation of what it replaces: they are not in question."""
    punctuation = last[len(last.rstrip(_ENDINGS)) :]
    capitalised = spelling.capitalize() if first[:1].isupper() else spelling
    return capitalised + punctuation
