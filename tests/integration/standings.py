"""A group's session and its owner's own, and people in every relation to them, as rows."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
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


@contextmanager
def standing(folder: Path) -> Iterator[Site]:
    """The read side over the rows of everybody."""
    with filled_by(Served(folder)) as (served, warehouse):
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


ME = "/v1/users/me"


def decision(request_id: str = REQUEST, by: str = "", outcome: str = "rejected") -> dict[str, Any]:
    return {
        "request_id": request_id,
        "session_id": SESSION,
        "requested_by": by,
        "outcome": outcome,
        "reason": "no_such_speaker",
        "decided_at": JUST_NOW,
    }
