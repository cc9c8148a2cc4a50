"""Requests that a fold rejected, as problems: status and advice for each reason."""

from adapters.http.problems import HttpProblem

REJECTIONS = {
    "no_such_speaker": (404, "This session has no such speaker."),
    "already_claimed": (409, "Somebody else claimed this speaker; ask for a release first."),
    "text_expired": (
        409,
        "The words of this session were removed, as its owner chose: its counts stand as they are.",
    ),
    "not_claimed": (409, "Nobody claimed this speaker."),
    "erased": (410, "This session was erased."),
    "not_ready": (409, "The speakers are not known yet: wait until the session is ready."),
    "not_yours": (404, "There is no such claim, or it is not yours: claim the voice first."),
    "begun_since": (409, "This session began since you asked: look at your sessions again."),
    "claimed_since": (
        409,
        "This voice was claimed or let go since you asked: look at the talk again.",
    ),
    "no_such_change": (404, "There is no such change of a claim, or it is too old to be undone."),
    "changed_since": (409, "Somebody else changed this claim since: undo the latest change first."),
    "no_such_correction": (
        404,
        "There is no such correction, or it does not hold any more: look at the talk again.",
    ),
    "not_concerned": (
        409,
        "Only who said this, the talk's owner, or somebody whose voice it changed may undo it.",
    ),
    "corrected_since": (409, "A later correction builds on this one: undo the latest one first."),
    "judged_since": (409, "This count was judged since you asked: look at the talk again."),
    "said_since": (
        409,
        "More was said of these voices since you asked: look at the talk again.",
    ),
    "no_such_count": (404, "This voice has no such count: look at the talk again."),
    "too_many_verdicts": (
        409,
        "Too many counts here were judged one by one: take some back.",
    ),
    "no_such_group": (404, "There is no such group, or it is not yours."),
    "no_such_member": (404, "The group has no such member."),
    "no_such_invite": (404, "This invite is not good, or not any more: ask for a new one."),
    "owner_only": (404, "There is no such group, or only its owner may do this."),
    "joined_since": (409, "They joined again since you asked: look at the group again."),
    "left_since": (409, "You left this group since you asked: follow an invite again."),
    "chosen_since": (409, "You changed or erased this since you asked: look at your page again."),
    "owner_stays": (409, "The owner cannot be removed: hand the group over first."),
    "hand_over_first": (409, "You own this group: hand it over before you leave."),
    "no_such_share": (404, "There is no such link, or it was revoked."),
    "too_many_shares": (409, "You have as many links as one may have: revoke one first."),
    "too_many_corrections": (
        409,
        "The speakers of this session were merged and split too many times: undo some of it.",
    ),
    "needs_both": (
        409,
        "Two people claimed these voices: yours is noted, and the other person must ask too.",
    ),
    "both_claimed": (
        409,
        "Two people claimed these voices: they become one when both of them ask for it.",
    ),
    "voice_claimed": (
        409,
        "Somebody else claimed this voice: only they may divide it, or end a correction of it.",
    ),
    "voices_claimed": (
        409,
        "Somebody else claimed a voice: say which voices are one person, or which one is two.",
    ),
    "key_reused": (
        409,
        "This Idempotency-Key belongs to another request: use a new key for each request.",
    ),
    "unknown_session": (404, "There is no such talk, or not any more."),
    "fold_failed": (
        500,
        "This could not be done. It is our fault; it is kept, and your operator can try it again.",
    ),
    "group_full": (409, "The group has as many members as a group may have."),
}
"""Status and advice for each reason with which a fold rejects a request."""
UNKNOWN_REASON = (409, "The request was refused.")


def rejection(reason: str) -> HttpProblem:
    """A rejected request as a problem."""
    kind = reason.replace("_", "-")
    status, detail = REJECTIONS.get(reason, UNKNOWN_REASON)
    return HttpProblem(status, kind, "Refused", detail)
