"""JSON answers of the write side to claims, tags and releases."""

from typing import Any

import pytest

from producers.gateway import rejections
from schemas.claim_events import TagAnswered
from tests.deciding_folds import GROUP, MEI, PATH, credits_fold, group, rejecting, side, user
from tests.write_side import KEY, OTHER_KEY, OWNER

pytestmark = pytest.mark.usefixtures("impatient")


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
