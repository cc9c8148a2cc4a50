"""JSON answers of the write side about groups, profiles and links, and to those who erase."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import pytest

from adapters.erasure.erasable_objects import is_erased
from schemas.event import Event
from schemas.ids import derived_id
from schemas.people_events import GroupAction, GroupChangeRequested
from schemas.session_events import State
from schemas.session_requests import EraseRequested
from tests.deciding_folds import GROUP, MEI, PATH, PENDING, erased, groups_fold, side, users_fold
from tests.write_side import KEY, OTHER_KEY, OWNER, SESSION, listing

pytestmark = pytest.mark.usefixtures("impatient")


def test_a_new_group_and_its_invite() -> None:
    made = side(groups_fold)
    created = made.call("POST", "/v1/groups", {"name": "makan"})
    answer = created.json()
    group_id = derived_id("Group", KEY, OWNER)
    assert created.status_code == 201
    assert answer == {
        "request_id": KEY,
        "outcome": "accepted",
        "group_id": group_id,
        "invite_code": answer["invite_code"],
        "good_for_s": 604_800,
    }
    again = made.call("POST", "/v1/groups", {"name": "makan"})
    assert (again.status_code, again.json()) == (201, answer)  # the same request, the same code
    code = {"invite_code": answer["invite_code"]}
    joined = made.call("POST", "/v1/groups/join", code, MEI, OTHER_KEY)
    assert joined.json() == {"request_id": OTHER_KEY, "outcome": "accepted", "group_id": group_id}
    renewed = made.call("POST", f"/v1/groups/{group_id}/invite", key=str(uuid4()))
    assert renewed.json()["invite_code"] != answer["invite_code"]


def test_a_group_that_is_not_decided_yet() -> None:
    created = side().call("POST", "/v1/groups", {"name": "makan"})
    assert created.status_code == 202
    extras = {"group_id": derived_id("Group", KEY, OWNER), "good_for_s": 604_800}
    code = created.json()["invite_code"]
    assert created.json() == {**PENDING, **extras, "invite_code": code}


@pytest.mark.parametrize(
    ("method", "path", "body", "action"),
    [
        ("PATCH", f"/v1/groups/{GROUP}", {"name": "supper"}, GroupAction.RENAME),
        ("POST", f"/v1/groups/{GROUP}/owner", {"user_id": MEI}, GroupAction.HAND_OVER),
        ("DELETE", f"/v1/groups/{GROUP}/members/me", None, GroupAction.LEAVE),
        ("DELETE", f"/v1/groups/{GROUP}/members/{MEI}", None, GroupAction.REMOVE),
    ],
)
def test_a_changed_group(method: str, path: str, body: Any, action: GroupAction) -> None:
    made = side(groups_fold)
    answer = made.call(method, path, body)
    assert answer.json() == {"request_id": KEY, "outcome": "accepted", "group_id": GROUP}
    [event] = made.publisher.events
    assert isinstance(event, GroupChangeRequested)
    assert event.action is action


def test_a_time_zone_is_given_up_for_that_of_the_phone() -> None:
    """Before, nobody who had once chosen a zone could take the choice back."""
    made = side(users_fold)
    assert made.call("PATCH", "/v1/users/me", {"time_zone": ""}).json()["outcome"] == "accepted"
    refused = made.call("PATCH", "/v1/users/me", {"time_zone": "Etc/Unknown"}, key=OTHER_KEY)
    assert refused.status_code == 422


def test_a_profile_and_a_link() -> None:
    made = side(users_fold)
    changed = made.call("PATCH", "/v1/users/me", {"display_name": "Mei"})
    assert changed.json() == {"request_id": KEY, "outcome": "accepted"}
    days = {"first": "2026-01-01", "last": "2026-12-31"}
    shared = made.call("POST", "/v1/users/me/shares", days, key=OTHER_KEY)
    link = shared.json()
    assert shared.status_code == 201
    assert link.keys() == {"request_id", "outcome", "share", "path"}
    assert link["path"].startswith("/share/")
    revoked = made.call("DELETE", f"/v1/users/me/shares/{link['share']}", key=str(uuid4()))
    assert revoked.json()["outcome"] == "accepted"
    pending = side().call("POST", "/v1/users/me/shares", days, key=OTHER_KEY)
    assert pending.status_code == 202
    assert pending.json() == {
        "request_id": OTHER_KEY,
        "outcome": "pending",
        "see": f"/v1/requests/{OTHER_KEY}",
        "share": link["share"],
        "path": link["path"],
    }


def erasing(event: Event) -> Sequence[Event]:
    """The sessions fold erases, the users fold accepts."""
    if not isinstance(event, EraseRequested):
        return users_fold(event)
    return [erased(event), listing(state=State.ERASED)]


def test_erasure_of_a_session() -> None:
    made = side(erasing)
    answered = {"request_id": KEY, "outcome": "erased"}
    for _ in range(2):  # once more changes nothing
        answer = made.call("DELETE", PATH)
        assert (answer.status_code, answer.json()) == (200, answered)
    assert made.journal == ["publish", "put"]  # the marker: nothing goes before the fold decided
    assert made.call("POST", f"{PATH}/hints", {"speakers": 2}, key=OTHER_KEY).status_code == 410
    assert side(erasing).call("DELETE", PATH, user=MEI).status_code == 404


def test_erasure_of_a_user() -> None:
    made = side(erasing)
    answer = made.call("DELETE", "/v1/users/me")
    assert answer.json() == {"request_id": KEY, "outcome": "accepted", "sessions": 1}
    assert made.directory.recorded_by(OWNER) == []
    pending = side().call("DELETE", "/v1/users/me")
    assert (pending.status_code, pending.json()) == (202, {**PENDING, "sessions": 1})


def test_a_part_of_an_erasure_has_an_id_of_its_own() -> None:
    made = side(erasing)
    made.call("DELETE", "/v1/users/me")
    [_, part] = made.publisher.events
    assert isinstance(part, EraseRequested)
    assert part.request_id == derived_id("EraseRequested", KEY, SESSION)
    assert is_erased(made.blobs, SESSION)


@pytest.mark.parametrize("path", [PATH, "/v1/users/me"])
def test_nothing_is_removed_before_the_fold_has_decided(path: str) -> None:
    """It may refuse. When it accepts later, the stage `erasure` removes."""
    made = side()
    assert made.call("DELETE", path).status_code == 202
    assert made.journal == ["publish"]


def test_a_session_that_is_not_decided_in_time_keeps_its_objects_for_the_stage() -> None:
    """The fold of sessions may refuse its part: one that began since the request stays."""
    made = side(lambda event: () if isinstance(event, EraseRequested) else users_fold(event))
    assert made.call("DELETE", "/v1/users/me").status_code == 200
    assert made.journal == ["publish", "publish"]
