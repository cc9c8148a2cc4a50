"""Health: probes never wait for a server, and `lahstats_ready` says what /readyz says."""

import socket
import threading
import urllib.error
import urllib.request

import pytest

from adapters.process import health, metrics


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_it_is_not_ready_before_the_first_answer() -> None:
    check = health.BackgroundCheck(lambda: True)
    assert not check.ready()
    check.run_once()
    assert check.ready()


def test_the_last_answer_counts_until_it_is_too_old() -> None:
    clock = Clock()
    check = health.BackgroundCheck(lambda: True, good_for_s=30, clock=clock)
    check.run_once()
    clock.now_s += 29
    assert (check.ready(), check.age_s()) == (True, 29)
    clock.now_s += 2
    assert not check.ready()


def test_a_check_that_fails_or_raises_is_a_no() -> None:
    answers = [True, False]

    def ask() -> bool:
        return answers.pop(0)

    check = health.BackgroundCheck(ask)
    check.run_once()
    check.run_once()
    assert not check.ready()
    check.run_once()  # no answer is left: IndexError
    assert not check.ready()


def test_a_check_that_hangs_blocks_no_probe() -> None:
    began = threading.Event()
    release = threading.Event()

    def hang() -> bool:
        began.set()
        return release.wait(10)

    check = health.BackgroundCheck(hang).start()
    assert began.wait(10)
    assert not check.ready()
    release.set()
    check.close()


def get(port: int, path: str, method: str = "GET") -> tuple[int, str]:
    asked = urllib.request.Request(f"http://127.0.0.1:{port}{path}", method=method)
    try:
        with urllib.request.urlopen(asked, timeout=10) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


@pytest.mark.parametrize(("is_ready", "status", "gauge"), [(True, 200, "1.0"), (False, 503, "0.0")])
def test_metrics_say_what_probes_say(
    is_ready: bool, status: int, gauge: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = health.serve_on("127.0.0.1", 0, lambda: is_ready, lambda: "Kafka")
    port = server.server_address[1]
    try:
        assert get(port, "/livez")[0] == 200
        assert f"\nlahstats_ready {gauge}\n" in get(port, "/metrics")[1]  # nobody probed before
        assert get(port, "/readyz")[0] == status
        assert get(port, "/nothing")[0] == 404
        assert get(port, "/readyz", "HEAD") == (status, "")
    finally:
        server.shutdown()
        server.server_close()
        metrics.READY.set_function(lambda: 0.0)


@pytest.mark.parametrize("said", [b"", b"GET /livez HTTP/1.1\r\nHost: x\r\n"])
def test_a_connection_that_says_nothing_holds_no_thread_for_ever(
    said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, each kept its thread: whoever reached the port could take all of them."""
    monkeypatch.setattr(health, "REQUEST_S", 0.1)
    server = health.serve_on("127.0.0.1", 0, lambda: True, str)
    with socket.create_connection(("127.0.0.1", server.server_port), 20) as client:
        client.sendall(said)
        assert client.recv(100) == b""
    server.shutdown()
    server.server_close()
