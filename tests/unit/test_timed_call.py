"""A call that may never return keeps nothing of its client, unless it does not return."""

import gc
import threading
import time
import weakref
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import suppress

import pytest

from adapters.kafka import timed_call
from adapters.kafka.timed_call import in_time

SOON_S = 0.01
LONG_S = 30.0


class Client:
    """It stands for a producer, which has threads as long as it lives."""

    def __init__(self) -> None:
        self.may_end = threading.Event()

    def fails(self) -> None:
        raise ValueError("refused")

    def hangs(self) -> None:
        self.may_end.wait(LONG_S)


@pytest.fixture(autouse=True)
def no_collection() -> Iterator[None]:
    """A worker collects its old garbage seldom: its models and modules are kept out of it."""
    gc.disable()
    yield
    gc.enable()


class Lingering(Future[object]):
    """Its thread goes on for a moment when the outcome is known, as on a busy machine."""

    def set_exception(self, exception: BaseException | None) -> None:
        super().set_exception(exception)
        time.sleep(SOON_S)


@pytest.mark.parametrize("outcome", [Future, Lingering])
def test_a_client_whose_call_failed_is_gone_when_nobody_has_it(
    outcome: type[Future[object]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was kept by its own error: a worker had one producer more after each outage of Kafka."""
    monkeypatch.setattr(timed_call, "Future", outcome)
    client = Client()
    kept = weakref.ref(client)
    with suppress(ValueError):
        in_time(LONG_S, client.fails)
    del client
    assert kept() is None


def test_a_failed_call_says_why() -> None:
    with pytest.raises(ValueError, match="refused"):
        in_time(LONG_S, Client().fails)


def test_nobody_waits_for_a_call_that_hangs() -> None:
    client = Client()
    with pytest.raises(TimeoutError):
        in_time(SOON_S, client.hangs)
    client.may_end.set()
