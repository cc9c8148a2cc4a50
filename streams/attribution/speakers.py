"""Pure: which speaker said a word, from the exclusive diarization; never per segment."""

import re
from collections.abc import Sequence

from msgspec.structs import replace

from schemas.ids import SpeakerLabel
from schemas.objects import AttributedWord, TranscribedWord, Turn, Turns

NEAR_MS = 500
"""A word outside every turn goes to whoever speaks within half a second; otherwise nobody said it."""

PAUSE_MS, AGREED = 350, 0.8
"""Silence that ends a sentence, and how much of one a speaker must have said for the rest to be that speaker's too: of a half
to two thirds, or over longer pauses, answers of others are swallowed (docs/adr/0010)."""
_ENDS = re.compile(r"[.?!…]['\"”’)]*$")


def attribute(words: Sequence[TranscribedWord], turns: Turns) -> tuple[AttributedWord, ...]:
    """Each word with the speaker whose exclusive turn holds most of it; `rivals` are others who may have said it.

    A word that stands against its sentence goes with it: a border between turns is known to some tenths of a second, and so are words.
    """
    near = _near(words, turns)
    found = [_assigned(word, near) for word in words]
    return tuple(word for sentence in _sentences(found) for word in _agreed(sentence))


def _near(words: Sequence[TranscribedWord], turns: Turns) -> Turns:
    """The turns that these words can have to do with: a session of hours has thousands, a window a dozen."""
    first, last = (
        min((w.start_ms for w in words), default=0) - NEAR_MS,
        max((w.end_ms for w in words), default=0) + NEAR_MS,
    )
    kept = (
        [turn for turn in some if turn.start_ms <= last and turn.end_ms >= first]
        for some in (turns.turns, turns.exclusive)
    )
    return replace(turns, turns=tuple(next(kept)), exclusive=tuple(next(kept)), voiceprints=())


def _sentences(words: Sequence[AttributedWord]) -> list[list[AttributedWord]]:
    found: list[list[AttributedWord]] = []
    for word in words:
        before = found[-1][-1] if found else None
        if before is None or word.start_ms - before.end_ms > PAUSE_MS or _ENDS.search(before.text):
            found.append([])
        found[-1].append(word)
    return found


def _agreed(sentence: Sequence[AttributedWord]) -> list[AttributedWord]:
    shares: dict[SpeakerLabel, int] = {}
    for word in sentence:
        if word.speaker is not None:
            shares[word.speaker] = shares.get(word.speaker, 0) + max(1, word.end_ms - word.start_ms)
    most = min(shares, key=lambda s: (-shares[s], s), default=None)
    if most is None or shares[most] < AGREED * sum(shares.values()):
        return list(sentence)
    return [word if word.speaker == most else _moved(word, most) for word in sentence]


def _moved(word: AttributedWord, speaker: SpeakerLabel) -> AttributedWord:
    doubted = {*word.rivals, *([word.speaker] if word.speaker else [])} - {speaker}
    return replace(word, speaker=speaker, rivals=tuple(sorted(doubted)))


def _assigned(word: TranscribedWord, turns: Turns) -> AttributedWord:
    speaker = _most(word, turns.exclusive) or _nearest(word, turns.exclusive)
    over = {t.speaker for t in turns.turns if _shared(word, t) > 0} - {speaker}
    return AttributedWord(
        text=word.text,
        start_ms=word.start_ms,
        end_ms=word.end_ms,
        probability=word.probability,
        speaker=speaker,
        rivals=tuple(sorted(over)),
        candidates=word.candidates,
    )


def _shared(word: TranscribedWord, turn: Turn) -> int:
    return min(max(word.end_ms, word.start_ms + 1), turn.end_ms) - max(word.start_ms, turn.start_ms)


def _most(word: TranscribedWord, turns: Sequence[Turn]) -> SpeakerLabel | None:
    shares: dict[SpeakerLabel, int] = {}
    for turn in turns:
        if (shared := _shared(word, turn)) > 0:
            shares[turn.speaker] = shares.get(turn.speaker, 0) + shared
    return min(shares, key=lambda s: (-shares[s], s)) if shares else None


def _nearest(word: TranscribedWord, turns: Sequence[Turn]) -> SpeakerLabel | None:
    near = [(max(t.start_ms - word.end_ms, word.start_ms - t.end_ms), t.speaker) for t in turns]
    distance, speaker = min(near, default=(NEAR_MS + 1, None))
    return speaker if distance <= NEAR_MS else None
