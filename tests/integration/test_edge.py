"""Clients that want to stop everybody: the gateway ends them, and answers the others meanwhile."""

import contextlib
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import httpx
import pytest

from deploy.devstack.running_stack import RunningStack
from schemas.limits import BODY_S, CONNECTIONS_OF_CLIENT, HEAD_BYTES, HEAD_S, JSON_BYTES, REST_S
from tests.integration.phones import RawPhone

SIDES = ("gateway", "api")
SLACK_S = 10
"""This machine has other work too."""
HALF_A_HEAD = b"GET /v1/nowhere HTTP/1.1\r\nHost: gateway\r\nX-Padding: "
LISTS = b"[" + b"[]," * 20_000_000 + b"[]]"
"""60 MB."""


class Client:
    """A bare connection to one side."""

    def __init__(self, stack: RunningStack, side: str) -> None:
        settings = stack.settings
        self._socket = socket.create_connection((settings.host, settings.port(side)), timeout=60)

    def send(self, data: bytes) -> bool:
        """False when the other side has closed."""
        with contextlib.suppress(OSError):
            self._socket.sendall(data)
            return True
        return False

    def answer(self) -> bytes:
        """Everything until the connection ends. Empty when it ends without a word."""
        found = b""
        with contextlib.suppress(ConnectionError):
            while part := self._socket.recv(65_536):
                found += part
        return found

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(params=SIDES)
def side(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def answered_in_s(stack: RunningStack, side: str) -> float:
    """The time of a request of somebody else."""
    start = time.monotonic()
    answer = httpx.get(f"{stack.settings.url(side)}/v1/nowhere", timeout=60)
    assert answer.status_code == 404, answer.text
    return time.monotonic() - start


@contextlib.contextmanager
def many(stack: RunningStack, side: str, count: int) -> Iterator[list[Client]]:
    clients = [Client(stack, side) for _ in range(count)]
    try:
        yield clients
    finally:
        for client in clients:
            client.close()


def at_both(check: Callable[[RunningStack, str], None], stack: RunningStack) -> None:
    """Check both sides at the same time, so that a limit is waited for once."""
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(partial(check, stack), SIDES))


def test_half_sent_heads_are_ended(stack: RunningStack) -> None:
    """Before, they were kept open for ever."""
    at_both(half_sent_heads, stack)


def half_sent_heads(stack: RunningStack, side: str) -> None:
    start = time.monotonic()
    with many(stack, side, 500) as clients:
        assert all(client.send(HALF_A_HEAD) for client in clients)
        assert answered_in_s(stack, side) < SLACK_S
        answers = [client.answer() for client in clients]
    assert {answer[:12] for answer in answers} == {b"HTTP/1.1 408"}
    assert all(b"application/problem+json" in answer for answer in answers)
    assert time.monotonic() - start < HEAD_S.most + SLACK_S


def test_connections_that_say_nothing_or_blank_lines_are_ended(stack: RunningStack) -> None:
    at_both(nothing_or_blank_lines, stack)


def nothing_or_blank_lines(stack: RunningStack, side: str) -> None:
    start = time.monotonic()
    with many(stack, side, 20) as clients:
        while time.monotonic() - start < HEAD_S.most + SLACK_S:
            alive = [client.send(b"\r\n") for client in clients[:10]]
            if not any(alive):
                break
            time.sleep(0.5)
        assert [client.answer()[:12] for client in clients[10:]] == [b""] * 10
        assert not any(alive)


def test_a_head_without_end_is_refused(stack: RunningStack, side: str) -> None:
    """Before, the gateway kept all of it."""
    for field in (b"x" * (HEAD_BYTES.most + 1), b"y\r\nA: " * HEAD_BYTES.most):
        client = Client(stack, side)
        client.send(HALF_A_HEAD + field)
        assert client.answer().startswith(b"HTTP/1.1 431")
        client.close()


def test_no_http_is_answered_with_a_problem(stack: RunningStack, side: str) -> None:
    client = Client(stack, side)
    client.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03")
    answer = client.answer()
    assert answer.startswith(b"HTTP/1.1 400")
    assert b"application/problem+json" in answer
    client.close()


def test_one_client_has_so_many_connections_and_no_more(stack: RunningStack, side: str) -> None:
    with many(stack, side, CONNECTIONS_OF_CLIENT.most) as clients:
        assert all(client.send(HALF_A_HEAD) for client in clients)
        beyond = Client(stack, side)
        answer = beyond.answer()
        assert answer.startswith(b"HTTP/1.1 429")
        assert b"Retry-After: " in answer
        beyond.close()


def test_uploads_of_a_byte_a_second_are_ended(stack: RunningStack) -> None:
    """Before, 200 of them stayed for as long as they liked."""
    phone = RawPhone(stack.settings)
    phone.start().raise_for_status()
    path = f"/v1/sessions/{phone.session_id}/chunks"
    with many(stack, "gateway", 200) as clients, ThreadPoolExecutor(200) as pool:
        for seq, client in enumerate(clients):
            client.send(upload_head(f"{path}/{seq}", phone.upload_headers["Authorization"]))
        start = time.monotonic()
        slow = [pool.submit(drip, client) for client in clients]
        assert answered_in_s(stack, "gateway") < SLACK_S
        answers = [one.result() for one in slow]
    assert {answer[:12] for answer in answers} == {b"HTTP/1.1 408"}
    assert time.monotonic() - start < BODY_S.most + REST_S.most + 2 * SLACK_S
    assert phone.received()["received"] == []


def upload_head(path: str, token: str) -> bytes:
    lines = [
        f"PUT {path} HTTP/1.1",
        "Host: gateway",
        f"Authorization: {token}",
        f"Content-Digest: sha-256=:{'A' * 43}=:",
        "Content-Length: 240000",
        "Lah-Start-Ms: 0",
        "Lah-Duration-Ms: 30000",
    ]
    return "\r\n".join([*lines, "", "fLaC"]).encode()


def drip(client: Client) -> bytes:
    """A byte a second, until the other side has had enough."""
    while client.send(b"x"):
        time.sleep(1)
    return client.answer()


def lists() -> Iterator[bytes]:
    for start in range(0, len(LISTS), 1 << 20):
        yield LISTS[start : start + (1 << 20)]


def refusal(
    stack: RunningStack, headers: dict[str, str], content: bytes | Iterator[bytes]
) -> httpx.Response:
    url = f"{stack.settings.url('gateway')}/v1/groups"
    json = {"Content-Type": "application/json"}
    return httpx.post(url, content=content, headers={**json, **headers}, timeout=60)


def test_a_large_body_is_refused_before_it_is_read(stack: RunningStack) -> None:
    """Before, 60 MB of lists without a token made the gateway 1.7 GB large and others wait 18 s."""
    before = memory_kb(stack)
    known = RawPhone(stack.settings).user_headers
    assert refusal(stack, {}, LISTS).status_code == 401
    assert refusal(stack, {}, lists()).status_code == 401
    assert refusal(stack, known, LISTS).status_code == 413
    assert refusal(stack, known, lists()).status_code == 413
    assert refusal(stack, known, b" " * (JSON_BYTES.most + 1)).status_code == 413
    assert refusal(stack, known, b" " * JSON_BYTES.most).status_code == 422
    assert memory_kb(stack) - before < 50_000
    assert answered_in_s(stack, "gateway") < SLACK_S


def memory_kb(stack: RunningStack) -> int:
    status = Path(f"/proc/{stack.pid('gateway')}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0])
