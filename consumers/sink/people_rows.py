"""Pure: what decisions about claims, groups and people set in the warehouse."""

from datetime import date
from typing import Any

from consumers.sink.row import Row, moment
from schemas import claim_events as claims
from schemas import people_events as people
from schemas.event import Event
from schemas.session_events import RequestAccepted, RequestRejected

OUTCOMES = {
    "SpeakerClaimed": "claimed",
    "SpeakerReleased": "released",
    "SpeakerTagged": "asked",
    "ClaimRejected": "rejected",
}


def rows_of(event: Event) -> list[Row]:
    """All rows that the event sets; empty for events the warehouse does not keep."""
    match event:
        case claims.SpeakerClaimed():
            who = {
                "kind": event.kind,
                "user_id": event.user_id or "",
                "guest_name": event.guest_name or "",
            }
            return [_of_claim(event), _claim(event, who)]
        case claims.SpeakerReleased():
            return [_of_claim(event), _claim(event, {"kind": "", "user_id": "", "guest_name": ""})]
        case claims.SpeakerTagged():
            return [
                _of_claim(event),
                _claim(event, {"kind": "tag", "user_id": event.user_id, "guest_name": ""}),
            ]
        case claims.ClaimRejected():
            return [_of_claim(event)]
        case RequestAccepted() | RequestRejected():
            return [_of_session(event)]
        case people.GroupChangeDecided() | people.UserChangeDecided():
            return [_of_people(event)]
        case people.GroupListing():
            return _group(event)
        case people.ShareListing():
            return [_share(event)]
        case people.UserListing():
            return [_user(event)]
        case _:
            return []


def _request(event: Any, session_id: str, by: str, outcome: str, reason: str | None) -> Row:
    row = {
        "request_id": event.request_id,
        "session_id": session_id,
        "requested_by": by,
        "outcome": outcome,
        "reason": reason or "",
    }
    return "requests", {**row, "decided_at": moment(event.occurred_at_ms)}


def _of_claim(event: claims.Decided) -> Row:
    reason = event.reason if isinstance(event, claims.ClaimRejected) else None
    return _request(event, event.session_id, event.by, OUTCOMES[type(event).__name__], reason)


def _of_session(event: RequestAccepted | RequestRejected) -> Row:
    # Who asked is not said: whoever may see the session may see what became of it.
    reason = event.reason if isinstance(event, RequestRejected) else None
    return _request(event, event.session_id, "", "rejected" if reason else "accepted", reason)


def _of_people(event: people.GroupChangeDecided | people.UserChangeDecided) -> Row:
    by = event.by if isinstance(event, people.GroupChangeDecided) else event.user_id
    return _request(event, "", by, "accepted" if event.accepted else "rejected", event.reason)


def _claim(
    event: claims.SpeakerClaimed | claims.SpeakerReleased | claims.SpeakerTagged,
    who: dict[str, str],
) -> Row:
    shared = {"session_id": event.session_id, "speaker": event.speaker, "claimed_by": event.by}
    return "claims", {
        **shared,
        **who,
        "claimed_at": moment(event.occurred_at_ms),
        "version": event.claim_version,
    }


def _group(event: people.GroupListing) -> list[Row]:
    group = {
        "group_id": event.group_id,
        "name": event.name,
        "owner": event.owner,
        "revision": event.revision,
    }
    found: list[Row] = [
        ("groups", {**group, "members": [member.user_id for member in event.members]})
    ]
    for member in event.members:
        role = "owner" if member.user_id == event.owner else "member"
        found.append(_member(event, member.user_id, role, member.joined_at_ms))
    return [*found, *(_member(event, user, "", 0) for user in event.former)]


def _member(event: people.GroupListing, user: str, role: str, joined_at_ms: int) -> Row:
    row = {
        "user_id": user,
        "group_id": event.group_id,
        "role": role,
        "joined_at": moment(joined_at_ms),
    }
    return "group_members", {**row, "revision": event.revision}


def _share(event: people.ShareListing) -> Row:
    row = {
        "share": event.share,
        "user_id": event.user_id,
        "show_name": event.show_name,
        "revoked": event.revoked,
        "revision": event.revision,
    }
    # What is revoked keeps no days: the event that revokes does not know them.
    days = {
        "first": date.fromisoformat(event.first or "1970-01-01"),
        "last": date.fromisoformat(event.last or "1970-01-01"),
    }
    return "shares", {**row, **days, "made_at": moment(event.occurred_at_ms)}


def _user(event: people.UserListing) -> Row:
    agreed = {
        "findable": event.findable,
        "on_board": event.on_board,
        "tags_at_once": event.tags_take_effect_at_once,
    }
    return "users", {
        "user_id": event.user_id,
        "display_name": event.display_name,
        **agreed,
        "revision": event.revision,
    }
