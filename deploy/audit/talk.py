"""Pure: the talk time of each speaker of a session, from the turns."""

from collections.abc import Sequence
from typing import NamedTuple

from schemas.ids import SpeakerLabel
from schemas.objects import Turn, Turns
from schemas.ranges import clip, size, union
from schemas.speech_events import SpeakerSummary


class Talk(NamedTuple):
    """The talk of one speaker. `overlap_ms` is the part of the talk time that others share."""

    talk_ms: int
    turns: int
    overlap_ms: int


def of(turns: Turns) -> dict[SpeakerLabel, Talk]:
    """Return the talk of everybody who has a turn."""
    speakers = sorted({turn.speaker for turn in turns.turns})
    return {speaker: _talk(speaker, turns.turns) for speaker in speakers}


def of_summaries(summaries: Sequence[SpeakerSummary]) -> dict[SpeakerLabel, Talk]:
    """Return the same as the stage `cluster` said it, where the turns cannot be read."""
    found: dict[SpeakerLabel, Talk] = {}
    for summary in summaries:
        found[summary.label] = Talk(summary.talk_ms, summary.turns, summary.overlap_ms)
    return found


def _talk(speaker: SpeakerLabel, turns: Sequence[Turn]) -> Talk:
    own = [turn for turn in turns if turn.speaker == speaker]
    others = union((turn.start_ms, turn.end_ms) for turn in turns if turn.speaker != speaker)
    talk_ms = 0
    overlap_ms = 0
    for turn in own:
        talk_ms += turn.end_ms - turn.start_ms
        overlap_ms += size(clip(others, turn.start_ms, turn.end_ms))
    return Talk(talk_ms, len(own), overlap_ms)
