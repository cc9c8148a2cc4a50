"""Each standing, and what the write side lets it do: every route of its document.

The folds that decide are the real ones. `tests/integration/test_authorisation.py` asks the same on
the whole stack.
"""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import Request

from adapters.http.tokens import bearer
from schemas.claim_events import ClaimKind, ClaimRequested, TagRequested
from schemas.event import Event
from schemas.ids import SpeakerLabel, UserId
from schemas.people_events import GroupAction
from tests.deciding_folds import GROUP
from tests.documents import documents, routes
from tests.gateway_fakes import NamedUsers
from tests.table import Change, with_table
from tests.write_side import OWNER, SESSION, WriteSide, start_body

pytestmark = pytest.mark.usefixtures("impatient")

ROLES = ("owner", "member", "claimed", "tagged", "removed", "former", "stranger", "Ah Beng")
EVERYONE = set(ROLES)
TABLE = {"owner", "member"}
S = "/v1/sessions/{session_id}"
G = "/v1/groups/{group_id}"
ME = "/v1/users/me"
DAYS = {"first": "2026-01-01", "last": "2026-12-31"}
NOBODY: set[str] = set()
VERDICT = {"speaker": "S1", "word": "lah", "said_at": "2026-11-24T12:00:00Z", "verdict": "struck"}
WHO: dict[tuple[str, str], tuple[set[str], Any]] = {
    ("PUT", S): ({"owner"}, start_body()),
    ("PUT", f"{S}/chunks/{{seq}}"): (NOBODY, None),
    ("GET", f"{S}/chunks"): (NOBODY, None),
    ("POST", f"{S}/complete"): (NOBODY, {"chunks": 1}),
    ("POST", f"{S}/claims"): (
        TABLE,
        {"speaker": "S1", "claim": "guest", "guest_name": "Uncle"},
    ),
    ("DELETE", f"{S}/claims/{{speaker}}"): ({"owner", "claimed"}, None),
    ("POST", f"{S}/claims/{{speaker}}/undo"): (TABLE, {"change": 1}),
    ("POST", f"{S}/corrections/{{correction}}/undo"): (TABLE, None),
    ("POST", f"{S}/counts"): (NOBODY, VERDICT),  # no voice is claimed yet
    ("POST", f"{S}/hints"): (TABLE, {"speakers": 2}),
    ("POST", f"{S}/speakers/merge"): (TABLE, {"target": "S1", "source": "S2"}),
    ("POST", f"{S}/speakers/split"): (TABLE, {"speaker": "S1"}),
    ("DELETE", S): ({"owner"}, None),
    ("DELETE", ME): (EVERYONE, None),
    ("POST", "/v1/groups"): (EVERYONE, {"name": "another"}),
    ("POST", "/v1/groups/join"): (NOBODY, {"invite_code": "AAAA-BBBB-CCCC"}),
    ("POST", f"{G}/invite"): ({"owner"}, None),
    ("PATCH", G): ({"owner"}, {"name": "makan"}),
    ("POST", f"{G}/owner"): ({"owner"}, {"user_id": "member"}),
    ("DELETE", f"{G}/members/me"): (TABLE, None),
    ("DELETE", f"{G}/members/{{user_id}}"): ({"owner"}, None),
    ("PATCH", ME): (EVERYONE, {"display_name": "Somebody"}),
    ("POST", f"{ME}/sign-out"): (EVERYONE, None),
    ("POST", f"{ME}/shares"): (EVERYONE, DAYS),
    ("DELETE", f"{ME}/shares/{{share}}"): (NOBODY, None),
}
"""Every route: the roles that it lets do it, and a body. Chunks take upload tokens alone."""
PARTS = {
    "session_id": SESSION,
    "group_id": GROUP,
    "seq": "0",
    "speaker": "S1",
    "correction": "1",
    "user_id": "member",
    "share": "a" * 64,
}


def side() -> WriteSide:
    """A gateway, a group with its session, and people in every relation to them."""
    return with_table(PEOPLE, _claims())


PEOPLE: list[Change] = [
    ("owner", GroupAction.CREATE, None),
    *((user, GroupAction.JOIN, None) for user in ("member", "removed", "former")),
    *(("owner", GroupAction.REMOVE, user) for user in ("removed", "former")),
]


def _claims() -> list[Event]:
    """S1 was claimed by somebody from outside, S2 waits for the tagged."""
    fields: dict[str, Any] = {"occurred_at_ms": 2, "session_id": SESSION}
    claimed = ClaimRequested(
        **fields,
        request_id="c1",
        speaker=SpeakerLabel("S1"),
        by=UserId("claimed"),
        kind=ClaimKind.SELF,
    )
    tagged = TagRequested(
        **fields,
        request_id="c2",
        speaker=SpeakerLabel("S2"),
        by=OWNER,
        user_id=UserId("tagged"),
    )
    return [claimed, tagged]


def denied(answer: httpx.Response) -> bool:
    """Whether the caller may not do it. A change that is not there is another matter."""
    assert answer.status_code < 500, answer.text
    gone = answer.status_code == 404 and answer.json()["type"] != "no-such-change"
    return answer.status_code == 401 or gone


def test_every_route_of_the_document_is_in_the_table() -> None:
    assert routes(documents()["gateway"]) == set(WHO)


@pytest.mark.parametrize(("method", "path"), WHO, ids=str)
def test_what_each_standing_may_do(method: str, path: str) -> None:
    allowed, body = WHO[method, path]
    found = set()
    for role in ROLES:
        answer = side().call(method, path.format(**PARTS), body, UserId(role), str(uuid4()))
        if not denied(answer):
            found.add(role)
    assert found == allowed


@pytest.mark.parametrize(("method", "path"), WHO, ids=str)
def test_nobody_does_anything_without_a_token(method: str, path: str) -> None:
    made = side()
    for headers in ({}, {"Authorization": "Bearer "}, {"Authorization": "Basic b3duZXI6"}):
        answer = made.client.request(
            method, path.format(**PARTS), json=WHO[method, path][1], headers=headers
        )
        assert answer.status_code == 401
    assert made.publisher.events == []


def test_a_token_is_verified_once_for_each_request(monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []

    async def user(_: NamedUsers, request: Request) -> UserId:
        verified.append(bearer(request))
        return UserId(verified[-1])

    monkeypatch.setattr(NamedUsers, "user", user)
    made = side()
    for role in ("owner", "member"):
        made.call("POST", f"/v1/sessions/{SESSION}/hints", {"speakers": 2}, role, str(uuid4()))
        made.call("DELETE", f"/v1/groups/{GROUP}/members/me", None, role, str(uuid4()))
    assert verified == ["owner", "owner", "member", "member"]


def test_whoever_spoke_and_is_not_at_the_table_may_only_let_go() -> None:
    made = side()
    own = f"/v1/sessions/{SESSION}/claims"
    body = {"speaker": "S1", "claim": "self"}
    assert made.call("POST", own, body, UserId("removed"), str(uuid4())).status_code == 404
    agreed = {"speaker": "S2", "claim": "self"}
    assert made.call("POST", own, agreed, UserId("stranger"), str(uuid4())).status_code == 404
    assert made.call("POST", own, agreed, UserId("tagged"), str(uuid4())).status_code == 200
    let_go = made.call("DELETE", f"{own}/S1", None, UserId("claimed"), str(uuid4()))
    assert let_go.json()["outcome"] == "released"


def test_a_member_whose_id_has_a_slash_is_removed() -> None:
    """Before, 404: the slash ended the part of the path, however it was written."""
    made = with_table([("owner", GroupAction.CREATE, None), ("idp/7", GroupAction.JOIN, None)], [])
    path = f"/v1/groups/{GROUP}/members/idp%2F7"
    assert made.call("DELETE", path, None, OWNER, str(uuid4())).status_code == 200
