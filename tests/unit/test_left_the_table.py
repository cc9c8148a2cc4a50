"""People who left the table of a session keep their own voice, and decide of no other."""

from typing import Any
from uuid import uuid4

import pytest

from schemas.claim_events import ClaimKind, ClaimRequested, TagAnswered, TagRequested
from schemas.event import Event
from schemas.ids import SpeakerLabel, UserId
from schemas.people_events import GroupAction, GroupChangeRequested
from tests.credit_history import COUNTS
from tests.unit.test_request_keys import GROUP
from tests.unit.test_write_side_doors import Folds, of_session
from tests.write_side import SESSION, WriteSide, listing

pytestmark = pytest.mark.usefixtures("impatient")

S = f"/v1/sessions/{SESSION}"
S1, S2, S3 = (SpeakerLabel(f"S{n}") for n in (1, 2, 3))
LEFT = UserId("left")
LAH: dict[str, Any] = {"word": "lah", "said_at": "1970-01-01T00:00:00.001Z", "verdict": "struck"}
"""The first count of S1."""


def test_a_guest_whom_they_named_is_not_theirs_any_more() -> None:
    made = _side(_guest(S1))
    assert (
        made.call("POST", f"{S}/counts", {"speaker": S1, **LAH}, LEFT, str(uuid4())).status_code
        == 404
    )
    assert made.call("DELETE", f"{S}/claims/S1", None, LEFT, str(uuid4())).status_code == 404
    assert _released(made, "S1", "owner")


def test_a_voice_that_they_tagged_is_its_persons_alone() -> None:
    made = _side(_tag(S2), _agreed(S2))
    assert made.call("DELETE", f"{S}/claims/S2", None, LEFT, str(uuid4())).status_code == 404
    assert _released(made, "S2", "mei")


def test_a_tag_of_theirs_waits_for_its_persons_answer_alone() -> None:
    made = _side(_tag(S2))
    assert made.call("DELETE", f"{S}/claims/S2", None, LEFT, str(uuid4())).status_code == 404
    assert _released(made, "S2", "mei")


def test_their_own_voice_is_theirs_to_judge_and_to_let_go() -> None:
    made = _side(_own(S1))
    assert (
        made.call("POST", f"{S}/counts", {"speaker": S1, **LAH}, LEFT, str(uuid4())).status_code
        == 200
    )
    assert _released(made, "S1", LEFT)


def test_at_the_table_they_may() -> None:
    made = _side(_guest(S1), leaves=False)
    assert (
        made.call("POST", f"{S}/counts", {"speaker": S1, **LAH}, LEFT, str(uuid4())).status_code
        == 200
    )
    assert _released(made, "S1", LEFT)


def _released(made: WriteSide, speaker: str, by: str) -> bool:
    answer = made.call("DELETE", f"{S}/claims/{speaker}", None, by, str(uuid4()))
    return bool(answer.json().get("outcome") == "released")


def _side(*claims: Event, leaves: bool = True) -> WriteSide:
    """A group's session. LEFT claimed and tagged in it, and was removed from the group then."""
    folds = Folds()
    made = WriteSide(folds)
    made.directory.take(listing(group_id=GROUP))
    for event in [of_session(one) for one in COUNTS]:
        folds(event)
    people = [("owner", GroupAction.CREATE), (LEFT, GroupAction.JOIN)]
    if leaves:
        people.append((LEFT, GroupAction.LEAVE))
    for n, (user, action) in enumerate(people):
        for answer in folds(_change(n, user, action)):
            made.directory.take(answer)
    for event in claims:
        folds(event)
    return made


def _change(n: int, user: str, action: GroupAction) -> GroupChangeRequested:
    return GroupChangeRequested(
        occurred_at_ms=0,
        group_id=GROUP,
        request_id=f"p{n}",
        by=UserId(user),
        action=action,
        name="makan",
        invite="digest",
        invite_until_ms=1,
    )


def _about(speaker: SpeakerLabel, by: str) -> dict[str, Any]:
    request = f"{by} {speaker}"
    return {
        "occurred_at_ms": 2,
        "session_id": SESSION,
        "request_id": request,
        "speaker": speaker,
        "by": UserId(by),
    }


def _guest(speaker: SpeakerLabel) -> Event:
    return ClaimRequested(**_about(speaker, LEFT), kind=ClaimKind.GUEST, guest_name="Uncle")


def _own(speaker: SpeakerLabel) -> Event:
    return ClaimRequested(**_about(speaker, LEFT), kind=ClaimKind.SELF)


def _tag(speaker: SpeakerLabel) -> Event:
    return TagRequested(**_about(speaker, LEFT), user_id=UserId("mei"))


def _agreed(speaker: SpeakerLabel) -> Event:
    return TagAnswered(**_about(speaker, "mei"))
