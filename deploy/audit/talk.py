"""Pure: the talk time of each speaker of a session, from the turns."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from schemas.ids import SpeakerLabel
from schemas.objects import Turn, Turns
from schemas.ranges import clip, size, union
from schemas.speech_events import SpeakerSummary
from schemas.word_events import SessionCounted, SpeakerCounts


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


def with_overlap(counted: SessionCounted, talk: Mapping[SpeakerLabel, Talk]) -> SessionCounted:
    """Return totals with the overlap of speakers whose talk and turns are those of `talk`.

    Time that three people shared was once told as twice as much overlap: the log says so for ever.
    """
    speakers = tuple(_with_overlap(speaker, talk) for speaker in counted.speakers)
    return replace(counted, speakers=speakers)


def _with_overlap(speaker: SpeakerCounts, talk: Mapping[SpeakerLabel, Talk]) -> SpeakerCounts:
    found = talk.get(speaker.label)
    if found is None or found[:2] != (speaker.talk_ms, speaker.turns):
        return speaker
    return replace(speaker, overlap_ms=found.overlap_ms)


def _talk(speaker: SpeakerLabel, turns: Sequence[Turn]) -> Talk:
    own = [turn for turn in turns if turn.speaker == speaker]
    others = union((turn.start_ms, turn.end_ms) for turn in turns if turn.speaker != speaker)
    talk_ms = 0
    overlap_ms = 0
    for turn in own:
        talk_ms += turn.end_ms - turn.start_ms
        overlap_ms += size(clip(others, turn.start_ms, turn.end_ms))
    return Talk(talk_ms, len(own), overlap_ms)
