"""Requests that are decided by what is known: their order is kept, also between topics."""

from schemas import claim_events as claims
from schemas import session_requests as requests
from schemas.event import Event

FIRST = (
    requests.MergeRequested,
    requests.SplitRequested,
    claims.ClaimRequested,
    claims.ReleaseRequested,
    claims.TagRequested,
    claims.TagAnswered,
    claims.VerdictRequested,
)
"""Their answer says whether there is a generation: nothing of it exists before they were read."""
OF_CLAIMS = (claims.SpeakerClaimed, claims.SpeakerReleased, claims.SpeakerTagged)
"""A hint is decided by these alone: each stays on its side of them, and all else comes freely."""


def stays_before(former: Event, later: Event) -> bool:
    """Whether `later` is not read before `former`, on whatever topics they are."""
    if isinstance(former, FIRST):
        return True
    if isinstance(former, requests.HintRequested):
        return isinstance(later, OF_CLAIMS)
    return isinstance(former, OF_CLAIMS) and isinstance(later, requests.HintRequested)
