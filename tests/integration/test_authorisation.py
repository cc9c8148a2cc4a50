"""Every route, called by everyone who might: allowed, 404 or 401, and nothing else."""

from dataclasses import dataclass
from typing import Any

import pytest

from adapters.http.signing import sign_user
from deploy.openapi.applications import applications
from tests.documents import routes
from tests.integration.conftest import ROLES, Scene
from tests.integration.people import Person, problem

EVERYONE = frozenset(ROLES)
TABLE_OF = frozenset({"owner", "member"})
TAGGED = frozenset({"tagged"})
OWNER = frozenset({"owner"})
DENIED = frozenset(
    {
        "no-such-session",
        "no-such-group",
        "owner-only",
        "no-such-invite",
        "no-such-request",
        "no-such-share",
        "no-such-link",
    }
)
NOBODY: frozenset[str] = frozenset()
"""Of a request id that nobody has, and of chunks: they take upload tokens, not user tokens."""


@dataclass(frozen=True)
class Route:
    """One route with a well-made body.

    An allowed call changes nothing, unless the route `ends` the caller: then a double calls it.
    """

    side: str
    method: str
    path: str
    allowed: frozenset[str]
    body: Any = None
    public: bool = False
    ends: bool = False


S = "/v1/sessions/{session_id}"
G = "/v1/groups/{group_id}"
START = {
    "time_zone": "Asia/Singapore", "recorded_at": "2026-11-24T12:00:00Z",
    "consent": {"text_version": "1", "agreed_at": "2026-11-24T12:00:00Z"},
}  # fmt: skip
ROUTES = [
    Route("gateway", "PUT", S, OWNER, START),
    Route("gateway", "PUT", f"{S}/chunks/{{seq}}", NOBODY),
    Route("gateway", "GET", f"{S}/chunks", NOBODY),
    Route("gateway", "POST", f"{S}/complete", NOBODY, {"chunks": 1}),
    Route(
        "gateway",
        "POST",
        f"{S}/claims",
        TABLE_OF,
        {"speaker": "S99", "claim": "guest", "guest_name": "Ah Beng"},
    ),
    Route("gateway", "DELETE", f"{S}/claims/{{speaker}}", TABLE_OF),
    Route("gateway", "POST", f"{S}/claims/{{speaker}}/undo", TABLE_OF, {"change": 99}),
    Route(
        "gateway",
        "POST",
        f"{S}/counts",
        TABLE_OF,
        {"speaker": "S99", "word": "lah", "said_at": "2026-11-24T12:00:00Z", "verdict": "struck"},
    ),
    Route("gateway", "POST", f"{S}/hints", TABLE_OF, {"speakers": 2}),
    Route("gateway", "POST", f"{S}/speakers/merge", TABLE_OF, {"target": "S98", "source": "S99"}),
    Route("gateway", "POST", f"{S}/speakers/split", TABLE_OF, {"speaker": "S99"}),
    Route("gateway", "POST", f"{S}/corrections/{{correction}}/undo", TABLE_OF),
    Route("gateway", "DELETE", "/v1/sessions/{gone_id}", OWNER),
    Route("gateway", "DELETE", "/v1/users/me", EVERYONE, ends=True),
    Route("gateway", "POST", "/v1/groups", EVERYONE, {"name": "Another"}),
    Route("gateway", "POST", "/v1/groups/join", NOBODY, {"invite_code": "AAAA-BBBB-CCCC"}),
    Route("gateway", "POST", f"{G}/invite", OWNER),
    Route("gateway", "PATCH", G, OWNER, {"name": "Friday makan"}),
    Route("gateway", "POST", f"{G}/owner", OWNER, {"user_id": "nobody"}),
    Route("gateway", "DELETE", f"{G}/members/{{user_id}}", OWNER),
    Route("gateway", "DELETE", "/v1/groups/{spare_id}/members/me", TABLE_OF),
    Route("gateway", "PATCH", "/v1/users/me", EVERYONE, {}),
    Route("gateway", "POST", "/v1/users/me/sign-out", EVERYONE),
    Route(
        "gateway",
        "POST",
        "/v1/users/me/shares",
        EVERYONE,
        {"first": "2026-01-01", "last": "2026-12-31"},
    ),
    Route("gateway", "DELETE", "/v1/users/me/shares/{digest}", NOBODY),
    Route("api", "GET", "/v1/users/me/shares", EVERYONE),
    *(
        Route("api", "GET", f"/share/{{secret}}{part}", NOBODY, public=True)
        for part in ("", "/card")
    ),
    Route("api", "GET", "/v1/sessions", EVERYONE),
    Route("api", "GET", "/v1/sessions/compare?session_ids={session_id},{session_id_too}", OWNER),
    *(
        Route("api", "GET", f"{S}{part}", TABLE_OF)
        for part in (
            "",
            "/events",
            "/my-stats",
            "/speakers",
            "/counts",
            "/corrections",
            "/results",
            "/transcript",
            "/wrapped",
        )
    ),
    Route("api", "GET", f"{S}/tags", TAGGED),
    Route("api", "GET", f"{S}/claims/history", TABLE_OF | TAGGED),
    *(
        Route("api", "GET", f"/v1/users/me{part}", EVERYONE)
        for part in ("", "/data", "/stats", "/trends", "/wrapped", "/wrapped/card")
    ),
    Route("api", "GET", "/v1/users/search?q=nobody", EVERYONE),
    Route("api", "GET", "/v1/leaderboard", EVERYONE),
    Route("api", "GET", "/v1/qr?text=lah", EVERYONE),
    Route("api", "GET", "/v1/requests/{nobody}", NOBODY),
    *(
        Route("api", "GET", f"{G}{part}", TABLE_OF)
        for part in ("", "/members", "/stats", "/trends", "/leaderboard", "/wrapped")
    ),
]


def names(path: str) -> str:
    """A path as the application declares it, with one name for all of its variables."""
    return "/".join(
        "*" if part.startswith("{") else part for part in path.partition("?")[0].split("/")
    )


@pytest.mark.parametrize("side", ["gateway", "api"])
def test_no_route_is_forgotten(side: str) -> None:
    document = applications()[side].openapi()
    declared = {(method, names(path)) for method, path in routes(document)}
    assert declared == {(route.method, names(route.path)) for route in ROUTES if route.side == side}


NAMES = {
    "seq": "0",
    "secret": "a" * 26,
    "digest": "a" * 64,
    "user_id": "nobody",
    "nobody": "00000000-0000-0000-0000-000000000001",
}


def called(scene: Scene, person: Person, route: Route) -> Any:
    names_of = {**NAMES, "speaker": scene.speakers[-1] + "9", "correction": "99"}
    sessions = {
        "session_id": scene.session_id,
        "session_id_too": scene.other_id,
        "gone_id": scene.gone_id,
    }
    path = route.path.format(
        group_id=scene.group_id, spare_id=scene.spare_id, **sessions, **names_of
    )
    if route.ends and person.is_known:
        person = Person(scene.stack.settings, f"{person.user}-double")
    return person.call(route.side, route.method, path, route.body)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_who_may(scene: Scene, route: Route) -> None:
    found = {}
    for role in ROLES:
        answer = called(scene, scene.people[role], route)
        assert answer.status_code < 500, answer.text
        found[role] = not (
            answer.status_code == 401 or (answer.status_code == 404 and problem(answer) in DENIED)
        )
    assert {role for role, allowed in found.items() if allowed} == route.allowed


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_who_cannot_say_who_they_are(scene: Scene, route: Route) -> None:
    settings = scene.stack.settings
    owner = scene.user("owner")
    wrong = settings.model_copy(update={"token_audience": "somebody-else"})
    for token in (
        None,
        sign_user(settings, owner, -60),
        sign_user(wrong, owner, 600),
        "not.a.token",
    ):
        assert called(scene, Person(settings, owner, token), route).status_code == (
            404 if route.public else 401
        )
