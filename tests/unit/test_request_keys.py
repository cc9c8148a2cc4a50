"""An Idempotency-Key belongs to one request: a repeat is answered again, another one gets 409."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

import pytest
from pydantic import SecretStr

from consumers.sink.people_rows import rows_of
from producers.gateway.invites import Invites
from producers.gateway.request_keys import RequestKeys
from schemas.claim_events import ClaimRejected
from schemas.event import Event
from schemas.ids import SpeakerLabel, UserId
from schemas.people_events import (
    GroupAction,
    GroupChangeDecided,
    GroupChangeRequested,
    UserChangeDecided,
    UserRequest,
)
from schemas.rejections import KEY_REUSED
from schemas.session_events import RequestRejected
from schemas.topics import INBOUND
from streams.credits.fold import fold as credits_fold
from streams.fold import Run
from streams.groups.fold import fold as groups_fold
from streams.sessions.fold import shape
from streams.users.fold import fold as users_fold
from tests.deciding_folds import Decide
from tests.documents import documents, operations
from tests.folding import run
from tests.session_history import RULES
from tests.write_side import KEY, NOW_MS, OWNER, SECRET, SESSION, WriteSide, listing

pytestmark = pytest.mark.usefixtures("impatient")

MEI = UserId("mei")
S1 = SpeakerLabel("S1")
PATH = f"/v1/sessions/{SESSION}"
GROUP = "7d9e4f60-1b2c-5d3e-8f4a-6b7c8d9e0f1a"
OTHER = "7d9e4f60-1b2c-5d3e-8f4a-6b7c8d9e0f1b"
SESSIONS = shape(RULES).run
DAYS = {"first": "2026-01-01", "last": "2026-12-31"}


class Folds:
    """The folds that decide about people, as a gateway meets them."""

    def __init__(self) -> None:
        self._held: defaultdict[Run, dict[str, bytes]] = defaultdict(dict)

    def __call__(self, event: Event) -> Sequence[Event]:
        fold = fold_of(event)
        return run(fold, [event], self._held[fold])


def fold_of(event: Event) -> Run:
    if isinstance(event, GroupChangeRequested):
        return groups_fold
    if isinstance(event, UserRequest):
        return users_fold
    return SESSIONS if type(event) in INBOUND.events else credits_fold


def side(folds: Decide | None = None) -> WriteSide:
    """A gateway that knows SESSION. Gateways with the same folds stand beside each other."""
    made = WriteSide(folds or Folds())
    made.directory.take(listing())
    return made


def kind(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json().get("type", "")


FIRST = {"speaker": "S1", "claim": "self"}
VERDICT = {"speaker": "S1", "word": "lah", "said_at": "2026-11-24T12:00:00Z", "verdict": "struck"}
ANOTHER: list[tuple[str, str, Any, Any]] = [
    ("POST", f"{PATH}/claims", FIRST, {"speaker": "S2", "claim": "self"}),
    ("POST", f"{PATH}/claims/S1/undo", {"change": 1}, {"change": 2}),
    ("POST", f"{PATH}/counts", VERDICT, {**VERDICT, "verdict": "said"}),
    ("POST", f"{PATH}/hints", {"speakers": 2}, {"speakers": 3}),
    (
        "POST",
        f"{PATH}/speakers/merge",
        {"target": "S1", "source": "S2"},
        {"target": "S2", "source": "S1"},
    ),
    ("POST", f"{PATH}/speakers/split", {"speaker": "S1"}, {"speaker": "S2"}),
    ("POST", "/v1/groups", {"name": "makan"}, {"name": "supper"}),
    ("PATCH", f"/v1/groups/{GROUP}", {"name": "makan"}, {"name": "supper"}),
    ("POST", f"/v1/groups/{GROUP}/owner", {"user_id": "mei"}, {"user_id": "beng"}),
    ("PATCH", "/v1/users/me", {"display_name": "Mei"}, {"display_name": "Beng"}),
    ("POST", "/v1/users/me/shares", DAYS, {**DAYS, "show_name": True}),
    ("POST", "/v1/groups/join", None, None),
    ("POST", f"/v1/groups/{GROUP}/invite", None, None),
    ("POST", f"{PATH}/corrections/1/undo", None, None),
    ("DELETE", f"{PATH}/claims/S1", None, None),
    ("DELETE", f"/v1/groups/{GROUP}/members/me", None, None),
    ("DELETE", f"/v1/groups/{GROUP}/members/mei", None, None),
    ("DELETE", f"/v1/users/me/shares/{'a' * 64}", None, None),
    ("DELETE", PATH, None, None),
    ("DELETE", "/v1/users/me", None, None),
    ("POST", "/v1/users/me/sign-out", None, None),
]
"""Every route that takes a key, with a body and another one. Without one: the path is another."""


def test_every_route_that_takes_a_key_is_tried() -> None:
    declared = sum(
        any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", ()))
        for _, _, operation in operations(documents()["gateway"])
    )
    assert declared == len(ANOTHER)


@pytest.mark.parametrize(
    ("method", "path", "body", "other"), ANOTHER, ids=lambda given: str(given)[:40]
)
def test_a_key_with_another_body_is_refused_and_nothing_is_done(
    method: str, path: str, body: Any, other: Any
) -> None:
    made = side()
    if other is None:
        made.call("PATCH", "/v1/users/me", {"display_name": "Mei"})
    else:
        made.call(method, path, body)
    made.publisher.events.clear()
    made.journal.clear()
    if path.endswith("join"):
        other = {"invite_code": "AAAA-BBBB-CCCC"}
    assert kind(made.call(method, path, other)) == (409, "key-reused")
    assert made.publisher.events == []
    assert made.journal == []


def test_a_repeat_is_answered_again() -> None:
    made = side()
    first = made.call("POST", "/v1/groups", {"name": "makan"})
    again = made.call("POST", "/v1/groups", {"name": "makan"})
    assert (again.status_code, again.json()) == (first.status_code, first.json())
    assert first.status_code == 201


def test_a_request_that_was_not_well_made_uses_no_key() -> None:
    made = side()
    assert made.call("POST", "/v1/groups", {"name": ""}).status_code == 422
    assert made.call("POST", "/v1/groups", {"name": "makan"}).status_code == 201


def test_a_key_of_somebody_else_is_refused() -> None:
    made = side()
    first = made.call("POST", "/v1/groups", {"name": "makan"})
    other = made.call("POST", "/v1/groups", {"name": "makan"}, user=MEI)
    assert kind(other) == (409, "key-reused")
    assert first.json()["group_id"] not in other.text


def test_nobody_gets_the_secret_of_another_users_request() -> None:
    invites = Invites(SecretStr(SECRET))
    assert invites.code(KEY, OWNER) == invites.code(KEY, OWNER)
    assert invites.code(KEY, OWNER) != invites.code(KEY, MEI)
    assert invites.link(KEY, OWNER) != invites.link(KEY, MEI)


def test_a_group_is_the_same_request_a_minute_later() -> None:
    folds = Folds()

    def create(at_ms: int) -> Event:
        request = GroupChangeRequested(
            occurred_at_ms=at_ms,
            group_id=GROUP,
            request_id=KEY,
            by=OWNER,
            action=GroupAction.CREATE,
            name="makan",
            invite="digest",
            invite_until_ms=at_ms + 1000,
        )
        return folds(request)[-1]

    first = create(NOW_MS)
    later = create(NOW_MS + 60_000)
    assert isinstance(first, GroupChangeDecided)
    assert isinstance(later, GroupChangeDecided)
    assert (later.accepted, later.reason) == (first.accepted, first.reason) == (True, None)


def test_what_became_of_the_first_request_stays_written() -> None:
    given: dict[str, Any] = {"occurred_at_ms": 1, "request_id": KEY}
    decided: dict[str, Any] = {**given, "accepted": False, "reason": KEY_REUSED, "revision": 1}
    rejected: list[Event] = [
        ClaimRejected(**given, session_id=SESSION, speaker=S1, by=MEI, reason=KEY_REUSED),
        RequestRejected(**given, session_id=SESSION, reason=KEY_REUSED),
        GroupChangeDecided(**decided, group_id=GROUP, by=MEI),
        UserChangeDecided(**decided, user_id=MEI),
    ]
    assert [rows_of(event) for event in rejected] == [[], [], [], []]


def test_the_memory_of_keys_is_bounded() -> None:
    keys = RequestKeys(most=3)
    for n in range(10):
        assert keys.take(f"key-{n}", "asked")
    assert not keys.take("key-9", "something else")
    assert keys.take("key-0", "something else")  # forgotten: the fold remembers more
