"""Pure: what was told of each speaker's claim, by which an older one is known."""

from collections.abc import Iterable

import msgspec

from schemas.claim_events import SpeakerClaimed, SpeakerReleased, SpeakerTagged
from schemas.ids import NOBODY, SpeakerLabel
from streams.newest import with_newest

ClaimDecided = SpeakerClaimed | SpeakerReleased | SpeakerTagged
MOST = 1_000
"""Speakers of a session that are remembered."""


class ClaimTold(msgspec.Struct, frozen=True, kw_only=True):
    """The version of the newest claim, tag or release, and when people last made one (Unix).

    A generation changes claims as well: that says nothing of what people want.
    """

    version: int
    made_ms: int = 0


Told = dict[SpeakerLabel, ClaimTold]


def with_told(told: Told, event: ClaimDecided) -> Told:
    """Returns the same with this event as the newest of its speaker."""
    former = told.get(event.speaker)
    made_ms = former.made_ms if former else 0
    if event.by != NOBODY:
        made_ms = max(made_ms, event.occurred_at_ms)
    newest = ClaimTold(version=event.claim_version, made_ms=made_ms)
    return with_newest(told, event.speaker, newest, MOST)


def changed_ms(told: Told, speakers: Iterable[SpeakerLabel]) -> int:
    """Returns when people last changed a claim of one of these (Unix); 0 when nobody did."""
    return max((told[label].made_ms for label in speakers if label in told), default=0)
