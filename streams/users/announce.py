"""Pure: the answer to a user's request, the directory's row, and rows of links."""

from msgspec.structs import replace

from schemas import topics
from schemas.event import Event
from schemas.people_events import (
    ShareListing,
    ShareRequested,
    UserChangeDecided,
    UserErased,
    UserErasureRequested,
    UserListing,
    UserRequest,
)
from streams.answers import Answer
from streams.fold import Outputs
from streams.users.state import Profile, UserState


def announce(before: UserState, after: UserState, cause: Event) -> Outputs:
    """Returns the answer, after the rows as they are now when the request was accepted."""
    answer = after.answer
    if answer is None or answer == before.answer:
        return []
    assert isinstance(cause, UserRequest)
    outputs: Outputs = []
    if answer.accepted:
        outputs.append((topics.USERS_DIRECTORY, _listing(after.profile, cause)))
        rows = _rows(before.profile, after.profile, cause)
        outputs += [(topics.USERS_DECIDED, row) for row in rows]
    return [*outputs, (topics.USERS_DECIDED, answer)]


def decided(event: UserRequest, answer: Answer) -> UserChangeDecided:
    """Answers a request."""
    return UserChangeDecided(
        occurred_at_ms=event.occurred_at_ms,
        user_id=event.user_id,
        request_id=event.request_id,
        accepted=answer.reason is None,
        reason=answer.reason,
        revision=answer.number,
    )


def _listing(profile: Profile, event: UserRequest) -> UserListing:
    """The row that every gateway knows the user by. It is no older than a choice in it.

    The warehouse removes rows of before an erasure, also where the erasure comes late.
    """
    return UserListing(
        occurred_at_ms=max(event.occurred_at_ms, *profile.choices_ms.values(), 0),
        user_id=event.user_id,
        revision=profile.revision,
        display_name=profile.display_name,
        findable=profile.findable,
        on_board=profile.on_board,
        tags_take_effect_at_once=profile.tags_take_effect_at_once,
        time_zone=profile.time_zone,
        keep_transcript_days=profile.keep_transcript_days,
        signed_out_at_ms=profile.signed_out_at_ms,
    )


def _rows(former: Profile, profile: Profile, event: UserRequest) -> list[Event]:
    """Rows for the warehouse and for the stage `erasure`. An erased user's links are revoked.

    A repeat erases nothing that is newer than the first request: the user may have come back.
    """
    match event:
        case ShareRequested():
            row = _link(profile, event, event.share)
            return [replace(row, first=event.first, last=event.last, show_name=event.show_name)]
        case UserErasureRequested():
            gone = [link for link in former.links if link not in profile.links]
            revoked = [_link(profile, event, link) for link in gone]
            return [*revoked, _erased(profile, event)]
    return []


def _link(profile: Profile, event: UserRequest, share: str) -> ShareListing:
    return ShareListing(
        occurred_at_ms=event.occurred_at_ms,
        user_id=event.user_id,
        share=share,
        first="",
        last="",
        show_name=False,
        revoked=share not in profile.links,
        revision=profile.revision,
    )


def _erased(profile: Profile, event: UserErasureRequested) -> UserErased:
    return UserErased(
        request_id=event.request_id,
        occurred_at_ms=profile.erased_at_ms,
        user_id=event.user_id,
    )
