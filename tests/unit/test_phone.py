"""The phone: waiting chunks survive it, acknowledged ones are sent once, rejections explained."""

import hashlib
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from producers.phone.client import Phone, UploadRejected
from producers.phone.outbox import Outbox, Waiting
from schemas.ids import SessionId

SESSION = SessionId("s")

Answer = Callable[[httpx.Request], httpx.Response]


def receipt(request: httpx.Request) -> httpx.Response:
    return httpx.Response(201, json={"sha256": hashlib.sha256(request.content).hexdigest()})


def busy(_: httpx.Request) -> httpx.Response:
    return httpx.Response(503, headers={"Retry-After": "7"}, json={})


def lost(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("the answer was lost on the way", request=request)


class Gateway:
    """Answers from a script, then with receipts; remembers what came."""

    def __init__(self, *script: Answer) -> None:
        self.script = list(script)
        self.came = list[tuple[str, bytes]]()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.came.append((request.url.path, request.content))
        return (self.script.pop(0) if self.script else receipt)(request)


def phone(gateway: Gateway, slept: list[float]) -> Phone:
    return Phone("http://gateway", "token", slept.append, httpx.MockTransport(gateway))


def outbox(folder: Path, count: int) -> Outbox:
    made = Outbox(folder)
    for seq in range(count):
        made.add(Waiting(seq, seq * 30_000, 30_000, "audio/flac"), f"chunk {seq}".encode())
    return made


@pytest.mark.parametrize(
    ("asked", "least_s"), [("7", 7.0), ("9" * 400, 0.0), ("999999999", 600.0), ("\xb2", 0.0)]
)
def test_nobody_waits_as_long_as_a_machine_between_may_say(
    asked: str, least_s: float, tmp_path: Path
) -> None:
    """Before, a phone waited for years, or died of a digit that is none."""
    headers = [(b"Retry-After", asked.encode("latin-1"))]
    gateway = Gateway(lambda _: httpx.Response(503, headers=headers))
    slept = list[float]()
    phone(gateway, slept).send(SESSION, outbox(tmp_path, 1))
    assert least_s <= slept[0] <= max(least_s, 1.0)


@pytest.mark.parametrize("content", [b'{"title": "\xff"}', b"[" * 100_000])
def test_an_answer_that_nobody_can_read_is_no_end(content: bytes, tmp_path: Path) -> None:
    """Before, a phone died of a proxy's answer."""
    gateway = Gateway(lambda _: httpx.Response(502, content=content))
    assert phone(gateway, []).send(SESSION, outbox(tmp_path, 1)) == 1


def test_a_lost_answer_is_sent_again_and_an_acknowledged_chunk_is_not(tmp_path: Path) -> None:
    gateway = Gateway(receipt, lost)
    slept = list[float]()
    sender = phone(gateway, slept)
    waiting = outbox(tmp_path, 3)
    assert sender.send(SESSION, waiting) == 3
    assert [content for _, content in gateway.came] == [
        b"chunk 0",
        b"chunk 1",
        b"chunk 1",
        b"chunk 2",
    ]
    assert sender.send(SESSION, Outbox(tmp_path)) == 0


def test_a_phone_that_died_goes_on_where_it_was(tmp_path: Path) -> None:
    outbox(tmp_path, 2)
    gateway = Gateway()
    assert phone(gateway, []).send(SESSION, Outbox(tmp_path)) == 2
    assert [path for path, _ in gateway.came] == [
        "/v1/sessions/s/chunks/0",
        "/v1/sessions/s/chunks/1",
    ]


def test_it_waits_as_long_as_it_is_asked_to(tmp_path: Path) -> None:
    slept: list[float] = []
    assert phone(Gateway(busy, busy), slept).send(SESSION, outbox(tmp_path, 1)) == 1
    assert len(slept) == 2
    assert min(slept) >= 7


def test_a_refusal_is_explained_and_the_chunk_is_kept(tmp_path: Path) -> None:
    def refused(_: httpx.Request) -> httpx.Response:
        return httpx.Response(415, json={"title": "Not audio", "detail": "The bytes are no audio."})

    with pytest.raises(UploadRejected, match="Not audio: The bytes are no audio"):
        phone(Gateway(refused), []).send(SESSION, outbox(tmp_path, 1))
    assert len(list(Outbox(tmp_path))) == 1


def test_a_receipt_for_other_bytes_is_not_believed(tmp_path: Path) -> None:
    def wrong(_: httpx.Request) -> httpx.Response:
        return httpx.Response(201, json={"sha256": "0" * 64})

    with pytest.raises(UploadRejected, match="other bytes"):
        phone(Gateway(wrong), []).send(SESSION, outbox(tmp_path, 1))
    assert len(list(Outbox(tmp_path))) == 1


def test_bytes_damaged_on_the_way_are_sent_again(tmp_path: Path) -> None:
    def damaged(_: httpx.Request) -> httpx.Response:
        return httpx.Response(400, json={"type": "/problems/digest-mismatch"})

    gateway = Gateway(damaged)
    assert phone(gateway, []).send(SESSION, outbox(tmp_path, 1)) == 1
    assert len(gateway.came) == 2


def test_what_the_gateway_calls_retryable_is_sent_again(tmp_path: Path) -> None:
    def later(_: httpx.Request) -> httpx.Response:
        return httpx.Response(409, json={"type": "some-problem", "retryable": True})

    gateway = Gateway(later)
    assert phone(gateway, []).send(SESSION, outbox(tmp_path, 1)) == 1
    assert len(gateway.came) == 2


def test_a_proxy_may_answer_without_a_problem(tmp_path: Path) -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        return httpx.Response(502, text="<html>bad gateway</html>")

    def forbidden(_: httpx.Request) -> httpx.Response:
        return httpx.Response(403, text="<html>digest-mismatch</html>")

    waiting = outbox(tmp_path, 1)
    with pytest.raises(UploadRejected, match="403"):
        phone(Gateway(broken, forbidden), []).send(SESSION, waiting)
    assert len(list(waiting)) == 1


def test_patience_grows_to_five_minutes(tmp_path: Path) -> None:
    slept: list[float] = []
    phone(Gateway(*[lost] * 30), slept).send(SESSION, outbox(tmp_path, 1))
    assert len(slept) == 30
    assert max(slept[:3]) <= 4
    assert 4 < max(slept) <= 300
