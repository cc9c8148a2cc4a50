"""A write side whose folds decide at once: they accept all, reject all, or answer nothing."""

from collections.abc import Callable, Sequence
from typing import Any

from schemas.claim_events import (
    ClaimKind,
    ClaimRejected,
    ClaimRequested,
    ReleaseRequested,
    SpeakerClaimed,
    SpeakerReleased,
    SpeakerTagged,
    TagAnswered,
    TagRequested,
)
from schemas.event import Event
from schemas.ids import SpeakerLabel, UserId
from schemas.people_events import (
    GroupChangeDecided,
    GroupChangeRequested,
    GroupListing,
    Member,
    UserChangeDecided,
    UserListing,
)
from schemas.session_events import RequestAccepted, SessionErased
from schemas.session_requests import EraseRequested
from tests.write_side import KEY, NOW_MS, OWNER, SESSION, WriteSide, listing

PATH = f"/v1/sessions/{SESSION}"
S1 = SpeakerLabel("S1")
MEI = UserId("mei")
GROUP = "7d9e4f60-1b2c-5d3e-8f4a-6b7c8d9e0f1a"
PENDING = {"request_id": KEY, "outcome": "pending", "see": f"/v1/requests/{KEY}"}
Decide = Callable[[Event], Sequence[Event]]


def side(decide: Decide = lambda _: (), *rows: Event) -> WriteSide:
    """A write side that knows SESSION, and `rows`."""
    made = WriteSide(decide)
    for row in (listing(), *rows):
        made.directory.take(row)
    return made


def credits_fold(event: Event) -> Sequence[Event]:
    """Every claim is accepted."""
    about: dict[str, Any] = {"occurred_at_ms": NOW_MS, "session_id": SESSION, "claim_version": 1}
    match event:
        case ClaimRequested() | TagAnswered():
            claimed = SpeakerClaimed(
                **about,
                request_id=event.request_id,
                speaker=event.speaker,
                by=event.by,
                kind=event.kind if isinstance(event, ClaimRequested) else ClaimKind.SELF,
                user_id=None,
                guest_name=None,
                unclaimed=1,
            )
            return [claimed]
        case TagRequested():
            tagged = SpeakerTagged(
                **about,
                request_id=event.request_id,
                speaker=event.speaker,
                by=event.by,
                user_id=event.user_id,
            )
            return [tagged]
        case ReleaseRequested():
            released = SpeakerReleased(
                **about,
                request_id=event.request_id,
                speaker=event.speaker,
                by=event.by,
                unclaimed=2,
            )
            return [released]
    return []


def rejecting(reason: str) -> Decide:
    def decide(event: Event) -> Sequence[Event]:
        request: Any = event
        rejected = ClaimRejected(
            occurred_at_ms=NOW_MS,
            session_id=SESSION,
            request_id=request.request_id,
            speaker=S1,
            by=request.by,
            reason=reason,
        )
        return [rejected]

    return decide


def accepting(event: Event) -> Sequence[Event]:
    """Every request about the session is accepted."""
    request: Any = event
    accepted = RequestAccepted(
        occurred_at_ms=NOW_MS, session_id=SESSION, request_id=request.request_id, generation=2
    )
    return [accepted]


def erased(event: EraseRequested) -> SessionErased:
    """The answer to an owner who erases a session."""
    return SessionErased(
        occurred_at_ms=NOW_MS,
        caused_by=event.event_id,
        session_id=event.session_id,
        request_id=event.request_id,
        recorded_at_ms=NOW_MS,
        audio_ms=0,
    )


def groups_fold(event: Event) -> Sequence[Event]:
    """Every change is accepted."""
    assert isinstance(event, GroupChangeRequested)
    decided = GroupChangeDecided(
        occurred_at_ms=NOW_MS,
        group_id=event.group_id,
        request_id=event.request_id,
        by=event.by,
        accepted=True,
        reason=None,
        revision=1,
    )
    return [decided, group(event.group_id, event.invite)]


def group(group_id: str, invite: str | None = None, *members: UserId) -> GroupListing:
    return GroupListing(
        occurred_at_ms=NOW_MS,
        group_id=group_id,
        revision=1,
        name="makan",
        owner=OWNER,
        members=tuple(Member(user_id=user, joined_at_ms=0) for user in (OWNER, *members)),
        former=(),
        invite=invite,
        invite_until_ms=None,
    )


def user(user_id: UserId, *, at_once: bool = False) -> UserListing:
    return UserListing(
        occurred_at_ms=NOW_MS,
        user_id=user_id,
        revision=1,
        display_name="",
        findable=False,
        on_board=False,
        tags_take_effect_at_once=at_once,
    )


def users_fold(event: Event) -> Sequence[Event]:
    """Every change is accepted."""
    request: Any = event
    decided = UserChangeDecided(
        occurred_at_ms=NOW_MS,
        user_id=request.user_id,
        request_id=request.request_id,
        accepted=True,
        reason=None,
        revision=1,
    )
    return [decided, user(request.user_id)]
