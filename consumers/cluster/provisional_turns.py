"""Provisional turns: only the latest windows are clustered; earlier ones are kept as sums. Pure."""

from msgspec.structs import replace

from consumers.cluster.turns import shift_turns
from schemas.ids import SpeakerLabel
from schemas.objects import Turns


def continued(latest: Turns, former: Turns | None, from_ms: int) -> Turns:
    """`latest`, whose times count from `from_ms`, on the session's timeline.

    A speaker of `former` who does not talk in `latest` keeps voiceprint and talk time.
    """
    moved = replace(
        latest,
        turns=shift_turns(latest.turns, from_ms),
        exclusive=shift_turns(latest.exclusive, from_ms),
        from_ms=from_ms,
    )
    if former is None:
        return moved
    talking = {voice.label for voice in latest.voiceprints}
    silent = tuple(voice for voice in former.voiceprints if voice.label not in talking)
    voiceprints = (*latest.voiceprints, *silent)
    return replace(moved, voiceprints=voiceprints, before=_talk_before(former, from_ms))


def _talk_before(former: Turns, from_ms: int) -> dict[SpeakerLabel, int]:
    """Talk time of each speaker before `from_ms`, ms.

    The running total of `former` plus its own turns up to there.
    """
    total = dict(former.before)
    for turn in former.turns:
        talk_ms = max(0, min(turn.end_ms, from_ms) - turn.start_ms)
        total[turn.speaker] = total.get(turn.speaker, 0) + talk_ms
    return total
