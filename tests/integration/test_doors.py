"""Each standing, and what it sees of a session: every route of the read side, on real rows.

The rows are those that the sink would write. `test_authorisation` asks the same on the whole stack.
"""

import asyncio
import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import product
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from adapters.http.signing import sign_user
from adapters.http.tokens import UserTokens
from adapters.objects.s3 import S3BlobStore
from adapters.settings import Settings
from adapters.warehouse import Warehouse
from api.app import build
from api.dependencies import provide
from api.main import services
from api.shares import drawing
from api.signing_in.service import SigningIn
from producers.gateway.request_models import VerdictBody
from schemas.days import unix_ms_of
from tests.documents import routes
from tests.integration.served import Served, filled_by
from tests.reference.telling import put

SESSION = "0192f3c4-5b6a-7c8d-9e0f-112233445566"
ALONE = "0192f3c4-5b6a-7c8d-9e0f-000000000002"
GROUP = "7d9e4f60-1b2c-5d3e-8f4a-6b7c8d9e0f1a"
NOTHING = "0192f3c4-5b6a-7c8d-9e0f-ffffffffffff"
REQUEST = "3f2b8c1e-7a54-4d0b-9c36-5e8f1a2b3c4d"
WHEN = datetime(2026, 11, 24, 12, tzinfo=UTC)
JUST_NOW = datetime.now(UTC)
"""Answers, and changes of claims, leave the warehouse after their days."""
EARLIER = datetime(2026, 11, 23, 12, tzinfo=UTC)
GUEST = "Ah Beng"
S1, S2, S3, S4, S5, S6 = SPEAKERS = [f"S{n}" for n in range(1, 7)]
TABLE = {"owner", "member"}
HEARD = TABLE | {"claimed"}
OWN = HEARD | {"removed"}
TAGGED = {"tagged", "removed-tagged"}
SOUNDED = {"owner", "claimed", "removed"}
"""Those who have recordings, or clips of a voice that is theirs."""
ROLES = [*sorted(OWN | TAGGED), "former", "released", "stranger", GUEST]


class Site:
    """The read side in this process, over a real warehouse."""

    def __init__(self, settings: Settings, warehouse: Warehouse, app: FastAPI) -> None:
        self.settings = settings
        self.warehouse = warehouse
        self._app = app

    def get(self, user: str | None, path: str) -> httpx.Response:
        """As the user; None without a token."""
        headers = {}
        if user is not None:
            headers = {"Authorization": f"Bearer {sign_user(self.settings, user, 600)}"}
        return asyncio.run(self._get(path, headers))

    async def _get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(app=self._app)
        async with httpx.AsyncClient(transport=transport, base_url="http://api") as client:
            return await client.get(path, headers=headers)

    def seeing(self, path: str, roles: list[str] = ROLES) -> set[str]:
        """The roles that get an answer. All others get 404."""
        statuses = {role: self.get(role, path).status_code for role in roles}
        assert set(statuses.values()) <= {200, 404}, statuses
        return {role for role, status in statuses.items() if status == 200}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with filled_by(Served(tmp_path_factory.mktemp("doors"))) as (served, warehouse):
        for table, row in rows():
            put(warehouse, table, row)
        app = build()
        made = services(
            warehouse,
            S3BlobStore(served.settings),
            UserTokens(served.settings),
            SigningIn(served.settings),
            lambda: date(2026, 11, 24),
            drawing.png,
        )
        provide(app, made)
        yield Site(served.settings, warehouse, app)


def rows() -> Iterator[tuple[str, dict[str, Any]]]:
    """A group's session and one of its owner alone, and people in every relation to them."""
    yield "word_events", said(0, "lah", maybe=False)
    yield "word_events", said(1, "sian", maybe=True)
    for session_id, group_id in ((SESSION, GROUP), (ALONE, "")):
        yield "sessions", session(session_id, group_id)
        totals = {"lexicon": "1", "speakers": SPEAKERS, "missing": [], "total_ms": 60_000}
        yield "session_totals", {"session_id": session_id, "generation": 1, **totals}
        for speaker in SPEAKERS:
            yield "speaker_totals", counted(session_id, speaker)
            for ordinal in range(2):
                yield "clips", clip(session_id, speaker, ordinal)
        yield claim(session_id, S2, "self", "claimed")
        yield claim(session_id, S3, "tag", "tagged")
        yield claim(session_id, S5, "guest", guest_name=GUEST)
        yield claim(session_id, S6, "self", "released", version=1)
        yield claim(session_id, S6, "", version=2)
    yield change(1, S6, "self", "released", "released")
    yield change(2, S6, "", "", "owner")
    yield change(3, S1, "self", "removed", "removed")
    yield claim(SESSION, S1, "self", "removed")
    yield claim(SESSION, S4, "tag", "removed-tagged")
    yield "group_sessions", {
        "group_id": GROUP, "session_id": SESSION, "recorded_at": WHEN, "gone": 0, "version": 1,
    }  # fmt: skip
    yield "groups", {
        "group_id": GROUP, "name": "makan", "owner": "owner", "members": ["owner", "member"],
        "revision": 2,
    }  # fmt: skip
    for user, role in (("owner", "owner"), ("member", "member")):
        yield member(user, role, 1)
    for user in ("removed", "removed-tagged", "former"):
        yield member(user, "member", 1)
        yield member(user, "", 2)


def session(session_id: str, group_id: str) -> dict[str, Any]:
    return {
        "session_id": session_id,
        "owner": "owner",
        "group_id": group_id,
        "state": "ready_for_claiming",
        "generation": 1,
        "recorded_at": WHEN,
        "time_zone": "Asia/Singapore",
        "audio_ms": 60_000,
        "version": 1,
    }


def counted(session_id: str, speaker: str) -> dict[str, Any]:
    return {
        "session_id": session_id,
        "speaker": speaker,
        "word": "lah",
        "count": 3,
        "spoken": 0,
        "talk_ms": 0,
        "turns": 0,
        "overlap_ms": 0,
        "generation": 1,
    }


def said(ordinal: int, word: str, *, maybe: bool) -> dict[str, Any]:
    return {
        "window_day": WHEN.date(),
        "session_id": SESSION,
        "window": 0,
        "ordinal": ordinal,
        "generation": 1,
        "deleted": 0,
        "speaker": S1,
        "word": word,
        "said_at": WHEN,
        "day": WHEN.date(),
        "probability": 0.5,
        "reason": "exact",
        "maybe": maybe,
    }


def clip(session_id: str, speaker: str, ordinal: int) -> dict[str, Any]:
    span = {"start_ms": ordinal * 1000, "end_ms": ordinal * 1000 + 900, "generation": 1}
    return {"session_id": session_id, "speaker": speaker, "ordinal": ordinal, **span}


def claim(
    session_id: str,
    speaker: str,
    kind: str,
    user_id: str = "",
    guest_name: str = "",
    version: int = 1,
) -> tuple[str, dict[str, Any]]:
    return "claims", {
        "session_id": session_id,
        "speaker": speaker,
        "kind": kind,
        "user_id": user_id,
        "guest_name": guest_name,
        "claimed_by": "owner",
        "claimed_at": WHEN,
        "version": version,
    }


def change(
    number: int, speaker: str, kind: str, user_id: str, by: str
) -> tuple[str, dict[str, Any]]:
    return "claim_changes", {
        "session_id": SESSION,
        "speaker": speaker,
        "change": number,
        "kind": kind,
        "user_id": user_id,
        "guest_name": "",
        "changed_by": by,
        "changed_at": JUST_NOW,
    }


def member(user: str, role: str, revision: int) -> tuple[str, dict[str, Any]]:
    ids = {"user_id": user, "group_id": GROUP, "role": role}
    return "group_members", {**ids, "joined_at": WHEN, "revision": revision}


EVERYONE = set(ROLES)
S = "/v1/sessions/{session_id}"
G = "/v1/groups/{group_id}"
ME = "/v1/users/me"
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


def decision(request_id: str = REQUEST, by: str = "", outcome: str = "rejected") -> dict[str, Any]:
    return {
        "request_id": request_id,
        "session_id": SESSION,
        "requested_by": by,
        "outcome": outcome,
        "reason": "no_such_speaker",
        "decided_at": JUST_NOW,
    }


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


def test_a_page_that_ends_the_list_has_no_next(site: Site) -> None:
    whole = site.get("owner", "/v1/sessions?limit=2").json()
    assert (len(whole["sessions"]), whole["next"]) == (2, None)
    first = site.get("owner", "/v1/sessions?limit=1").json()
    rest = site.get("owner", f"/v1/sessions?limit=1&cursor={first['next']}").json()
    assert first["sessions"] + rest["sessions"] == whole["sessions"]
    assert rest["next"] is None


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


def test_a_count_is_judged_by_the_place_that_its_list_tells(site: Site) -> None:
    """The page sends back what it was told; both sides must read it alike."""
    told = site.get("owner", f"/v1/sessions/{SESSION}/counts").json()["counts"][0]
    place = {name: told[name] for name in ("speaker", "word", "said_at")}
    assert VerdictBody(**place, verdict="struck").said_at == WHEN


def test_everybody_gets_a_file_of_their_own_data(site: Site) -> None:
    """Not of those whose file has audio: no store is here (tests/integration/test_my_data.py)."""
    others = [role for role in ROLES if role not in SOUNDED]
    assert site.seeing(f"{ME}/data", others) == set(others)


def test_the_file_does_not_tell_why_a_claim_was_rejected(site: Site) -> None:
    """The same reason would tell a stranger what there is, as at /v1/requests."""
    put(site.warehouse, "requests", decision(str(uuid4()), "stranger"))
    whole = site.get("stranger", f"{ME}/data").content
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert "rejected" in texts["tables/requests.csv"]
    assert [name for name, text in texts.items() if "no_such_speaker" in text] == []


def test_numbers_side_by_side_are_ones_own(site: Site) -> None:
    both = f"/v1/sessions/compare?session_ids={SESSION},{ALONE}"
    assert site.seeing(both) == {"owner", "claimed"}


@pytest.mark.parametrize("part", ["", "/speakers", "/results", "/transcript", "/wrapped"])
def test_a_session_of_nobodys_group(site: Site, part: str) -> None:
    assert site.seeing(f"/v1/sessions/{ALONE}{part}") == {"owner", "claimed"}


def test_lists_have_what_may_be_opened(site: Site) -> None:
    for role in ROLES:
        listed = {one["session_id"] for one in site.get(role, "/v1/sessions").json()["sessions"]}
        if role != "member":  # who finds a group's sessions by their group
            opened = {one for one in (SESSION, ALONE) if role in site.seeing(f"/v1/sessions/{one}")}
            assert listed == opened, role
    of_group = f"/v1/sessions?group_id={GROUP}"
    assert site.seeing(of_group) == TABLE


def test_a_maybe_is_shown_beside_the_counts(site: Site) -> None:
    speakers = site.get("owner", f"/v1/sessions/{SESSION}/speakers").json()["speakers"]
    first = next(one for one in speakers if one["speaker"] == S1)
    assert [(one["word"], one["count"]) for one in first["words"]] == [("lah", 3)]
    [maybe] = first["maybe"]
    assert (maybe["word"], maybe["probability"]) == ("sian", 0.5)
    assert maybe["said_at"].startswith("2026-11-24T12:00:00")
    assert all(one["maybe"] == [] for one in speakers if one["speaker"] != S1)


def test_who_is_tagged_sees_who_said_so_and_one_clip(site: Site) -> None:
    answer = site.get("tagged", f"/v1/sessions/{SESSION}/tags").json()
    [tag] = answer["tags"]
    heard = tag.pop("clip")
    assert tag == {
        "speaker": S3,
        "claimed_by": "owner",
        "display_name": "",
        "claimed_at": tag["claimed_at"],
    }
    assert tag["claimed_at"].startswith("2026-11-24T12:00:00")
    assert (heard["start_s"], heard["quote"]) == (0.0, "")
    assert f"clips/{SESSION}/000001-{S3}-0." in heard["url"]
    waiting = site.get("tagged", ME).json()["tags"]
    assert {one["session_id"] for one in waiting} == {SESSION, ALONE}


def test_whom_a_change_of_a_claim_concerns_reads_it(site: Site) -> None:
    """Somebody whose claim was released by another sees by whom, though not the session."""
    path = f"/v1/sessions/{SESSION}/claims/history"
    mine = site.get("released", path).json()["changes"]
    held = {"kind": "self", "user_id": "released", "guest_name": ""}
    assert [(one["change"], one["before"], one["after"]) for one in mine] == [
        (2, held, None),
        (1, None, held),
    ]
    assert [one["changed_by"] for one in mine] == ["owner", "released"]
    assert [one["change"] for one in site.get("member", path).json()["changes"]] == [3, 2, 1]
    assert [one["change"] for one in site.get("removed", path).json()["changes"]] == [3]


def test_company_is_for_those_who_are_still_at_the_table(site: Site) -> None:
    for user in ("removed", "member"):
        put(site.warehouse, "user_voices", voice(user))
    found = {
        user: site.get(user, f"{ME}/wrapped?period=all").json()["cards"]
        for user in ("removed", "member")
    }
    assert [one["user"] for one in found["member"]["company"]] == ["claimed"]
    assert found["removed"]["company"] == []
    assert found["removed"]["totals"]["counts"] == found["member"]["totals"]["counts"] == 1


def voice(user: str) -> dict[str, Any]:
    return {
        "user_id": user,
        "session_id": SESSION,
        "speaker": S1,
        "words": ["lah"],
        "said_ms": [unix_ms_of(WHEN)],
        "said_days": [date(2026, 11, 24)],
        "days": [date(2026, 11, 24)],
        "spoken": [30],
        "talk_ms": 5_000,
        "company": ["claimed"],
        "time_zone": "Asia/Singapore",
        "audio_ms": 60_000,
        "version": 1,
    }
