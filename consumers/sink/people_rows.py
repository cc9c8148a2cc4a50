"""Pure: rows of claims, groups and users, as their folds decided, and of answered requests."""

from datetime import date

from consumers.sink.table_row import Columns, Row
from schemas import rejections
from schemas.claim_events import (
    ClaimRejected,
    CountJudged,
    Decided,
    SpeakerClaimed,
    SpeakerReleased,
    SpeakerTagged,
)
from schemas.days import moment
from schemas.event import Event
from schemas.ids import UserId
from schemas.people_events import (
    GroupChangeDecided,
    GroupListing,
    ShareListing,
    UserChangeDecided,
    UserListing,
)
from schemas.session_events import Constraint, RequestAccepted, RequestRejected, VoicesCorrected

NO_DAY = "1970-01-01"
"""The first and last day of a revoked share link: the event that revokes does not know them."""
MAY_REJECT = (ClaimRejected, RequestRejected, GroupChangeDecided, UserChangeDecided)
"""Answers that say why a request took no effect."""


def rows_of(event: Event) -> list[Row]:
    """All rows that the event sets; empty for events about something else."""
    if isinstance(event, MAY_REJECT) and event.reason == rejections.KEY_REUSED:
        return []  # the row of that id is about the request that came first
    match event:
        case SpeakerClaimed() | SpeakerReleased() | SpeakerTagged():
            return [_claim_request(event), _claim(event), _claim_change(event)]
        case CountJudged() if event.by:
            return [_claim_request(event), _verdict(event)]
        case CountJudged():
            return [_verdict(event)]  # it went along with a new generation: nobody asked
        case ClaimRejected():
            return [_claim_request(event)]
        case RequestAccepted() | RequestRejected():
            return [_session_request(event)]
        case VoicesCorrected():
            return [_correction(event)]
        case GroupChangeDecided() | UserChangeDecided():
            return [_people_request(event)]
        case GroupListing():
            return _group(event)
        case ShareListing():
            return [_share(event)]
        case UserListing():
            return [_user(event)]
        case _:
            return []


def _claim_request(event: Decided) -> Row:
    return "requests", {
        "request_id": event.request_id,
        "session_id": event.session_id,
        "requested_by": event.by,
        "outcome": _outcome(event),
        "reason": event.reason if isinstance(event, ClaimRejected) else "",
        "decided_at": moment(event.occurred_at_ms),
    }


def _outcome(event: Decided) -> str:
    match event:
        case SpeakerClaimed():
            return "claimed"
        case SpeakerReleased():
            return "released"
        case SpeakerTagged():
            return "asked"
        case CountJudged():
            return "judged"
        case ClaimRejected():
            return "rejected"


def _session_request(event: RequestAccepted | RequestRejected) -> Row:
    reason = event.reason if isinstance(event, RequestRejected) else ""
    return "requests", {
        "request_id": event.request_id,
        "session_id": event.session_id,
        # Not named: everybody who may see the session may see what became of the request.
        "requested_by": "",
        "outcome": "rejected" if reason else "accepted",
        "reason": reason,
        "decided_at": moment(event.occurred_at_ms),
    }


def _people_request(event: GroupChangeDecided | UserChangeDecided) -> Row:
    by = event.by if isinstance(event, GroupChangeDecided) else event.user_id
    return "requests", {
        "request_id": event.request_id,
        "session_id": "",
        "requested_by": by,
        "outcome": "accepted" if event.accepted else "rejected",
        "reason": event.reason or "",
        "decided_at": moment(event.occurred_at_ms),
    }


def _claim(event: SpeakerClaimed | SpeakerReleased | SpeakerTagged) -> Row:
    return "claims", {
        "session_id": event.session_id,
        "speaker": event.speaker,
        "claimed_by": event.by,
        **_claimed(event),
        "claimed_at": moment(event.occurred_at_ms),
        "version": event.claim_version,
    }


def _claim_change(event: SpeakerClaimed | SpeakerReleased | SpeakerTagged) -> Row:
    return "claim_changes", {
        "session_id": event.session_id,
        "speaker": event.speaker,
        "change": event.claim_version,
        **_claimed(event),
        "changed_by": event.by,
        "changed_at": moment(event.occurred_at_ms),
    }


def _claimed(event: SpeakerClaimed | SpeakerReleased | SpeakerTagged) -> Columns:
    match event:
        case SpeakerClaimed():
            return {
                "kind": event.kind,
                "user_id": event.user_id or "",
                "guest_name": event.guest_name or "",
            }
        case SpeakerReleased():
            return {"kind": "", "user_id": "", "guest_name": ""}
        case SpeakerTagged():
            return {"kind": "tag", "user_id": event.user_id, "guest_name": ""}


def _verdict(event: CountJudged) -> Row:
    return "verdicts", {
        "session_id": event.session_id,
        "speaker": event.speaker,
        "word": event.word,
        "said_at": moment(event.said_at_ms),
        "day": date.fromisoformat(event.day or NO_DAY),
        "verdict": event.verdict,
        "judged_by": event.by,
        "judged_at": moment(event.occurred_at_ms),
        "version": event.claim_version,
    }


def _correction(event: VoicesCorrected) -> Row:
    return "corrections", {
        "session_id": event.session_id,
        "correction": event.correction,
        "undone": event.is_undone,
        **_corrected(event.constraint),
        "speakers": event.speakers or 0,
        "changed_by": event.by,
        "changed_at": moment(event.occurred_at_ms),
    }


def _corrected(constraint: Constraint | None) -> Columns:
    """The columns of a merge or a split. A hint is about no voice."""
    if constraint is None:
        return {"kind": "hint", "speaker": "", "other": ""}
    return {
        "kind": constraint.kind,
        "speaker": constraint.speaker,
        "other": constraint.other or "",
    }


def _group(event: GroupListing) -> list[Row]:
    group: Columns = {
        "group_id": event.group_id,
        "name": event.name,
        "owner": event.owner,
        "members": [member.user_id for member in event.members],
        "revision": event.revision,
    }
    found: list[Row] = [("groups", group)]
    for member in event.members:
        role = "owner" if member.user_id == event.owner else "member"
        found.append(_member(event, member.user_id, role, member.joined_at_ms))
    since_ms = event.former_since_ms
    found += [_member(event, user, "", since_ms.get(user, 0)) for user in event.former]
    return found


def _member(event: GroupListing, user: UserId, role: str, joined_at_ms: int) -> Row:
    return "group_members", {
        "user_id": user,
        "group_id": event.group_id,
        "role": role,
        "joined_at": moment(joined_at_ms),
        "revision": event.revision,
    }


def _share(event: ShareListing) -> Row:
    return "shares", {
        "share": event.share,
        "user_id": event.user_id,
        "first": date.fromisoformat(event.first or NO_DAY),
        "last": date.fromisoformat(event.last or NO_DAY),
        "show_name": event.show_name,
        "revoked": event.revoked,
        "made_at": moment(event.occurred_at_ms),
        "revision": event.revision,
    }


def _user(event: UserListing) -> Row:
    return "users", {
        "user_id": event.user_id,
        "display_name": event.display_name,
        "findable": event.findable,
        "on_board": event.on_board,
        "tags_at_once": event.tags_take_effect_at_once,
        "time_zone": event.time_zone,
        "keep_transcript_days": event.keep_transcript_days,
        "signed_out_at": moment(event.signed_out_at_ms),
        "changed_at": moment(event.occurred_at_ms),
        "revision": event.revision,
    }
