"""People who left the table of a session keep their own voice, and decide of no other."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from schemas.claim_events import ClaimKind, ClaimRequested, TagAnswered, TagRequested
from schemas.event import Event
from schemas.ids import SpeakerLabel, UserId
from schemas.people_events import GroupAction
from tests.table import Change, with_table
from tests.unit.test_write_side_doors import VERDICT
from tests.write_side import SESSION, WriteSide

pytestmark = pytest.mark.usefixtures("impatient")

S = f"/v1/sessions/{SESSION}"
S1, S2 = (SpeakerLabel(f"S{n}") for n in (1, 2))
LEFT = UserId("left")
LAH = {**VERDICT, "said_at": "1970-01-01T00:00:00.001Z"}
"""The first count of S1 is struck."""


def test_a_guest_whom_they_named_is_not_theirs_any_more() -> None:
    made = _side(_guest(S1))
    assert _judge(made) == 404
    assert _release(made, "S1", LEFT).status_code == 404
    assert _released(made, "S1", "owner")


def test_a_voice_that_they_tagged_is_its_persons_alone() -> None:
    made = _side(_tag(S2), _agreed(S2))
    assert _release(made, "S2", LEFT).status_code == 404
    assert _released(made, "S2", "mei")


def test_a_tag_of_theirs_waits_for_its_persons_answer_alone() -> None:
    made = _side(_tag(S2))
    assert _release(made, "S2", LEFT).status_code == 404
    assert _released(made, "S2", "mei")


def test_their_own_voice_is_theirs_to_judge_and_to_let_go() -> None:
    made = _side(_own(S1))
    assert _judge(made) == 200
    assert _released(made, "S1", LEFT)


def test_at_the_table_they_may() -> None:
    made = _side(_guest(S1), leaves=False)
    assert _judge(made) == 200
    assert _released(made, "S1", LEFT)


def _judge(made: WriteSide) -> int:
    """The status of the answer to LEFT, who strikes the first count of S1."""
    return made.call("POST", f"{S}/counts", LAH, LEFT, str(uuid4())).status_code


def _release(made: WriteSide, speaker: str, by: str) -> httpx.Response:
    return made.call("DELETE", f"{S}/claims/{speaker}", None, by, str(uuid4()))


def _released(made: WriteSide, speaker: str, by: str) -> bool:
    return bool(_release(made, speaker, by).json().get("outcome") == "released")


def _side(*claims: Event, leaves: bool = True) -> WriteSide:
    """A group's session. LEFT claimed and tagged in it, and was removed from the group then."""
    people: list[Change] = [("owner", GroupAction.CREATE, None), (LEFT, GroupAction.JOIN, None)]
    if leaves:
        people.append((LEFT, GroupAction.LEAVE, None))
    return with_table(people, claims)


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
