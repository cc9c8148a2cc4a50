"""Pure: the talk time of each speaker of a session, from the turns."""

from collections import defaultdict
from collections.abc import Sequence

from schemas.ids import SpeakerLabel
from schemas.objects import Turn, Turns
from schemas.speech_events import SpeakerSummary

Talk = tuple[int, int, int]
"""Talk time, number of turns, and the part of the talk time that others share; milliseconds."""


def of(turns: Turns) -> dict[SpeakerLabel, Talk]:
    """Return the talk of everybody who has a turn."""
    own: defaultdict[SpeakerLabel, list[Turn]] = defaultdict(list)
    for turn in turns.turns:
        own[turn.speaker].append(turn)
    return {label: _talk(label, some, turns.turns) for label, some in own.items()}


def of_summaries(speakers: Sequence[SpeakerSummary]) -> dict[SpeakerLabel, Talk]:
    """Return the same as the stage `cluster` said it, where the turns cannot be read."""
    return {one.label: (one.talk_ms, one.turns, one.overlap_ms) for one in speakers}


def _talk(label: SpeakerLabel, own: Sequence[Turn], all_: Sequence[Turn]) -> Talk:
    talk_ms = sum(turn.end_ms - turn.start_ms for turn in own)
    others = [turn for turn in all_ if turn.speaker != label]
    shared_ms = sum(_shared_ms(turn, other) for turn in own for other in others)
    return talk_ms, len(own), min(shared_ms, talk_ms)


def _shared_ms(one: Turn, other: Turn) -> int:
    return max(
        0,
        min(one.end_ms, other.end_ms) - max(one.start_ms, other.start_ms),
    )
