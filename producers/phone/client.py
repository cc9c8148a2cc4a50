"""The gateway as a phone sees it: what to do on each answer (contracts, section 1)."""

import base64
import hashlib
import random
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import httpx

from producers.phone.outbox import Outbox, Waiting

FIRST_WAIT_S, MOST_WAIT_S = 1.0, 300.0


class UploadRefused(RuntimeError):
    """The gateway will not take this, however often it is sent; the text is its own explanation."""


class Phone:
    """Blocking. `sleep` and `transport` are arguments so that tests neither wait nor need a network."""

    def __init__(
        self,
        base_url: str,
        user_token: str,
        sleep: Callable[[float], None] = time.sleep,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._http = httpx.Client(base_url=base_url, timeout=30, transport=transport)
        self._user_token, self._sleep = user_token, sleep
        self._upload_token = ""

    def start(self, session_id: str, body: Mapping[str, Any]) -> None:
        """Begin, or go on with, a session."""
        answer = self._patiently(
            lambda: self._http.put(
                f"/v1/sessions/{session_id}", json=dict(body), headers=_bearer(self._user_token)
            )
        )
        self._upload_token = str(answer.json()["upload_token"])

    def send(self, session_id: str, outbox: Outbox) -> int:
        """Send everything that waits; how many were acknowledged. A chunk leaves the outbox on its receipt alone."""
        count = 0
        for waiting in outbox:
            content = outbox.content(waiting)
            receipt = self._patiently(partial(self._put, session_id, waiting, content)).json()
            if receipt["sha256"] != hashlib.sha256(content).hexdigest():
                raise UploadRefused(f"the receipt for chunk {waiting.seq} names other bytes")
            outbox.acknowledged(waiting)
            count += 1
        return count

    def _put(self, session_id: str, waiting: Waiting, content: bytes) -> httpx.Response:
        digest = base64.b64encode(hashlib.sha256(content).digest()).decode()
        headers = {
            **_bearer(self._upload_token),
            "Content-Type": waiting.content_type,
            "Content-Digest": f"sha-256=:{digest}:",
            "Lah-Start-Ms": str(waiting.start_ms),
            "Lah-Duration-Ms": str(waiting.duration_ms),
        }
        return self._http.put(
            f"/v1/sessions/{session_id}/chunks/{waiting.seq}", content=content, headers=headers
        )

    def complete(self, session_id: str, chunks: int) -> None:
        """Say that the recording is over."""
        path = f"/v1/sessions/{session_id}/complete"
        self._patiently(
            lambda: self._http.post(
                path, json={"chunks": chunks}, headers=_bearer(self._upload_token)
            )
        )

    def _patiently(self, call: Callable[[], httpx.Response]) -> httpx.Response:
        wait_s = FIRST_WAIT_S
        while True:
            try:
                answer = call()
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.is_success:
                return answer
            if answer is not None and not _worth_retrying(answer):
                raise UploadRefused(_explanation(answer))
            self._sleep(_wait(answer, wait_s))
            wait_s = min(MOST_WAIT_S, wait_s * 2)

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _worth_retrying(answer: httpx.Response) -> bool:
    if answer.status_code in (429, 503) or answer.status_code >= 500:
        return True
    return answer.status_code == 400 and "digest-mismatch" in answer.text


def _wait(answer: httpx.Response | None, wait_s: float) -> float:
    """Full jitter up to `wait_s`, but never less than Retry-After asks for."""
    asked = answer.headers.get("Retry-After", "0") if answer is not None else "0"
    jitter = random.uniform(0, wait_s)  # noqa: S311 - it spreads retries and guards nothing
    return max(jitter, float(asked) if asked.isdigit() else 0.0)


def _explanation(answer: httpx.Response) -> str:
    try:
        problem = answer.json()
        return f"{answer.status_code} {problem.get('title')}: {problem.get('detail')}"
    except ValueError:
        return f"{answer.status_code}"
