"""An Idempotency-Key that another gateway took: by a second request nothing is done or removed."""

from typing import Any

import pytest
from msgspec.structs import replace

from schemas.ids import SessionId
from schemas.people_events import GroupChangeDecided
from schemas.session_events import RequestAccepted
from tests.session_history import STARTED
from tests.unit.test_request_keys import GROUP, MEI, OTHER, PATH, Folds, kind, side
from tests.write_side import KEY, NOW_MS, OWNER, SESSION, WriteSide

pytestmark = pytest.mark.usefixtures("impatient")


def test_another_gateway_refuses_it_too() -> None:
    """It does not know the request. It knows the decision, and the fold knows the rest."""
    folds = Folds()
    one = side(folds)
    two = side(folds)
    one.call("PATCH", "/v1/users/me", {"display_name": "Mei"})
    for event in one.publisher.events:
        for answer in folds(event):
            two.directory.take(answer)
    assert kind(two.call("PATCH", "/v1/users/me", {"display_name": "Beng"})) == (409, "key-reused")
    assert kind(two.call("PATCH", "/v1/users/me", {"display_name": "x"}, user=MEI)) == (
        409,
        "key-reused",
    )
    assert two.call("PATCH", "/v1/users/me", {"display_name": "Beng"}).status_code == 409
    again = one.call("PATCH", "/v1/users/me", {"display_name": "Mei"})
    assert (again.status_code, again.json()["outcome"]) == (200, "accepted")


def knowing_another() -> WriteSide:
    """A gateway that knows the decision about another request of the key, made elsewhere."""
    made = side()
    about_other = GroupChangeDecided(
        occurred_at_ms=NOW_MS,
        group_id=OTHER,
        request_id=KEY,
        by=OWNER,
        accepted=True,
        reason=None,
        revision=0,
    )
    made.directory.take(about_other)
    return made


@pytest.mark.parametrize(
    ("erased", "first"),
    [
        (PATH, ("POST", f"{PATH}/hints", {"speakers": 2})),
        ("/v1/users/me", ("PATCH", "/v1/users/me", {"display_name": "Mei"})),
    ],
)
def test_nothing_is_erased_by_a_key_that_only_the_fold_knows(
    erased: str, first: tuple[str, str, Any]
) -> None:
    """The gateway that took the key is another one. Before, the audio was gone, and then 409."""
    folds = Folds()
    folds(replace(STARTED, event_id="", session_id=SESSION, owner=OWNER))
    assert side(folds).call(*first).status_code == 200
    other = side(folds)
    assert kind(other.call("DELETE", erased)) == (409, "key-reused")
    assert other.journal == ["publish"]  # the request itself: no object, no session


def test_a_decision_about_another_request_of_the_key_is_not_the_answer() -> None:
    """Both came at the same time, at two gateways. Before, 409: the session was erased."""
    accepted = RequestAccepted(
        occurred_at_ms=NOW_MS, session_id=SessionId(OTHER), request_id=KEY, generation=2
    )
    made = side(lambda _: [accepted])  # what was asked here is decided later
    assert made.call("DELETE", PATH).status_code == 202


@pytest.mark.parametrize("path", [PATH, "/v1/users/me"])
def test_nothing_is_erased_by_a_key_of_another_request(path: str) -> None:
    """Before, the audio was gone, and then the answer said that nothing was done."""
    made = knowing_another()
    assert kind(made.call("DELETE", path)) == (409, "key-reused")
    assert (made.publisher.events, made.journal) == ([], [])


def test_a_decision_about_something_else_is_no_answer() -> None:
    made = knowing_another()
    answer = made.call("PATCH", f"/v1/groups/{GROUP}", {"name": "supper"})
    assert kind(answer) == (409, "key-reused")
    assert made.publisher.events == []
