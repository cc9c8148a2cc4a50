"""The read side, and the requests of the write side, as one user of them."""

from collections.abc import Callable
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import msgspec

from adapters.http.signing import sign_user
from adapters.process.retry import TransientError, retry_transient
from adapters.settings import Settings
from deploy.demo.api_answers import Session
from deploy.waiting import until
from schemas.ids import SessionId
from schemas.session_events import FINAL

POLL_S = 0.5
"""As often as event streams look. Asking five times a second took a sixth of a core."""
TOKEN_S = 24 * 3600
TIMEOUT_S = 30
A = TypeVar("A")
Json = dict[str, Any]
"""A JSON object as httpx reads it."""


class ApiClient:
    """Blocking calls as one user.

    A server that is away for a moment (a restart, 503) is asked again for a minute. Raises
    httpx.HTTPStatusError for every other answer that is no success.
    """

    def __init__(self, settings: Settings, user: str) -> None:
        self.token = sign_user(settings, user, TOKEN_S)
        headers = {"Authorization": f"Bearer {self.token}"}
        self._api = httpx.Client(base_url=settings.url("api"), headers=headers, timeout=TIMEOUT_S)
        self._gateway = httpx.Client(
            base_url=settings.url("gateway"), headers=headers, timeout=TIMEOUT_S
        )

    def close(self) -> None:
        """Give the connections back."""
        self._api.close()
        self._gateway.close()

    def get(self, path: str) -> Json:
        """GET of the read side, as it came."""
        return dict(self._good(path).json())

    def read(self, path: str, kind: type[A]) -> A:
        """GET of the read side, decoded. Raises msgspec.ValidationError for another answer."""
        return msgspec.json.decode(self._good(path).content, type=kind)

    def picture(self, path: str) -> bytes:
        """GET of a picture."""
        return self._good(path).content

    def _asked(self, path: str) -> httpx.Response:
        return _retried(lambda: self._api.get(path))

    def _good(self, path: str) -> httpx.Response:
        return self._asked(path).raise_for_status()

    def session(self, session_id: SessionId) -> Session | None:
        """Return the session, or None before its first row is in the warehouse."""
        answer = self._asked(f"/v1/sessions/{session_id}")
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        return msgspec.json.decode(answer.raise_for_status().content, type=Session)

    def await_final(
        self, session_id: SessionId, seen: Callable[[Session], None], timeout_s: float
    ) -> Session:
        """Ask for the session until it is final. `seen` gets every answer.

        Raises TimeoutError after `timeout_s`, and ValueError for one that failed.
        """

        def ask() -> Session | None:
            session = self.session(session_id)
            if session is not None:
                seen(session)
            return session

        complaint = (
            f"session {session_id} was not ready within {timeout_s:.0f} s: "
            "`lahstats status` and `lahstats logs` say more"
        )
        session = until(ask, _is_final, timeout_s, POLL_S, complaint)
        assert session is not None
        if session.failure is not None:
            raise ValueError(f"{session.failure.happened} {session.failure.advice}")
        return session

    def claim(self, session_id: SessionId, body: Json) -> Json:
        """Claim a speaker and wait for the decision. Repeatable: retries carry one key."""
        return self._requested(f"/v1/sessions/{session_id}/claims", body)

    def hint(self, session_id: SessionId, speakers: int) -> Json:
        """Say how many people talked, and wait for the decision."""
        return self._requested(f"/v1/sessions/{session_id}/hints", {"speakers": speakers})

    def _requested(self, path: str, body: Json) -> Json:
        key = {"Idempotency-Key": str(uuid4())}
        answer = _retried(lambda: self._gateway.post(path, json=body, headers=key))
        return dict(answer.raise_for_status().json())


def _is_final(session: Session | None) -> bool:
    return session is not None and session.state in FINAL


def _retried(call: Callable[[], httpx.Response]) -> httpx.Response:
    def ask() -> httpx.Response:
        try:
            answer = call()
        except httpx.TransportError as error:
            raise TransientError(str(error)) from error
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            raise TransientError(answer.text)
        return answer

    return retry_transient(ask)
