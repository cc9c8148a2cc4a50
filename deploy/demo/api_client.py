"""The read side and the claims, as the command line uses them."""

import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import stamina

from adapters.http.signing import sign_user
from adapters.settings import Settings
from schemas.session_events import FINAL

POLL_S = 0.2
TOKEN_S = 24 * 3600
AWAY_S = 60.0


class Stats:
    """Blocking calls on the api, and claims on the gateway, as one user. Raises httpx.HTTPStatusError."""

    def __init__(self, settings: Settings, user: str) -> None:
        self.token = sign_user(settings, user, TOKEN_S)
        headers = {"Authorization": f"Bearer {self.token}"}
        self._api = httpx.Client(base_url=settings.url("api"), headers=headers, timeout=30)
        self._gateway = httpx.Client(base_url=settings.url("gateway"), headers=headers, timeout=30)

    def get(self, path: str) -> dict[str, Any]:
        """GET of the read side."""
        return dict(_patiently(lambda: self._api.get(path)).raise_for_status().json())

    def picture(self, path: str) -> bytes:
        """GET of a picture."""
        return _patiently(lambda: self._api.get(path)).raise_for_status().content

    def await_final(
        self, session_id: str, seen: Callable[[dict[str, Any]], None], timeout_s: float
    ) -> dict[str, Any]:
        """Poll the session until it is ready; `seen` gets every answer. TimeoutError after `timeout_s`."""
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            answer = _patiently(lambda: self._api.get(f"/v1/sessions/{session_id}"))
            if answer.status_code != 404:  # 404 until the first row is in the warehouse
                session = dict(answer.raise_for_status().json())
                seen(session)
                if session["state"] in FINAL:
                    return session
            time.sleep(POLL_S)
        raise TimeoutError(
            f"session {session_id} was not ready within {timeout_s:.0f} s: `lahstats status` and `lahstats logs` say more"
        )

    def claim(self, session_id: str, body: dict[str, Any]) -> dict[str, Any]:
        """Claim a voice and wait for the decision. Sent again under the same key, it is the same claim."""
        return self._asked(f"/v1/sessions/{session_id}/claims", body)

    def hint(self, session_id: str, speakers: int) -> dict[str, Any]:
        """Say how many people were there, and wait for the decision."""
        return self._asked(f"/v1/sessions/{session_id}/hints", {"speakers": speakers})

    def _asked(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        key = {"Idempotency-Key": str(uuid4())}
        answer = _patiently(lambda: self._gateway.post(path, json=body, headers=key))
        return dict(answer.raise_for_status().json())


def _patiently(call: Callable[[], httpx.Response]) -> httpx.Response:
    """What is away for a moment (a restart, 503) is asked again; every other answer is the caller's."""
    for attempt in stamina.retry_context(
        on=(httpx.TransportError, _AwayError), attempts=None, timeout=AWAY_S, wait_max=2.0
    ):
        with attempt:
            answer = call()
            if answer.status_code == 503:
                raise _AwayError(answer.text)
            return answer
    raise AssertionError("unreachable: the last attempt raises")


class _AwayError(RuntimeError):
    """A 503: the server knows that a part of it is away."""
