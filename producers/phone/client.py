"""The gateway as a phone sees it: what it sends, and when it sends again."""

import base64
import hashlib
import re
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
import msgspec
from tenacity import RetryCallState, Retrying, retry_if_exception_type, wait_random_exponential

from producers.phone.outbox import Outbox, Waiting
from schemas.codec import NO_EVENT
from schemas.ids import SessionId

BACKOFF = wait_random_exponential(multiplier=1, max=300)
"""Seconds before another try: a random part of 1, 2, 4 … 300. Many phones do not come at once."""
TIMEOUT_S = 30
SECONDS = re.compile("[0-9]{1,9}")
LONGEST_S = 600.0
"""Machines between us may ask to wait for a number of seconds for which nobody waits."""


class UploadRejected(RuntimeError):
    """The gateway will never take this; the message is the gateway's explanation."""


class _TryAgainError(Exception):
    """The gateway cannot take it now. `after_s` is the least time to wait, by its Retry-After."""

    def __init__(self, after_s: float) -> None:
        super().__init__(f"again after {after_s} s")
        self.after_s = after_s


class Problem(msgspec.Struct):
    """The fields of a problem (RFC 9457) that a phone reads. A proxy's answer may have none."""

    type: str = ""
    title: str = ""
    detail: str = ""
    retryable: bool = False


class Phone:
    """Blocking: every call is tried until the gateway takes it or rejects it (UploadRejected).

    `sleep` and `transport` are arguments so that tests neither wait nor need a network.
    """

    def __init__(
        self,
        base_url: str,
        user_token: str,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = httpx.Client(base_url=base_url, timeout=TIMEOUT_S, transport=transport)
        self._user_token = user_token
        self._upload_token = ""
        self._retrying = Retrying(
            retry=retry_if_exception_type((httpx.TransportError, _TryAgainError)),
            wait=_wait_s,
            sleep=sleep,
        )

    def start(self, session_id: SessionId, body: Mapping[str, Any]) -> None:
        """Begin, or go on with, a session."""
        path = f"/v1/sessions/{session_id}"
        headers = _bearer(self._user_token)
        answer = self._call("PUT", path, json=dict(body), headers=headers)
        token = answer.json()["upload_token"]
        self._upload_token = str(token)

    def send(self, session_id: SessionId, outbox: Outbox) -> int:
        """Send everything that waits; how many chunks were acknowledged.

        A chunk leaves the outbox when its receipt is here, and not before.
        """
        count = 0
        for waiting in outbox:
            self._send(session_id, waiting, outbox.content(waiting))
            outbox.acknowledged(waiting)
            count += 1
        return count

    def _send(self, session_id: SessionId, waiting: Waiting, content: bytes) -> None:
        digest = hashlib.sha256(content)
        headers = {
            **_bearer(self._upload_token),
            "Content-Type": waiting.content_type,
            "Content-Digest": f"sha-256=:{base64.b64encode(digest.digest()).decode()}:",
            "Lah-Start-Ms": str(waiting.start_ms),
            "Lah-Duration-Ms": str(waiting.duration_ms),
        }
        path = f"/v1/sessions/{session_id}/chunks/{waiting.seq}"
        receipt = self._call("PUT", path, content=content, headers=headers).json()
        if receipt["sha256"] != digest.hexdigest():
            raise UploadRejected(f"the receipt for chunk {waiting.seq} names other bytes")

    def complete(self, session_id: SessionId, chunks: int) -> None:
        """Say that the recording is over."""
        path = f"/v1/sessions/{session_id}/complete"
        headers = _bearer(self._upload_token)
        body = {"chunks": chunks}
        self._call("POST", path, json=body, headers=headers)

    def _call(self, method: str, path: str, **sent: Any) -> httpx.Response:
        return self._retrying(self._call_once, method, path, **sent)

    def _call_once(self, method: str, path: str, **sent: Any) -> httpx.Response:
        answer = self._http.request(method, path, **sent)
        if answer.is_success:
            return answer
        problem = _problem(answer)
        if _is_worth_retrying(answer.status_code, problem):
            raise _TryAgainError(_retry_after_s(answer))
        raise UploadRejected(_explanation(answer.status_code, problem))

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _problem(answer: httpx.Response) -> Problem:
    try:
        return msgspec.json.decode(answer.content, type=Problem)
    except NO_EVENT:
        return Problem()


def _is_worth_retrying(status: int, problem: Problem) -> bool:
    if status >= 500 or status == 429 or problem.retryable:
        return True
    return problem.type.endswith("digest-mismatch")  # the bytes were damaged on the way


def _retry_after_s(answer: httpx.Response) -> float:
    seconds = answer.headers.get("Retry-After", "")
    return min(LONGEST_S, float(seconds)) if SECONDS.fullmatch(seconds) else 0.0


def _wait_s(state: RetryCallState) -> float:
    """The back-off, but never less than the gateway's Retry-After."""
    error = state.outcome.exception() if state.outcome else None
    least_s = error.after_s if isinstance(error, _TryAgainError) else 0.0
    return max(BACKOFF(state), least_s)


def _explanation(status: int, problem: Problem) -> str:
    if not problem.title:
        return str(status)
    return f"{status} {problem.title}: {problem.detail}"
