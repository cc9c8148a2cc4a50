"""Pure: which speaker said a word, from the exclusive diarization; never per segment."""

from collections.abc import Sequence

from schemas.objects import HeardWord, SpokenWord, Turn, Turns

NEAR_MS = 500
"""A word outside every turn goes to whoever speaks within half a second; otherwise nobody said it."""


def assign(words: Sequence[HeardWord], turns: Turns) -> tuple[SpokenWord, ...]:
    """Each word with the speaker whose exclusive turn holds most of it; `rivals` are others speaking at that time."""
    return tuple(_assigned(word, turns) for word in words)


def _assigned(word: HeardWord, turns: Turns) -> SpokenWord:
    speaker = _most(word, turns.exclusive) or _nearest(word, turns.exclusive)
    over = {t.speaker for t in turns.turns if _shared(word, t) > 0} - {speaker}
    return SpokenWord(
        text=word.text,
        start_ms=word.start_ms,
        end_ms=word.end_ms,
        probability=word.probability,
        speaker=speaker,
        rivals=tuple(sorted(over)),
        candidates=word.candidates,
    )


def _shared(word: HeardWord, turn: Turn) -> int:
    return min(max(word.end_ms, word.start_ms + 1), turn.end_ms) - max(word.start_ms, turn.start_ms)


def _most(word: HeardWord, turns: Sequence[Turn]) -> str | None:
    shares: dict[str, int] = {}
    for turn in turns:
        if (shared := _shared(word, turn)) > 0:
            shares[turn.speaker] = shares.get(turn.speaker, 0) + shared
    return min(shares, key=lambda s: (-shares[s], s)) if shares else None


def _nearest(word: HeardWord, turns: Sequence[Turn]) -> str | None:
    near = [(max(t.start_ms - word.end_ms, word.start_ms - t.end_ms), t.speaker) for t in turns]
    distance, speaker = min(near, default=(NEAR_MS + 1, ""))
    return speaker if distance <= NEAR_MS else None
