"""The read side and the claims, as the command line uses them."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx

from adapters import tokens
from adapters.settings import Settings

FINAL = ("ready_for_claiming", "completed", "failed")
POLL_S = 0.2
TOKEN_S = 24 * 3600


class Stats:
    """Blocking calls on the api, and claims on the gateway, as one user. Raises httpx.HTTPStatusError."""

    def __init__(self, settings: Settings, user: str) -> None:
        self.token = tokens.sign_user(settings, user, TOKEN_S)
        headers = {"Authorization": f"Bearer {self.token}"}
        self._api = httpx.Client(base_url=settings.url("api"), headers=headers, timeout=30)
        self._gateway = httpx.Client(base_url=settings.url("gateway"), headers=headers, timeout=30)

    def get(self, path: str) -> dict[str, Any]:
        """GET of the read side."""
        answer = self._api.get(path)
        answer.raise_for_status()
        return dict(answer.json())

    def await_final(self, session_id: str, seen: Callable[[dict[str, Any]], None], timeout_s: float) -> dict[str, Any]:
        """Poll the session until it is ready; `seen` gets every answer. TimeoutError after `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            answer = self._api.get(f"/v1/sessions/{session_id}")
            if answer.status_code == 200:
                session = dict(answer.json())
                seen(session)
                if session["state"] in FINAL:
                    return session
            elif answer.status_code != 404:  # 404 until the first row is in the warehouse
                answer.raise_for_status()
            time.sleep(POLL_S)
        raise TimeoutError(f"session {session_id} was not ready within {timeout_s:.0f} s: `lahstats status` and `lahstats logs` say more")

    def claim(self, session_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Claim a voice and wait for the decision."""
        answer = self._gateway.post(f"/v1/sessions/{session_id}/claims", json=body, headers={"Idempotency-Key": str(uuid4())})
        answer.raise_for_status()
        return dict(answer.json())
