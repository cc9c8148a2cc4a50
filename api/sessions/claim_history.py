"""The history of the claims of a session: every change, for those whom it concerns."""

from collections.abc import Sequence

from pydantic import Field

from adapters.http.problems import not_found
from adapters.warehouse import Queries
from api.answers import Answer, Instant, example
from api.sessions import queries
from api.sessions.speaker_rows import ClaimChangeRow, ClaimedAs
from api.sessions.visible import VisibleSessions
from schemas.ids import SessionId, SpeakerLabel, UserId

MOST_CHANGES = 200


class HeldBy(Answer):
    """The person that a speaker was said to be. Empty strings stand for what does not apply."""

    kind: ClaimedAs
    user_id: str
    guest_name: str


class ClaimChange(Answer):
    """One change of the claim or the tag of a speaker; null stands for none."""

    change: int = Field(description="Its number, by which it can be undone")
    speaker: SpeakerLabel
    before: HeldBy | None
    after: HeldBy | None
    changed_by: str = Field(description="Empty when a new generation lost the speaker")
    changed_at: Instant


class ClaimHistory(Answer):
    """The latest changes of claims in a session, the newest first."""

    model_config = example(
        {
            "changes": [
                {
                    "change": 3,
                    "speaker": "S1",
                    "before": {"kind": "tag", "user_id": "mei", "guest_name": ""},
                    "after": {"kind": "user", "user_id": "mei", "guest_name": ""},
                    "changed_by": "mei",
                    "changed_at": "2026-11-24T12:00:00+00:00",
                }
            ]
        }
    )
    changes: list[ClaimChange]


class ClaimHistories:
    """Blocking. TransientError when the warehouse is away."""

    def __init__(self, warehouse: Queries, visible: VisibleSessions) -> None:
        self._warehouse = warehouse
        self._visible = visible

    def of(self, session_id: SessionId, user: UserId) -> ClaimHistory:
        """All changes for those who see the session; for others those that concern them.

        HttpProblem 404 when there is none for the caller.
        """
        parameters = {"session_id": session_id, "limit": MOST_CHANGES}
        rows = self._warehouse.query(queries.CLAIM_CHANGES, parameters, row=ClaimChangeRow)
        changes = changes_of(rows)
        if not self._visible.allows(session_id, user):
            changes = [change for change in changes if _concerns(change, user)]
            if not changes:
                raise not_found()
        return ClaimHistory(changes=changes)


def changes_of(rows: Sequence[ClaimChangeRow]) -> list[ClaimChange]:
    """Each row with the claim before it. The newest come first, and a repeat is no change.

    `before` of the oldest row of a speaker is unknown: it is told as none.
    """
    held: dict[SpeakerLabel, HeldBy | None] = {}
    changes: list[ClaimChange] = []
    for row in reversed(rows):
        before = held.get(row.speaker)
        held[row.speaker] = after = _held_by(row)
        if before != after:
            changes.append(_change(row, before, after))
    return changes[::-1]


def _change(row: ClaimChangeRow, before: HeldBy | None, after: HeldBy | None) -> ClaimChange:
    return ClaimChange(
        change=row.change,
        speaker=row.speaker,
        before=before,
        after=after,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )


def _held_by(row: ClaimChangeRow) -> HeldBy | None:
    if not row.kind:
        return None
    return HeldBy(kind=row.kind, user_id=row.user_id, guest_name=row.guest_name)


def _concerns(change: ClaimChange, user: UserId) -> bool:
    concerned = {change.changed_by}
    for held in (change.before, change.after):
        if held is not None:
            concerned.add(held.user_id)
    return user in concerned
