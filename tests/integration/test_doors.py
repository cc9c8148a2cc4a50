"""Each standing, and what it sees of a session: every route of the read side, on real rows.

The rows are those that the sink would write. `test_authorisation` asks the same on the whole stack.
"""

from collections.abc import Iterator
from itertools import product
from typing import Any
from uuid import uuid4

import pytest

from api.app import build
from schemas.days import unix_ms_of
from tests.documents import routes
from tests.integration.standings import (
    ALONE,
    EARLIER,
    GROUP,
    HEARD,
    ME,
    NOTHING,
    OWN,
    REQUEST,
    ROLES,
    SESSION,
    TABLE,
    TAGGED,
    WHEN,
    Site,
    decision,
    session,
    standing,
)
from tests.reference.telling import put


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with standing(tmp_path_factory.mktemp("doors")) as found:
        yield found


EVERYONE = set(ROLES)
S = "/v1/sessions/{session_id}"
G = "/v1/groups/{group_id}"
WHO: dict[str, set[str]] = {
    "/v1/sessions": EVERYONE,
    "/v1/sessions/compare": OWN,
    S: HEARD,
    f"{S}/events": HEARD,
    f"{S}/my-stats": OWN,
    f"{S}/speakers": HEARD,
    f"{S}/counts": HEARD,
    f"{S}/corrections": HEARD,
    f"{S}/tags": TAGGED,
    f"{S}/claims/history": HEARD | {"removed", "released"},
    f"{S}/results": HEARD,
    f"{S}/transcript": HEARD,
    f"{S}/wrapped": HEARD,
    "/v1/requests/{request_id}": set(),
    ME: EVERYONE,
    "/v1/users/search": EVERYONE,
    f"{ME}/data": EVERYONE,
    f"{ME}/stats": EVERYONE,
    f"{ME}/trends": EVERYONE,
    "/v1/leaderboard": EVERYONE,
    G: TABLE,
    f"{G}/members": TABLE,
    f"{G}/stats": TABLE,
    f"{G}/leaderboard": TABLE,
    f"{G}/trends": TABLE,
    f"{G}/wrapped": TABLE,
    f"{ME}/wrapped": EVERYONE,
    f"{ME}/wrapped/card": EVERYONE,
    f"{ME}/shares": EVERYONE,
    "/v1/qr": EVERYONE,
    "/share/{secret}": set(),
    "/share/{secret}/card": set(),
}
"""Every route of the document, and the roles that get an answer about the group's session."""
QUESTIONS = {
    "/v1/sessions/compare": f"?session_ids={{session_id}},{ALONE}",
    "/v1/users/search": "?q=nobody",
    "/v1/qr": "?text=lah",
}


def path_of(
    route: str, session_id: str = SESSION, group_id: str = GROUP, request_id: str = ALONE
) -> str:
    """The address of a route about these things, with its question."""
    whole = route + QUESTIONS.get(route, "")
    return whole.format(
        session_id=session_id, group_id=group_id, request_id=request_id, secret="a" * 26
    )


def test_every_route_of_the_document_is_in_the_table() -> None:
    assert routes(build().openapi()) == {("GET", path) for path in WHO}


ASKED_APART = {"/v1/sessions/compare", f"{ME}/data"}


@pytest.mark.parametrize("route", [route for route in WHO if route not in ASKED_APART])
def test_who_gets_an_answer(site: Site, route: str) -> None:
    assert site.seeing(path_of(route)) == WHO[route]


@pytest.mark.parametrize("route", WHO)
def test_nobody_without_a_token_does(site: Site, route: str) -> None:
    assert site.get(None, path_of(route)).status_code == (404 if "secret" in route else 401)


HIDDEN = [route for route in WHO if "_id" in route + QUESTIONS.get(route, "")]
"""Routes about things that somebody may not know of."""


@pytest.mark.parametrize("route", HIDDEN)
def test_a_stranger_cannot_tell_what_there_is(site: Site, route: str) -> None:
    put(site.warehouse, "requests", decision())
    ids = ((SESSION, GROUP, REQUEST), (NOTHING, NOTHING, NOTHING))
    refusals = [refused(site, path_of(route, *one)) for one in ids]
    assert refusals[0] == refusals[1]
    assert refusals[0]["status"] == 404


def refused(site: Site, path: str) -> dict[str, Any]:
    """The whole refusal of a stranger, without the id of the answer."""
    answer = site.get("stranger", path)
    headers = {name: answer.headers.get(name) for name in ("cache-control", "content-type")}
    return {**answer.json(), **headers, "request_id": ""}


def test_why_a_claim_was_rejected_is_told_to_those_who_see_the_session(site: Site) -> None:
    """The gateway answers a stranger's claim with 404; its reason would tell what there is."""
    asked = {one: str(uuid4()) for one in product(ROLES, ("rejected", "released"))}
    for (role, outcome), request_id in asked.items():
        put(site.warehouse, "requests", decision(request_id, role, outcome))
    answered = {
        one: site.get(one[0], f"/v1/requests/{request_id}").status_code
        for one, request_id in asked.items()
    }
    assert {role for role in ROLES if answered[role, "rejected"] == 200} == HEARD
    assert {role for role in ROLES if answered[role, "released"] == 200} == EVERYONE
    assert set(answered.values()) == {200, 404}


def test_a_cursor_tells_nothing_of_the_sessions_of_others(site: Site) -> None:
    """A list begins where the cursor says, whether or not there is such a session."""
    mine = session("0192f3c4-5b6a-7c8d-9e0f-000000000009", "")
    put(site.warehouse, "sessions", {**mine, "owner": "elsewhere", "recorded_at": EARLIER})
    lists = []
    for named in (SESSION, NOTHING):
        for cursor in (named, f"{unix_ms_of(WHEN)}-{named}"):
            answer = site.get("elsewhere", f"/v1/sessions?cursor={cursor}")
            found = [one["session_id"] for one in answer.json().get("sessions", [])]
            lists.append((answer.status_code, found))
    assert lists[:2] == lists[2:] == [(422, []), (200, [mine["session_id"]])]


@pytest.mark.parametrize("route", [route for route in WHO if "owner" in WHO[route]])
def test_every_moment_says_its_zone(site: Site, route: str) -> None:
    """A reader takes a moment without one as its own clock's: eight hours off in Singapore."""
    if route in ASKED_APART or route.endswith("/events"):
        return
    answer = site.get("owner", path_of(route))
    if answer.headers["content-type"] == "application/json":
        told = list(moments(answer.json()))
        assert [one for one in told if not one.endswith("+00:00")] == []


def moments(answer: Any, name: str = "") -> Iterator[str]:
    """Everything that is called a time, at any depth."""
    if isinstance(answer, dict):
        for key, value in answer.items():
            yield from moments(value, key)
    elif isinstance(answer, list):
        for value in answer:
            yield from moments(value, name)
    elif name.endswith("_at") and answer is not None:
        yield answer
