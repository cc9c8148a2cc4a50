"""Provisional answers: the latest windows clustered by themselves, the voices of all that was before kept."""

from collections.abc import Iterable
from itertools import chain

from msgspec.structs import replace

from schemas.ids import SpeakerLabel
from schemas.objects import Turn, Turns


def continued(latest: Turns, former: Turns | None, from_ms: int) -> Turns:
    """`latest`, whose times count from `from_ms`, on the session's timeline; who is not heard in it keeps voiceprint and talk time."""
    moved = replace(
        latest,
        turns=_moved(latest.turns, from_ms),
        exclusive=_moved(latest.exclusive, from_ms),
        from_ms=from_ms,
    )
    if former is None:
        return moved
    heard = {voice.label for voice in latest.voiceprints}
    silent = tuple(voice for voice in former.voiceprints if voice.label not in heard)
    return replace(
        moved, voiceprints=(*latest.voiceprints, *silent), before=_before(former, from_ms)
    )


def _moved(turns: Iterable[Turn], by_ms: int) -> tuple[Turn, ...]:
    return tuple(
        replace(turn, start_ms=turn.start_ms + by_ms, end_ms=turn.end_ms + by_ms) for turn in turns
    )


def _before(former: Turns, from_ms: int) -> dict[SpeakerLabel, int]:
    """What was talked before the answer before, and in that one up to where the new one begins."""
    since = (
        (turn.speaker, max(0, min(turn.end_ms, from_ms) - turn.start_ms)) for turn in former.turns
    )
    total: dict[SpeakerLabel, int] = {}
    for speaker, ms in chain(former.before.items(), since):
        total[speaker] = total.get(speaker, 0) + ms
    return total
