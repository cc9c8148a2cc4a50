"""Pure: the speakers of a session as people see them before they claim."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from api.figures import share
from api.sessions.counts import counts_of
from api.sessions.speaker_models import (
    ClaimAnswer,
    Clip,
    MaybeCount,
    SingleCount,
    SpeakerAnswer,
    WaitingTag,
    WordCount,
)
from api.sessions.speaker_rows import ClaimRow, ClipRow, SingleCountRow, SpeakerCountRow, TagRow
from schemas.claim_events import VERDICT_NAMES
from schemas.ids import SpeakerLabel
from schemas.objects import AttributedWord


@dataclass(frozen=True)
class SpeakerParts:
    """Everything about the speakers of one session, each part by its speaker."""

    counts: Mapping[SpeakerLabel, Sequence[SpeakerCountRow]]
    claims: Mapping[SpeakerLabel, ClaimRow]
    clips: Sequence[tuple[ClipRow, Clip]]
    emoji: Mapping[str, str]
    maybes: Sequence[SingleCountRow] = ()

    def answer(self, label: SpeakerLabel) -> SpeakerAnswer:
        """One speaker. KeyError when nothing is counted for the label."""
        rows = self.counts[label]
        talk_ms = sum(row.talk_ms for row in rows)
        overlap_ms = sum(row.overlap_ms for row in rows)
        claim = self.claims.get(label)
        return SpeakerAnswer(
            talk_s=talk_ms / 1000,
            turns=sum(row.turns for row in rows),
            overlap_share=share(overlap_ms, talk_ms),
            words=word_counts(counts_of(rows), self.emoji),
            maybe=[self._maybe(row) for row in self.maybes if row.speaker == label],
            speaker=label,
            clips=[clip for row, clip in self.clips if row.speaker == label],
            claim=claim_answer(claim) if claim else None,
        )

    def _maybe(self, row: SingleCountRow) -> MaybeCount:
        return MaybeCount(
            word=row.word,
            emoji=self.emoji.get(row.word, ""),
            said_at=row.said_at,
            probability=row.probability,
        )


def single_count(
    row: SingleCountRow, emoji: Mapping[str, str], recorded_at: datetime
) -> SingleCount:
    """One count as an answer."""
    return SingleCount(
        speaker=row.speaker,
        word=row.word,
        emoji=emoji.get(row.word, ""),
        said_at=row.said_at,
        at_s=round((row.said_at - recorded_at).total_seconds(), 2),
        probability=row.probability,
        maybe=row.maybe,
        verdict=VERDICT_NAMES[row.verdict],
        counted=row.is_counted,
    )


def word_counts(counts: Mapping[str, int], emoji: Mapping[str, str]) -> list[WordCount]:
    """Counts with emoji, in the same order; a word without an emoji has an empty one."""
    return [
        WordCount(word=word, count=count, emoji=emoji.get(word, ""))
        for word, count in counts.items()
    ]


def clip_answer(row: ClipRow, words: Iterable[AttributedWord], url: str) -> Clip:
    """The clip, with the words that its speaker begins within it as the quote."""
    quote = [
        word.text
        for word in words
        if word.speaker == row.speaker and row.start_ms <= word.start_ms < row.end_ms
    ]
    return Clip(
        start_s=row.start_ms / 1000,
        end_s=row.end_ms / 1000,
        quote=" ".join(quote),
        url=url,
    )


def waiting_tag(row: TagRow, clips: Iterable[tuple[ClipRow, Clip]]) -> WaitingTag:
    """A tag with the first clip of its speaker, and with nothing of anybody else."""
    own = (clip for clip_row, clip in clips if clip_row.speaker == row.speaker)
    return WaitingTag(
        speaker=row.speaker,
        claimed_by=row.claimed_by,
        display_name=row.display_name,
        claimed_at=row.claimed_at,
        clip=next(own, None),
    )


def claim_answer(row: ClaimRow) -> ClaimAnswer:
    """The claim as people see it."""
    return ClaimAnswer(
        kind=row.kind,
        user_id=row.user_id,
        display_name=row.display_name,
        guest_name=row.guest_name,
        claimed_by=row.claimed_by,
        claimed_at=row.claimed_at,
    )
