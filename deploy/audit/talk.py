"""Pure: the talk time of each speaker of a session, from the turns."""

from collections.abc import Sequence
from typing import NamedTuple

from schemas.ids import SpeakerLabel
from schemas.objects import Turn, Turns
from schemas.speech_events import SpeakerSummary


class Talk(NamedTuple):
    """The talk of one speaker. `overlap_ms` is the part of the talk time that others share."""

    talk_ms: int
    turns: int
    overlap_ms: int


def of(turns: Turns) -> dict[SpeakerLabel, Talk]:
    """Return the talk of everybody who has a turn."""
    labels = dict.fromkeys(turn.speaker for turn in turns.turns)
    return {label: _talk(label, turns.turns) for label in labels}


def of_summaries(speakers: Sequence[SpeakerSummary]) -> dict[SpeakerLabel, Talk]:
    """Return the same as the stage `cluster` said it, where the turns cannot be read."""
    return {one.label: Talk(one.talk_ms, one.turns, one.overlap_ms) for one in speakers}


def _talk(label: SpeakerLabel, turns: Sequence[Turn]) -> Talk:
    own = [turn for turn in turns if turn.speaker == label]
    others = [turn for turn in turns if turn.speaker != label]
    talk_ms = 0
    shared_ms = 0
    for turn in own:
        talk_ms += turn.end_ms - turn.start_ms
        shared_ms += sum(_shared_ms(turn, other) for other in others)
    return Talk(talk_ms, len(own), min(shared_ms, talk_ms))


def _shared_ms(one: Turn, other: Turn) -> int:
    start_ms = max(one.start_ms, other.start_ms)
    end_ms = min(one.end_ms, other.end_ms)
    return max(0, end_ms - start_ms)
