"""A client whose question has no answer is given back: nobody waits for the question again."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from confluent_kafka import TopicPartition

from adapters.kafka.asked_offsets import AskedOffsets
from adapters.kafka.reader import LogReader
from adapters.process.retry import TransientError
from schemas.fuses import FUSES

PLACE = (FUSES.name, 0)
LONG_S = 60.0
SOON_S = LONG_S / 2
Closable = tuple[Callable[[], object], Callable[[], None]]
"""How to ask, and how to close."""


class Client:
    """The library's consumer. Its question is not answered, and to close it waits for that."""

    over = threading.Event()

    def __init__(self, _settings: object) -> None: ...

    def committed(self, _places: object, timeout: float) -> None:
        self.over.wait(LONG_S)

    def get_watermark_offsets(self, _place: object, timeout: float) -> None:
        self.over.wait(LONG_S)

    def close(self) -> None:
        self.over.wait(LONG_S)


@pytest.fixture(autouse=True)
def _unanswered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("adapters.kafka.asked_offsets.Consumer", Client)
    monkeypatch.setattr("adapters.kafka.asked_offsets.ASK_S", 0.0)
    monkeypatch.setattr("adapters.kafka.reader.Consumer", Client)
    monkeypatch.setattr("adapters.kafka.reader.WATERMARK_TIMEOUT_S", 0.0)
    monkeypatch.setattr("adapters.kafka.timed_call.LOST_S", 0.05)
    monkeypatch.setattr("adapters.kafka.timed_call.CLOSE_S", 0.05, raising=False)
    Client.over.clear()
    yield
    Client.over.set()


def offsets() -> Closable:
    asked = AskedOffsets("")
    return lambda: asked.committed("group", [PLACE]), asked.close


def reader() -> Closable:
    log = LogReader("", "test")
    return lambda: log._asked(TopicPartition(*PLACE)), log.close


@pytest.mark.parametrize("made", [offsets, reader])
def test_a_client_whose_question_has_no_answer_is_not_waited_for(
    made: Callable[[], Closable],
) -> None:
    """Before, to close it took as long as the question: for ever."""
    ask, close = made()
    with pytest.raises(TransientError):
        ask()
    began_s = time.monotonic()
    close()
    assert time.monotonic() - began_s < SOON_S
