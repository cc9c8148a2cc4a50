"""Every JSON answer of the write side, as its clients get it."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

import pytest
from pydantic import BaseModel

from producers.gateway import answer_models, rejections, responses
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
from schemas.ids import SpeakerLabel, UserId, derived_id
from schemas.people_events import (
    GroupAction,
    GroupChangeDecided,
    GroupChangeRequested,
    GroupListing,
    Member,
    UserChangeDecided,
    UserListing,
)
from schemas.session_events import RequestAccepted, RequestRejected, SessionErased, State
from schemas.session_requests import EraseRequested
from tests.write_side import (
    FLAC,
    KEY,
    NOW_MS,
    OTHER_KEY,
    OWNER,
    SESSION,
    WriteSide,
    listing,
    start_body,
)

PATH = f"/v1/sessions/{SESSION}"
S1 = SpeakerLabel("S1")
MEI = UserId("mei")
GROUP = "7d9e4f60-1b2c-5d3e-8f4a-6b7c8d9e0f1a"
PENDING = {"request_id": KEY, "outcome": "pending", "see": f"/v1/requests/{KEY}"}
Decide = Callable[[Event], Sequence[Event]]


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(responses, "ANSWER_WAIT_S", 0.02)


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


def test_start_and_receipt() -> None:
    made = WriteSide()
    answer = made.call("PUT", PATH, start_body())
    assert answer.status_code == 201
    assert answer.json().keys() == {"session_id", "upload_token", "clock_corrected"}
    assert answer.json()["session_id"] == SESSION
    receipt = made.upload(seq=2, token=answer.json()["upload_token"])
    sha256 = made.blobs.written[0].rpartition("-")[2]
    expected = {"session_id": SESSION, "seq": 2, "sha256": sha256, "bytes": len(FLAC)}
    expected["duration_ms"] = 30_000
    assert receipt.json() == expected


@pytest.mark.parametrize(("expected", "gaps"), [(None, [[1, 1]]), (6, [[1, 1], [4, 5]]), (1, [])])
def test_the_listing_of_chunks(expected: int | None, gaps: list[list[int]]) -> None:
    row = listing(
        state=State.RECORDING, received=((0, 1), (2, 4)), conflicts=(2,), expected=expected
    )
    made = side(lambda _: (), row)
    token = {"Authorization": f"Bearer {made.upload_token()}"}
    answer = made.client.request("GET", f"{PATH}/chunks", headers=token)
    assert answer.json() == {
        "received": [[0, 0], [2, 3]],
        "missing": gaps,
        "conflicts": [2],
        "expected": expected,
        "state": "recording",
    }
    done = made.client.request("POST", f"{PATH}/complete", json={"chunks": 4}, headers=token)
    assert (done.status_code, done.json()) == (202, {"session_id": SESSION, "chunks": 4})


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (
            {"speaker": "S1", "claim": "self"},
            {"outcome": "claimed", "speaker": "S1", "kind": "self", "unclaimed": 1},
        ),
        (
            {"speaker": "S1", "claim": "guest", "guest_name": "Ah Beng"},
            {"outcome": "claimed", "speaker": "S1", "kind": "guest", "unclaimed": 1},
        ),
        (
            {"speaker": "S1", "claim": "user", "user_id": OWNER},
            {"outcome": "claimed", "speaker": "S1", "kind": "self", "unclaimed": 1},
        ),
        (
            {"speaker": "S1", "claim": "user", "user_id": MEI},
            {"outcome": "asked", "speaker": "S1", "user_id": MEI},
        ),
    ],
)
def test_a_claim(body: dict[str, str], answer: dict[str, Any]) -> None:
    found = side(credits_fold).call("POST", f"{PATH}/claims", body)
    assert (found.status_code, found.json()) == (200, {"request_id": KEY, **answer})


def test_a_tag_counts_at_once_for_a_user_of_the_group_who_chose_that() -> None:
    rows = (group(GROUP, None, MEI), user(MEI, at_once=True))
    body = {"speaker": "S1", "claim": "user", "user_id": MEI}
    found = side(credits_fold, *rows).call("POST", f"{PATH}/claims", body)
    assert found.json()["outcome"] == "claimed"
    assert (
        side(credits_fold, user(MEI, at_once=True))
        .call("POST", f"{PATH}/claims", body)
        .json()["outcome"]
        == "asked"
    )


def test_a_stranger_may_only_agree_to_a_tag() -> None:
    made = side(credits_fold)
    agreed = made.call("POST", f"{PATH}/claims", {"speaker": "S1", "claim": "self"}, user=MEI)
    assert (agreed.json()["outcome"], type(made.publisher.events[-1])) == ("claimed", TagAnswered)
    guest = {"speaker": "S1", "claim": "guest", "guest_name": "Ah Beng"}
    assert made.call("POST", f"{PATH}/claims", guest, MEI, OTHER_KEY).status_code == 404


def test_a_release() -> None:
    found = side(credits_fold).call("DELETE", f"{PATH}/claims/S1")
    released = {"request_id": KEY, "outcome": "released", "speaker": "S1", "unclaimed": 2}
    assert (found.status_code, found.json()) == (200, released)


@pytest.mark.parametrize(
    ("caller", "status", "problem"),
    [(OWNER, 409, "already-claimed"), (MEI, 404, "no-such-session")],
)
def test_a_stranger_does_not_learn_the_reason(caller: str, status: int, problem: str) -> None:
    made = side(rejecting("already_claimed"))
    body = {"speaker": "S1", "claim": "self"}
    found = made.call("POST", f"{PATH}/claims", body, user=caller)
    assert (found.status_code, found.json()["type"]) == (status, problem)
    assert found.json()["request_id"] == KEY


@pytest.mark.parametrize("reason", rejections.REJECTIONS)
def test_every_reason_has_a_status_and_advice(reason: str) -> None:
    found = side(rejecting(reason)).call("DELETE", f"{PATH}/claims/S1")
    status, detail = rejections.REJECTIONS[reason]
    assert (found.status_code, found.json()["detail"]) == (status, detail)
    assert found.json()["type"] == reason.replace("_", "-")


REQUESTS = [
    ("hints", {"speakers": 2}),
    ("speakers/merge", {"target": "S1", "source": "S2"}),
    ("speakers/split", {"speaker": "S1"}),
]


@pytest.mark.parametrize(("path", "body"), REQUESTS)
def test_a_constraint(path: str, body: dict[str, Any]) -> None:
    accepted = side(accepting).call("POST", f"{PATH}/{path}", body)
    assert accepted.json() == {"request_id": KEY, "outcome": "accepted"}
    pending = side().call("POST", f"{PATH}/{path}", body)
    assert (pending.status_code, pending.json()) == (202, PENDING)
    assert side(accepting).call("POST", f"{PATH}/{path}", body, user=MEI).status_code == 404


def test_a_rejected_constraint() -> None:
    def reject(event: Event) -> Sequence[Event]:
        request: Any = event
        rejected = RequestRejected(
            occurred_at_ms=NOW_MS,
            session_id=SESSION,
            request_id=request.request_id,
            reason="not_ready",
        )
        return [rejected]

    found = side(reject).call("POST", f"{PATH}/speakers/split", {"speaker": "S1"})
    assert (found.status_code, found.json()["type"]) == (409, "not-ready")


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
    erased = SessionErased(
        occurred_at_ms=NOW_MS,
        caused_by=event.event_id,
        session_id=event.session_id,
        request_id=event.request_id,
        recorded_at_ms=NOW_MS,
        audio_ms=0,
    )
    return [erased, listing(state=State.ERASED)]


def test_erasure_of_a_session() -> None:
    made = side(erasing)
    erased = {"request_id": KEY, "outcome": "erased"}
    for _ in range(2):  # once more changes nothing
        answer = made.call("DELETE", PATH)
        assert (answer.status_code, answer.json()) == (200, erased)
    assert made.journal == ["put", "publish"]  # the marker first
    assert made.call("POST", f"{PATH}/hints", {"speakers": 2}, key=OTHER_KEY).status_code == 410
    assert side(erasing).call("DELETE", PATH, user=MEI).status_code == 404


def test_erasure_of_a_user() -> None:
    made = side(erasing)
    answer = made.call("DELETE", "/v1/users/me")
    assert answer.json() == {"request_id": KEY, "outcome": "accepted", "sessions": 1}
    assert made.directory.recorded_by(OWNER) == []
    pending = side().call("DELETE", "/v1/users/me")
    assert (pending.status_code, pending.json()) == (202, {**PENDING, "sessions": 1})


def test_a_key_of_another_kind_of_request_is_refused() -> None:
    made = side(accepting)
    made.call("POST", f"{PATH}/hints", {"speakers": 2})
    answer = made.call("POST", f"{PATH}/claims", {"speaker": "S1", "claim": "self"})
    assert (answer.status_code, answer.json()["type"]) == (409, "key-reused")


MODELS = [
    model
    for model in vars(answer_models).values()
    if isinstance(model, type)
    and issubclass(model, BaseModel)
    and "examples" in str(model.model_config)
]


@pytest.mark.parametrize("model", MODELS)
def test_every_example_is_an_answer(model: type[BaseModel]) -> None:
    extra: Any = model.model_config["json_schema_extra"]
    [example] = extra["examples"]
    assert model.model_validate(example).model_dump(mode="json").keys() == example.keys()


def test_a_part_of_an_erasure_has_an_id_of_its_own() -> None:
    made = side()
    made.call("DELETE", "/v1/users/me")
    [part, _] = made.publisher.events
    assert isinstance(part, EraseRequested)
    assert part.request_id == derived_id("EraseRequested", KEY, SESSION)
